//! Workers that evaluate cells of a surface: both ends of their lines.

use super::backtest::Crew;
use super::{clock, port};
use js_sys::{Array, Reflect, Uint8Array};
use spreadscope_engine::backtest::pool::{Errand, Sweeper, WORD_MILLIS, WorkerNews};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, Event, MessageEvent, Worker};

/// Returns the number of hardware threads; 1 where the browser does not say.
pub fn threads() -> usize {
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into()).unwrap_or_default();
    let threads =
        Reflect::get(&navigator, &"hardwareConcurrency".into()).ok().and_then(|count| count.as_f64());
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
    threads.map_or(1, |count| count as usize)
}

/// Returns a crew for errands; messages of its workers go to `on_news`, never from within a call of the crew.
pub fn crew(on_news: Box<dyn Fn(WorkerNews)>) -> Crew {
    let on_news: Rc<dyn Fn(WorkerNews)> = on_news.into();
    let lines: RefCell<BTreeMap<u64, Line>> = RefCell::default();
    Box::new(move |errand| match errand {
        Errand::Start(number) => {
            if let Some(line) = Line::start(number, &on_news) {
                lines.borrow_mut().insert(number, line);
            } else {
                let on_news = Rc::clone(&on_news);
                spawn_local(async move { on_news(WorkerNews::Lost(number)) });
            }
        }
        Errand::Post(number, bytes) => {
            if let Some(line) = lines.borrow().get(&number) {
                line.post(&bytes);
            }
        }
        Errand::End(number) => {
            let line = lines.borrow_mut().remove(&number);
            // one of its handlers may be on the stack, and must return before the line is dropped
            spawn_local(async move { drop(line) });
        }
    })
}

/// A worker and its listeners; dropping it ends the worker.
struct Line {
    worker: Worker,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _error: Closure<dyn FnMut(Event)>,
}

impl Line {
    fn start(number: u64, on_news: &Rc<dyn Fn(WorkerNews)>) -> Option<Self> {
        let worker = port::start_worker(port::SWEEPER).ok()?;
        let hear = Rc::clone(on_news);
        let message = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
            // a worker that could not fetch its code sends something other than bytes
            hear(match message.data().dyn_into::<Uint8Array>() {
                Ok(bytes) => WorkerNews::Word(number, bytes.to_vec()),
                Err(_) => WorkerNews::Lost(number),
            });
        });
        let hear = Rc::clone(on_news);
        let error = Closure::<dyn FnMut(Event)>::new(move |_: Event| hear(WorkerNews::Lost(number)));
        worker.set_onmessage(Some(message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(error.as_ref().unchecked_ref()));
        Some(Self { worker, _message: message, _error: error })
    }

    fn post(&self, bytes: &[u8]) {
        let bytes = Uint8Array::from(bytes);
        let posted = self.worker.post_message_with_transfer(&bytes, &Array::of1(&bytes.buffer()));
        posted.expect("Invariant: a byte array can be transferred");
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

/// Evaluates cells in a worker started for it, until the worker is ended; it reads no messages meanwhile.
pub fn serve(scope: &DedicatedWorkerGlobalScope) {
    let post = {
        let scope = scope.clone();
        move |bytes: &[u8]| {
            let bytes = Uint8Array::from(bytes);
            let posted = scope.post_message_with_transfer(&bytes, &Array::of1(&bytes.buffer()));
            posted.expect("Invariant: a byte array can be transferred");
        }
    };
    let greet = post.clone();
    let mut sweeper = Sweeper::default();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
        sweeper.hear(&Uint8Array::new(&message.data()).to_vec());
        let mut told = clock::now();
        while sweeper.is_busy() {
            if let Some(answer) = sweeper.work() {
                post(&answer);
            }
            if clock::now().since(told) >= WORD_MILLIS {
                told = clock::now();
                post(&sweeper.word());
            }
        }
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // the listener lives as long as the module
    on_message.forget();
    greet(&Sweeper::greeting());
}
