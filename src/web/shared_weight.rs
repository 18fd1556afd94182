//! Request weight of all tabs: the exchange counts by address, so they share one budget.

use super::channel::Channel;
use super::clock;
use spreadscope_engine::connection::Spent;
use spreadscope_engine::messages::protocol::{BetweenTabs, PROTOCOL};
use std::cell::RefCell;
use std::rc::Rc;

/// The exchange's budget is one of a minute.
const MINUTE_MILLIS: i64 = 60_000;

/// This engine's end of the line on which tabs of all desks tell what they spend.
pub struct SharedWeight(Rc<Inner>);

struct Inner {
    /// Without it each tab has a budget of its own.
    line: RefCell<Option<Channel>>,
    /// What this engine has spent in the last minute, oldest first.
    own: RefCell<Vec<Spent>>,
    /// A number that no other engine has.
    name: u64,
    on_spent: Box<dyn Fn(Spent)>,
}

impl core::fmt::Debug for SharedWeight {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.debug_struct("SharedWeight").finish_non_exhaustive()
    }
}

impl SharedWeight {
    /// Joins the line, asks what has been spent before, and hands what others spend to `on_spent`.
    pub fn new(on_spent: impl Fn(Spent) + 'static) -> Self {
        let name = js_sys::Math::random().to_bits();
        let inner = Rc::new(Inner {
            line: RefCell::new(None),
            own: RefCell::default(),
            name,
            on_spent: Box::new(on_spent),
        });
        let heard = Rc::downgrade(&inner);
        let line = Channel::open(&format!("spreadscope/{PROTOCOL}/weight"), move |message| {
            if let Some(inner) = heard.upgrade() {
                inner.hear(message);
            }
        });
        if let Ok(line) = line {
            line.post(&BetweenTabs::WeightAsked { asker: name });
            *inner.line.borrow_mut() = Some(line);
        }
        Self(inner)
    }

    /// Tells the others that `weight` is spent on `url` now.
    pub fn spend(&self, url: &str, weight: u32) {
        let spent = Spent { url: url.to_owned(), weight, time: clock::now() };
        self.0.say(&BetweenTabs::WeightSpent(spent.clone()));
        let mut own = self.0.own.borrow_mut();
        own.retain(|earlier| spent.time.since(earlier.time) < MINUTE_MILLIS);
        own.push(spent);
    }
}

impl Inner {
    fn hear(&self, message: BetweenTabs) {
        match message {
            BetweenTabs::WeightSpent(spent) => (self.on_spent)(spent),
            BetweenTabs::WeightAsked { asker } => {
                let spent = self.own.borrow().clone();
                if !spent.is_empty() {
                    self.say(&BetweenTabs::WeightTold { asker, spent });
                }
            }
            BetweenTabs::WeightTold { asker, spent } if asker == self.name => {
                spent.into_iter().for_each(&self.on_spent);
            }
            _ => {}
        }
    }

    fn say(&self, message: &BetweenTabs) {
        if let Some(line) = &*self.line.borrow() {
            line.post(message);
        }
    }
}
