//! The head of the page: what is traded, the progress, and the answer.

use super::session::{Job, Session, Task};
use super::standing::State;
use super::{export, older};
use crate::ui::address;
use crate::ui::reactive::memo;
use crate::view::backtest::{fields, sentence};
use crate::view::numbers::format;
use crate::web::page;
use leptos::prelude::*;
use spreadscope_engine::backtest::FillAt;

/// What is traded, and the commands that concern the whole page.
pub(super) fn head(session: Session) -> impl IntoView {
    let desk = session.desk;
    let title = move || {
        desk.settings.with(|settings| {
            format!("Backtest: {} / {}, {}", settings.pair.y, settings.pair.x, settings.interval.as_str())
        })
    };
    let bars = move || {
        session.ran.with(|ran| {
            ran.as_ref().map_or_else(
                || "no bars yet".to_owned(),
                |shown| {
                    let ran = &shown.ran;
                    let span = desk.span(ran.from.0, ran.open_time(ran.bars).0);
                    let bars = if ran.bars == 1 { "bar" } else { "bars" };
                    format!("{} {bars}, {span}", format::count(ran.bars as u64))
                },
            )
        })
    };
    let has_run = move || session.ran.with(Option::is_some);
    let keeps = move || session.kept.with(Option::is_some);
    let keep = move |_| {
        let kept = if keeps() { None } else { session.ran.get_untracked() };
        session.kept.set(kept);
    };
    let range = move |whole: bool, label: &'static str, slug: &'static str| {
        view! {
            <button
                type="button" data-range=slug aria-pressed=move || (session.whole.get() == whole).to_string()
                on:click=move |_| session.whole.set(whole)
            >{label}</button>
        }
    };
    view! {
        <header class="bt-head">
            <a class="control" href="#/">"← Desk"</a>
            <h2>{title}</h2>
            <p class="bt-bars" data-bars=move || session.ran.with(|ran| ran.as_ref().map(|ran| ran.ran.bars))>{bars}</p>
            <button
                class="control" type="button" data-action="renew" disabled=move || !session.ready.get()
                title="Runs use the same bars, so that they can be compared, until you take the newest"
                on:click=move |_| session.renew()
            >"Newest bars"</button>
            {older::older(session)}
            <button class="control bt-to-form" type="button" data-action="to-form" on:click=|_| page::focus(".bt-form select")>
                "Rules ↓"
            </button>
            <span class="grow"></span>
            <div class="segmented" role="group" aria-label="What the charts show">
                {range(true, "Whole run", "whole")}
                {range(false, "Desk's range", "desk")}
            </div>
            <button
                class="control" type="button" data-action="keep-run" disabled=move || !has_run()
                aria-pressed=move || keeps().to_string() title="Keeps this run beside the next ones" on:click=keep
            >{move || if keeps() { "Drop the kept run" } else { "Keep this run" }}</button>
            <button class="control" type="button" data-action="copy-link" on:click=move |_| address::copy_link(desk)>
                "Copy link"
            </button>
            {export::menu(session)}
        </header>
    }
}

/// Says what the run that is shown is of, where that is not what is chosen.
fn outdated(session: Session) -> String {
    let of = session.ran.with(|ran| {
        let desk = &ran.as_ref()?.ran.parameters.settings;
        Some(format!("{} / {}, {}", desk.pair.y, desk.pair.x, desk.interval.as_str()))
    });
    match of.filter(|_| session.is_of_other_bars()) {
        Some(of) if session.ready.get() => format!("Answer, numbers and charts are still those of {of}."),
        Some(of) => {
            format!("Answer, numbers and charts are still those of {of}: the chosen bars are not here yet.")
        }
        None => {
            "Answer, numbers and charts are those of the rules before: with the present ones nothing was run."
                .to_owned()
        }
    }
}

