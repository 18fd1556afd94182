//! The form: presets, and every setting in its group.

use super::field;
use super::session::Session;
use crate::ui::reactive::memo;
use crate::view::backtest::choice::{Choice, can_be_changed};
use crate::view::backtest::fields::GROUPS;
use crate::view::backtest::presets::PRESETS;
use crate::view::backtest::sentence::{self, Answer};
use crate::web::page;
use leptos::prelude::*;
use spreadscope_engine::alert::{Quantity, RuleId};
use spreadscope_engine::backtest::settings::{Group, SETTINGS};

pub(super) fn form(session: Session) -> impl IntoView {
    let groups = GROUPS.map(|(group, title)| {
        let fields = SETTINGS
            .iter()
            .filter(|setting| setting.group == group && can_be_changed(setting))
            .map(|setting| field::field(session, setting))
            .collect_view();
        let is_open = !matches!(group, Group::Limits | Group::Analytics);
        view! {
            <details class="bt-group" open=is_open data-group=format!("{group:?}").to_ascii_lowercase()>
                <summary>{title}</summary>
                {(group == Group::Rules).then(|| enter_by(session))}
                {fields}
            </details>
        }
    });
    let forget = move |_| session.choice.update(Choice::forget_changes);
    view! {
        <form class="panel bt-form" aria-label="Rules" on:submit=|event| event.prevent_default()>
            {presets(session)}
            {groups.into_iter().collect_view()}
            <button
                class="quiet" type="button" data-action="as-on-desk"
                disabled=move || session.choice.with(Choice::is_as_on_desk) on:click=forget
            >"Undo all changes"</button>
            <p class="note">
                "The entry starts at the desk's z threshold, size, fee and slippage as in the Trade panel. Changes \
                 made here are marked and kept in the link; the desk stays as it is. Arithmetic on past data, not \
                 advice."
            </p>
            {answer_above(session)}
        </form>
    }
}

/// The answer in a line that leads up to it, where the form lies below everything else.
fn answer_above(session: Session) -> impl IntoView {
    let says = memo(move |_| {
        session.ran.with(|ran| match ran.as_ref().map(|ran| sentence::answer(ran)) {
            Some(Answer { word, break_even: Some(fee), .. }) => format!("{word}, break-even fee {fee}"),
            Some(answer) => answer.word.to_owned(),
            None => "No answer yet".to_owned(),
        })
    });
    view! {
        <button
            class="control bt-to-answer" type="button" data-action="to-answer"
            on:click=|_| page::reveal_whole(".bt-answer")
        >{says}" ↑"</button>
    }
}

fn presets(session: Session) -> impl IntoView {
    let buttons = PRESETS
        .iter()
        .map(|preset| {
            let choose = move |_| {
                let base = session.base.get_untracked();
                session.choice.update(|choice| *choice = preset.on(choice, &base));
            };
            let chosen = move || {
                let base = session.base.get();
                session.choice.with(|choice| preset.on(choice, &base) == *choice).to_string()
            };
            view! {
                <button
                    class="bt-preset" type="button" data-preset=preset.name title=preset.about
                    aria-pressed=chosen on:click=choose
                >{preset.name}</button>
            }
        })
        .collect_view();
    view! { <div class="bt-presets" role="group" aria-label="Presets">{buttons}</div> }
}

/// Entry by |z| alone, or by an alert rule on z with its hysteresis and dwell.
fn enter_by(session: Session) -> impl IntoView {
    let desk = session.desk;
    let rules = desk.follow(|model| {
        let on_z = model.rules.iter().filter(|rule| rule.quantity == Quantity::Z);
        on_z.map(|rule| (rule.id.0, rule.name.clone())).collect::<Vec<(u32, String)>>()
    });
    let options = move || {
        let chosen = session.choice.with(|choice| choice.enter_by);
        rules
            .get()
            .into_iter()
            .map(|(id, name)| {
                view! { <option value=id.to_string() prop:selected=chosen == Some(RuleId(id))>{format!("Alert rule: {name}")}</option> }
            })
            .collect_view()
    };
    let choose = move |text: String| {
        let id = text.parse().ok().map(RuleId);
        session.choice.update(|choice| choice.enter_by = id);
    };
    view! {
        <label class="bt-field bt-choice">
            <span class="bt-label">"Enters by"</span>
            <select data-control="enter-by" on:change:target=move |event| choose(event.target().value())>
                <option value="" prop:selected=move || session.choice.with(|choice| choice.enter_by.is_none())>"|z| at the entry"</option>
                {options}
            </select>
        </label>
        <p class="note" data-line="by-rule" hidden=move || session.choice.with(|choice| choice.enter_by.is_none())>
            "The rule decides when to enter; Entry |z| only arms it again after a stop."
        </p>
    }
}
