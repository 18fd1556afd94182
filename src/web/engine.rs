//! The engine's whole life in its module: greets, then serves commands until the page is gone.
//!
//! The module runs in a worker, or in the page where no worker can be had; only the line differs.

use super::file;
use super::port::LINE_IN_PAGE;
use super::seat::Seat;
use js_sys::{Array, Reflect, Uint8Array};
use spreadscope_engine::protocol::{self, Hello, ToEngine, ToPage};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent, MessagePort};

/// The engine's end of the line to the page.
#[derive(Clone)]
enum Line {
    Worker(DedicatedWorkerGlobalScope),
    InPage(MessagePort),
}

impl Line {
    /// The line of the place that this module runs in.
    fn here() -> Result<Self, JsValue> {
        let global = js_sys::global();
        match global.dyn_into::<DedicatedWorkerGlobalScope>() {
            Ok(scope) => Ok(Self::Worker(scope)),
            Err(page) => Reflect::get(&page, &LINE_IN_PAGE.into())?.dyn_into().map(Self::InPage),
        }
    }

    fn post(&self, message: &ToPage) {
        let bytes = Uint8Array::from(protocol::encode(message).as_slice());
        let transfer = Array::of1(&bytes.buffer());
        let posted = match self {
            Self::Worker(scope) => scope.post_message_with_transfer(&bytes, &transfer),
            Self::InPage(port) => port.post_message_with_transferable(&bytes, &transfer),
        };
        posted.expect("Invariant: a byte array can be transferred");
    }

    fn listen(&self, on_message: &Closure<dyn FnMut(MessageEvent)>) {
        let listener = Some(on_message.as_ref().unchecked_ref());
        match self {
            Self::Worker(scope) => scope.set_onmessage(listener),
            Self::InPage(port) => port.set_onmessage(listener),
        }
    }
}

/// Serves the page that started this module.
pub fn serve() {
    let line = match Line::here() {
        Ok(line) => line,
        Err(found) => wasm_bindgen::throw_str(&format!("no page to serve: {found:?}")),
    };
    let events = line.clone();
    let seat = Seat::new(move |message| events.post(&message));
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
        if let Some((import, file)) = file::taken_over(&message.data()) {
            return seat.take_file(import, file);
        }
        let bytes = Uint8Array::new(&message.data()).to_vec();
        match protocol::decode::<ToEngine>(&bytes) {
            // the page compares the greetings and leaves an engine that does not match
            Ok(ToEngine::Hello(_)) => {}
            Ok(ToEngine::Command(command)) => seat.command(command),
            Err(error) => wasm_bindgen::throw_str(&error.to_string()),
        }
    });
    line.listen(&on_message);
    // the module lives as long as its listener
    on_message.forget();
    line.post(&ToPage::Hello(Hello::ours()));
}
