//! The made-up exchange on this machine's clock, in place of a socket and of REST.

use super::{clock, timer};
use spreadscope_engine::binance::FetchError;
use spreadscope_engine::demo::Demo;
use spreadscope_engine::messages::input::SocketEvent;
use spreadscope_engine::settings::DEMO_HOST;
use std::cell::RefCell;
use std::rc::Rc;

/// Its trades are sent this often.
const SEND_MILLIS: u32 = 200;

/// Whether an address is of this exchange.
pub fn is_meant(url: &str) -> bool {
    url.starts_with(DEMO_HOST)
}

/// The exchange as its host sees it. Cloning gives another handle to the same one.
#[derive(Debug, Clone)]
pub struct Exchange {
    demo: Rc<RefCell<Demo>>,
    names: [String; 2],
}

impl Exchange {
    /// The exchange with the markets that a stream's address names, at its beginning.
    pub fn new(url: &str) -> Self {
        Self { demo: Rc::new(RefCell::new(Demo::new(clock::now()))), names: names(url) }
    }

    /// The same exchange, its time gone on, with other names for its markets.
    #[must_use]
    pub fn named(&self, url: &str) -> Self {
        Self { demo: Rc::clone(&self.demo), names: names(url) }
    }

    /// Sends frames to `on_event` until the timer returned is dropped.
    pub fn stream(&self, on_event: impl Fn(SocketEvent) + 'static) -> timer::Interval {
        let Self { demo, names } = self.clone();
        timer::every(SEND_MILLIS, move || {
            // bound first: the listener may ask the exchange something
            let frames = demo.borrow_mut().frames(clock::now(), &names);
            for frame in frames {
                on_event(SocketEvent::Frame(frame));
            }
        })
    }

    /// Answers a request as REST would.
    ///
    /// # Errors
    /// As [`Demo::answer`].
    pub fn answer(&self, url: &str) -> Result<String, FetchError> {
        self.demo.borrow().answer(url, clock::now(), &self.names)
    }
}

/// The first two markets of `…?streams=btcusdt@trade/ethusdt@trade/…`.
fn names(url: &str) -> [String; 2] {
    let streams = url.split_once("streams=").map_or("", |(_, streams)| streams);
    let mut names =
        streams.split('/').map(|stream| stream.split('@').next().unwrap_or("").to_ascii_uppercase());
    [names.next().unwrap_or_default(), names.next().unwrap_or_default()]
}
