//! Stored trades for a replay.

use super::{Archive, State};
use crate::archive::recall::Recall;
use crate::archive::store::{Record, Request, StoreError};
use crate::settings::Settings;
use crate::{Trade, UnixMillis};

impl Archive {
    /// Requests the stored trades of both legs in this span, replacing an earlier request.
    pub(crate) fn recall(&mut self, settings: &Settings, span: (UnixMillis, UnixMillis)) {
        let venue = settings.source.venue().unwrap_or_default();
        let mut recall = Recall::new(&venue, &settings.pair, span);
        if self.state == State::Open && !venue.is_empty() {
            let id = self.id();
            recall.pending = Some(id);
            self.requests.push_back(Request::List { id, prefixes: recall.prefixes() });
        }
        self.recall = Some(recall);
    }

    /// Takes the stored trades of this span, of y and of x, in the order in which they were sent; `None` while they
    /// are being read, or if they were not requested.
    pub(crate) fn take_recalled(&mut self, span: (UnixMillis, UnixMillis)) -> Option<[Vec<Trade>; 2]> {
        let is_whole = |recall: &mut Recall| recall.is_of(span) && recall.is_whole();
        self.recall.take_if(is_whole).map(Recall::into_trades)
    }

    /// Drops stored trades that were read or are being read.
    pub(crate) fn forget_recalled(&mut self) {
        self.recall = None;
    }

    pub(super) fn awaits_recall(&self, id: u64) -> bool {
        self.recall.as_ref().is_some_and(|recall| recall.pending == Some(id))
    }

    pub(super) fn recall_listed(&mut self, names: Result<Vec<String>, StoreError>) {
        if let Some(recall) = &mut self.recall {
            // unreadable names count as none: a replay has its bars all the same
            recall.listed(&names.unwrap_or_default());
        }
        self.recall_on();
    }

    pub(super) fn recall_loaded(&mut self, records: Result<Vec<Record>, StoreError>) {
        if let Some(recall) = &mut self.recall
            && let Some(unreadable) = recall.read(records.unwrap_or_default())
        {
            self.status.unreadable = Some(unreadable);
        }
        self.recall_on();
    }

    fn recall_on(&mut self) {
        let id = self.id();
        let Some(recall) = &mut self.recall else { return };
        let queries = recall.queries();
        if queries.is_empty() {
            return recall.end();
        }
        recall.pending = Some(id);
        self.requests.push_back(Request::Load { id, queries });
    }
}
