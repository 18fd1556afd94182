//! The functions of the module that a first visit does not run: a release has them in a file of its own, cut off by
//! `xtask/src/site/later`, and has it fetched here once the desk is up.
//!
//! One that is called before that has the file fetched at once, by the script in `xtask/src/site/later/loader.js`.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

/// The script's function.
const FETCH: &str = "fetchLater";
/// Where the script keeps the message that hands them over.
const KEPT: &str = "keptLater";

/// Fetches them for the page. Returns the message that hands them over to a worker, which its engine does not hear;
/// `None` where the module is whole, and where they did not come: then the first of them that is called asks again.
pub(super) async fn fetch() -> Option<JsValue> {
    let fetch: Function = Reflect::get(&js_sys::global(), &FETCH.into()).ok()?.dyn_into().ok()?;
    let coming: Promise = fetch.call0(&JsValue::UNDEFINED).ok()?.dyn_into().ok()?;
    let message = JsFuture::from(coming).await.ok()?;
    message.is_object().then_some(message)
}

/// The message that hands them over to a worker, once they have come.
pub(super) fn kept() -> Option<JsValue> {
    Reflect::get(&js_sys::global(), &KEPT.into()).ok().filter(JsValue::is_object)
}
