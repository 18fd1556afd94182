//! Runs the engine: sends a greeting, then serves commands until the page is gone.
//!
//! It runs in a worker, or in the page where workers are not available; only the line differs.

use super::tabs::Tabs;
use super::{backtest, file, port};
use js_sys::{Array, Uint8Array};
use spreadscope_engine::messages::protocol;
use spreadscope_engine::messages::protocol::{Hello, ToEngine, ToPage};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent, MessagePort};

/// The engine's end of the line to the page.
#[derive(Debug, Clone)]
pub enum Line {
    /// From a worker to the page that started it.
    Worker(DedicatedWorkerGlobalScope),
    /// Within the page.
    InPage(MessagePort),
}

/// Does what this worker was started for: the engine or a share of its work. Returns whether this is a worker.
pub fn serve_as_worker() -> bool {
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else { return false };
    if scope.name() != port::SWEEPER {
        serve(&Line::Worker(scope));
        return true;
    }
    spawn_local(async move {
        match backtest::sweeper().await {
            Some(serve) => serve(&scope),
            None => drop(scope.post_message(&JsValue::NULL)),
        }
    });
    true
}

impl Line {
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

/// Serves the page at the other end of `line`.
pub fn serve(line: &Line) {
    let (events, pongs) = (line.clone(), line.clone());
    let tabs = Tabs::new(move |message| events.post(&message));
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
        if let Some((import, file)) = file::taken_over(&message.data()) {
            return tabs.take_file(import, file);
        }
        let bytes = Uint8Array::new(&message.data()).to_vec();
        match protocol::decode::<ToEngine>(&bytes) {
            // the page compares the greetings and rejects an engine that does not match
            Ok(ToEngine::Hello(_)) => {}
            Ok(ToEngine::Command(command)) => tabs.command(command),
            Ok(ToEngine::Ping) => pongs.post(&ToPage::Pong),
            Err(error) => wasm_bindgen::throw_str(&error.to_string()),
        }
    });
    line.listen(&on_message);
    // the listener lives as long as the module
    on_message.forget();
    line.post(&ToPage::Hello(Hello::ours()));
}
