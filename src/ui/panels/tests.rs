//! Unit root and cointegration.

use crate::ui::panels::explain::Explain;
use crate::ui::panels::lines::Lines;
use crate::ui::state::use_desk;
use crate::view::numbers::lines;
use crate::view::numbers::verdict;
use crate::view::numbers::words::Topic;
use crate::web::clock;
use leptos::prelude::*;
use spreadscope_engine::Command;

/// The tests' answer in a sentence and in numbers.
#[component]
pub fn TestsPanel() -> impl IntoView {
    let desk = use_desk();
    let sentence = desk.derive(verdict::of_tests);
    let shown = desk.derive(|model| {
        lines::of_tests(model.tests.as_ref(), model.last_row.as_ref(), &model.settings, clock::now().0)
    });
    view! {
        <section class="panel tests" aria-label="Cointegration">
            <header class="panel-head">
                <h2>"Cointegration"</h2>
                <Explain topic=Topic::EngleGranger/>
                <span class="grow"></span>
                <button class="quiet" type="button" on:click=move |_| desk.send(Command::RunTests)>
                    "Run now"
                </button>
            </header>
            <p class="panel-sentence">{sentence}</p>
            <Lines lines=shown class="tests-lines"/>
        </section>
    }
}
