//! Files made here and offered to the user.

use super::reason;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

/// The browser never revokes the address itself; by then it has read the file.
const REVOKE_MILLIS: u32 = 10_000;

/// Offers the text in `parts`, joined, as the file `name`.
///
/// # Errors
/// A sentence when the browser refuses.
pub fn save(name: &str, mime: &str, parts: &[String]) -> Result<(), String> {
    let options = BlobPropertyBag::new();
    options.set_type(mime);
    let parts: js_sys::Array = parts.iter().map(|part| JsValue::from_str(part)).collect();
    let blob = Blob::new_with_str_sequence_and_options(&parts, &options).map_err(not_made)?;
    offer(name, &Url::create_object_url_with_blob(&blob).map_err(not_made)?).map_err(not_made)
}

/// A file whose bytes arrive in parts.
#[derive(Debug, Default)]
pub struct Parts(js_sys::Array);

impl Parts {
    /// Appends the next bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.0.push(&js_sys::Uint8Array::from(bytes));
    }

    /// Offers all bytes as the file `name`.
    ///
    /// # Errors
    /// A sentence when the browser refuses.
    pub fn save(&self, name: &str) -> Result<(), String> {
        let made = Blob::new_with_u8_array_sequence(&self.0)
            .and_then(|blob| Url::create_object_url_with_blob(&blob))
            .and_then(|url| offer(name, &url));
        made.map_err(not_made)
    }
}

/// Offers the resource at `url`, an address of this page, as the file `name`.
///
/// # Errors
/// A sentence when the browser refuses.
pub fn save_url(name: &str, url: &str) -> Result<(), String> {
    offer(name, url).map_err(not_made)
}

#[expect(clippy::needless_pass_by_value, reason = "it is what map_err hands over")]
fn not_made(error: JsValue) -> String {
    format!("the file could not be made: {}", reason::clause(&error))
}

fn offer(name: &str, url: &str) -> Result<(), JsValue> {
    let document = web_sys::window().and_then(|window| window.document()).ok_or("no document")?;
    let anchor: HtmlAnchorElement = document.create_element("a")?.dyn_into().map_err(JsValue::from)?;
    anchor.set_href(url);
    anchor.set_download(name);
    anchor.click();
    let url = url.to_owned();
    super::timer::after(REVOKE_MILLIS, move || drop(Url::revoke_object_url(&url))).forget();
    Ok(())
}
