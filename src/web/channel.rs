//! A line between tabs, those of one desk or all: bytes of the protocol, heard by all tabs but the one that speaks.

use js_sys::Uint8Array;
use spreadscope_engine::messages::protocol;
use spreadscope_engine::messages::protocol::BetweenTabs;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{BroadcastChannel, MessageEvent};

/// This tab's end; dropping it hangs up.
#[derive(Debug)]
pub struct Channel {
    inner: BroadcastChannel,
    _message: Closure<dyn FnMut(MessageEvent)>,
}

impl Channel {
    /// Joins the line called `name`. What cannot be read is of another version of this page and not meant for it.
    ///
    /// # Errors
    /// The browser has no such line.
    pub fn open(name: &str, on_message: impl Fn(BetweenTabs) + 'static) -> Result<Self, JsValue> {
        let inner = BroadcastChannel::new(name)?;
        let message = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
            let bytes = Uint8Array::new(&message.data()).to_vec();
            if let Ok(message) = protocol::decode(&bytes) {
                on_message(message);
            }
        });
        inner.set_onmessage(Some(message.as_ref().unchecked_ref()));
        Ok(Self { inner, _message: message })
    }

    /// Says `message` to the other tabs.
    pub fn post(&self, message: &BetweenTabs) {
        let bytes = Uint8Array::from(protocol::encode(message).as_slice());
        self.inner.post_message(&bytes).expect("Invariant: the line is open and a byte array can be cloned");
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.inner.set_onmessage(None);
        self.inner.close();
    }
}
