//! The loop around the engine, the same in the worker and in the page: feeds it inputs, performs its outputs
//! and wakes it at the time it asks for.

use super::database::Database;
use super::shared_weight::SharedWeight;
use super::socket::Socket;
use super::{backtest, clock, demo, evidence, file, rest, scan, timer};
use spreadscope_engine::messages::input::{Output, SocketEvent};
use spreadscope_engine::tabs::Carried;
use spreadscope_engine::transfer::imports::SliceWanted;
use spreadscope_engine::{Command, Engine, Event, Input, UnixMillis};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use web_sys::Blob;

/// Longest sleep of the engine; a browser's timer takes at most 2^31 ms.
const LONGEST_SLEEP_MILLIS: i64 = 60_000;

/// An engine with its sockets, its timer, its database and its listener.
#[derive(Clone)]
pub struct Host(Rc<Inner>);

struct Inner {
    engine: RefCell<Engine>,
    /// There are two only while one takes over from the other.
    sockets: RefCell<BTreeMap<u64, Line>>,
    demo: RefCell<Option<demo::Exchange>>,
    /// The timer, and the local time it is set for.
    wakeup: RefCell<Option<(UnixMillis, timer::Timeout)>>,
    database: RefCell<Option<Database>>,
    weight: RefCell<Option<SharedWeight>>,
    /// Does the errands of backtests.
    crew: RefCell<Option<backtest::Crew>>,
    stopped: Cell<bool>,
    /// The newest file that the page has handed over, and its number.
    file: RefCell<Option<(u64, Blob)>>,
    /// Commands about files, held until the code that reads files has arrived.
    waiting: RefCell<Vec<Command>>,
    on_event: Box<dyn Fn(Event)>,
}

/// A source of frames, open as long as it is kept.
enum Line {
    Socket { _kept: Socket },
    Demo { _kept: timer::Interval },
}

impl core::fmt::Debug for Host {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.debug_struct("Host").finish_non_exhaustive()
    }
}

impl Host {
    /// Makes an engine whose jitter comes from `seed` and whose events go to `on_event`.
    pub fn new(seed: u64, on_event: impl Fn(Event) + 'static) -> Self {
        let host = Self(Rc::new(Inner {
            engine: RefCell::new(Engine::with_store(seed)),
            sockets: RefCell::default(),
            demo: RefCell::new(None),
            wakeup: RefCell::new(None),
            database: RefCell::new(None),
            weight: RefCell::new(None),
            crew: RefCell::new(None),
            stopped: Cell::new(false),
            file: RefCell::new(None),
            waiting: RefCell::default(),
            on_event: Box::new(on_event),
        }));
        let steps = host.clone();
        let database = Database::new(move |response| steps.step(Input::Store(response)));
        *host.0.database.borrow_mut() = Some(database);
        let steps = host.clone();
        let weight = SharedWeight::new(move |input| steps.step(input));
        *host.0.weight.borrow_mut() = Some(weight);
        host
    }

    /// Stops the engine: it sends and writes nothing more.
    pub fn stop(&self) {
        self.0.stopped.set(true);
        self.0.sockets.borrow_mut().clear();
        *self.0.wakeup.borrow_mut() = None;
        *self.0.database.borrow_mut() = None;
        *self.0.weight.borrow_mut() = None;
        // this call may come from a handler of one of its workers
        let crew = self.0.crew.take();
        spawn_local(async move { drop(crew) });
    }

    /// Passes a command on. The first one about a file waits, with those after it, for the code that reads files.
    pub fn command(&self, command: Command) {
        if command.needs_evidence() && !self.0.engine.borrow().can_examine() {
            self.fetch(evidence::examiner(), Engine::examine_with);
        }
        if matches!(command, Command::Scan(_)) && !self.0.engine.borrow().can_scan() {
            self.fetch(scan::scanner(), Engine::scan_with);
        }
        if matches!(command, Command::Backtest(_)) && !self.0.engine.borrow().can_backtest() {
            self.fetch_bench();
        }
        let can_open = || self.0.engine.borrow().imports().can_open();
        if !matches!(command, Command::Import(_)) || can_open() {
            return self.step(Input::Command(command));
        }
        self.0.waiting.borrow_mut().push(command);
        if self.0.waiting.borrow().len() > 1 {
            return;
        }
        let host = self.clone();
        spawn_local(async move {
            if let Some(open) = file::reader().await {
                host.0.engine.borrow_mut().open_files_with(open);
            }
            // without the code the engine reports that files cannot be opened
            for command in host.0.waiting.take() {
                host.step(Input::Command(command));
            }
        });
    }

    /// Returns what `look` reads from the engine.
    pub fn look<T>(&self, look: impl FnOnce(&Engine) -> T) -> T {
        look(&self.0.engine.borrow())
    }

    /// Takes something out of the engine.
    pub fn take<T>(&self, take: impl FnOnce(&mut Engine) -> T) -> T {
        take(&mut self.0.engine.borrow_mut())
    }

