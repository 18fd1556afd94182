//! Unit root and cointegration.

use crate::ui::panels::explain::Explain;
use crate::ui::panels::lines::Lines;
use crate::ui::state::use_desk;
use crate::view::numbers::lines;
use crate::view::numbers::verdict;
use crate::view::numbers::verdict::gates;
use crate::view::numbers::words::Topic;
use crate::web::clock;
use leptos::prelude::*;
use spreadscope_engine::Command;

/// The tests' result in a sentence and in numbers.
#[component]
pub fn TestsPanel() -> impl IntoView {
    let desk = use_desk();
    let sentence = desk.derive(verdict::of_tests);
    let shown = desk.derive(|model| {
        lines::of_tests(model.tests.as_ref(), model.last_row.as_ref(), &model.settings, clock::now().0)
    });
    let ways = desk.derive(|model| {
        let both = model.last_row.as_ref().zip(model.tests.as_ref());
        both.map_or_else(Vec::new, |(row, tests)| gates::ways_to_one_line(row, tests, &model.settings))
    });
    let one_line = move |bars: usize| {
        let take = move |_| desk.configure(gates::one_line(&desk.settings.get_untracked(), bars));
        view! {
            <button class="quiet" type="button" data-one-line=bars on:click=take>
                {format!("One line of {bars} bars for both")}
            </button>
        }
    };
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
            <p class="one-line">{move || ways.get().into_iter().map(one_line).collect_view()}</p>
        </section>
    }
}
