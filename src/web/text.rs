//! Texts of the browser's, taken over by its own encoder: wasm-bindgen's way goes letter by letter, which takes
//! longer than the engine needs for what a frame says.

use js_sys::JsString;
use std::cell::RefCell;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    type TextEncoder;
    #[wasm_bindgen(constructor)]
    fn new() -> TextEncoder;
    #[wasm_bindgen(method, js_name = encodeInto)]
    fn encode_into(this: &TextEncoder, text: &JsString, into: &mut [u8]) -> Encoded;
    type Encoded;
    #[wasm_bindgen(method, getter)]
    fn written(this: &Encoded) -> usize;
}

/// UTF-16 units become three bytes of UTF-8 at most.
const MOST_BYTES: usize = 3;

struct Desk {
    encoder: TextEncoder,
    room: Vec<u8>,
}

thread_local! {
    static DESK: RefCell<Desk> = RefCell::new(Desk { encoder: TextEncoder::new(), room: Vec::new() });
}

/// The text; halves of letters in it are replaced, as everywhere in a browser.
pub fn take(text: &JsString) -> String {
    DESK.with_borrow_mut(|Desk { encoder, room }| {
        let needed = text.length() as usize * MOST_BYTES;
        if room.len() < needed {
            room.resize(needed, 0);
        }
        let written = encoder.encode_into(text, room).written();
        let text = core::str::from_utf8(&room[..written]);
        text.expect("Invariant: the encoder writes UTF-8").to_owned()
    })
}
