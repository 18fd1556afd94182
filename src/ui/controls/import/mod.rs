//! The import drawer: choose a file, preview it, import it, show it.

pub mod chooser;
pub mod dialect;
pub mod mapping;
pub mod outcome;
pub mod preview;
pub mod recordings;

use crate::ui::state::use_desk;
use crate::view::files::import::{Stage, words};
use chooser::Chooser;
use leptos::prelude::*;
use outcome::{Done, Problem};
use preview::PreviewForm;
use recordings::Recordings;
use spreadscope_engine::transfer::ImportCommand;

/// The drawer's id, for the button that opens it.
pub const IMPORT_ID: &str = "import";

/// The drawer's contents.
#[component]
pub fn Import() -> impl IntoView {
    let desk = use_desk();
    // the counters of a file being read change only within its part of the drawer
    let stage = desk.follow(|model| match &model.import.stage {
        Stage::Reading { .. } => Stage::Reading { done: 0, bytes: 0, rows: 0, refused: 0 },
        other => other.clone(),
    });
    // screen readers get a word when the stage changes, not for every slice
    let spoken = desk.follow(|model| words::spoken(&model.import.stage));
    view! {
            <div class="drawer-frame">
                <div class="drawer-head">
                    <h2>"Import"</h2>
                    <button
                        class="quiet" type="button" popovertarget=IMPORT_ID popovertargetaction="hide"
                        aria-label="Close"
                    >"×"</button>
                </div>
                <div class="drawer-body">
                    <Chooser/>
                    <p class="visually-hidden" role="status">{spoken}</p>
                    <section class="import-stage" aria-label="The file" data-stage=move || stage.with(words::stage_name)>
                        {move || match stage.get() {
                            Stage::None => ().into_any(),
                            Stage::Looking => view! { <p>"Looking at the file…"</p> }.into_any(),
                            Stage::Shown(preview) => view! { <PreviewForm preview=*preview/> }.into_any(),
                            Stage::Reading { .. } => view! { <Progress/> }.into_any(),
                            Stage::Done(report) => view! { <Done report=*report/> }.into_any(),
                            Stage::Failed(reason) => view! { <Problem reason/> }.into_any(),
                            Stage::Cancelled => view! { <p>"Cancelled: nothing was imported."</p> }.into_any(),
                        }}
                    </section>
                    <Recordings/>
                </div>
            </div>
    }
}

#[component]
fn Progress() -> impl IntoView {
    let desk = use_desk();
    let import = desk.model.with_value(|model| model.import.import);
    let text = desk.follow(|model| words::of_progress(&model.import.stage));
    let share = desk.follow(|model| words::share(&model.import.stage));
    view! {
        <progress max="1" prop:value=share aria-label="Share of the file that has been read"></progress>
        <p data-progress=share>{text}</p>
        <div class="buttons">
            <button class="control" type="button" data-action="cancel-import" on:click=move |_| desk.command_import(ImportCommand::Cancel { import })>
                "Cancel"
            </button>
        </div>
    }
}
