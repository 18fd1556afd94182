//! A large table written as text: finds the cell under an event and marks one cell.

use wasm_bindgen::JsCast as _;
use web_sys::{Element, Event, HtmlElement, ScrollIntoViewOptions, ScrollLogicalPosition};

/// Returns the number in the attribute `name` of the element that `event` hit, or of an element around it.
pub fn number_of(event: &Event, name: &str) -> Option<usize> {
    let target: Element = event.target()?.dyn_into().ok()?;
    target.closest(&format!("[{name}]")).ok()??.get_attribute(name)?.parse().ok()
}

/// Scrolls the element `id` within `table` into view if it is not.
pub fn reveal(table: &HtmlElement, id: &str) {
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    options.set_inline(ScrollLogicalPosition::Nearest);
    if let Ok(Some(cell)) = table.query_selector(&format!("#{id}")) {
        cell.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Sets the attribute `name` on the element `id` within `table`, and removes it from the element that had it.
pub fn mark(table: &HtmlElement, name: &str, id: &str) {
    if let Ok(Some(before)) = table.query_selector(&format!("[{name}]")) {
        // an attribute of ours can always be set and removed
        drop(before.remove_attribute(name));
    }
    if let Ok(Some(now)) = table.query_selector(&format!("#{id}")) {
        drop(now.set_attribute(name, ""));
    }
}
