//! Timeouts and intervals of the page or the worker; dropping the handle ends them.

pub use gloo_timers::callback::{Interval, Timeout};

/// Calls `action` every `millis`.
pub fn every(millis: u32, action: impl FnMut() + 'static) -> Interval {
    Interval::new(millis, action)
}

/// Calls `action` once, after `millis`.
pub fn after(millis: u32, action: impl FnOnce() + 'static) -> Timeout {
    Timeout::new(millis, action)
}

/// Yields to the browser's other tasks.
pub async fn breathe() {
    gloo_timers::future::TimeoutFuture::new(0).await;
}
