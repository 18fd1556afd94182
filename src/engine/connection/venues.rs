//! Schedules of venues that are not selected at the moment. Bans and the weight spent stay in force while the
//! user looks at another venue.

use super::Polling;
use super::requests::RequestSchedule;
use crate::UnixMillis;
use crate::settings::Source;

/// Inactive schedules, one per venue.
#[derive(Debug, Clone, Default)]
pub struct Venues {
    resting: Vec<RequestSchedule>,
    /// What the desk that hands them on has learned about its network, for the one that takes them.
    pub(crate) polling: Polling,
}

impl Venues {
    /// Keeps the schedule of the venue that is being left; a recording has none.
    pub(crate) fn leave(&mut self, schedule: &RequestSchedule) {
        if schedule.host().is_some() {
            self.resting.retain(|resting| resting.hosts() != schedule.hosts());
            self.resting.push(schedule.followed(schedule.next_id()));
        }
    }

    /// The schedule for the venue of `source`, with request ids from `first_id` on.
    pub(crate) fn enter(&mut self, source: &Source, first_id: u64) -> RequestSchedule {
        let hosts = source.rest_hosts();
        match self.resting.iter().position(|resting| resting.hosts() == hosts) {
            Some(place) => self.resting.swap_remove(place).followed(first_id),
            None => RequestSchedule::new(hosts, source.offer().weight_per_minute, first_id),
        }
    }

    /// Applies [`History::hold`] to each.
    pub(crate) fn hold(&mut self, now: UnixMillis, millis: i64) {
        for resting in &mut self.resting {
            resting.hold(now, millis);
        }
    }

    /// The schedule of the venue to which `url` is a request.
    pub(crate) fn serving(&self, url: &str) -> Option<&RequestSchedule> {
        self.resting.iter().find(|resting| resting.serves(url))
    }

    /// As [`Self::serving`].
    pub(crate) fn serving_mut(&mut self, url: &str) -> Option<&mut RequestSchedule> {
        self.resting.iter_mut().find(|resting| resting.serves(url))
    }
}
