//! Changes that wait to be written together, and what becomes of them when there is no room.

use super::Archive;
use crate::archive::retention;
use crate::archive::store::{Change, Estimate};
use crate::{Symbol, UnixMillis};

/// Changes that are written together or not at all.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) changes: Vec<Change>,
    pub(super) purpose: Purpose,
}

/// What a batch is for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// History, alerts and settings of a desk; or the user's wish to delete.
    Desk,
    /// What files have brought in of a market.
    Import(Symbol),
    /// Deletion of the oldest history.
    Room,
}

impl Batch {
    pub(super) fn new(purpose: Purpose, changes: Vec<Change>) -> Self {
        Self { changes, purpose }
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
    /// Takes note that a batch has been written.
    pub(super) fn done(&mut self, batch: Batch) {
        let put_bytes = batch.put_bytes();
        match batch.purpose {
            Purpose::Desk => {}
            Purpose::Import(symbol) => {
                self.status.imports_without_room.retain(|named| *named != symbol);
                // until the browser says so itself
                self.status.usage_bytes = self.status.usage_bytes.map(|usage_bytes| usage_bytes + put_bytes);
                self.next_estimate = UnixMillis(i64::MIN);
            }
            Purpose::Room => self.status.deleted_for_room += batch.changes.len(),
        }
    }

    /// Gives up the imports at the front that would make room so short that history is deleted.
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

    /// Gives up an import at the front, for which there is no room: history is not deleted for it. `false` when
    /// something else is at the front.
    pub(super) fn give_up_import(&mut self) -> bool {
        let is_import = |batch: &Batch| matches!(batch.purpose, Purpose::Import(_));
        let Some(batch) = self.waiting.pop_front_if(|batch| is_import(batch)) else { return false };
        self.lose(batch);
        true
    }

    /// Names what is not going to be written.
    pub(super) fn lose(&mut self, batch: Batch) {
        match batch.purpose {
            Purpose::Import(symbol) => {
                self.status.imports_without_room.retain(|named| *named != symbol);
                self.status.imports_without_room.push(symbol);
            }
            // they are found again, the next time that room is short
            Purpose::Room => {}
            Purpose::Desk => {
                self.status.problem =
                    Some("Some of the history of another pair could not be stored, and is lost.".to_owned());
            }
        }
    }
}
