//! Everything in one file, and a file in place of everything.

use super::{Archive, State};
use crate::archive::one_file::{BackupAsk, BackupNews};
use crate::archive::store::Answer;
use crate::transfer::imports::SliceWanted;

impl Archive {
    /// Makes a backup, or puts one back.
    pub(crate) fn back_up(&mut self, ask: BackupAsk) {
        self.one_file.ask(ask);
        match &self.state {
            State::Open => self.flush(),
            // it will be open in a moment, or say why not
            State::Opening => {}
            State::Memory { reason, .. } => self.one_file.fail(reason.clone()),
            State::Absent | State::Closed => self.one_file.fail("nothing is stored here"),
        }
    }

    /// What has come of a backup, and the slice of its file that is to be read.
    pub(crate) fn take_backup_news(&mut self) -> (Vec<BackupNews>, Option<SliceWanted>) {
        (self.one_file.take_news(), self.one_file.slice_wanted())
    }

    /// Takes a slice of the backup that is put back.
    pub(crate) fn backup_slice(&mut self, slice: Result<&[u8], String>) {
        let next_id = self.id();
        self.requests.extend(self.one_file.slice(slice, next_id));
    }

    pub(super) fn backup_answer(&mut self, answer: Answer) {
        let next_id = self.id();
        let restored = matches!(answer, Answer::Written { result: Ok(()), .. });
        self.requests.extend(self.one_file.answer(answer, next_id));
        if restored {
            // what this engine holds is of before, and must not come over what is stored now
            let reason =
                "a backup has been put in place of what was stored, and the page is not loaded anew yet";
            self.state = State::Memory { reason: reason.to_owned(), retry: None };
        }
    }
}
