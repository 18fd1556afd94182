//! A backup under way: the user's request, and the engine's replies.

use crate::ui::state::Desk;
use crate::view::files::backup::{self, Doing};
use crate::web::download::Parts;
use crate::web::file::Picked;
use crate::web::{clock, location, page};
use leptos::prelude::*;
use spreadscope_engine::Command;
use spreadscope_engine::archive::{BackupCommand, BackupNews};

/// A backup under way, and the latest words about one.
#[derive(Debug, Default)]
pub struct Backup {
    /// The file being written; `None` during a restore.
    parts: Option<Parts>,
    doing: Option<Doing>,
    /// The words for the user.
    pub said: RwSignal<String>,
}

impl Backup {
    fn begin(&mut self, doing: Doing) {
        self.parts = (doing == Doing::Making).then(Parts::default);
        self.doing = Some(doing);
        self.said.set(doing.label().to_owned());
    }
}

/// Takes the engine's news about a backup.
pub fn take(desk: Desk, news: BackupNews) {
    desk.backup.update_value(|backup| {
        let Some(doing) = backup.doing else { return };
        let mut said = doing.outcome(&news);
        if said.is_some() {
            backup.doing = None;
        }
        let failed = match news {
            BackupNews::Part(bytes) => {
                if let Some(parts) = &mut backup.parts {
                    parts.push(&bytes);
                }
                Ok(())
            }
            BackupNews::Made(_) => match backup.parts.take() {
                Some(parts) => parts.save(&backup::file_name(clock::now().0)),
                None => Ok(()),
            },
            BackupNews::Restored(preferences) => {
                let kept = page::replace_settings(&preferences);
                if kept.is_ok() {
                    // the address would put the previous settings in force
                    drop(location::replace_fragment(""));
                    page::reload();
                }
                kept
            }
            BackupNews::Failed(_) => Ok(()),
        };
        if let Err(reason) = failed {
            said = Some(format!("{reason}."));
        }
        if let Some(said) = said {
            backup.said.set(said);
        }
    });
}

/// Reports that another tab now owns the store, if a backup was under way.
pub fn lead_lost(desk: Desk) {
    desk.backup.update_value(|backup| {
        if backup.doing.take().is_some() {
            backup.parts = None;
            backup.said.set(backup::LEAD_LOST.to_owned());
        }
    });
}

/// Writes everything that is stored into a file.
pub fn make(desk: Desk) {
    desk.backup.update_value(|backup| backup.begin(Doing::Making));
    desk.send(Command::Backup(BackupCommand::Make(page::settings())));
}

/// Replaces everything that is stored by the contents of a file.
pub fn restore(desk: Desk, file: &Picked) {
    desk.backup.update_value(|backup| backup.begin(Doing::Restoring));
    desk.restore(file);
}
