//! The engine in virtual time: frames in, rows and alerts out, no network and no clock.

use crate::recording::Received;
use crate::store::Store;
use core::ops::{Deref, DerefMut};
use spreadscope_engine::archive::store::Answer;
use spreadscope_engine::binance::FetchError;
use spreadscope_engine::binance::listing::Listing;
use spreadscope_engine::messages::event::Inspection;
use spreadscope_engine::messages::input::SocketEvent;
use spreadscope_engine::settings::Source;
use spreadscope_engine::transfer::imports::SliceWanted;
use spreadscope_engine::{Command, Engine, Input, Settings, UnixMillis};
use spreadscope_simulation::{Driver, Fetch, PageState};

/// An engine and all that it has reported; dereferences to the latter.
pub(crate) struct Run {
    pub(crate) driver: Driver,
    /// Addresses of sockets and requests.
    pub(crate) urls: Vec<String>,
    /// The newest socket.
    pub(crate) generation: u64,
    pub(crate) store: Store,
    rest: Rest,
}

impl Deref for Run {
    type Target = PageState;
    fn deref(&self) -> &PageState {
        &self.driver.page
    }
}

impl DerefMut for Run {
    fn deref_mut(&mut self) -> &mut PageState {
        &mut self.driver.page
    }
}

/// Answers the engine's requests; `None` leaves a request without a response.
pub(crate) type Rest = Box<dyn Fn(&str) -> Option<Result<String, FetchError>>>;

impl Run {
    /// Starts an engine with `settings` at local time `now`.
    pub(crate) fn start(settings: &Settings, now: i64) -> Self {
        Self::start_with(settings, now, Box::new(|_| None))
    }

    /// As [`Self::start`], with `rest` answering its requests at once.
    pub(crate) fn start_with(settings: &Settings, now: i64, rest: Rest) -> Self {
        Self::start_engine(Engine::new(1), settings, now, rest, Store::default())
    }

    /// As [`Self::start_with`], with `store` for its records.
    pub(crate) fn start_stored(settings: &Settings, now: i64, rest: Rest, store: Store) -> Self {
        Self::start_engine(Engine::with_store(1), settings, now, rest, store)
    }

    fn start_engine(engine: Engine, settings: &Settings, now: i64, rest: Rest, store: Store) -> Self {
        let driver = Driver::new(engine, UnixMillis(now));
        let mut run = Self { driver, urls: Vec::new(), generation: 0, store, rest };
        run.configure(settings);
        run
    }

    /// Applies other settings.
    pub(crate) fn configure(&mut self, settings: &Settings) {
        self.input(Input::Command(Command::Configure(Box::new(settings.clone()))));
        self.until(self.now() + 1);
    }

    /// Requests the markets of a venue.
    pub(crate) fn list_markets(&mut self, source: Source) -> Option<Listing> {
        self.input(Input::Command(Command::ListMarkets(source)));
        self.listing.take()
    }

    /// Requests the engine's state.
    pub(crate) fn inspect(&mut self, ticks: usize) -> Inspection {
        self.input(Input::Command(Command::Inspect { ticks }));
        self.inspection.take().expect("an engine with settings answers")
    }

    /// Delivers a frame on the current socket.
    pub(crate) fn frame(&mut self, frame: &Received) {
        self.text(frame.local_millis, frame.text.clone());
    }

    /// Delivers the text of a frame on the current socket.
    pub(crate) fn text(&mut self, local_millis: i64, text: String) {
        self.until(UnixMillis(local_millis));
        self.input(Input::Socket { generation: self.generation, event: SocketEvent::Frame(text) });
    }

    /// Cuts the current socket; another is open by `resumed`.
    pub(crate) fn cut(&mut self, resumed: i64) {
        let event = SocketEvent::Closed { code: 1006, reason: String::new() };
        self.input(Input::Socket { generation: self.generation, event });
        self.until(UnixMillis(resumed));
    }

    /// Lets time pass, with every wakeup that the engine asks for.
    pub(crate) fn until(&mut self, now: UnixMillis) {
        while let Some(wakeup) = self.driver.engine.next_wakeup().filter(|&wakeup| wakeup < now) {
            self.driver.now = self.driver.now.max(wakeup);
            self.input(Input::Wakeup);
        }
        self.driver.now = self.driver.now.max(now);
    }

    /// Sends the engine a command.
    pub(crate) fn command(&mut self, command: Command) {
        self.input(Input::Command(command));
    }

    /// Delivers an answer of the store that was overdue.
    pub(crate) fn store_said(&mut self, answer: Answer) {
        self.input(Input::Store(answer));
    }

    /// Returns the local time.
    pub(crate) fn now(&self) -> UnixMillis {
        self.driver.now
    }

    fn input(&mut self, input: Input) {
        self.driver.input(self.driver.now, input);
        for (generation, url) in core::mem::take(&mut self.driver.opened) {
            self.generation = generation;
            self.urls.push(url);
        }
        let mut answers = Vec::new();
        for Fetch { id, url, .. } in core::mem::take(&mut self.driver.fetches) {
            answers.extend((self.rest)(&url).map(|answer| Input::Fetched { id, response: answer }));
            self.urls.push(url);
        }
        for request in core::mem::take(&mut self.driver.stored) {
            answers.extend(self.store.answer(request).map(Input::Store));
        }
        for SliceWanted { import, offset, length } in core::mem::take(&mut self.driver.slices) {
            let at = |place: u64| usize::try_from(place).unwrap();
            let slice = self.file[at(offset)..at(offset + length)].to_vec();
            answers.push(Input::Slice { import, offset, response: Ok(slice) });
        }
        for answer in answers {
            self.input(answer);
        }
    }
}

/// Returns a frame that carries the exchange's time, and nothing about the markets.
pub(crate) fn clock_frame(millis: i64) -> String {
    format!(r#"{{"stream":"btcusdt@avgPrice","data":{{"e":"avgPrice","E":{millis}}}}}"#)
}

/// Returns a frame with one trade.
pub(crate) fn trade_frame(symbol: &str, id: u64, price: &str, millis: i64) -> String {
    let stream = symbol.to_lowercase();
    format!(
        r#"{{"stream":"{stream}@trade","data":{{"e":"trade","E":{millis},"s":"{symbol}","t":{id},"p":"{price}","q":"2.00","T":{millis},"m":false,"M":true}}}}"#
    )
}

/// Plays `frames` from first to last.
pub(crate) fn play(settings: &Settings, frames: &[Received]) -> Run {
    let mut run = Run::start(settings, frames[0].local_millis - 1_000);
    for frame in frames {
        run.frame(frame);
    }
    run.until(UnixMillis(frames[frames.len() - 1].local_millis));
    run
}
