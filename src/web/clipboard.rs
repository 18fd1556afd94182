//! The clipboard.

use super::reason;
use wasm_bindgen_futures::JsFuture;

/// Writes `text` to the clipboard.
///
/// # Errors
/// A clause when the browser has no clipboard for this page, or refuses.
pub async fn write(text: &str) -> Result<(), String> {
    let navigator = web_sys::window().map(|window| window.navigator()).ok_or("no window")?;
    // only secure pages (https or localhost) have a clipboard
    let known = js_sys::Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|it| !it.is_undefined());
    if !known {
        return Err("this browser gives the page no clipboard".to_owned());
    }
    let written = JsFuture::from(navigator.clipboard().write_text(text)).await;
    written.map(drop).map_err(|error| reason::clause(&error))
}
