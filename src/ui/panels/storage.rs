//! What is stored, whether it stays, and how to delete it.

use crate::ui::panels::backup::BackupControls;
use crate::ui::panels::lines::Lines;
use crate::ui::state::use_desk;
use crate::view::feed::storage;
use crate::web::database;
use leptos::prelude::*;
use leptos::task::spawn_local;
use spreadscope_engine::Command;

/// The state of the store and what the user can do about it; part of the settings.
#[component]
pub fn StoragePanel() -> impl IntoView {
    let desk = use_desk();
    let shown = desk
        .follow(move |model| desk.surroundings.with(|around| storage::lines(model.storage.as_ref(), around)));
    let label = desk.follow(|model| storage::state_label(model.storage.as_ref()));
    let persistent =
        desk.follow(|model| model.storage.as_ref().and_then(|status| status.persistent) == Some(true));
    let outcome = RwSignal::new(String::new());
    let persist = move |_| {
        spawn_local(async move {
            outcome.set(storage::persist_outcome(&database::persist().await));
            // at its next look the engine reports whether the browser has agreed
            desk.send(Command::Flush);
        });
    };
    let sure = RwSignal::new(false);
    let delete = move |_| {
        if sure.get_untracked() {
            desk.send(Command::DeleteHistory);
            outcome.set(
                "The stored history is deleted; what is on the screen stays until the page is closed."
                    .to_owned(),
            );
        }
        sure.update(|sure| *sure = !*sure);
    };
    view! {
        <section class="storage" aria-label="Data on this device" data-storage=label>
            <Lines lines=shown class="storage-lines"/>
            <p class="actions">
                <Show when=move || !persistent.get()>
                    <button class="quiet" type="button" data-action="persist" on:click=persist>"Keep permanently"</button>
                </Show>
                <button class="quiet" type="button" data-action="delete-history" on:click=delete>
                    {move || if sure.get() { "Delete all of it?" } else { "Delete history…" }}
                </button>
            </p>
            <p class="note" role="status">{outcome}</p>
            <BackupControls/>
        </section>
    }
}