    /// Fetches code that a first visit does not need and gives it to the engine; requests that need the code
    /// wait in the engine until then.
    fn fetch<Code: 'static>(
        &self,
        code: impl Future<Output = Option<Code>> + 'static,
        give: fn(&mut Engine, Code),
    ) {
        let host = self.clone();
        spawn_local(async move {
            if let Some(code) = code.await {
                give(&mut host.0.engine.borrow_mut(), code);
                host.step(Input::Wakeup);
            }
        });
    }

    /// Fetches the code that runs backtests, as [`Self::fetch`] does, and sets up the crew for its errands.
    fn fetch_bench(&self) {
        let host = self.clone();
        spawn_local(async move {
            let Some(backtest::Code { set_up, threads, crew }) = backtest::bench().await else { return };
            if host.0.stopped.get() || host.0.engine.borrow().can_backtest() {
                return;
            }
            let steps = host.clone();
            *host.0.crew.borrow_mut() = Some(crew(Box::new(move |news| steps.step(Input::Sweep(news)))));
            host.0.engine.borrow_mut().backtest_with(set_up.on(threads()));
            host.step(Input::Wakeup);
        });
    }

    /// Takes out imported files and the pauses that venues have demanded, for the engine that replaces this
    /// one.
    pub fn carry(&self) -> Carried<Blob> {
        let mut engine = self.0.engine.borrow_mut();
        let (imports, venues) = (engine.take_imports(), engine.take_venues());
        Carried {
            imports,
            venues,
            scanner: engine.take_scanner(),
            file: self.0.file.take(),
            reported_to: None,
        }
    }

    /// Restores what [`Self::carry`] took out of another engine.
    pub fn take_up(&self, Carried { imports, venues, scanner, file, reported_to }: Carried<Blob>) {
        let mut engine = self.0.engine.borrow_mut();
        engine.put_imports(imports);
        engine.put_venues(venues);
        engine.put_scanner(scanner);
        if let Some(reported_to) = reported_to {
            engine.take_over(reported_to);
        }
        *self.0.file.borrow_mut() = file;
    }

    /// Stores a file that the page hands over; the command to open it follows.
    pub fn take_file(&self, import: u64, file: Blob) {
        *self.0.file.borrow_mut() = Some((import, file));
    }

    fn step(&self, input: Input) {
        if self.0.stopped.get() {
            return;
        }
        self.0.engine.borrow_mut().handle(clock::now(), input);
        loop {
            // bound first: the engine must not be borrowed while an output is performed
            let output = self.0.engine.borrow_mut().poll();
            let Some(output) = output else { break };
            self.perform(output);
        }
        self.sleep();
    }

    fn perform(&self, output: Output) {
        match output {
            Output::Emit(event) => (self.0.on_event)(event),
            Output::Sweep(errand) => {
                if let Some(crew) = &*self.0.crew.borrow() {
                    crew(errand);
                }
            }
            Output::Store(request) => {
                if let Some(database) = &*self.0.database.borrow() {
                    database.request(request);
                }
            }
            Output::CloseSocket { generation } => {
                // bound first: the map must not be borrowed while the socket is dropped
                let closed = self.0.sockets.borrow_mut().remove(&generation);
                drop(closed);
            }
            Output::OpenSocket { generation, url } => {
                let host = self.clone();
                let on_event = move |event| host.step(Input::Socket { generation, event });
                let opened = if demo::is_meant(&url) {
                    Ok(Line::Demo { _kept: self.demo(&url).stream(on_event) })
                } else {
                    Socket::open(&url, on_event).map(|socket| Line::Socket { _kept: socket })
                };
                match opened {
                    Ok(line) => drop(self.0.sockets.borrow_mut().insert(generation, line)),
                    Err(reason) => self.later(Input::Socket {
                        generation,
                        event: SocketEvent::Closed { code: 1006, reason },
                    }),
                }
            }
            Output::Fetch { id, url, .. } if demo::is_meant(&url) => {
                let response = self.0.demo.borrow().as_ref().map(|demo| demo.respond(&url));
                if let Some(response) = response {
                    self.later(Input::Fetched { id, response });
                }
            }
            Output::ReadSlice(SliceWanted { import, offset, length }) => {
                let held = self.0.file.borrow().clone();
                let file = held.filter(|(held, _)| *held == import).map(|(_, file)| file);
                let host = self.clone();
                spawn_local(async move {
                    let response = match file {
                        Some(file) => file::slice(&file, offset, length).await,
                        None => Err("the page did not pass on the file".to_owned()),
                    };
                    host.step(Input::Slice { import, offset, response });
                });
            }
            Output::Fetch { id, url, weight } => {
                if let Some(shared) = &*self.0.weight.borrow() {
                    shared.spend(&url, weight);
                }
                let host = self.clone();
                spawn_local(async move {
                    let response = rest::get(&url).await;
                    if let Some(shared) = &*host.0.weight.borrow() {
                        match &response {
                            Ok(_) => shared.responded(&url),
                            Err(error) => shared.refuse(&url, error),
                        }
                    }
                    host.step(Input::Fetched { id, response });
                });
            }
        }
    }

    /// Returns the made-up exchange, which begins when it is first used.
    fn demo(&self, url: &str) -> demo::Exchange {
        let mut kept = self.0.demo.borrow_mut();
        let exchange = kept.as_ref().map_or_else(|| demo::Exchange::new(url), |demo| demo.named(url));
        *kept = Some(exchange.clone());
        exchange
    }

    /// Passes `input` on once the current step is done.
    fn later(&self, input: Input) {
        let host = self.clone();
        spawn_local(async move { host.step(input) });
    }

    /// Sets the one timer to the time at which the engine wants to be woken. A timer set to an earlier time
    /// stays: it is set again when it fires, instead of once per frame.
    fn sleep(&self) {
        let Some(wakeup) = self.0.engine.borrow().next_wakeup() else { return };
        if self.0.wakeup.borrow().as_ref().is_some_and(|(set, _)| *set <= wakeup) {
            return;
        }
        let millis = wakeup.since(clock::now()).clamp(0, LONGEST_SLEEP_MILLIS);
        let host = self.clone();
        let timer = timer::after(u32::try_from(millis).unwrap_or(0), move || {
            // a timeout that is firing must not be cancelled from within itself
            let gone = host.0.wakeup.borrow_mut().take();
            host.step(Input::Wakeup);
            if let Some((_, timer)) = gone {
                timer.forget();
            }
        });
        *self.0.wakeup.borrow_mut() = Some((wakeup, timer));
    }
}
