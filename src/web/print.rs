//! The page on its way to a printer.

use super::theme;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;

/// Tells `printing` when the page goes to a printer, and when it is back. On paper it is light.
pub fn on_print(printing: impl Fn(bool) + 'static) {
    let Some(window) = web_sys::window() else { return };
    let mut chosen = None;
    let listener = Closure::<dyn FnMut(web_sys::Event)>::new(move |event: web_sys::Event| {
        let begins = event.type_() == "beforeprint";
        if begins {
            chosen = theme::chosen();
        }
        theme::choose(if begins { Some("light") } else { chosen.as_deref() });
        printing(begins);
    });
    for name in ["beforeprint", "afterprint"] {
        // a window that takes no listeners prints what it shows
        drop(window.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref()));
    }
    // for as long as the page lives
    listener.forget();
}
