//! The page's own address and its fragment, which no request carries.

use super::{page, reason};
use wasm_bindgen::JsValue;
use web_sys::History;

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
    // the state stays: the page may be on its way to a reload
    let history = history().ok_or("no history")?;
    replace(&history.state().unwrap_or(JsValue::NULL), fragment)
}

/// Adds an entry with `fragment` to the browser's history, so that Back leads to the present one.
///
/// # Errors
/// A clause when the browser refuses, for example after too many changes.
pub fn push_fragment(fragment: &str) -> Result<(), String> {
    history()
        .ok_or("no history")?
        .push_state_with_url(&JsValue::NULL, "", Some(&format!("#{fragment}")))
        .map_err(|error| reason::clause(&error))
}

/// The state of a history entry whose page has reloaded itself. Unlike storage, every browser keeps it.
const RELOADED: &str = "reloaded";

/// Reloads the page with `fragment` in its address, so that [`is_reloaded`] holds afterwards.
///
/// # Errors
/// A clause when the browser refuses; the page is not reloaded then.
pub fn reload_at(fragment: &str) -> Result<(), String> {
    replace(&RELOADED.into(), fragment)?;
    page::reload();
    Ok(())
}

/// Whether [`reload_at`] loaded this page, and [`stay`] has not been called since.
pub fn is_reloaded() -> bool {
    history().and_then(|history| history.state().ok()).is_some_and(|state| state == RELOADED)
}

/// Forgets that the page has reloaded itself.
pub fn stay() {
    // a browser that refuses this keeps the state, and its page restores nothing by itself
    drop(replace(&JsValue::NULL, &fragment()));
}

fn replace(state: &JsValue, fragment: &str) -> Result<(), String> {
    history()
        .ok_or("no history")?
        .replace_state_with_url(state, "", Some(&format!("#{fragment}")))
        .map_err(|error| reason::clause(&error))
}

fn history() -> Option<History> {
    web_sys::window()?.history().ok()
}
