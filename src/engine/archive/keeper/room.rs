//! The inventory of stored records, and deletions: old records, and the oldest when space gets short.

use super::Archive;
use super::batch::{Batch, Purpose};
use crate::UnixMillis;
use crate::archive::store::{Change, Request, StoreError};
use crate::archive::{key, retention};

impl Archive {
    pub(super) fn list(&mut self, aim: retention::Aim) {
        if let Some((_, under_way)) = &mut self.listing {
            if aim == retention::Aim::Room {
                *under_way = aim;
            }
        } else {
            let id = self.id();
            self.listing = Some((id, aim));
            self.requests.push_back(Request::List { id, prefixes: key::HISTORY.map(str::to_owned).to_vec() });
        }
    }

    pub(super) fn listed(
        &mut self,
        now: UnixMillis,
        exchange_now: Option<UnixMillis>,
        aim: retention::Aim,
        result: Result<Vec<String>, StoreError>,
    ) {
        let Ok(names) = result else { return };
        let inventory = retention::Inventory::of(&names);
        self.status.oldest = inventory.oldest;
        self.status.spans = inventory.spans;
        let gone = retention::gone(&names, exchange_now, aim);
        if gone.is_empty() {
            if matches!(aim, retention::Aim::Room) && self.status.problem.is_some() {
                self.status.problem = Some(
                    "No room is left for this page's data, and nothing old to delete: new history is kept in \
                     memory until there is room."
                        .to_owned(),
                );
            }
            return;
        }
        let purpose = if aim == retention::Aim::Room { Purpose::Room } else { Purpose::History };
        let deletes = gone.into_iter().map(Change::Delete).collect();
        // ahead of the batch that did not fit, and behind one in progress
        let place = usize::from(self.writing.is_some());
        if let Some(without_room) = self.waiting.get_mut(place) {
            without_room.not_before = now;
        }
        self.waiting.insert(place, Batch::new(purpose, deletes));
        self.next_list = UnixMillis(i64::MIN);
        self.next_estimate = UnixMillis(i64::MIN);
    }
}
