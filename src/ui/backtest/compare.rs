//! All metrics with their meaning: of this run, without its forced end, and of a kept run.

use super::session::Session;
use crate::view::backtest::metrics::{self, Metric};
use leptos::prelude::*;

pub(super) fn compare(session: Session) -> impl IntoView {
    let table = move || {
        let shown = session.ran.get()?;
        let kept = session.kept.get();
        let all = metrics::all(&shown.ran.metrics[0]);
        // a column only where there is something to compare with
        let without = shown.ran.ledger.forced_from.map(|_| metrics::all(&shown.ran.metrics[1]));
        let beside = kept.map(|kept| metrics::all(&kept.ran.metrics[0]));
        let columns: Vec<(&str, Vec<Metric>)> = [("Without its forced end", without), ("Kept run", beside)]
            .into_iter()
            .filter_map(|(head, column)| Some((head, column?)))
            .collect();
        let heads = columns.iter().map(|(head, _)| view! { <th scope="col">{*head}</th> }).collect_view();
        let rows = all
            .iter()
            .enumerate()
            .map(|(at, metric)| {
                let others = columns
                    .iter()
                    .map(|(_, column)| view! { <td>{column.get(at).map(|metric| metric.value.clone())}</td> })
                    .collect_view();
                view! {
                    <tr data-row=metric.about.name>
                        <th scope="row">{metric.about.label}</th>
                        <td>{metric.value.clone()}</td>
                        {others}
                        <td class="bt-about">
                            {metric.about.says} <span class="formula">{metric.about.formula}</span>
                            {metric.number.is_none().then(|| view! { <em>{format!(" None: {}.", metric.context)}</em> })}
                        </td>
                    </tr>
                }
            })
            .collect_view();
        Some(view! {
            <table class="bt-table bt-told" data-table="metrics">
                <thead><tr>
                    <th scope="col">"Metric"</th><th scope="col">"This run"</th>{heads}<th scope="col">"What it says"</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        })
    };
    view! { <div class="bt-scroll" tabindex="0" role="region" aria-label="All metrics">{table}</div> }
}
