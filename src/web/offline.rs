//! The service worker: registered once the desk is up, so that the two do not compete, and checked for new
//! versions now and then. A new version waits until the user wants it.

use super::{reason, timer};
use js_sys::Reflect;
use std::rc::Rc;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{ServiceWorker, ServiceWorkerContainer, ServiceWorkerRegistration, ServiceWorkerState};

/// The file that `cargo xtask stamp` writes beside the page.
const WORKER_FILE: &str = "./sw.js";
/// Interval between two checks for a new version: a page may be open for days.
const LOOK_MILLIS: u32 = 3_600_000;
/// Interval at which a requested version that is not yet in force is asked again.
const AGAIN_MILLIS: u32 = 2_000;

/// News about the page's files.
#[derive(Debug)]
pub enum OfflineNews {
    /// All of them are kept: the page opens without network.
    Ready,
    /// They are not kept, and why.
    Unavailable(String),
    /// A new version is waiting.
    Update(Update),
}

/// A version that is waiting.
#[derive(Debug, Clone)]
pub struct Update(ServiceWorker);

impl Update {
    /// Puts the version in force and reloads the page.
    pub fn take(&self) {
        let worker = self.0.clone();
        on_state(&self.0, move |state| {
            if state == ServiceWorkerState::Activated {
                super::page::reload();
            }
        });
        let take_over = move || {
            // a worker that takes no message is gone: the reload uses whatever version is there
            if worker.post_message(&"take over".into()).is_err() {
                super::page::reload();
            }
        };
        take_over();
        // the browser puts the version in force once the old one is idle, and may stop this worker before that
        timer::every(AGAIN_MILLIS, take_over).forget();
    }
}

/// Registers the worker and reports to `on_news`.
pub fn keep_files(on_news: impl Fn(OfflineNews) + 'static) {
    let on_news: Rc<dyn Fn(OfflineNews)> = Rc::new(on_news);
    spawn_local(async move {
        match register().await {
            Ok(registration) => follow(&registration, &on_news),
            Err(error) => on_news(OfflineNews::Unavailable(reason::clause(&error))),
        }
    });
}

/// Returns the service worker container; `None` where the browser has none for this address.
pub(super) fn container() -> Option<ServiceWorkerContainer> {
    let navigator = web_sys::window()?.navigator();
    Reflect::get(&navigator, &"serviceWorker".into()).ok()?.dyn_into().ok()
}

async fn register() -> Result<ServiceWorkerRegistration, JsValue> {
    let container = container().ok_or("the browser keeps no files for this address, which is not secure")?;
    JsFuture::from(container.register(WORKER_FILE)).await.map(JsValue::unchecked_into)
}

fn follow(registration: &ServiceWorkerRegistration, on_news: &Rc<dyn Fn(OfflineNews)>) {
    if registration.active().is_some() {
        on_news(OfflineNews::Ready);
    }
    if let Some(waiting) = registration.waiting() {
        on_news(OfflineNews::Update(Update(waiting)));
    }
    let (found, news) = (registration.clone(), Rc::clone(on_news));
    let on_found = Closure::<dyn FnMut()>::new(move || {
        if let Some(worker) = found.installing() {
            watch(&found, &worker, &news);
        }
    });
    registration.set_onupdatefound(Some(on_found.as_ref().unchecked_ref()));
    // the listener lives as long as the page
    on_found.forget();
    if let Some(worker) = registration.installing() {
        watch(registration, &worker, on_news);
    }
    let look = registration.clone();
    timer::every(LOOK_MILLIS, move || {
        // without network nothing is found; the next check is an hour later
        drop(look.update());
    })
    .forget();
}

/// Follows a version that is being fetched.
fn watch(
    registration: &ServiceWorkerRegistration,
    worker: &ServiceWorker,
    on_news: &Rc<dyn Fn(OfflineNews)>,
) {
    let first = registration.active().is_none();
    let (fetched, news) = (worker.clone(), Rc::clone(on_news));
    on_state(worker, move |state| match state {
        ServiceWorkerState::Installed if !first => news(OfflineNews::Update(Update(fetched.clone()))),
        ServiceWorkerState::Activated => news(OfflineNews::Ready),
        ServiceWorkerState::Redundant if first => {
            news(OfflineNews::Unavailable("some of its files could not be fetched".to_owned()));
        }
        _ => {}
    });
}

fn on_state(worker: &ServiceWorker, action: impl Fn(ServiceWorkerState) + 'static) {
    let watched = worker.clone();
    let on_change = Closure::<dyn FnMut()>::new(move || action(watched.state()));
    worker.set_onstatechange(Some(on_change.as_ref().unchecked_ref()));
    // one listener for each version in the page's life
    on_change.forget();
}
