//! The size of an element, reported as often as it changes.

use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;
use web_sys::{HtmlElement, ResizeObserver};

/// Watches an element until it is dropped.
#[derive(Debug)]
pub struct Observation {
    observer: ResizeObserver,
    _on_resize: Closure<dyn FnMut()>,
}

impl Drop for Observation {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// Reports the width and height of `element` to `on_size` in whole pixels, now and after each change; `None`
/// where the browser cannot watch.
pub fn observe(element: &HtmlElement, on_size: impl Fn(usize, usize) + 'static) -> Option<Observation> {
    let watched = element.clone();
    let on_resize = Closure::<dyn FnMut()>::new(move || {
        let pixels = |length: i32| usize::try_from(length).unwrap_or(0);
        on_size(pixels(watched.client_width()), pixels(watched.client_height()));
    });
    let observer = ResizeObserver::new(on_resize.as_ref().unchecked_ref()).ok()?;
    observer.observe(element);
    Some(Observation { observer, _on_resize: on_resize })
}
