//! All metrics with their meaning: of this run, without its forced end, and of a kept run.

use super::session::Session;
use crate::view::backtest::metrics;
use leptos::prelude::*;

pub(super) fn compare(session: Session) -> impl IntoView {
    let rows = move || {
        let Some(shown) = session.ran.get() else { return ().into_any() };
        let kept = session.kept.get();
        let all = metrics::all(&shown.ran.metrics[0]);
        let without = shown.ran.ledger.forced_from.map(|_| metrics::all(&shown.ran.metrics[1]));
        let beside = kept.map(|kept| metrics::all(&kept.ran.metrics[0]));
        let value = |of: &Option<Vec<metrics::Metric>>, at: usize| {
            of.as_ref().and_then(|of| of.get(at)).map_or_else(String::new, |metric| metric.value.clone())
        };
        all.iter()
            .enumerate()
            .map(|(at, metric)| {
                view! {
                    <tr data-row=metric.about.name>
                        <th scope="row">{metric.about.label}</th>
                        <td>{metric.value.clone()}</td>
                        <td>{value(&without, at)}</td>
                        <td>{value(&beside, at)}</td>
                        <td class="bt-about">
                            {metric.about.says} <span class="formula">{metric.about.formula}</span>
                            {metric.number.is_none().then(|| view! { <em>{format!(" None: {}.", metric.context)}</em> })}
                        </td>
                    </tr>
                }
            })
            .collect_view()
            .into_any()
    };
    view! {
        <div class="bt-scroll" tabindex="0" role="region" aria-label="All metrics">
            <table class="bt-table" data-table="metrics">
                <thead><tr>
                    <th scope="col">"Metric"</th><th scope="col">"This run"</th><th scope="col">"Without its forced end"</th>
                    <th scope="col">"Kept run"</th><th scope="col">"What it says"</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}
