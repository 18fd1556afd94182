//! The way between the page and its engine: a worker where one can be had, else the engine in the page.
//!
//! Messages are bytes of [`spreadscope_engine::protocol`]. The worker greets first, once it listens; what
//! the page wants to say before that waits here. A worker of another build, one that does not answer or one
//! that dies is left for the engine in the page, and the user is told.

use super::host::Host;
use super::{clock, timer};
use js_sys::{Array, Reflect, Uint8Array};
use spreadscope_engine::protocol::{self, Hello, ToEngine, ToPage};
use spreadscope_engine::{Command, Settings};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Blob, BlobPropertyBag, Event, MessageEvent, Url, Worker, WorkerOptions, WorkerType};

/// The file that trunk writes beside the page.
const WORKER_FILE: &str = "worker_loader.js";
/// A worker that has not greeted after this long is given up.
const GREETING_MILLIS: u32 = 10_000;

/// What reaches the page.
#[derive(Debug)]
pub enum PortEvent {
    /// The engine's word.
    Event(spreadscope_engine::Event),
    /// Something about the way itself that the user should read.
    Notice(String),
}

/// The page's end. Cloning gives another handle to the same engine.
#[derive(Clone)]
pub struct Port(Rc<Inner>);

struct Inner {
    way: RefCell<Way>,
    on_event: RefCell<Box<dyn FnMut(PortEvent)>>,
    /// What the engine must be told again if another takes its place.
    settings: RefCell<Settings>,
}

enum Way {
    /// Waiting for the worker's greeting, with what is to be said then.
    Greeting {
        worker: Box<WorkerHandle>,
        waiting: Vec<Command>,
        _deadline: timer::Timeout,
    },
    Worker(Box<WorkerHandle>),
    Page(Host),
    None,
}

struct WorkerHandle {
    inner: Worker,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _error: Closure<dyn FnMut(Event)>,
}

impl Drop for WorkerHandle {
    fn drop(&mut self) {
        self.inner.set_onmessage(None);
        self.inner.set_onerror(None);
        self.inner.terminate();
    }
}

impl core::fmt::Debug for Port {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.debug_struct("Port").finish_non_exhaustive()
    }
}

/// Starts the engine with `settings` and delivers what it says to `on_event`.
pub fn connect(settings: Settings, on_event: impl FnMut(PortEvent) + 'static) -> Port {
    let first = Command::Configure(Box::new(settings.clone()));
    let port = Port(Rc::new(Inner {
        way: RefCell::new(Way::None),
        on_event: RefCell::new(Box::new(on_event)),
        settings: RefCell::new(settings),
    }));
    match port.start_worker() {
        Ok(worker) => {
            let late = port.clone();
            let deadline = timer::after(GREETING_MILLIS, move || late.fall_back("it did not start in time"));
            let worker = Box::new(worker);
            *port.0.way.borrow_mut() = Way::Greeting { worker, waiting: vec![first], _deadline: deadline };
        }
        // the listener may not be entered again from within this call
        Err(reason) => {
            let late = port.clone();
            wasm_bindgen_futures::spawn_local(async move { late.fall_back(&reason) });
        }
    }
    port
}

impl Port {
    /// Tells the engine.
    pub fn send(&self, command: Command) {
        if let Command::Configure(settings) = &command {
            *self.0.settings.borrow_mut() = (**settings).clone();
        }
        let host = match &mut *self.0.way.borrow_mut() {
            Way::Greeting { waiting, .. } => return waiting.push(command),
            Way::Worker(worker) => return post(&worker.inner, &ToEngine::Command(command)),
            Way::Page(host) => host.clone(),
            Way::None => return,
        };
        host.command(command);
    }

