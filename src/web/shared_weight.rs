//! The channel on which the engines of all tabs share the request weight that they spend.

use super::channel::Channel;
use super::clock;
use spreadscope_engine::Input;
use spreadscope_engine::binance::FetchError;
use spreadscope_engine::messages::protocol::{BetweenTabs, decode, encode};
use spreadscope_engine::tabs::Names;
use spreadscope_engine::tabs::weight::{self, Shared};
use std::cell::RefCell;
use std::rc::Rc;

/// This engine's end of the channel.
pub struct SharedWeight(Rc<Inner>);

struct Inner {
    /// `None` where the browser has no channels: each tab then has a budget of its own.
    channel: RefCell<Option<Channel>>,
    own: RefCell<weight::SharedWeight>,
    on_input: Box<dyn Fn(Input)>,
}

impl core::fmt::Debug for SharedWeight {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.debug_struct("SharedWeight").finish_non_exhaustive()
    }
}

impl SharedWeight {
    /// Joins the channel; inputs for this engine go to `on_input`.
    pub fn new(on_input: impl Fn(Input) + 'static) -> Self {
        let own = weight::SharedWeight::new(js_sys::Math::random().to_bits());
        let request = own.request();
        let inner = Rc::new(Inner {
            channel: RefCell::new(None),
            own: RefCell::new(own),
            on_input: Box::new(on_input),
        });
        let heard = Rc::downgrade(&inner);
        let channel = Channel::open(&Names::weight(), move |bytes| {
            if let (Some(inner), Ok(message)) = (heard.upgrade(), decode(bytes)) {
                inner.hear(message);
            }
        });
        *inner.channel.borrow_mut() = channel.ok();
        inner.say(&request);
        Self(inner)
    }

    /// Records that `weight` is spent on `url` now.
    pub fn spend(&self, url: &str, weight: u32) {
        let said = self.0.own.borrow_mut().spend(clock::now(), url, weight);
        self.0.say(&said);
    }

    /// Records that the exchange has answered `url`.
    pub fn responded(&self, url: &str) {
        let said = self.0.own.borrow_mut().responded(url);
        if let Some(said) = &said {
            self.0.say(said);
        }
    }

    /// Records that the exchange has refused `url` now.
    pub fn refuse(&self, url: &str, error: &FetchError) {
        let said = self.0.own.borrow_mut().refuse(clock::now(), url, error);
        if let Some(said) = &said {
            self.0.say(said);
        }
    }
}

impl Inner {
    fn hear(&self, message: BetweenTabs) {
        // bound first: an engine that receives an input may spend at once
        let shared = self.own.borrow_mut().hear(clock::now(), message);
        for shared in shared {
            match shared {
                Shared::Spent(spent) => (self.on_input)(Input::WeightSpent(spent)),
                Shared::Refused(refused) => (self.on_input)(Input::Refused(refused)),
                Shared::Responded(url) => (self.on_input)(Input::Responded(url)),
                Shared::Say(message) => self.say(&message),
            }
        }
    }

    fn say(&self, message: &BetweenTabs) {
        if let Some(channel) = &*self.channel.borrow() {
            channel.post(&encode(message));
        }
    }
}
