//! The sentence at the top of the desk.

use crate::ui::panels::explain::Explain;
use crate::ui::preferences;
use crate::ui::reactive::memo;
use crate::ui::state::{Desk, use_desk};
use crate::view::numbers::trade;
use crate::view::numbers::verdict::{self, Evidence, Verdict};
use crate::view::numbers::words::Topic;
use crate::view::screen::model::Model;
use crate::view::screen::side::SidePanel;
use leptos::prelude::*;
use spreadscope_engine::connection::{Backfill, Phase};

/// The verdict, its tone in a word, and its reasons on demand.
#[component]
pub fn VerdictLine() -> impl IntoView {
    let desk = use_desk();
    let verdict = desk.derive(move |model| {
        let verdict = judge(model);
        verdict.at_a_cost(trade::verdict_clause(model, &desk.panels.trade.get()))
    });
    let closed = desk.derive(|model| {
        model.last_row.as_ref().map(|row| row.open_time.0 + model.settings.interval.millis())
    });
    let as_of = move || {
        let paused = if desk.paused.get() { "paused, " } else { "" };
        let replay = if desk.replay.playback.with(|replay| replay.is_on) { "REPLAY, " } else { "" };
        closed.get().map(|millis| {
            let time = if desk.printing.get() { desk.dated(millis) } else { desk.clock(millis) };
            format!("{replay}{paused}as of {time}")
        })
    };
    let reasons = move || {
        verdict.with(|verdict| {
            verdict.reasons.iter().map(|reason| view! { <li>{reason.clone()}</li> }).collect_view()
        })
    };
    view! {
        <section class="verdict" aria-label="Verdict" data-tone=move || verdict.with(|verdict| verdict.tone.name())>
            <span class="verdict-word">{move || verdict.with(|verdict| verdict.tone.word())}</span>
            <p class="verdict-sentence">{move || verdict.with(|verdict| verdict.sentence.clone())}</p>
            <span class="as-of" data-paused=move || desk.paused.get().to_string() data-replay=move || desk.replay.playback.with(|replay| replay.is_on).then_some("")>{as_of}</span>
            <button class="quiet" type="button" popovertarget="verdict-reasons">"Why"</button>
            <span class="verdict-opens">
                <PanelButton desk panel=SidePanel::Evidence/>
                <PanelButton desk panel=SidePanel::Trade/>
            </span>
            <Explain topic=Topic::Verdict/>
            <div class="explanation" id="verdict-reasons" popover="auto" role="dialog" aria-label="Reasons">
                <h2>"Why"</h2>
                <ol>{reasons}</ol>
            </div>
        </section>
    }
}

/// Shows a panel at the top of the side panels and goes there, or hides it.
#[component]
fn PanelButton(desk: Desk, panel: SidePanel) -> impl IntoView {
    let shown = memo(move |_| desk.look.side.get().shows(panel));
    let toggle = move |_| {
        let hides = shown.get_untracked();
        desk.panels.opened.set((!hides).then_some(panel));
        preferences::arrange_side(
            desk,
            |side| if hides { side.toggled(panel) } else { side.brought_up(panel) },
        );
    };
    view! {
        <button
            class="quiet" type="button" data-opens=panel.slug() aria-pressed=move || shown.get().to_string()
            on:click=toggle
        >{panel.title()}</button>
    }
}

fn judge(model: &Model) -> Verdict {
    let feed = model.live.as_ref().map(|live| &live.feed);
    verdict::judge(Evidence {
        row: model.last_row.as_ref(),
        settings: &model.settings,
        tests: model.tests.as_ref(),
        phase: feed.map_or(&Phase::Idle, |feed| &feed.phase),
        is_filling: model.filling,
        history: feed.map_or(&Backfill::Idle, |feed| &feed.backfill),
        now: model.live.as_ref().and_then(|live| live.exchange_time),
    })
}
