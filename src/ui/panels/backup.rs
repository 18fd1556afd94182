//! Backup to one file and restore from it; part of the panel of stored data.

use crate::ui::backup;
use crate::ui::reactive::effect;
use crate::ui::state::use_desk;
use crate::view::files::backup as words;
use crate::web::file::Picked;
use leptos::prelude::*;

/// The two buttons and their outcome.
#[component]
pub fn BackupControls() -> impl IntoView {
    let desk = use_desk();
    let said = desk.backup.with_value(|backup| backup.said);
    let picked = RwSignal::new_local(None::<Picked>);
    let restore = move |_| {
        if let Some(file) = picked.write().take() {
            backup::restore(desk, &file);
        }
    };
    let cancel = NodeRef::<leptos::html::Button>::new();
    // the question appears below the button: focusing Cancel scrolls it into view
    effect(move || {
        if let Some(cancel) = cancel.get() {
            // a button that cannot take the focus is shown all the same
            drop(cancel.focus());
        }
    });
    let question =
        move || picked.with(|file| file.as_ref().map(|file| words::question(&file.name, file.bytes)));
    view! {
        <p class="actions">
            <button class="quiet" type="button" data-action="back-up" on:click=move |_| backup::make(desk)>"Back up to a file"</button>
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
