//! All tests of the evidence in their groups, and the sentence that weighs them. Computed while the panel is
//! shown.

use crate::ui::panels::opened::reveal_if_opened;
use crate::ui::preferences::choose_evidence;
use crate::ui::reactive::effect;
use crate::ui::state::{Desk, use_desk};
use crate::view::numbers::evidence::{self, About, EvidenceChoice, EvidenceLine, ShownFinding};
use crate::view::screen::side::SidePanel;
use crate::web::page;
use crate::web::timer::{self, Interval};
use leptos::prelude::*;
use spreadscope_engine::Command;
use spreadscope_engine::analytics::evidence::{Beside, EvidenceKind, EvidenceOptions, Group};

/// Interval of requests; the engine computes the same request at most every ten seconds.
const PERIOD_MILLIS: u32 = 5_000;

/// The panel.
#[component]
pub fn EvidencePanel() -> impl IntoView {
    let desk = use_desk();
    let options = move || {
        let EvidenceChoice { beside, resamples } = desk.panels.evidence.get();
        EvidenceOptions { beside, bootstrap: resamples, traces: false }
    };
    // again at once if other tests or other bars are wanted
    effect(move || {
        desk.settings.track();
        desk.send(Command::Examine(options()));
    });
    let timer = StoredValue::<Option<Interval>, LocalStorage>::new_local(None);
    timer.set_value(Some(timer::every(PERIOD_MILLIS, move || {
        if !page::hidden() && !desk.paused.get_untracked() {
            desk.send(Command::Examine(untrack(options)));
        }
    })));
    on_cleanup(move || timer.set_value(None));
    let clock = move |millis| desk.clock(millis);
    reveal_if_opened(desk, SidePanel::Evidence);
    let sentence = desk.derive(move |model| evidence::sentence(model, &clock));
    let sample = desk
        .derive(move |model| evidence::sample(evidence::shown(model), model.settings.price_scale, &clock));
    view! {
        <section class="panel evidence" aria-label="Evidence" tabindex="-1" data-panel="evidence">
            <header class="panel-head">
                <h2 tabindex="-1">"Evidence"</h2>
                <span class="grow"></span>
                <BesideChoice desk/>
            </header>
            <p class="panel-sentence" data-line="weighed">{sentence}</p>
            <div class="panel-rest">
            <p class="note" data-line="evidence-sample">{sample}</p>
            {Group::ALL.map(|group| view! {
                <h3 class="evidence-group">{desk.derive(move |model| evidence::group_head(group, evidence::shown(model)))}</h3>
                {group.kinds().map(|kind| view! { <EvidenceRow desk kind/> }).collect_view()}
            })}
            <p class="note">{evidence::cannot_tell_of_all()}</p>
            <label class="check">
                <input
                    type="checkbox" data-control="resample" prop:checked=move || desk.panels.evidence.get().resamples
                    on:change:target=move |event| {
                        let chosen = desk.panels.evidence.get_untracked();
                        choose_evidence(desk, EvidenceChoice { resamples: event.target().checked(), ..chosen });
                    }
                />
                "Interval of the half-life by resampling"
            </label>
            </div>
        </section>
    }
}

/// What is shown for comparison: nothing, the other direction, slower bars.
#[component]
fn BesideChoice(desk: Desk) -> impl IntoView {
    let options = move || {
        let offered = |beside: Beside| {
            let label = desk.settings.with(|settings| evidence::beside_label(beside, settings))?;
            let chosen = move || desk.panels.evidence.get().beside == beside;
            Some(view! { <option value=beside.as_str() prop:selected=chosen>{label}</option> })
        };
        Beside::ALL.into_iter().filter_map(offered).collect_view()
    };
    let choose = move |text: String| {
        if let Some(beside) = Beside::parse(&text) {
            choose_evidence(desk, EvidenceChoice { beside, ..desk.panels.evidence.get_untracked() });
        }
    };
    view! {
        <label class="field-inline">
            "Beside it"
            <select data-control="beside" on:change:target=move |event| choose(event.target().value())>{options}</select>
        </label>
    }
}

/// A test; its row opens to what the test is and what it cannot tell.
#[component]
fn EvidenceRow(desk: Desk, kind: EvidenceKind) -> impl IntoView {
    let line =
        desk.derive(move |model| evidence::line(kind, evidence::shown(model), &|millis| desk.clock(millis)));
    let About { title, source, cannot, .. } = evidence::about(kind);
    let formula = move || evidence::formula(kind, desk.settings.with(|settings| settings.price_scale));
    let main = move |part: fn(ShownFinding) -> String| line.with(|line| part(line.main.clone()));
    let beside = move || line.with(|line: &EvidenceLine| line.beside.clone());
    let second = move || {
        beside().map(|(name, shown)| {
            let ShownFinding { number, judged, word, stance, reason } = shown;
            view! {
                <p class="evidence-beside" data-stance=stance>
                    <span>{name}</span><span>{number}</span><span>{judged}</span><span class="evidence-word">{word}</span>
                </p>
                {reason.map(|reason| view! { <p class="note">{reason}</p> })}
            }
        })
    };
    view! {
        <details class="evidence-row" data-evidence=kind.name() data-stance=move || line.with(|line| line.main.stance)>
            <summary>
                <span class="evidence-title">{title}</span>
                <span class="evidence-number">{move || main(|shown| shown.number)}</span>
                <span class="evidence-judged">{move || main(|shown| shown.judged)}</span>
                <span class="evidence-word">{move || line.with(|line| line.main.word)}</span>
            </summary>
            <p class="formula">{formula}</p>
            <p>{move || line.with(|line| line.put_in.clone())}</p>
            <p>{move || line.with(|line| line.worked.clone())}</p>
            <p class="note">{source}"."</p>
            <p>{cannot}</p>
        </details>
        {move || line.with(|line| line.main.reason.clone()).map(|reason| view! { <p class="note">{reason}</p> })}
        {second}
    }
}
