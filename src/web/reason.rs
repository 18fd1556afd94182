//! Why a browser refuses, in plain words. Its own messages are for developers and differ between browsers: they go
//! to the console and into the diagnostics.

use std::cell::RefCell;
use std::collections::VecDeque;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::DomException;

/// Most of the browser's messages kept.
const KEPT: usize = 20;

thread_local! {
    static KEPT_RAW: RefCell<VecDeque<String>> = const { RefCell::new(VecDeque::new()) };
}

/// Keeps the browser's own words for the diagnostics.
pub fn keep(raw: String) {
    KEPT_RAW.with_borrow_mut(|kept| {
        if kept.len() == KEPT {
            kept.pop_front();
        }
        kept.push_back(raw);
    });
}

/// Returns the newest of the browser's own words, oldest first.
pub fn kept() -> Vec<String> {
    KEPT_RAW.with_borrow(|kept| kept.iter().cloned().collect())
}

/// Returns what `error` says, as a clause. Text is the page's own and stays as it is.
pub fn clause(error: &JsValue) -> String {
    if let Some(own) = error.as_string() {
        return own;
    }
    web_sys::console::warn_1(error);
    let name = error.dyn_ref::<DomException>().map(DomException::name);
    keep(format!("{error:?}"));
    plain(name.as_deref().unwrap_or_default()).to_owned()
}

/// Returns the clause for an exception's name.
const fn plain(name: &str) -> &'static str {
    match name.as_bytes() {
        b"QuotaExceededError" => "there is no room left for this page",
        b"NotAllowedError" => "the browser does not allow it",
        b"SecurityError" => "the browser's settings forbid it",
        b"NotFoundError" => "it is no longer there",
        b"NotReadableError" => "it was moved, changed or locked",
        b"NotSupportedError" => "this browser cannot do it",
        b"InvalidStateError" => "the browser is not ready for it, or keeps nothing in this mode",
        b"AbortError" | b"TimeoutError" => "the browser gave up",
        b"NetworkError" => "the network failed",
        b"DataCloneError" => "it is too large to pass on",
        _ => "the browser gave no reason",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_of_an_exception_reaches_the_screen() {
        for name in ["QuotaExceededError", "SecurityError", "NotReadableError", "OfAnotherDayError"] {
            assert!(!plain(name).contains("Error"), "{name}");
        }
        assert_eq!(plain("NotReadableError"), "it was moved, changed or locked");
    }
}
