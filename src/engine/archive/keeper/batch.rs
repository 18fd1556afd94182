//! Changes that wait to be written together: their order, and what happens to them if space is short or the
//! store fails. Imported recordings wait behind all history.

use super::{Archive, RETRY_MILLIS};
use crate::archive::retention;
use crate::archive::store::{Change, Estimate, StoreError};
use crate::{Symbol, UnixMillis};

/// An import is given up after this many failures of the store.
const IMPORT_TRIES: u32 = 5;

/// Changes that are written together or not at all.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) changes: Vec<Change>,
    pub(super) purpose: Purpose,
    /// Earliest time of the (next) attempt.
    pub(super) not_before: UnixMillis,
    failures: u32,
    /// The problem while it waits, as a sentence.
    pub(super) trouble: Option<String>,
}

/// The purpose of a batch.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// History, alerts and settings; or a deletion requested by the user.
    History,
    /// The imported recording of a market.
    Import(Symbol),
    /// Deletion of the oldest history.
    Room,
}

impl Batch {
    pub(super) fn new(purpose: Purpose, changes: Vec<Change>) -> Self {
        Self { changes, purpose, not_before: UnixMillis(i64::MIN), failures: 0, trouble: None }
    }

    pub(super) const fn is_import(&self) -> bool {
        matches!(self.purpose, Purpose::Import(_))
    }

    fn put_bytes(&self) -> u64 {
        let bytes = self.changes.iter().map(|change| match change {
            Change::Put(record) => record.bytes.len() as u64,
            Change::Delete(_) | Change::DeleteAll(_) => 0,
        });
        bytes.sum()
    }
}

impl Archive {
    /// Queues history, ahead of all imported recordings.
    pub(super) fn line_up(&mut self, batch: Batch) {
        let under_way = usize::from(self.writing.is_some());
        let import = self.waiting.iter().skip(under_way).position(Batch::is_import);
        self.waiting.insert(import.map_or(self.waiting.len(), |place| under_way + place), batch);
    }

    /// Queues an import at the end, replacing a waiting older one of the same market.
    pub(super) fn line_up_import(&mut self, batch: Batch) {
        let mut under_way = usize::from(self.writing.is_some());
        self.waiting.retain(|waiting| {
            let is_under_way = core::mem::replace(&mut under_way, 0) > 0;
            is_under_way || waiting.purpose != batch.purpose
        });
        self.waiting.push_back(batch);
    }

    /// Moves an import that the store failed to write at `now` from the front to the end of the queue. One that
    /// has failed too often or has been replaced by a newer one is given up. `false` if the batch at the front
    /// is not an import.
    pub(super) fn defer_import(&mut self, now: UnixMillis, error: &StoreError) -> bool {
        let Some(mut batch) = self.waiting.pop_front_if(|batch| batch.is_import()) else { return false };
        batch.failures += 1;
        let is_replaced = self.waiting.iter().any(|waiting| waiting.purpose == batch.purpose);
        match &batch.purpose {
            Purpose::Import(symbol) if !is_replaced && batch.failures < IMPORT_TRIES => {
                batch.trouble = Some(format!(
                    "The imported recording of {symbol} is not stored yet: {error}. It is tried again every {} s.",
                    RETRY_MILLIS / 1_000
                ));
                batch.not_before = now + RETRY_MILLIS;
                self.waiting.push_back(batch);
            }
            Purpose::Import(symbol) if !is_replaced => {
                self.forget_loss(symbol);
                self.status.imports_failed.push(symbol.clone());
            }
            Purpose::Import(_) | Purpose::History | Purpose::Room => {}
        }
        self.tell_trouble();
        true
    }

    /// Reports the problem of the first batch that has one, or none.
    pub(super) fn tell_trouble(&mut self) {
        self.status.problem = self.waiting.iter().find_map(|batch| batch.trouble.clone());
    }

    fn forget_loss(&mut self, symbol: &Symbol) {
        self.status.imports_without_room.retain(|named| named != symbol);
        self.status.imports_failed.retain(|named| named != symbol);
    }

    /// Takes note that a batch has been written.
    pub(super) fn done(&mut self, batch: Batch) {
        let put_bytes = batch.put_bytes();
        match batch.purpose {
            Purpose::History => {}
            Purpose::Import(symbol) => {
                self.forget_loss(&symbol);
                // an estimate until the browser reports
                self.status.usage_bytes = self.status.usage_bytes.map(|usage_bytes| usage_bytes + put_bytes);
                self.next_estimate = UnixMillis(i64::MIN);
            }
            Purpose::Room => self.status.deleted_for_room += batch.changes.len(),
        }
    }

    /// Gives up imports at the front that would leave so little space that history would be deleted.
    pub(super) fn give_up_crowding_imports(&mut self) {
        let (Some(usage_bytes), Some(quota_bytes)) = (self.status.usage_bytes, self.status.quota_bytes)
        else {
            return;
        };
        let crowds = |batch: &Batch| {
            let usage_bytes = usage_bytes + batch.put_bytes();
            retention::is_short(Estimate { usage_bytes, quota_bytes, persistent: false })
        };
        while self.waiting.front().is_some_and(crowds) && self.give_up_import() {}
    }

    /// Gives up an import at the front for lack of space: no history is deleted for it. `false` if the batch at
    /// the front is not an import.
    pub(super) fn give_up_import(&mut self) -> bool {
        let Some(batch) = self.waiting.pop_front_if(|batch| batch.is_import()) else { return false };
        self.lose(batch);
        true
    }

    /// Reports a batch that will not be written.
    pub(super) fn lose(&mut self, batch: Batch) {
        match batch.purpose {
            Purpose::Import(symbol) => {
                self.forget_loss(&symbol);
                self.status.imports_without_room.push(symbol);
            }
            // these records are found again the next time space is short
            Purpose::Room => {}
            Purpose::History => {
                self.status.problem =
                    Some("Some of the history of another pair could not be stored, and is lost.".to_owned());
            }
        }
    }
}
