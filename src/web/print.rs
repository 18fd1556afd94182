//! The page before and after printing.

use super::theme;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;

/// Calls `printing` with `true` when the page goes to a printer, and with `false` when it is back.
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
    // the listeners live as long as the page
    listener.forget();
}
