//! The page's way to its engine: in a worker where one can be had, else in the page.
//!
//! Messages are bytes of [`spreadscope_engine::messages::protocol`]. The engine greets first, once it listens; what
//! the page wants to say before that waits here. The worker is given the page's own module, so that it is fetched
//! and compiled once. One that cannot be made, does not greet or dies is left for an engine in the page; one that
//! stops answering is replaced once. The user is told.

use super::engine::{self, Line as EngineLine};
use super::timer;
use js_sys::{Array, Reflect, Uint8Array};
use spreadscope_engine::messages::protocol;
use spreadscope_engine::messages::protocol::{Hello, Role, ToEngine, ToPage};
use spreadscope_engine::{Command, Settings};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{
    Blob, BlobPropertyBag, Event, MessageChannel, MessageEvent, MessagePort, Url, Worker, WorkerOptions,
    WorkerType,
};

#[wasm_bindgen]
extern "C" {
    type ImportMeta;
    #[wasm_bindgen(method, getter)]
    fn url(this: &ImportMeta) -> String;
    /// The script that this module was started by.
    #[wasm_bindgen(thread_local_v2, js_namespace = import, js_name = meta)]
    static SCRIPT: ImportMeta;
}

/// An engine that has not greeted after this long is given up.
const GREETING_MILLIS: u32 = 10_000;
/// The engine is asked this often whether it is there.
const LOOK_MILLIS: u32 = 2_000;
/// After so many questions without a word from it, it hangs.
const HUNG_LOOKS: u32 = 4;

/// What reaches the page.
#[derive(Debug)]
pub enum PortEvent {
    /// The engine's word.
    Event(spreadscope_engine::Event),
    /// What this tab does among the tabs of its desk, from here on.
    Role(Role),
    /// Another engine takes the place of the one that there was, and what the user should read of it.
    Replaced(String),
    /// There is no engine and there will be none, and why.
    Lost(String),
}

/// The page's end. Cloning gives another handle to the same engine.
#[derive(Clone)]
pub struct Port(Rc<Inner>);

struct Inner {
    way: RefCell<Way>,
    in_page: Cell<bool>,
    on_event: RefCell<Box<dyn FnMut(PortEvent)>>,
    /// What the engine must be told again if another takes its place: the newest of each kind.
    in_force: RefCell<InForce>,
    /// Questions since the engine was last heard.
    unanswered: Cell<u32>,
    /// Whether a worker that hung has been replaced.
    replaced: Cell<bool>,
    looks: RefCell<Option<timer::Interval>>,
}

struct InForce {
    settings: Box<Settings>,
    rules: Option<Command>,
    watched: Option<Command>,
    followed: Option<Command>,
}

enum Way {
    /// Waiting for the engine's greeting, with what is to be said then.
    Greeting {
        line: Line,
        waiting: Vec<Command>,
        _deadline: timer::Timeout,
    },
    Open(Line),
    None,
}

/// The line to one engine, and what listens on it.
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

/// Starts the engine with `settings` and delivers what it says to `on_event`.
pub fn connect(settings: Settings, on_event: impl FnMut(PortEvent) + 'static) -> Port {
    let port = Port(Rc::new(Inner {
        way: RefCell::new(Way::None),
        in_page: Cell::new(false),
        on_event: RefCell::new(Box::new(on_event)),
        in_force: RefCell::new(InForce {
            settings: Box::new(settings),
            rules: None,
            watched: None,
            followed: None,
        }),
        unanswered: Cell::new(0),
        replaced: Cell::new(false),
        looks: RefCell::new(None),
    }));
    let watched = port.clone();
    *port.0.looks.borrow_mut() = Some(timer::every(LOOK_MILLIS, move || watched.look()));
    match port.worker_line() {
        Ok(line) => port.await_greeting(line),
        // the listener may not be entered again from within this call
        Err(reason) => {
            let late = port.clone();
            wasm_bindgen_futures::spawn_local(async move { late.give_up(&reason) });
        }
    }
    port
}

impl Port {
    /// Tells the engine. Where there is none, which the user has been told, nothing happens.
    pub fn send(&self, command: Command) {
        let mut in_force = self.0.in_force.borrow_mut();
        match &command {
            Command::Configure(settings) => in_force.settings.clone_from(settings),
            Command::SetRules(_) => in_force.rules = Some(command.clone()),
            Command::Watch(_) => in_force.watched = Some(command.clone()),
            Command::Follow(_) => in_force.followed = Some(command.clone()),
            _ => {}
        }
        drop(in_force);
        match &mut *self.0.way.borrow_mut() {
            Way::Greeting { waiting, .. } => waiting.push(command),
            Way::Open(line) => line.post(&ToEngine::Command(command)),
            Way::None => {}
        }
    }

    /// Hands a file over to the engine, to be read as `import`; the command to open it may follow at once.
    pub fn hand_over(&self, import: u64, file: &Blob) {
        // before the greeting and without an engine the command goes nowhere either, or is told of its lack
        if let Way::Open(line) = &*self.0.way.borrow() {
            line.post_value(&super::file::handed_over(import, file));
        }
    }

    fn await_greeting(&self, line: Line) {
        let late = self.clone();
        let deadline = timer::after(GREETING_MILLIS, move || late.give_up("it did not start in time"));
        let InForce { settings, rules, watched, followed } = &*self.0.in_force.borrow();
        let first = Command::Configure(settings.clone());
        let others = [rules, watched, followed].into_iter().flatten().cloned();
        let waiting = [first].into_iter().chain(others).collect();
        self.replace(Way::Greeting { line, waiting, _deadline: deadline });
    }

