//! Drawing, one chart a frame: a frame that draws them all would hold up the page.

use super::{page, timer};
use js_sys::Array;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;
use web_sys::{PerformanceObserver, PerformanceObserverInit};

/// A browser that tells of no painting within this, though the page can be seen, is not waited for.
const LONGEST_WAIT_MILLIS: u32 = 250;

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

/// Calls `action` once the browser has painted something of the page; at once while nobody can see it.
pub fn after_first_paint(action: impl FnOnce() + 'static) {
    let performance = web_sys::window().and_then(|window| window.performance());
    let painted = performance
        .is_some_and(|performance| performance.get_entries_by_name("first-contentful-paint").length() > 0);
    if painted || page::hidden() {
        return action();
    }
    let waiting = Rc::new(Cell::new(Some(action)));
    let act = move || {
        if let Some(action) = waiting.take() {
            action();
        }
    };
    timer::after(LONGEST_WAIT_MILLIS, act.clone()).forget();
    let seen = Closure::<dyn FnMut()>::new(act).into_js_value();
    if let Ok(observer) = PerformanceObserver::new(seen.unchecked_ref()) {
        observer.observe(&PerformanceObserverInit::new(&Array::of1(&"paint".into())));
    }
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
