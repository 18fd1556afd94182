//! The made-up exchange, driven by this machine's clock, in place of a socket and of REST.

use super::{clock, timer};
use spreadscope_engine::binance::FetchError;
use spreadscope_engine::demo::Demo;
use spreadscope_engine::messages::input::SocketEvent;
use spreadscope_engine::settings::DEMO_HOST;
use std::cell::RefCell;
use std::rc::Rc;

/// Interval between two batches of trades.
const SEND_MILLIS: u32 = 200;

/// Returns whether `url` belongs to this exchange.
pub fn is_meant(url: &str) -> bool {
    url.starts_with(DEMO_HOST)
}

/// The exchange as its host sees it. Clones share one exchange.
#[derive(Debug, Clone)]
pub struct Exchange {
    demo: Rc<RefCell<Demo>>,
    names: [String; 2],
}

impl Exchange {
    /// Returns the exchange at its beginning, with the markets named in a stream's address.
    pub fn new(url: &str) -> Self {
        Self { demo: Rc::new(RefCell::new(Demo::new(clock::now()))), names: names(url) }
    }

    /// Returns the same exchange, its time continuing, with other names for its markets.
    #[must_use]
    pub fn named(&self, url: &str) -> Self {
        Self { demo: Rc::clone(&self.demo), names: names(url) }
    }

    /// Sends frames to `on_event` until the returned timer is dropped.
    pub fn stream(&self, on_event: impl Fn(SocketEvent) + 'static) -> timer::Interval {
        let Self { demo, names } = self.clone();
        timer::every(SEND_MILLIS, move || {
            // bound first: the listener may send the exchange a request
            let frames = demo.borrow_mut().frames(clock::now(), &names);
            for frame in frames {
                on_event(SocketEvent::Frame(frame));
            }
        })
    }

    /// Answers a request as REST would.
    ///
    /// # Errors
    /// As [`Demo::respond`].
    pub fn respond(&self, url: &str) -> Result<String, FetchError> {
        self.demo.borrow().respond(url, clock::now(), &self.names)
    }
}

/// The first two markets of `…?streams=btcusdt@trade/ethusdt@trade/…`.
fn names(url: &str) -> [String; 2] {
    let streams = url.split_once("streams=").map_or("", |(_, streams)| streams);
    let mut names =
        streams.split('/').map(|stream| stream.split('@').next().unwrap_or("").to_ascii_uppercase());
    [names.next().unwrap_or_default(), names.next().unwrap_or_default()]
}
