//! Drawing, one chart a frame: a frame that draws them all would hold up the page.

use std::cell::RefCell;
use std::collections::VecDeque;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;

type Draw = Box<dyn FnOnce()>;

#[derive(Default)]
struct Queue {
    waiting: VecDeque<(&'static str, Draw)>,
    requested: bool,
}

thread_local! {
    static QUEUE: RefCell<Queue> = RefCell::default();
    static ON_FRAME: Closure<dyn FnMut()> = Closure::new(on_frame);
}

/// Has `draw` called in a frame of its own; what was waiting under the same name is replaced.
///
/// While nobody can see the page the browser gives no frames, and nothing is drawn.
pub fn request(name: &'static str, draw: impl FnOnce() + 'static) {
    QUEUE.with_borrow_mut(|queue| {
        let draw: Draw = Box::new(draw);
        match queue.waiting.iter_mut().find(|(waiting, _)| *waiting == name) {
            Some(waiting) => waiting.1 = draw,
            None => queue.waiting.push_back((name, draw)),
        }
    });
    ask_for_frame();
}

fn ask_for_frame() {
    let ask = QUEUE.with_borrow_mut(|queue| {
        !queue.waiting.is_empty() && !core::mem::replace(&mut queue.requested, true)
    });
    if ask && let Some(window) = web_sys::window() {
        let asked =
            ON_FRAME.with(|on_frame| window.request_animation_frame(on_frame.as_ref().unchecked_ref()));
        if asked.is_err() {
            QUEUE.with_borrow_mut(|queue| queue.requested = false);
        }
    }
}

fn on_frame() {
    let next = QUEUE.with_borrow_mut(|queue| {
        queue.requested = false;
        queue.waiting.pop_front()
    });
    if let Some((_, draw)) = next {
        draw();
    }
    ask_for_frame();
}
