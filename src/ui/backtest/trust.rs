//! How far the result can be trusted, and the proof that it does not look ahead.

use super::session::Session;
use crate::view::backtest::trust::{self, Line};
use leptos::prelude::*;

pub(super) fn trust(session: Session) -> impl IntoView {
    let rows = |lines: Vec<Line>| {
        lines
            .into_iter()
            .map(|line| view! { <tr><th scope="row">{line.label}</th><td>{line.value}</td><td class="bt-about">{line.about}</td></tr> })
            .collect_view()
    };
    let of_run = move || session.ran.with(|ran| ran.as_ref().map(|ran| rows(trust::lines(&ran.ran.trust))));
    let of_peak = move || {
        session.surface.with(|found| found.as_ref().map(|found| rows(trust::lines(&found.found.trust))))
    };
    let is_short =
        move || session.ran.with(|ran| ran.as_ref().is_some_and(|ran| trust::is_too_short(&ran.ran)));
    let has_surface = move || session.surface.with(Option::is_some);
    let holds = move || session.proof.with(|proof| proof.as_ref().map(|(holds, _)| holds.to_string()));
    let proof = move || {
        session.proof.with(|proof| proof.as_ref().map_or_else(
            || "Runs the same rules over shorter tapes, with rows computed anew, and compares every order.".to_owned(),
            |(_, sentence)| sentence.clone(),
        ))
    };
    view! {
        <div class="bt-bar">
            <button
                class="primary" type="button" data-action="prove" disabled=move || !session.can_try()
                on:click=move |_| session.prove()
            >"Prove no look-ahead"</button>
            <p class="bt-reading" role="status" data-line="proof" data-holds=holds>{proof}</p>
        </div>
        <div class="bt-scroll" tabindex="0" role="region" aria-label="How far to trust it">
            <table class="bt-table bt-told" data-table="trust">
                <caption>"This run"</caption>
                <tbody>{of_run}</tbody>
            </table>
            <p class="note" data-line="short" hidden=move || !is_short()>
                "The desk keeps a day of 1 s bars, which has too few whole hours for these numbers: longer bars have enough."
            </p>
            <table class="bt-table bt-told" data-table="trust-peak" hidden=move || !has_surface()>
                <caption>"The peak of the surface, with all cells that were tried"</caption>
                <tbody>{of_peak}</tbody>
            </table>
            <p class="note" hidden=has_surface>"Try all values on the tab Surface to learn what the peak is worth after all trials."</p>
        </div>
    }
}
