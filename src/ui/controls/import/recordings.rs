//! The recordings that are held: shown on the desk in pairs, or dropped.

use super::IMPORT_ID;
use crate::ui::address;
use crate::ui::reactive::effect;
use crate::ui::state::{Desk, use_desk};
use crate::view::files::import::{plan, words};
use crate::view::screen::share::Linked;
use crate::view::settings::named;
use crate::web::page;
use leptos::prelude::*;
use spreadscope_engine::transfer::ImportCommand;
use spreadscope_engine::transfer::recorded::Summary;
use spreadscope_engine::{Pair, Symbol};

/// The list of recordings and their buttons.
#[component]
pub fn Recordings() -> impl IntoView {
    let desk = use_desk();
    let held = desk.follow(|model| model.import.held.clone());
    let taken = desk.follow(|model| model.import.taken.clone());
    open_the_linked(desk, held);
    let rows = move || {
        let held = held.get();
        held.into_iter().map(|summary| view! { <Row summary/> }).collect_view()
    };
    view! {
        <section class="held" aria-label="Recordings">
            <h3>"Recordings"</h3>
            <Show when=move || held.with(Vec::is_empty)>
                <p class="note">"None yet. They are kept until you drop them."</p>
            </Show>
            <ul>{rows}</ul>
            {move || plan::first_pair(&held.get(), &taken.get()).map(|pair| view! { <Choice held=held.get() pair/> })}
        </section>
    }
}

/// Shows the recording of a link as soon as its files are here.
fn open_the_linked(desk: Desk, held: Memo<Vec<Summary>>) {
    effect(move || {
        let Some(Linked { settings, replay }) = desk.linked_recording.get() else { return };
        if let Some(settings) = held.with(|held| plan::linked(&settings, held)) {
            desk.linked_recording.set(None);
            desk.configure(settings);
            address::open_replay(desk, replay);
            desk.say("The recording of the link is shown.".to_owned());
        }
    });
}

#[component]
fn Row(summary: Summary) -> impl IntoView {
    let desk = use_desk();
    let symbol = summary.symbol.clone();
    let name = symbol.to_string();
    let label = format!("Drop the recording of {symbol}");
    view! {
        <li data-recording=name>
            <span>{words::held(&summary)}</span>
            <button
                class="quiet" type="button" aria-label=label
                on:click=move |_| desk.command_import(ImportCommand::Forget { symbol: symbol.clone() })
            >"×"</button>
        </li>
    }
}

#[component]
fn Choice(held: Vec<Summary>, pair: Pair) -> impl IntoView {
    let desk = use_desk();
    let pair = RwSignal::new(pair);
    let problem: RwSignal<Option<String>> = RwSignal::new(None);
    let symbols: Vec<Symbol> = held.iter().map(|summary| summary.symbol.clone()).collect();
    let show = move |_| {
        let pair = pair.get_untracked();
        let own = desk.settings.get_untracked();
        let (base, ignored) =
            desk.model.with_value(|model| named::as_in_file(own, &model.import.parameters, &pair));
        for notice in ignored {
            desk.notice(notice);
        }
        match plan::show(&base, &held, pair) {
            Ok(settings) => {
                problem.set(None);
                desk.configure(settings);
                page::hide_popover(IMPORT_ID);
            }
            Err(reason) => problem.set(Some(reason)),
        }
    };
    let y = leg_options(&symbols, move |symbol| pair.with(|pair| pair.y == *symbol));
    let x = leg_options(&symbols, move |symbol| pair.with(|pair| pair.x == *symbol));
    let set = move |text: String, place: fn(&mut Pair) -> &mut Symbol| {
        if let Ok(symbol) = Symbol::new(&text) {
            pair.update(|pair| *place(pair) = symbol);
        }
    };
    view! {
        <div class="import-options">
            <label class="field-inline">
                <span>"y"</span>
                <select data-control="recording-y" on:change:target=move |event| set(event.target().value(), |pair| &mut pair.y)>
                    {y}
                </select>
            </label>
            <label class="field-inline">
                <span>"x"</span>
                <select data-control="recording-x" on:change:target=move |event| set(event.target().value(), |pair| &mut pair.x)>
                    {x}
                </select>
            </label>
            <button class="primary" type="button" data-action="show-recording" on:click=show>"Show on the desk"</button>
        </div>
        <p class="problem" role="status">{problem}</p>
    }
}

fn leg_options<F>(symbols: &[Symbol], chosen: F) -> impl IntoView + use<F>
where
    F: Fn(&Symbol) -> bool + Copy + Send + 'static,
{
    let option = move |symbol: Symbol| {
        let name = symbol.to_string();
        let label = name.clone();
        view! { <option value=name prop:selected=move || chosen(&symbol)>{label}</option> }
    };
    symbols.iter().cloned().map(option).collect_view()
}
