//! Writes to the store, and their results.

use super::batch::{Batch, Purpose};
use super::{Archive, RETRY_MILLIS, State, WAITING_KEPT};
use crate::alert::Alert;
use crate::archive::Preferences;
use crate::archive::found::Shelved;
use crate::archive::key;
use crate::archive::store::{Change, Record, StoreError};
use crate::archive::tick_shelf::TickShelf;
use crate::archive::{imported, retention};
use crate::market::Markets;
use crate::transfer::recorded::Recorded;
use crate::{Symbol, UnixMillis};

impl Archive {
    /// Adds an alert to the pair's record; `false` if the record has it already.
    pub(crate) fn add_alert(&mut self, alert: &Alert) -> bool {
        let added = self.alerts.add(alert);
        if added {
            self.flush();
        }
        added
    }

    /// Stores the user's choices.
    pub(crate) fn keep_choices(&mut self, preferences: &Preferences) {
        self.choices.keep(preferences);
        self.flush();
    }

    /// Stores the imported recording of `symbol`; `None` deletes it.
    pub(crate) fn keep_import(&mut self, symbol: &Symbol, recorded: Option<&Recorded>) {
        if !matches!(self.state, State::Absent | State::Memory { retry: None, .. }) {
            let changes = imported::changes(symbol, recorded);
            self.line_up_import(Batch::new(Purpose::Import(symbol.clone()), changes));
        }
    }

    /// Writes changes at the next opportunity instead of in a few seconds.
    pub(crate) fn flush(&mut self) {
        self.next_write = UnixMillis(i64::MIN);
    }

    /// Deletes all stored bars and trades, of every market.
    pub(crate) fn delete_history(&mut self, markets: &Markets) {
        for Shelved { leg, interval, shelf } in &mut self.shelves {
            if let Some(end) = markets.settled_end(*leg, *interval) {
                shelf.cleared(end);
            }
        }
        for shelf in &mut self.tick_shelves {
            shelf.cleared(&markets.legs[shelf.leg as usize].ticks);
        }
        let deletes = key::HISTORY.map(|prefix| Change::DeleteAll(prefix.to_owned())).to_vec();
        self.line_up(Batch::new(Purpose::History, deletes));
        self.next_list = UnixMillis(i64::MIN);
        self.next_estimate = UnixMillis(i64::MIN);
    }

    /// Queues all changes to be written.
    pub(crate) fn collect(&mut self, markets: &mut Markets) {
        if self.state != State::Open || !self.loaded {
            return;
        }
        let mut changes = Vec::new();
        for Shelved { leg, interval, shelf } in &mut self.shelves {
            if let Some(end) = markets.settled_end(*leg, *interval)
                && let Some((bars, late)) = markets.stored_mut(*leg, *interval)
            {
                changes.extend(shelf.changes(bars, late, end));
            }
        }
        self.look_at_ticks(markets);
        changes.extend(self.tick_shelves.iter_mut().flat_map(TickShelf::changes));
        if let Some(bytes) = self.choices.take_change() {
            changes.push(Change::Put(Record { key: key::CHOICES.to_owned(), bytes }));
        }
        changes.extend(self.alerts.take_change());
        if changes.is_empty() {
            return;
        }
        self.line_up(Batch::new(Purpose::History, changes));
        if self.waiting.iter().filter(|batch| !batch.is_import()).count() > WAITING_KEPT {
            let oldest = usize::from(self.writing.is_some());
            if let Some(lost) = self.waiting.remove(oldest) {
                self.lose(lost);
            }
        }
    }

    fn try_again(&mut self, now: UnixMillis) {
        if let Some(front) = self.waiting.front_mut() {
            front.not_before = now + RETRY_MILLIS;
        }
    }

    /// Takes the trades that have arrived, before they drop out of the market's own buffer.
    pub(super) fn look_at_ticks(&mut self, markets: &Markets) {
        for shelf in &mut self.tick_shelves {
            if !shelf.look(&markets.legs[shelf.leg as usize].ticks) {
                self.status.problem =
                    Some("Some trades waited too long to be stored and are lost.".to_owned());
            }
        }
    }

    pub(super) fn written(&mut self, now: UnixMillis, result: Result<(), StoreError>) {
        self.writing = None;
        match result {
            Ok(()) => {
                if let Some(written) = self.waiting.pop_front() {
                    self.done(written);
                }
                self.status.last_write_local = Some(now);
                self.tell_trouble();
                return;
            }
            Err(StoreError::QuotaExceeded) if self.give_up_import() => return,
            Err(error @ StoreError::Failed(_)) if self.defer_import(now, &error) => return,
            Err(StoreError::QuotaExceeded) => {
                self.try_again(now);
                self.status.problem = Some(
                    "No room is left for this page's data; the oldest history is being deleted.".to_owned(),
                );
                self.list(retention::Aim::Room);
            }
            Err(error @ StoreError::Failed(_)) => {
                self.try_again(now);
                self.status.problem = Some(format!(
                    "The newest history is not stored yet: {error}. It is tried again every {} s.",
                    RETRY_MILLIS / 1_000
                ));
            }
            Err(error) => self.give_up(now, &error),
        }
        if self.one_file.is_settling() {
            self.one_file.fail("the newest history could not be stored");
        }
    }
}
