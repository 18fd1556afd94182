//! Backups of everything into one file, and their restoration.

use super::{Archive, State};
use crate::archive::one_file::{BackupCommand, BackupNews};
use crate::archive::store::Answer;
use crate::transfer::imports::SliceWanted;

impl Archive {
    /// Makes or restores a backup.
    pub(crate) fn back_up(&mut self, command: BackupCommand) {
        self.one_file.command(command);
        match &self.state {
            State::Open => self.flush(),
            // it will be open in a moment, or report why not
            State::Opening { .. } => {}
            State::Memory { reason, .. } => self.one_file.fail(reason.clone()),
            State::Absent | State::Closed => self.one_file.fail("nothing is stored here"),
        }
    }

    /// News of the backup, and the next slice of its file to read.
    pub(crate) fn take_backup_news(&mut self) -> (Vec<BackupNews>, Option<SliceWanted>) {
        (self.one_file.take_news(), self.one_file.slice_wanted())
    }

    /// Takes a slice of the backup to restore.
    pub(crate) fn backup_slice(&mut self, slice: Result<&[u8], String>) {
        let next_id = self.id();
        self.requests.extend(self.one_file.slice(slice, next_id));
    }

    pub(super) fn backup_answer(&mut self, answer: Answer) {
        let next_id = self.id();
        let restored = matches!(answer, Answer::Written { result: Ok(()), .. });
        self.requests.extend(self.one_file.answer(answer, next_id));
        if restored {
            // this engine's data is older than the restored data and must not overwrite it
            let reason = "a backup has been restored, and the page has not been reloaded yet";
            self.state = State::Memory { reason: reason.to_owned(), retry: None };
        }
    }
}
