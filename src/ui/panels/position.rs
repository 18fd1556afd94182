//! The position that the user follows: taken from the current trade, or entered with its own prices and
//! quantities.

use crate::ui::panels::group_head::GroupHead;
use crate::ui::panels::lines::Lines;
use crate::ui::reactive::{effect, memo};
use crate::ui::state::{Desk, use_desk};
use crate::ui::trade::{follow, rehearse};
use crate::view::numbers::trade::{self as words, Moment, PositionDraft, Reckoned};
use crate::web::download;
use leptos::html::Input;
use leptos::prelude::*;
use spreadscope_engine::UnixMillis;
use spreadscope_engine::analytics::position::Position;

/// The position's part of the panel.
#[component]
pub fn PositionPart(
    /// What the panel shows.
    moment: Memo<Moment>,
    /// The current trade.
    trade: Memo<Result<Reckoned, String>>,
) -> impl IntoView {
    let desk = use_desk();
    let draft: RwSignal<Option<PositionDraft>> = RwSignal::new(None);
    // what was typed is of the legs and the prices of before
    let pair = memo(move |_| desk.settings.with(|settings| settings.pair.clone()));
    let is_live = memo(move |_| moment.with(|moment| moment.tape.is_none()));
    effect(move || {
        pair.track();
        is_live.track();
        draft.set(None);
    });
    let has_position = memo(move |_| shown(desk, is_live.get()).with(Option::is_some));
    let kept = move || {
        desk.panels.position.with(|live| moment.with(|moment| words::live_is_kept(live.as_ref(), moment)))
    };
    let begin = move |_| {
        let typed = trade.with_untracked(|trade| trade.as_ref().map(PositionDraft::of).unwrap_or_default());
        draft.set(Some(typed));
    };
    view! {
        <GroupHead about=words::about::POSITION>{move || moment.with(words::heading)}</GroupHead>
        {move || kept().map(|kept| view! { <p class="note" data-line="live-position">{kept}</p> })}
        <Show when=move || has_position.get() fallback=move || view! {
            <Show
                when=move || draft.with(Option::is_some)
                fallback=move || view! {
                    <p class="note">{move || moment.with(words::invitation)}</p>
                    <button class="control" type="button" data-action="note-position" on:click=begin>
                        "Enter a position…"
                    </button>
                }
            >
                <PositionForm desk draft moment/>
            </Show>
        }>
            <Followed desk moment/>
        </Show>
    }
}

/// The position that belongs to the prices on the desk.
fn shown(desk: Desk, is_live: bool) -> RwSignal<Option<Position>> {
    if is_live { desk.panels.position } else { desk.panels.rehearsed }
}

/// Follows `position`, or none, at prices of the kind on the desk.
fn take(desk: Desk, moment: Memo<Moment>, position: Option<Position>) {
    if moment.with_untracked(|moment| moment.tape.is_none()) {
        follow(desk, position);
    } else {
        rehearse(desk, position);
    }
}

#[component]
fn PositionForm(desk: Desk, draft: RwSignal<Option<PositionDraft>>, moment: Memo<Moment>) -> impl IntoView {
    let error = RwSignal::new(String::new());
    let entered = NodeRef::<Input>::new();
    let zone = move || desk.look.zone.get().label();
    let labels = desk.settings.with_untracked(|settings| PositionDraft::labels(&settings.pair));
    let fields = PositionDraft::NAMES.into_iter().zip(labels).enumerate().map(|(place, (name, label))| {
        let id = format!("position-{name}");
        let value = move || {
            draft.with(|draft| draft.as_ref().map(|draft| draft.numbers[place].clone())).unwrap_or_default()
        };
        let write = move |text: String| {
            draft.update(|draft| {
                if let Some(draft) = draft {
                    draft.numbers[place] = text;
                }
            });
        };
        view! {
            <div class="field">
                <label for=id.clone()>{label}</label>
                <input
                    id=id type="text" inputmode="decimal" autocomplete="off" data-position=name
                    aria-describedby="position-error" prop:value=value
                    on:input:target=move |event| write(event.target().value())
                />
            </div>
        }
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let fee_bps = desk.panels.trade.get_untracked().fee_bps;
        let time = entered.get_untracked().and_then(|field| {
            let millis = field.value_as_number();
            #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, below 2^53")]
            millis.is_finite().then(|| UnixMillis((millis - desk.offset_millis(millis)) as i64))
        });
        let read = draft
            .get_untracked()
            .map(|typed| moment.with_untracked(|moment| typed.read(moment, fee_bps, time)));
        match read {
            Some(Ok(position)) => {
                draft.set(None);
                take(desk, moment, Some(position));
            }
            Some(Err(reason)) => error.set(reason),
            None => {}
        }
    };
    view! {
        <form class="trade-fields" aria-label="Enter a position" on:submit=submit>
            {fields.collect_view()}
            <div class="field">
                <label for="position-entered">{move || format!("Entered at, {}; empty for now", zone())}</label>
                <input
                    id="position-entered" type="datetime-local" step="1" data-position="entered"
                    aria-describedby="position-error" node_ref=entered
                />
            </div>
            <p class="field-error" id="position-error" data-error="position" role="alert">{error}</p>
            <div class="position-actions">
                <button class="control" type="submit" data-action="follow-position">"Follow"</button>
                <button class="quiet" type="button" on:click=move |_| draft.set(None)>"Cancel"</button>
            </div>
        </form>
    }
}

#[component]
fn Followed(desk: Desk, moment: Memo<Moment>) -> impl IntoView {
    let lines = memo(move |_| {
        let is_live = moment.with(|moment| moment.tape.is_none());
        let Some(position) = shown(desk, is_live).get() else { return Vec::new() };
        let entered = desk.clock(position.entered.0);
        moment.with(|moment| words::position_lines(&position, moment, entered))
    });
    let elsewhere = move || {
        let pair = desk.settings.with(|settings| settings.pair.clone());
        let is_live = moment.with(|moment| moment.tape.is_none());
        shown(desk, is_live).with(|position| {
            let own = &position.as_ref()?.pair;
            (*own != pair).then(|| format!("It is in {} / {}, which is not on the desk.", own.y, own.x))
        })
    };
    let save = move |_| {
        let is_live = moment.with_untracked(|moment| moment.tape.is_none());
        let Some(position) = shown(desk, is_live).get_untracked() else { return };
        let table = moment.with_untracked(|moment| words::csv(&position, moment));
        if let Err(reason) = download::save("spreadscope-position.csv", "text/csv", &[table]) {
            desk.notice(format!("The position was not saved: {reason}."));
        }
    };
    view! {
        <Lines lines class="trade-lines"/>
        <p class="note">{elsewhere}</p>
        <div class="position-actions">
            <button class="control" type="button" data-action="save-position" on:click=save>"Save as CSV"</button>
            <button class="quiet" type="button" data-action="forget-position" on:click=move |_| take(desk, moment, None)>
                "Stop following"
            </button>
        </div>
    }
}
