//! Work that goes on in a task of its own, so that the browser may paint and answer the user before it.

use super::timer;
use std::cell::RefCell;
use std::collections::VecDeque;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::MessageChannel;

type Action = Box<dyn FnOnce()>;

thread_local! {
    static WAITING: RefCell<VecDeque<Action>> = RefCell::default();
    static CHANNEL: Option<MessageChannel> = channel();
}

/// Returns a channel whose messages run one action each; `None` where the browser has none.
fn channel() -> Option<MessageChannel> {
    let channel = MessageChannel::new().ok()?;
    let run = Closure::<dyn FnMut()>::new(run_next).into_js_value();
    channel.port1().set_onmessage(Some(run.unchecked_ref()));
    Some(channel)
}

/// Calls `action` in the next task. Unlike a timer this is not held up by 4 ms after a few in a row.
pub fn next(action: impl FnOnce() + 'static) {
    WAITING.with_borrow_mut(|waiting| waiting.push_back(Box::new(action)));
    let is_posted = CHANNEL
        .with(|channel| channel.as_ref().is_some_and(|it| it.port2().post_message(&JsValue::NULL).is_ok()));
    if !is_posted {
        timer::after(0, run_next).forget();
    }
}

fn run_next() {
    // taken out first: the action may add another
    let action = WAITING.with_borrow_mut(VecDeque::pop_front);
    if let Some(action) = action {
        action();
    }
}
