//! The page's connection to its engine, in a worker or in the page: does what [`Line`](line::Line) says.
//!
//! Messages are bytes of [`spreadscope_engine::messages::protocol`]. The worker receives the page's compiled
//! module, so that it is fetched and compiled only once.

use super::engine::{self, Line as EngineLine};
use super::performing::Performing;
use super::{deployment, later, reason, timer};
use js_sys::{Array, Reflect, Uint8Array};
use spreadscope_engine::messages::protocol;
use spreadscope_engine::messages::protocol::ToEngine;
use spreadscope_engine::tabs::line::{self, GREETING_MILLIS, LOOK_MILLIS, LineInput, LineOutput};
use spreadscope_engine::{Command, Settings};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{
    Blob, BlobPropertyBag, Event, MessageChannel, MessageEvent, MessagePort, Url, Worker, WorkerOptions,
    WorkerType,
};

pub use line::LineEvent as PortEvent;

/// The page's end. Clones share one engine.
#[derive(Clone)]
pub struct Port(Rc<Inner>);

struct Inner {
    line: RefCell<line::Line>,
    performing: Performing,
    end: RefCell<Option<Line>>,
    greeting: RefCell<Option<timer::Timeout>>,
    on_event: RefCell<Box<dyn FnMut(PortEvent)>>,
    looks: RefCell<Option<timer::Interval>>,
}

/// The line to one engine, and its listeners.
struct Line {
    end: End,
    _listeners: Listeners,
}

struct Listeners {
    message: Closure<dyn FnMut(MessageEvent)>,
    error: Closure<dyn FnMut(Event)>,
}

enum End {
    Worker(Worker),
    InPage(MessagePort),
}

impl Line {
    fn post(&self, message: &ToEngine) {
        self.post_value(&Uint8Array::from(protocol::encode(message).as_slice()));
    }

    fn post_value(&self, value: &JsValue) {
        let posted = match &self.end {
            End::Worker(worker) => worker.post_message(value),
            End::InPage(port) => port.post_message(value),
        };
        posted.expect("Invariant: byte arrays and files can be cloned");
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        match &self.end {
            End::Worker(worker) => {
                worker.set_onmessage(None);
                worker.set_onerror(None);
                worker.terminate();
            }
            End::InPage(port) => port.close(),
        }
    }
}

impl core::fmt::Debug for Port {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.debug_struct("Port").finish_non_exhaustive()
    }
}

/// Starts the engine with `settings` and delivers its events to `on_event`, never from within this call.
pub fn connect(settings: Settings, on_event: impl FnMut(PortEvent) + 'static) -> Port {
    let port = Port(Rc::new(Inner {
        line: RefCell::new(line::Line::new(settings)),
        performing: Performing::default(),
        end: RefCell::default(),
        greeting: RefCell::default(),
        on_event: RefCell::new(Box::new(on_event)),
        looks: RefCell::default(),
    }));
    let watched = port.clone();
    let looks = timer::every(LOOK_MILLIS, move || watched.input(LineInput::Look));
    *port.0.looks.borrow_mut() = Some(looks);
    port.perform_all();
    port
}

impl Port {
    /// Sends `command` to the engine. Without an engine, which the user has been told, nothing happens.
    pub fn send(&self, command: Command) {
        self.input(LineInput::Send(command));
    }

    /// Passes a file to the engine, to be read as `import`; the command to open it may follow at once.
    pub fn hand_over(&self, import: u64, file: &Blob) {
        if let (true, Some(line)) = (self.0.line.borrow().takes_files(), &*self.0.end.borrow()) {
            line.post_value(&super::file::handed_over(import, file));
        }
    }

    /// Fetches the functions that a first visit does not run, for the page and for the engine's worker.
    pub fn fetch_later(&self) {
        let port = self.clone();
        spawn_local(async move {
            let Some(later) = later::fetch().await else { return };
            if let Some(Line { end: End::Worker(worker), .. }) = &*port.0.end.borrow() {
                // a worker that is not given them fetches them when it calls one
                drop(worker.post_message(&later));
            }
        });
    }

    fn input(&self, input: LineInput) {
        self.0.line.borrow_mut().handle(input);
        self.perform_all();
    }

    fn perform_all(&self) {
        let Inner { performing, line, .. } = &*self.0;
        performing.all(|| line.borrow_mut().poll(), |output| self.perform(output));
    }

