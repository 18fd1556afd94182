//! Desktop notifications.

use super::{offline, reason};
use crate::view::alert::delivery::{Notice, Permission};
use js_sys::Reflect;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Notification, NotificationOptions, NotificationPermission, ServiceWorkerRegistration};

/// Returns whether this page may show notifications.
pub fn permission() -> Permission {
    let is_there = Reflect::has(&js_sys::global(), &"Notification".into());
    if !is_there.is_ok_and(|is_there| is_there) {
        return Permission::Unsupported;
    }
    match Notification::permission() {
        NotificationPermission::Granted => Permission::Granted,
        NotificationPermission::Denied => Permission::Denied,
        _ => Permission::NotAsked,
    }
}

/// Has the browser ask the user and passes the outcome to `answer`. Only on a click: browsers refuse otherwise.
pub fn request(answer: impl FnOnce(Permission) + 'static) {
    if permission() != Permission::NotAsked {
        return answer(permission());
    }
    let Ok(prompt) = Notification::request_permission() else { return answer(permission()) };
    spawn_local(async move {
        // a browser that refuses to ask leaves the permission unchanged, which is then the outcome
        drop(JsFuture::from(prompt).await);
        answer(permission());
    });
}

/// Shows a notification from the page or, where only the service worker may (Android), from that. If it cannot
/// be shown, the reason goes to `failed`.
pub fn show(notice: &Notice, failed: impl FnOnce(String) + 'static) {
    let options = NotificationOptions::new();
    options.set_body(&notice.body);
    options.set_tag(&notice.tag);
    // by this address the service worker finds this tab among others
    if let Some(address) = web_sys::window().and_then(|window| window.location().href().ok()) {
        options.set_data(&address.into());
    }
    if Notification::new_with_options(&notice.title, &options).is_ok() {
        return;
    }
    let title = notice.title.clone();
    spawn_local(async move {
        if let Err(error) = show_by_worker(&title, &options).await {
            failed(format!("the browser showed no notification: {}", reason::clause(&error)));
        }
    });
}

async fn show_by_worker(title: &str, options: &NotificationOptions) -> Result<(), JsValue> {
    let container = offline::container().ok_or("it has no service worker")?;
    let registration: ServiceWorkerRegistration = JsFuture::from(container.ready()?).await?.unchecked_into();
    JsFuture::from(registration.show_notification_with_options(title, options)?).await.map(drop)
}
