//! Draws one chart per frame, in a task right after the frame.
//!
//! Drawing all charts in one frame would block the page, and drawing before the frame is shown would delay the
//! response to a click or a key.

use std::cell::RefCell;
use std::collections::VecDeque;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::MessageChannel;

type Draw = Box<dyn FnOnce()>;

#[derive(Default)]
struct Queue {
    waiting: VecDeque<(&'static str, Draw)>,
    requested: bool,
    once_drawn: Option<Draw>,
}

thread_local! {
    static QUEUE: RefCell<Queue> = RefCell::default();
    static ON_FRAME: Closure<dyn FnMut()> = Closure::new(on_frame);
    static AFTER_FRAME: Option<MessageChannel> = after_frame();
}

/// Returns a channel whose messages run as tasks of their own; `None` where the browser has none.
fn after_frame() -> Option<MessageChannel> {
    let channel = MessageChannel::new().ok()?;
    let draw = Closure::<dyn FnMut()>::new(draw_next).into_js_value();
    channel.port1().set_onmessage(Some(draw.unchecked_ref()));
    Some(channel)
}

/// Schedules `draw` after a frame of its own, replacing what was waiting under the same name.
///
/// While the page is hidden the browser gives no frames, and nothing is drawn.
pub fn request(name: &'static str, draw: impl FnOnce() + 'static) {
    QUEUE.with_borrow_mut(|queue| {
        let draw: Draw = Box::new(draw);
        match queue.waiting.iter_mut().find(|(waiting, _)| *waiting == name) {
            Some(waiting) => waiting.1 = draw,
            None => queue.waiting.push_back((name, draw)),
        }
    });
    request_frame();
}

/// Has `action` called when something has been drawn and nothing more waits for its frame.
pub fn once_drawn(action: impl FnOnce() + 'static) {
    QUEUE.with_borrow_mut(|queue| queue.once_drawn = Some(Box::new(action)));
}

/// Returns whether a drawing is waiting for its frame.
pub fn is_waited_for() -> bool {
    QUEUE.with_borrow(|queue| !queue.waiting.is_empty())
}

fn request_frame() {
    let is_wanted = QUEUE.with_borrow_mut(|queue| {
        !queue.waiting.is_empty() && !core::mem::replace(&mut queue.requested, true)
    });
    if is_wanted && let Some(window) = web_sys::window() {
        let request =
            ON_FRAME.with(|on_frame| window.request_animation_frame(on_frame.as_ref().unchecked_ref()));
        if request.is_err() {
            QUEUE.with_borrow_mut(|queue| queue.requested = false);
        }
    }
}

fn on_frame() {
    let posted = AFTER_FRAME
        .with(|channel| channel.as_ref().is_some_and(|it| it.port2().post_message(&JsValue::NULL).is_ok()));
    if !posted {
        draw_next();
    }
}

fn draw_next() {
    let next = QUEUE.with_borrow_mut(|queue| {
        queue.requested = false;
        queue.waiting.pop_front()
    });
    if let Some((_, draw)) = next {
        draw();
        let once_drawn = QUEUE
            .with_borrow_mut(|queue| if queue.waiting.is_empty() { queue.once_drawn.take() } else { None });
        if let Some(once_drawn) = once_drawn {
            once_drawn();
        }
    }
    request_frame();
}
