//! The walk forward: values chosen on one stretch and traded on the next.

use super::chart;
use super::session::{Session, Task};
use crate::view::backtest::figure::Kind;
use crate::view::backtest::folds;
use leptos::prelude::*;
use spreadscope_engine::backtest::Train;

pub(super) fn walk(session: Session) -> impl IntoView {
    let train = move |train: Train, label: &'static str, slug: &'static str| {
        view! {
            <button
                type="button" data-train=slug
                aria-pressed=move || session.choice.with(|choice| choice.train == train).to_string()
                on:click=move |_| session.choice.update(|choice| choice.train = train)
            >{label}</button>
        }
    };
    let says = move || {
        session.walked.with(|found| match found {
            Some(found) => folds::sentence(&found.found),
            None if session.job.get().is_some_and(|job| job.task == Task::Walk) => "Choosing and trading…".to_owned(),
            None => "Choose on half of the bars, trade the next tenth, and repeat: what you would have \
                     earned without knowing what came next. The values are those of the surface's axes, in coarser steps."
                .to_owned(),
        })
    };
    let is_old = move || {
        session.walked.with(|found| {
            found.as_ref().is_some_and(|found| session.ran.with(|ran| !found.is_of(ran.as_ref())))
        })
    };
    let rows = move || {
        session.walked.with(|found| {
            let found = found.as_ref()?;
            let row = |fold| {
                let cells = folds::row(&found.grid, fold)
                    .map(|cell| view! { <td>{cell}</td> })
                    .into_iter()
                    .collect_view();
                view! { <tr><td>{session.desk.clock(fold.test[0].0)}</td>{cells}</tr> }
            };
            Some(found.found.folds.iter().map(row).collect_view())
        })
    };
    view! {
        <div class="bt-bar">
            <div class="segmented" role="group" aria-label="Where the training begins">
                {train(Train::Rolling, "Rolling", "rolling")} {train(Train::Anchored, "From the first bar", "anchored")}
            </div>
            <button
                class="primary" type="button" data-action="walk" disabled=move || !session.can_try()
                on:click=move |_| session.walk()
            >"Walk forward"</button>
        </div>
        <p class="bt-old" hidden=move || !is_old()>"This was computed with other rules than the run above: walk again."</p>
        <p class="bt-reading" data-line="walk">{says}</p>
        <div class="bt-walk" hidden=move || session.curve.with(Option::is_none)>{chart::run_chart(session, Kind::Walk)}</div>
        <div class="bt-scroll" tabindex="0" role="region" aria-label="Stretches" hidden=move || session.walked.with(Option::is_none)>
            <table class="bt-table" data-table="folds">
                <thead><tr>{folds::HEADS.map(|head| view! { <th scope="col">{head}</th> }).into_iter().collect_view()}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}
