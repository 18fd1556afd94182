//! A channel between tabs: bytes that every tab but the sender receives.

use js_sys::Uint8Array;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{BroadcastChannel, MessageEvent};

/// This tab's end; dropping it closes the channel.
#[derive(Debug)]
pub struct Channel {
    inner: BroadcastChannel,
    _message: Closure<dyn FnMut(MessageEvent)>,
}

impl Channel {
    /// Joins the channel called `name`.
    ///
    /// # Errors
    /// The browser has no broadcast channels.
    pub fn open(name: &str, on_bytes: impl Fn(&[u8]) + 'static) -> Result<Self, JsValue> {
        let inner = BroadcastChannel::new(name)?;
        let message = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
            // whatever else a page of this origin posts is not a message
            if let Ok(bytes) = message.data().dyn_into::<Uint8Array>() {
                on_bytes(&bytes.to_vec());
            }
        });
        inner.set_onmessage(Some(message.as_ref().unchecked_ref()));
        Ok(Self { inner, _message: message })
    }

    /// Sends `bytes` to the other tabs.
    pub fn post(&self, bytes: &[u8]) {
        let posted = self.inner.post_message(&Uint8Array::from(bytes));
        posted.expect("Invariant: the channel is open and a byte array can be cloned");
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.inner.set_onmessage(None);
        self.inner.close();
    }
}
