//! A table of many cells that is written as text: which cell was met, and which one stands out.

use wasm_bindgen::JsCast as _;
use web_sys::{Element, Event, HtmlElement};

/// The number in the attribute `name` of the element that `event` met, or of one around it.
pub fn number_of(event: &Event, name: &str) -> Option<usize> {
    let target: Element = event.target()?.dyn_into().ok()?;
    target.closest(&format!("[{name}]")).ok()??.get_attribute(name)?.parse().ok()
}

/// Gives the element called `id`, within `table`, the attribute `name`, and takes it from the one that had it.
pub fn mark(table: &HtmlElement, name: &str, id: &str) {
    if let Ok(Some(before)) = table.query_selector(&format!("[{name}]")) {
        // an attribute of ours can be taken away and given
        drop(before.remove_attribute(name));
    }
    if let Ok(Some(now)) = table.query_selector(&format!("#{id}")) {
        drop(now.set_attribute(name, ""));
    }
}