    fn worker_line(&self) -> Result<Line, String> {
        let worker = start_worker().map_err(|error| words(&error))?;
        let listeners = self.listeners();
        worker.set_onmessage(Some(listeners.message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(listeners.error.as_ref().unchecked_ref()));
        Ok(Line { end: End::Worker(worker), _listeners: listeners })
    }

    fn line_in_page(&self) -> Result<Line, String> {
        let listeners = self.listeners();
        let channel = MessageChannel::new().map_err(|error| words(&error))?;
        let ours = channel.port1();
        ours.set_onmessage(Some(listeners.message.as_ref().unchecked_ref()));
        engine::serve(&EngineLine::InPage(channel.port2()));
        Ok(Line { end: End::InPage(ours), _listeners: listeners })
    }

    fn listeners(&self) -> Listeners {
        let port = self.clone();
        let message = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
            let bytes = Uint8Array::new(&message.data()).to_vec();
            port.0.unanswered.set(0);
            match protocol::decode::<ToPage>(&bytes) {
                Ok(ToPage::Pong) => {}
                Ok(ToPage::Hello(hello)) => port.greeted(&hello),
                Ok(ToPage::Event(event)) => port.deliver(PortEvent::Event(event)),
                Ok(ToPage::Role(role)) => port.deliver(PortEvent::Role(role)),
                Err(error) => port.give_up(&error.to_string()),
            }
        });
        let port = self.clone();
        let error = Closure::<dyn FnMut(Event)>::new(move |event: Event| port.give_up(&words(&event)));
        Listeners { message, error }
    }

    fn greeted(&self, hello: &Hello) {
        if *hello != Hello::ours() {
            // the module that would be loaded into the page is the same one
            return self.lose(&format!(
                "page and engine are of different versions ({} and {})",
                protocol::BUILD,
                hello.build
            ));
        }
        let mut way = self.0.way.borrow_mut();
        if let Way::Greeting { line, waiting, .. } = core::mem::replace(&mut *way, Way::None) {
            line.post(&ToEngine::Hello(Hello::ours()));
            for command in waiting {
                line.post(&ToEngine::Command(command));
            }
            *way = Way::Open(line);
        }
    }

    /// Asks whether the engine is there. Questions are counted, not time: a page that slept has asked none.
    fn look(&self) {
        if self.0.unanswered.get() >= HUNG_LOOKS {
            self.0.unanswered.set(0);
            return self.hung();
        }
        if let Way::Open(line) = &*self.0.way.borrow() {
            self.0.unanswered.set(self.0.unanswered.get() + 1);
            line.post(&ToEngine::Ping);
        }
    }

    /// Leaves a worker that does not answer for another, once.
    fn hung(&self) {
        let secs = LOOK_MILLIS * HUNG_LOOKS / 1_000;
        if self.0.in_page.get() || self.0.replaced.replace(true) {
            return self.lose(&format!("it has not answered for {secs} s, not for the first time"));
        }
        match self.worker_line() {
            Ok(line) => {
                self.await_greeting(line);
                self.deliver(PortEvent::Replaced(format!(
                    "The engine did not answer for {secs} s and was started again: no alert could fire meanwhile. \
                     Bars that were missed are requested from the exchange."
                )));
            }
            Err(reason) => self.give_up(&reason),
        }
    }

    /// Leaves the engine that there was: a worker for its module in the page, that one for good.
    fn give_up(&self, reason: &str) {
        if self.0.in_page.replace(true) {
            return self.lose(reason);
        }
        match self.line_in_page() {
            Ok(line) => {
                self.await_greeting(line);
                self.deliver(PortEvent::Replaced(format!(
                    "The engine runs inside the page, because its worker could not be used ({reason}). \
                     Everything works; charts may stutter while they are drawn. Reload to try the worker again."
                )));
            }
            Err(also) => self.lose(&format!("{reason}; {also}")),
        }
    }

    fn lose(&self, reason: &str) {
        self.replace(Way::None);
        self.deliver(PortEvent::Lost(reason.to_owned()));
    }

    fn replace(&self, way: Way) {
        let old = self.0.way.replace(way);
        // a handler may be on the stack of the line's own event: let it return before it is dropped
        wasm_bindgen_futures::spawn_local(async move { drop(old) });
    }

    fn deliver(&self, event: PortEvent) {
        (self.0.on_event.borrow_mut())(event);
    }
}

/// Starts the worker from a few lines of script of the page's own.
///
/// A worker that is loaded from an address has the policy of that answer's headers, which a static host does
/// not send; one that the page has made itself inherits the page's, so that it too can reach the exchange's
/// hosts and no others.
fn start_worker() -> Result<Worker, JsValue> {
    let script = js_sys::JSON::stringify(&SCRIPT.with(ImportMeta::url).into())?;
    let source = format!(
        "import start from {script}; onmessage = ({{ data }}) => {{ onmessage = null; start({{ module_or_path: data }}); }};"
    );
    let kind = BlobPropertyBag::new();
    kind.set_type("text/javascript");
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&source.into()), &kind)?;
    let url = Url::create_object_url_with_blob(&blob)?;
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    let worker = Worker::new_with_options(&url, &options)?;
    worker.post_message(&wasm_bindgen::module())?;
    Ok(worker)
}

/// The browser's own words for what went wrong: a file that is not there comes without any.
pub(super) fn words(error: &JsValue) -> String {
    let message = Reflect::get(error, &"message".into()).ok().and_then(|message| message.as_string());
    message.or_else(|| error.as_string()).unwrap_or_else(|| "its script could not be loaded".to_owned())
}
