//! Everything in one file, and back; it stands with the stored data.

use crate::ui::backup;
use crate::ui::reactive::effect;
use crate::ui::state::use_desk;
use crate::view::files::backup as words;
use crate::web::file::Picked;
use leptos::prelude::*;

/// The two buttons and what comes of them.
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
    // the question comes below what was last touched: the focus brings it into view, on the way out
    effect(move || {
        if let Some(cancel) = cancel.get() {
            // what cannot have the focus is there all the same
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
