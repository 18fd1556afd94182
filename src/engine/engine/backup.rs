//! The engine's part in backups: passes news to the page and requests slices.

use super::Engine;
use crate::messages::event::Event;
use crate::messages::input::Output;

impl Engine {
    pub(super) fn advance_backup(&mut self) {
        let (news, wanted) = self.archive.take_backup_news();
        self.outputs.extend(news.into_iter().map(|news| Output::Emit(Event::Backup(news))));
        self.outputs.extend(wanted.map(Output::ReadSlice));
    }
}
