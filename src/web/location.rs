//! The page's own address: its fragment, which no request carries.

use super::reason;

/// The fragment, without its `#`.
pub fn fragment() -> String {
    let hash = web_sys::window().and_then(|window| window.location().hash().ok()).unwrap_or_default();
    hash.strip_prefix('#').unwrap_or(&hash).to_owned()
}

/// The address with `fragment` in the place of its own.
pub fn with_fragment(fragment: &str) -> String {
    let href = web_sys::window().and_then(|window| window.location().href().ok()).unwrap_or_default();
    format!("{}#{fragment}", href.split('#').next().unwrap_or_default())
}

/// Puts `fragment` into the address without a step in the browser's history.
///
/// # Errors
/// A clause when it refuses, after too many changes for one.
pub fn replace_fragment(fragment: &str) -> Result<(), String> {
    let history = web_sys::window().and_then(|window| window.history().ok()).ok_or("no history")?;
    history
        .replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&format!("#{fragment}")))
        .map_err(|error| reason::clause(&error))
}
