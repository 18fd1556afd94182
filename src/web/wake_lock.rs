//! Keeps the screen on while the page is visible.

use js_sys::{Function, Promise, Reflect};
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

thread_local! {
    static HELD: RefCell<Option<JsValue>> = const { RefCell::new(None) };
}

/// Keeps the screen on until [`release`], or until the page is hidden.
///
/// # Errors
/// A clause: the browser cannot, or refuses.
pub async fn hold() -> Result<(), String> {
    let lock = request().await.map_err(|error| {
        let named = error.dyn_ref::<web_sys::DomException>().map(web_sys::DomException::message);
        named.unwrap_or_else(|| "this browser cannot keep it on".to_owned())
    })?;
    HELD.set(Some(lock));
    Ok(())
}

async fn request() -> Result<JsValue, JsValue> {
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into())?;
    let locks = Reflect::get(&navigator, &"wakeLock".into())?;
    let request =
        Reflect::get(&locks, &"request".into())?.dyn_into::<Function>()?.call1(&locks, &"screen".into())?;
    JsFuture::from(request.dyn_into::<Promise>()?).await
}

/// Lets the screen turn off again.
pub fn release() {
    if let Some(lock) = HELD.take() {
        let released = Reflect::get(&lock, &"release".into())
            .and_then(JsCast::dyn_into::<Function>)
            .and_then(|release| release.call0(&lock));
        // a lock that the browser has already released needs no release
        drop(released);
    }
}
