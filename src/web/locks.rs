//! Web Locks: at most one tab holds a name. The browser grants it to the next tab as soon as it is free, even
//! after a crash.

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal};

/// A name held by this tab; dropping it lets the next tab have it.
#[derive(Debug)]
pub struct HeldLock {
    release: Function,
    /// Pending as long as the name is held; rejected when another tab has taken it.
    done: Promise,
}

impl HeldLock {
    /// Waits until the name is no longer held; returns whether another tab has taken it.
    pub fn taken_away(&self) -> impl Future<Output = bool> + 'static {
        let done = JsFuture::from(self.done.clone());
        async move { done.await.is_err() }
    }
}

impl Drop for HeldLock {
    fn drop(&mut self) {
        // resolving the promise releases the name
        drop(self.release.call0(&JsValue::NULL));
    }
}

/// A place in the queue for a name; dropping it leaves the queue.
#[derive(Debug)]
pub struct Place(AbortController);

impl Place {
    /// Makes a place in the queue.
    ///
    /// # Errors
    /// The browser cannot make an abort controller.
    pub fn new() -> Result<Self, JsValue> {
        AbortController::new().map(Self)
    }

    /// Returns the signal that tells the browser that the place has been left.
    pub fn signal(&self) -> AbortSignal {
        self.0.signal()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// How a name is claimed.
#[derive(Debug)]
pub enum ClaimMode {
    /// At once or not at all.
    IfFree,
    /// As soon as it is free, unless the place in the queue is left first.
    InTurn(AbortSignal),
    /// At once, from whichever tab holds it.
    TakeAway,
}

/// Claims `name`; `None` when another tab holds it and it was wanted at once.
///
/// # Errors
/// The place in the queue was left, or the browser has no locks at this address.
pub async fn claim(name: &str, mode: ClaimMode) -> Result<Option<HeldLock>, JsValue> {
    let options = Object::new();
    match mode {
        ClaimMode::IfFree => Reflect::set(&options, &"ifAvailable".into(), &true.into())?,
        ClaimMode::InTurn(signal) => Reflect::set(&options, &"signal".into(), &signal)?,
        ClaimMode::TakeAway => Reflect::set(&options, &"steal".into(), &true.into())?,
    };
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into())?;
    let locks = Reflect::get(&navigator, &"locks".into())?;
    let request: Function = Reflect::get(&locks, &"request".into())?.dyn_into()?;
    let mut done = Err(JsValue::UNDEFINED);
    let granted = Promise::new(&mut |resolve, reject| {
        let on_grant = Closure::once_into_js(move |lock: JsValue| -> JsValue {
            if lock.is_null() {
                drop(resolve.call1(&JsValue::NULL, &JsValue::NULL));
                return JsValue::UNDEFINED;
            }
            // the lock is held until this promise resolves
            Promise::new(&mut |release, _| drop(resolve.call1(&JsValue::NULL, &release))).into()
        });
        done = request.call3(&locks, &name.into(), &options, &on_grant);
        if let Ok(done) = &done {
            let refused = Closure::once(move |reason: JsValue| drop(reject.call1(&JsValue::NULL, &reason)));
            drop(done.unchecked_ref::<Promise>().catch(&refused));
            // a request is refused at most once, and there are few requests
            refused.forget();
        }
    });
    let done: Promise = done?.unchecked_into();
    let release: Result<Function, JsValue> = JsFuture::from(granted).await?.dyn_into();
    Ok(release.ok().map(|release| HeldLock { release, done }))
}
