//! Whether the browser gives pictures from a canvas as they were drawn.

use wasm_bindgen::JsCast as _;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// Whether what is drawn comes back as it was: under protection against fingerprinting it is white, or noise.
///
/// Two drawings of one colour must give the same picture, and one of another colour another.
pub fn is_faithful() -> bool {
    let [red, again, black] = ["#f00", "#f00", "#000"].map(picture_of);
    red.is_some() && red == again && red != black
}

/// The picture of a few pixels of one colour, as an address.
fn picture_of(colour: &str) -> Option<String> {
    let document = web_sys::window()?.document()?;
    let canvas: HtmlCanvasElement = document.create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.set_width(4);
    canvas.set_height(4);
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    context.set_fill_style_str(colour);
    context.fill_rect(0.0, 0.0, 4.0, 4.0);
    canvas.to_data_url().ok()
}
