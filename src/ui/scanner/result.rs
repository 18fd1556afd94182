//! The result of a scan: sentences, progress, and what could not be tested.

use super::{Explained, use_state};
use crate::ui::address;
use crate::ui::reactive::memo;
use crate::view::files::table::Format;
use crate::view::scanner::export;
use crate::view::scanner::sentence::{self, ScanSentence};
use crate::view::scanner::untested;
use crate::view::scanner::words;
use crate::web::{download, location};
use leptos::prelude::*;

/// The summary, the progress, and the buttons for the whole result.
#[component]
pub fn Result() -> impl IntoView {
    let state = use_state();
    let sentence: Memo<ScanSentence> = memo(move |_| {
        state.board.with(|board| state.conditions.with(|conditions| sentence::sentence(board, conditions)))
    });
    let progress = memo(move |_| state.board.with(sentence::progress));
    let begun = move || state.board.with(|board| board.run.is_some() && board.failed.is_none());
    let goes_on = move || state.board.with(super::Board::is_running);
    let scanned = move || {
        // a moment with its date does not follow the zone by itself
        state.desk.look.zone.track();
        state.board.with(|board| sentence::scanned(board, &|millis| state.desk.dated(millis)))
    };
    let left_out = memo(move |_| state.board.with(untested::left_out));
    let left_out = move || {
        left_out.get().map(|words| {
            view! {
                <p class="note scanner-left-out">
                    {words} " "
                    <button class="quiet" type="button" data-action="include-marked" on:click=move |_| state.include_marked()>
                        "Scan with them"
                    </button>
                </p>
            }
        })
    };
    let part = move |of: fn(ScanSentence) -> String| move || sentence.with(|sentence| of(sentence.clone()));
    let has_report = move || state.board.with(|board| board.report.is_some());
    view! {
        <section class="panel scanner-result" aria-label="Result">
            <div class="scanner-lead">
                <p class="scanner-sentence" role="status">{part(|sentence| sentence.lead)}</p>
                <Explained about=words::Q/>
                <span class="grow"></span>
                <Show when=has_report>{exports()}</Show>
            </div>
            <p hidden=move || sentence.with(|sentence| sentence.meaning.is_empty())>{part(|sentence| sentence.meaning)}</p>
            <p class="scanner-changed" role="status">{part(|sentence| sentence.changed)}</p>
            <p class="note" hidden=move || sentence.with(|sentence| sentence.caution.is_empty())>{part(|sentence| sentence.caution)}</p>
            <Show when=begun>
                <p class="note scanner-progress">
                    <Show when=goes_on>
                        <progress max="1" prop:value=move || progress.get().1 aria-label="Progress of the scan"></progress>
                    </Show>
                    <span>{scanned} " " {move || progress.get().0}</span>
                </p>
            </Show>
            {left_out}
        </section>
    }
}

fn exports() -> AnyView {
    let state = use_state();
    let save = move |format: Format| {
        let link = location::with_fragment(&location::fragment());
        let file = state.board.with_untracked(|board| {
            state.conditions.with_untracked(|conditions| export::file(board, conditions, format, &link))
        });
        let Some(export::File { name, text }) = file else { return };
        match download::save(&name, format.mime(), &[text]) {
            Ok(()) => state.desk.say(format!("{name} is saved.")),
            Err(reason) => state.desk.notice(format!("{name} was not saved: {reason}.")),
        }
    };
    view! {
        <button class="control" type="button" data-action="scan-csv" on:click=move |_| save(Format::Csv)>"CSV"</button>
        <button class="control" type="button" data-action="scan-json" on:click=move |_| save(Format::Json)>"JSON"</button>
        <button class="control" type="button" data-action="scan-link" on:click=move |_| address::copy_link(state.desk)>
            "Copy link"
        </button>
    }
    .into_any()
}

/// Markets and pairs that were not tested, and why.
#[component]
pub fn Untested() -> impl IntoView {
    let state = use_state();
    let listed = memo(move |_| state.board.with(untested::untested));
    let lines = move || {
        listed.with(|listed| {
            let line = |(name, reason): &(String, String)| {
                view! { <li><b>{name.clone()}</b>" "{reason.clone()}</li> }
            };
            listed.iter().map(line).collect_view()
        })
    };
    view! {
        <details class="panel scanner-untested" hidden=move || listed.with(Vec::is_empty)>
            <summary>"Not tested, left out, marked, or odd " <span class="count">{move || listed.with(Vec::len)}</span></summary>
            <ul>{lines}</ul>
        </details>
    }
}
