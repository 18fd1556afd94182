//! A file for the user, made here.

use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

/// The browser revokes nothing by itself; by then it has read the file.
const REVOKE_MILLIS: u32 = 10_000;

/// Offers `text` as the file `name`.
///
/// # Errors
/// The browser's words when it refuses.
pub fn save(name: &str, mime: &str, text: &str) -> Result<(), String> {
    offer(name, mime, text).map_err(|error| format!("the file could not be made: {error:?}"))
}

fn offer(name: &str, mime: &str, text: &str) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(mime);
    let parts = js_sys::Array::of1(&JsValue::from_str(text));
    let url = Url::create_object_url_with_blob(&Blob::new_with_str_sequence_and_options(&parts, &options)?)?;
    let document = web_sys::window().and_then(|window| window.document()).ok_or("no document")?;
    let anchor: HtmlAnchorElement = document.create_element("a")?.dyn_into().map_err(JsValue::from)?;
    anchor.set_href(&url);
    anchor.set_download(name);
    anchor.click();
    super::timer::after(REVOKE_MILLIS, move || drop(Url::revoke_object_url(&url))).forget();
    Ok(())
}