    fn perform(&self, output: LineOutput) {
        match output {
            LineOutput::Tell(event) => (self.0.on_event.borrow_mut())(event),
            LineOutput::Post(message) => {
                if let Some(line) = &*self.0.end.borrow() {
                    line.post(&message);
                }
            }
            LineOutput::StartWorker => self.start(self.worker_line()),
            LineOutput::StartInPage => self.start(self.line_in_page()),
            LineOutput::Greeted => *self.0.greeting.borrow_mut() = None,
            LineOutput::End => self.replace(None),
        }
    }

    fn start(&self, started: Result<Line, String>) {
        let late = self.clone();
        match started {
            Ok(line) => {
                self.replace(Some(line));
                let greeting = timer::after(GREETING_MILLIS, move || late.input(LineInput::Late));
                *self.0.greeting.borrow_mut() = Some(greeting);
            }
            Err(reason) => spawn_local(async move { late.input(LineInput::Failed(reason)) }),
        }
    }

    fn replace(&self, line: Option<Line>) {
        let old = (self.0.end.replace(line), self.0.greeting.take());
        // this may be called from a handler of the line's own event, which must return before the line is
        // dropped
        spawn_local(async move { drop(old) });
    }

    fn worker_line(&self) -> Result<Line, String> {
        let worker =
            start_worker(ENGINE).map_err(|error| said_plainly(&error, "the browser starts no worker"))?;
        let listeners = self.listeners();
        worker.set_onmessage(Some(listeners.message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(listeners.error.as_ref().unchecked_ref()));
        Ok(Line { end: End::Worker(worker), _listeners: listeners })
    }

    fn line_in_page(&self) -> Result<Line, String> {
        let listeners = self.listeners();
        let channel = MessageChannel::new()
            .map_err(|error| said_plainly(&error, "the browser opens no channel to an engine in the page"))?;
        let ours = channel.port1();
        ours.set_onmessage(Some(listeners.message.as_ref().unchecked_ref()));
        engine::serve(&EngineLine::InPage(channel.port2()));
        Ok(Line { end: End::InPage(ours), _listeners: listeners })
    }

    fn listeners(&self) -> Listeners {
        let port = self.clone();
        let message = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
            let bytes = Uint8Array::new(&message.data()).to_vec();
            port.input(match protocol::decode(&bytes) {
                Ok(message) => LineInput::Message(message),
                Err(error) => LineInput::Failed(error.to_string()),
            });
        });
        let port = self.clone();
        let error = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            port.input(LineInput::Failed(of_worker(&event)));
        });
        Listeners { message, error }
    }
}

/// The name of the worker that runs the engine.
const ENGINE: &str = "engine";
/// The name of a worker that evaluates cells of a surface.
pub(super) const SWEEPER: &str = "sweeper";

/// Starts a worker from a few lines of script made here; its name tells it what it is for.
///
/// A worker loaded from an address takes its policy from that response's headers, which a static host does not
/// send. One made by the page inherits the page's policy, and so can reach the exchange's hosts and no others.
pub(super) fn start_worker(name: &str) -> Result<Worker, JsValue> {
    let script = js_sys::JSON::stringify(&deployment::script_url().into())?;
    let source = format!(
        "import start from {script}; onmessage = ({{ data }}) => {{ onmessage = null; start({{ module_or_path: data }}); }};"
    );
    let kind = BlobPropertyBag::new();
    kind.set_type("text/javascript");
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&source.into()), &kind)?;
    let url = Url::create_object_url_with_blob(&blob)?;
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    options.set_name(name);
    let worker = Worker::new_with_options(&url, &options)?;
    if let Some(later) = later::kept() {
        worker.post_message(&later)?;
    }
    worker.post_message(&wasm_bindgen::module())?;
    Ok(worker)
}

/// Returns what an error in the worker means; a missing file comes without a message.
fn of_worker(event: &JsValue) -> String {
    let has_message = message_of(event).is_some();
    let plain = if has_message { "it stopped with an error" } else { "its script could not be loaded" };
    said_plainly(event, plain)
}

/// Returns `plain`, and keeps the browser's own words for the diagnostics.
fn said_plainly(error: &JsValue, plain: &str) -> String {
    if let Some(raw) = message_of(error) {
        reason::keep(raw);
    }
    plain.to_owned()
}

fn message_of(error: &JsValue) -> Option<String> {
    let message = Reflect::get(error, &"message".into()).ok().and_then(|message| message.as_string());
    message.or_else(|| error.as_string())
}
