//! Everything in one file, and back; it stands with the stored data.

use crate::ui::state::{Desk, use_desk};
use crate::view::files::backup::{self, Doing};
use crate::web::download::Parts;
use crate::web::file::Picked;
use crate::web::{clock, location, page};
use leptos::prelude::*;
use spreadscope_engine::Command;
use spreadscope_engine::archive::{BackupAsk, BackupNews};

/// A backup under way, and what was last said of one.
#[derive(Debug, Default)]
pub struct Backup {
    /// The file in the making; none while one is put back.
    parts: Option<Parts>,
    doing: Option<Doing>,
    said: RwSignal<String>,
}

impl Backup {
    fn begin(&mut self, doing: Doing) {
        self.parts = (doing == Doing::Making).then(Parts::default);
        self.doing = Some(doing);
        self.said.set(doing.label().to_owned());
    }
}

/// Takes what the engine tells of a backup.
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
                    // the address would put the settings of before in force
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

/// Says that another tab has the store now, where a backup was under way.
pub fn lead_lost(desk: Desk) {
    desk.backup.update_value(|backup| {
        if backup.doing.take().is_some() {
            backup.parts = None;
            backup.said.set(backup::LEAD_LOST.to_owned());
        }
    });
}

/// The two buttons and what comes of them.
#[component]
pub fn BackupControls() -> impl IntoView {
    let desk = use_desk();
    let said = desk.backup.with_value(|backup| backup.said);
    let picked = RwSignal::new_local(None::<Picked>);
    let make = move |_| {
        desk.backup.update_value(|backup| backup.begin(Doing::Making));
        desk.send(Command::Backup(BackupAsk::Make(page::settings())));
    };
    let restore = move |_| {
        if let Some(file) = picked.write().take() {
            desk.backup.update_value(|backup| backup.begin(Doing::Restoring));
            desk.restore(&file);
        }
    };
    let cancel = NodeRef::<leptos::html::Button>::new();
    // the question comes below what was last touched: the focus brings it into view, on the way out
    Effect::new(move |_| {
        if let Some(cancel) = cancel.get() {
            // what cannot have the focus is there all the same
            drop(cancel.focus());
        }
    });
    let question =
        move || picked.with(|file| file.as_ref().map(|file| backup::question(&file.name, file.bytes)));
    view! {
        <p class="actions">
            <button class="quiet" type="button" data-action="back-up" on:click=make>"Back up to a file"</button>
        </p>
        <label class="restore">
            "Restore from a file"
            <input type="file" data-control="backup" on:change=move |event| picked.set(Picked::of_input(&event))/>
        </label>
        <Show when=move || question().is_some()>
            <p class="note">{question}</p>
            <p class="actions">
                <button class="quiet" type="button" data-action="restore" on:click=restore>"Replace everything"</button>
                <button class="quiet" type="button" data-action="leave-restore" node_ref=cancel on:click=move |_| picked.set(None)>"Cancel"</button>
            </p>
        </Show>
        <p class="note" role="status" data-backup="">{said}</p>
    }
}
