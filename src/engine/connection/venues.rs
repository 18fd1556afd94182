//! What the venues that the desk is not on have demanded, and what was spent there: a ban does not end by looking
//! elsewhere for a while.

use super::history::History;
use crate::UnixMillis;
use crate::settings::Source;

/// Plans that rest, one of each venue.
#[derive(Debug, Clone, Default)]
pub struct Venues(Vec<History>);

impl Venues {
    /// Has the plan of the venue that the desk leaves rest; a recording's asks nobody.
    pub(crate) fn leave(&mut self, history: &History) {
        if history.host().is_some() {
            self.0.retain(|resting| resting.hosts() != history.hosts());
            self.0.push(history.followed(history.next_id()));
        }
    }

    /// The plan of the venue of `source`, whose requests are numbered from `first_id` on.
    pub(crate) fn enter(&mut self, source: &Source, first_id: u64) -> History {
        let hosts = source.rest_hosts();
        match self.0.iter().position(|resting| resting.hosts() == hosts) {
            Some(place) => self.0.swap_remove(place).followed(first_id),
            None => History::new(hosts, source.offer().weight_per_minute, first_id),
        }
    }

    /// [`History::hold`] of all of them.
    pub(crate) fn hold(&mut self, now: UnixMillis, millis: i64) {
        for resting in &mut self.0 {
            resting.hold(now, millis);
        }
    }

    /// The plan of the venue that `url` asks.
    pub(crate) fn asked_by(&self, url: &str) -> Option<&History> {
        self.0.iter().find(|resting| resting.asks(url))
    }

    /// As [`Self::asked_by`].
    pub(crate) fn asked_by_mut(&mut self, url: &str) -> Option<&mut History> {
        self.0.iter_mut().find(|resting| resting.asks(url))
    }
}
