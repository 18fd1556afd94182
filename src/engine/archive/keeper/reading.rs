//! Reads from the store: the newest history at the start, older bars, imported recordings.

use super::{Archive, State};
use crate::archive::found;
use crate::archive::found::{Found, FoundRecords, FoundTicks, Shelved};
use crate::archive::key;
use crate::archive::store::{Query, Record, Request};
use crate::archive::tick_shelf::TickShelf;
use crate::{Interval, UnixMillis};

impl Archive {
    /// Whether stored history is about to arrive, so that there is no point in requesting it elsewhere yet.
    pub(crate) fn is_awaited(&self, now: UnixMillis) -> bool {
        matches!(self.state, State::Opening { .. } | State::Open) && !self.loaded && now < self.patience
    }

    pub(super) fn load(&mut self) {
        let id = self.id();
        self.loading = Some(id);
        let mut queries: Vec<Query> = self
            .shelves
            .iter()
            .map(|Shelved { interval, shelf, .. }| {
                // one more for the tail
                Query { prefix: shelf.prefix(), newest: spans_at_start(*interval) + 1 }
            })
            .collect();
        queries.extend(self.tick_shelves.iter().filter_map(TickShelf::query));
        if !self.choices.is_read() {
            queries.push(Query { prefix: key::CHOICES.to_owned(), newest: 1 });
        }
        queries.extend(self.alerts.key().map(|key| Query { prefix: key.to_owned(), newest: 1 }));
        self.requests.push_back(Request::Load { id, queries });
    }

    /// Whether older bars are being read.
    pub(crate) const fn is_reading_older(&self) -> bool {
        self.older.is_some()
    }

    /// Requests about `bars` stored bars before the first ones of y and x; `false` if there is nothing to
    /// request.
    pub(crate) fn load_older(
        &mut self,
        interval: Interval,
        firsts: [Option<UnixMillis>; 2],
        bars: usize,
    ) -> bool {
        if self.older.is_some() {
            return true;
        }
        if self.state != State::Open {
            return false;
        }
        let millis = i64::try_from(bars).unwrap_or(i64::MAX / interval.millis()) * interval.millis();
        let spans = millis / interval.stored_span_millis() + 1;
        let of_interval = self.shelves.iter().filter(|shelved| shelved.interval == interval);
        let names = of_interval
            .filter_map(|Shelved { leg, shelf, .. }| Some(shelf.before(firsts[*leg as usize]?, spans)));
        let queries: Vec<Query> = names.flatten().map(|prefix| Query { prefix, newest: 1 }).collect();
        if queries.is_empty() {
            return false;
        }
        let id = self.id();
        self.older = Some(id);
        self.requests.push_back(Request::Load { id, queries });
        true
    }

    /// Requests the recordings imported in earlier visits, once the history has been read.
    pub(crate) fn load_imports(&mut self) {
        let is_free = self.imports.is_none() && !self.one_file.holds_writes();
        if self.state == State::Open && self.loaded && is_free {
            let id = self.id();
            self.imports = Some(id);
            let queries = vec![Query { prefix: key::IMPORTS.to_owned(), newest: usize::MAX }];
            self.requests.push_back(Request::Load { id, queries });
        }
    }

    /// Takes the records requested at the start.
    pub(super) fn loaded(&mut self, records: Vec<Record>) -> Found {
        self.loading = None;
        self.loaded = true;
        let mut found = self.read(records);
        let ticks =
            self.tick_shelves.iter_mut().map(|shelf| FoundTicks { leg: shelf.leg, trades: shelf.open() });
        found.ticks = ticks.collect();
        if self.choices.end_reading() {
            found.choices.get_or_insert_default();
        }
        found
    }

    pub(super) fn read(&mut self, records: Vec<Record>) -> Found {
        let Self { alerts, shelves, tick_shelves, choices, .. } = self;
        let FoundRecords { found, unreadable } = found::read(records, alerts, shelves, tick_shelves, choices);
        if unreadable.is_some() {
            self.status.unreadable = unreadable;
        }
        found
    }
}

/// Spans read at the start: enough for full charts, and few enough to appear quickly.
const fn spans_at_start(interval: Interval) -> usize {
    match interval {
        Interval::OneSecond => 4,
        Interval::OneMinute
        | Interval::FiveMinutes
        | Interval::FifteenMinutes
        | Interval::OneHour
        | Interval::FourHours
        | Interval::OneDay => 2,
    }
}
