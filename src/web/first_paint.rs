//! Waits until the browser has painted something of the page.

use super::{page, timer};
use js_sys::Array;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;
use web_sys::{PerformanceObserver, PerformanceObserverInit};

/// Longest wait for a browser that reports no paint although the page is visible.
const LONGEST_WAIT_MILLIS: u32 = 250;

/// Calls `action` once the browser has painted something of the page; at once while the page is hidden.
pub fn after(action: impl FnOnce() + 'static) {
    let performance = web_sys::window().and_then(|window| window.performance());
    let painted = performance
        .is_some_and(|performance| performance.get_entries_by_name("first-contentful-paint").length() > 0);
    if painted || page::hidden() {
        return action();
    }
    let waiting = Rc::new(Cell::new(Some(action)));
    let act = move || {
        if let Some(action) = waiting.take() {
            action();
        }
    };
    timer::after(LONGEST_WAIT_MILLIS, act.clone()).forget();
    let seen = Closure::<dyn FnMut()>::new(act).into_js_value();
    if let Ok(observer) = PerformanceObserver::new(seen.unchecked_ref()) {
        observer.observe(&PerformanceObserverInit::new(&Array::of1(&"paint".into())));
    }
}