    fn start_worker(&self) -> Result<WorkerHandle, String> {
        let inner = start_module().map_err(|error| words(&error))?;
        let message = {
            let port = self.clone();
            Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
                let bytes = Uint8Array::new(&message.data()).to_vec();
                match protocol::decode::<ToPage>(&bytes) {
                    Ok(ToPage::Hello(hello)) => port.greeted(&hello),
                    Ok(ToPage::Event(event)) => port.deliver(PortEvent::Event(event)),
                    Err(error) => port.fall_back(&error.to_string()),
                }
            })
        };
        let error = {
            let port = self.clone();
            Closure::<dyn FnMut(Event)>::new(move |event: Event| port.fall_back(&words(&event)))
        };
        inner.set_onmessage(Some(message.as_ref().unchecked_ref()));
        inner.set_onerror(Some(error.as_ref().unchecked_ref()));
        Ok(WorkerHandle { inner, _message: message, _error: error })
    }

    fn greeted(&self, hello: &Hello) {
        if *hello != Hello::ours() {
            let theirs = format!("it is of another version ({}, protocol {})", hello.build, hello.protocol);
            return self.fall_back(&theirs);
        }
        let mut way = self.0.way.borrow_mut();
        if let Way::Greeting { worker, waiting, .. } = core::mem::replace(&mut *way, Way::None) {
            post(&worker.inner, &ToEngine::Hello(Hello::ours()));
            for command in waiting {
                post(&worker.inner, &ToEngine::Command(command));
            }
            *way = Way::Worker(worker);
        }
    }

    /// Leaves the worker and runs the engine here.
    fn fall_back(&self, reason: &str) {
        if matches!(*self.0.way.borrow(), Way::Page(_)) {
            return;
        }
        let port = self.clone();
        let seed = clock::now().0.unsigned_abs();
        let host = Host::new(seed, move |event| port.deliver(PortEvent::Event(event)));
        let old = self.0.way.replace(Way::Page(host.clone()));
        // a handler may be on the stack of the worker's own event: let it return before it is dropped
        wasm_bindgen_futures::spawn_local(async move { drop(old) });
        self.deliver(PortEvent::Notice(format!(
            "The engine runs inside the page, because its worker could not be used ({reason}). \
             Everything works; charts may stutter while they are drawn. Reload to try the worker again."
        )));
        let settings = self.0.settings.borrow().clone();
        host.command(Command::Configure(Box::new(settings)));
    }

    fn deliver(&self, event: PortEvent) {
        (self.0.on_event.borrow_mut())(event);
    }
}

/// Starts the worker from a line of script of the page's own.
///
/// A worker that is loaded from an address has the policy of that answer's headers, which a static host does
/// not send; one that the page has made itself inherits the page's, so that it too can reach the exchange's
/// hosts and no others.
fn start_module() -> Result<Worker, JsValue> {
    let base =
        web_sys::window().ok_or("no window")?.document().and_then(|page| page.base_uri().ok().flatten());
    let file = Url::new_with_base(WORKER_FILE, &base.ok_or("the page has no address")?)?.href();
    let source = Array::of1(&format!("import {};", js_sys::JSON::stringify(&file.into())?).into());
    let kind = BlobPropertyBag::new();
    kind.set_type("text/javascript");
    let url = Url::create_object_url_with_blob(&Blob::new_with_str_sequence_and_options(&source, &kind)?)?;
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    Worker::new_with_options(&url, &options)
}

/// The browser's own words for what went wrong: a file that is not there comes without any.
fn words(error: &JsValue) -> String {
    let message = Reflect::get(error, &"message".into()).ok().and_then(|message| message.as_string());
    message.or_else(|| error.as_string()).unwrap_or_else(|| format!("{WORKER_FILE} could not be loaded"))
}

fn post(worker: &Worker, message: &ToEngine) {
    let bytes = Uint8Array::from(protocol::encode(message).as_slice());
    worker.post_message(&bytes).expect("Invariant: a byte array can be cloned");
}

/// The worker's whole life: greets, then serves commands until the page is gone.
pub fn serve_worker() {
    let scope: web_sys::DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let reply = {
        let scope = scope.clone();
        move |message: &ToPage| {
            let bytes = Uint8Array::from(protocol::encode(message).as_slice());
            let transfer = js_sys::Array::of1(&bytes.buffer());
            scope
                .post_message_with_transfer(&bytes, &transfer)
                .expect("Invariant: a byte array can be transferred");
        }
    };
    let host = {
        let reply = reply.clone();
        Host::new(clock::now().0.unsigned_abs(), move |event| reply(&ToPage::Event(event)))
    };
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
        let bytes = Uint8Array::new(&message.data()).to_vec();
        match protocol::decode::<ToEngine>(&bytes) {
            // the page compares the greetings and leaves a worker that does not match
            Ok(ToEngine::Hello(_)) => {}
            Ok(ToEngine::Command(command)) => host.command(command),
            Err(error) => wasm_bindgen::throw_str(&error.to_string()),
        }
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // the worker lives as long as its listener
    on_message.forget();
    reply(&ToPage::Hello(Hello::ours()));
}
