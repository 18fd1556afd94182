//! The page's own address and its fragment, which no request carries.

use super::reason;

/// Returns the fragment without its `#`.
pub fn fragment() -> String {
    let hash = web_sys::window().and_then(|window| window.location().hash().ok()).unwrap_or_default();
    hash.strip_prefix('#').unwrap_or(&hash).to_owned()
}

/// Returns the page's address with `fragment` in place of its own.
pub fn with_fragment(fragment: &str) -> String {
    let href = web_sys::window().and_then(|window| window.location().href().ok()).unwrap_or_default();
    format!("{}#{fragment}", href.split('#').next().unwrap_or_default())
}

/// Puts `fragment` into the address without adding an entry to the browser's history.
///
/// # Errors
/// A clause when the browser refuses, for example after too many changes.
pub fn replace_fragment(fragment: &str) -> Result<(), String> {
    let history = web_sys::window().and_then(|window| window.history().ok()).ok_or("no history")?;
    history
        .replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&format!("#{fragment}")))
        .map_err(|error| reason::clause(&error))
}
