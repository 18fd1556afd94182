//! Checks whether the browser returns canvas pictures as they were drawn.

use wasm_bindgen::JsCast as _;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// Returns whether a drawing is read back unchanged: protection against fingerprinting turns it white or noisy.
///
/// Two drawings of one colour must give the same picture, and one of another colour another.
pub fn is_faithful() -> bool {
    let [red, again, black] = ["#f00", "#f00", "#000"].map(picture_of);
    red.is_some() && red == again && red != black
}

/// Returns a picture of a few pixels of one colour, as a data URL.
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
