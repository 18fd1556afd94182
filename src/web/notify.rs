//! Notifications of the system, shown by the page.

use crate::view::alert::delivery::{Notice, Permission};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Notification, NotificationOptions, NotificationPermission};

/// Whether this page may show them.
pub fn permission() -> Permission {
    let is_there = js_sys::Reflect::has(&js_sys::global(), &"Notification".into());
    if !is_there.is_ok_and(|is_there| is_there) {
        return Permission::Unsupported;
    }
    match Notification::permission() {
        NotificationPermission::Granted => Permission::Granted,
        NotificationPermission::Denied => Permission::Denied,
        _ => Permission::NotAsked,
    }
}

/// Has the browser ask the user, and hands over what came of it. Only for a click: browsers refuse otherwise.
pub fn request(answer: impl FnOnce(Permission) + 'static) {
    if permission() != Permission::NotAsked {
        return answer(permission());
    }
    let Ok(asked) = Notification::request_permission() else { return answer(permission()) };
    spawn_local(async move {
        // a browser that refuses to ask leaves the permission as it is, and that is what is told
        drop(JsFuture::from(asked).await);
        answer(permission());
    });
}

/// Shows one.
///
/// # Errors
/// The browser's words: some show notifications only of pages that are installed.
pub fn show(notice: &Notice) -> Result<(), String> {
    let options = NotificationOptions::new();
    options.set_body(&notice.body);
    options.set_tag(&notice.tag);
    match Notification::new_with_options(&notice.title, &options) {
        Ok(_shown) => Ok(()),
        Err(error) => Err(format!("the browser showed no notification: {error:?}")),
    }
}
