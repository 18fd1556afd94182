//! Small things of the page: its stamped source, its local time, its stored settings.

use super::clock;
use spreadscope_engine::config::Source;
use wasm_bindgen::JsCast as _;

/// The source of market data that was stamped into the page when it was built.
///
/// # Errors
/// The sentence to show when the stamp is absent or names no source.
pub fn source() -> Result<Source, String> {
    let content = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.query_selector("meta[name='spreadscope-source']").ok().flatten())
        .and_then(|meta| meta.dyn_into::<web_sys::HtmlMetaElement>().ok())
        .map(|meta| meta.content())
        .ok_or("the page does not name its source of market data")?;
    Source::parse(&content)
}

/// Local time in milliseconds since 1970.
pub fn local_now() -> f64 {
    clock::now().as_f64()
}

/// Whether nobody can see the page at the moment.
pub fn hidden() -> bool {
    web_sys::window().and_then(|window| window.document()).is_some_and(|document| document.hidden())
}

/// Loads the page anew.
pub fn reload() {
    if let Some(window) = web_sys::window() {
        window.location().reload().expect("Invariant: a page may load itself anew");
    }
}

/// The text kept under `key`; `None` when there is none, or the browser keeps nothing.
pub fn setting(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

/// Keeps `value` under `key`.
///
/// # Errors
/// The sentence to show when the browser keeps nothing: private mode, or no space left.
pub fn store_setting(key: &str, value: &str) -> Result<(), String> {
    let storage = storage().ok_or("this browser keeps no settings for the page")?;
    storage.set_item(key, value).map_err(|error| format!("settings could not be kept: {error:?}"))
}

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}