/// Returns the progress of the job, in words.
pub(super) fn progress(job: Job) -> String {
    let Job { task, done, of } = job;
    let what = match task {
        Task::Run => "Trading",
        Task::Surface => "Trying values",
        Task::Walk => "Walking forward",
        Task::Proof => "Comparing with shorter tapes",
    };
    if of == 0 {
        return format!("{what}…");
    }
    format!("{what}: {} of {}", format::count(done as u64), format::count(of as u64))
}

/// The answer: a word, the break-even fee beside the user's fee, and a sentence.
pub(super) fn answer(session: Session) -> impl IntoView {
    let answer = memo(move |_| session.ran.with(|ran| ran.as_ref().map(|ran| sentence::answer(ran))));
    let state = memo(move |_| session.state());
    let tone = move || answer.with(|answer| answer.as_ref().map_or("none", |answer| answer.tone));
    let none_yet = move || if state.get() == State::Refused { "Refused" } else { "Waiting" };
    let word = move || answer.with(|answer| answer.as_ref().map_or_else(none_yet, |answer| answer.word));
    let waiting = move || match state.get() {
        State::Waiting if !session.ready.get() => {
            "Waiting for the history of both legs to come in.".to_owned()
        }
        State::Refused => "Nothing has been run. The reason is below.".to_owned(),
        _ => "Nothing has been run yet.".to_owned(),
    };
    let says =
        move || answer.with(|answer| answer.as_ref().map_or_else(waiting, |answer| answer.sentence.clone()));
    let notes = move || {
        let notes =
            answer.with(|answer| answer.as_ref().map(|answer| answer.notes.clone()).unwrap_or_default());
        notes.into_iter().map(|note| view! { <li>{note}</li> }).collect_view()
    };
    let fees = move || {
        answer.with(|answer| {
            answer.as_ref().map(|answer| {
                let even = answer.break_even.clone().unwrap_or_else(|| "—".to_owned());
                view! {
                    <dl class="bt-fees">
                        <div><dt>"Break-even fee"</dt><dd data-line="break-even">{even}</dd></div>
                        <div><dt>"Your fee"</dt><dd data-line="fee">{answer.fee.clone()}</dd></div>
                    </dl>
                }
            })
        })
    };
    let job = memo(move |_| session.job.get());
    let under_way = move || {
        job.get().map(|job| {
            let (done, of) = (job.done, job.of.max(1));
            view! {
                <div class="bt-progress">
                    <span data-line="progress">{progress(job)}</span>
                    <progress max=of value=done aria-label="Progress"></progress>
                    <button class="control" type="button" data-action="stop" on:click=move |_| session.stop()>"Stop"</button>
                </div>
            }
        })
    };
    let refused = move || {
        session
            .refused
            .get()
            .into_iter()
            .map(|error| view! { <li>{fields::in_words(&error.message)}</li> })
            .collect_view()
    };
    // closes alone cannot be filled at an open
    let is_of_fill = move || session.refused.with(|all| all.iter().any(|error| error.field == "fill"));
    let at_next_close = move |_| {
        if let Err(reason) =
            session.change(|choice, base| choice.set("fill", FillAt::NextClose.as_str(), base))
        {
            session.desk.notice(reason);
        }
    };
    view! {
        <section class="verdict bt-answer" aria-label="Answer" tabindex="-1" data-tone=tone>
            <span class="verdict-word">{word}</span>
            {fees}
            <p class="verdict-sentence" data-line="answer">{says}</p>
            <p class="bt-outdated" data-line="outdated" hidden=move || !session.is_outdated()>
                {move || outdated(session)}
            </p>
            <div class="bt-under-way" role="status">{under_way}<span data-line="stopped">{move || session.stopped.get()}</span></div>
        </section>
        <ul class="bt-notes" data-line="notes">{notes}</ul>
        <ul class="bt-refused" role="alert" data-line="refused">{refused}</ul>
        <Show when=is_of_fill>
            <button class="control" type="button" data-action="next-close" on:click=at_next_close>
                "Fill at the next close"
            </button>
        </Show>
    }
}
