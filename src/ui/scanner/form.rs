//! The form of a scan.

use super::{Explained, use_state};
use crate::ui::reactive::memo;
use crate::view::numbers::format;
use crate::view::scanner::form::{BARS, Form, INTERVALS, MINUTES, QUOTES, Universe};
use crate::view::scanner::words;
use crate::view::settings::form as settings_form;
use leptos::prelude::*;
use spreadscope_engine::Interval;
use spreadscope_engine::scan::scanner::ScanCommand;

/// The form: markets, bars, and the button.
#[component]
pub fn ScanForm() -> impl IntoView {
    let state = use_state();
    let form = state.form;
    let universe = memo(move |_| form.with(|form| form.universe));
    let asks_exchange =
        move || !matches!(universe.get(), Universe::Imported | Universe::Stored | Universe::Favourites);
    let running = memo(move |_| state.board.with(super::Board::is_running));
    let cancelled =
        memo(move |_| state.board.with(|board| board.progress.cancelled && board.failed.is_none()));
    let cost = move || {
        form.with(|form| {
            let weight = form.weight().map_or_else(
                || "no requests where prices are here already".to_owned(),
                |weight| format!("request weight {weight} at most"),
            );
            format!("{} of each market; {weight}.", form.span())
        })
    };
    view! {
        <form
            class="scanner-form" aria-label="What to scan"
            on:submit=move |event| {
                event.prevent_default();
                state.begin();
            }
        >
            {choice("Markets", "universe", Universe::ALL.map(|known| (known.as_str(), known.label().to_owned())),
                move || universe.get().as_str(),
                move |form, text| form.universe = Universe::parse(text).unwrap_or(form.universe))}
            <Show when=asks_exchange>
                {choice("priced in", "quote", QUOTES.map(|quote| (quote, quote.to_owned())),
                    move || form.with(|form| form.quote),
                    move |form, text| form.quote = QUOTES.into_iter().find(|quote| *quote == text).unwrap_or(form.quote))}
            </Show>
            <Show when=move || universe.get() == Universe::List>
                <label class="field-inline scanner-list">
                    <span>"Coins"</span>
                    <input
                        type="text" data-field="list" placeholder="ADA, DOT, LINK" autocomplete="off" spellcheck="false"
                        prop:value=move || form.with(|form| form.list.clone())
                        on:input:target=move |event| form.update(|form| form.list = event.target().value())
                    />
                </label>
            </Show>
            {choice("Bars of", "interval", INTERVALS.map(|known| (known.as_str(), settings_form::interval_label(known).to_owned())),
                move || form.with(|form| form.interval.as_str()),
                move |form, text| form.interval = Interval::parse(text).unwrap_or(form.interval))}
            {choice("the last", "bars", BARS.map(|bars| (number(bars), format::count(bars as u64))),
                move || form.with(|form| number(form.bars)),
                move |form, text| form.bars = text.parse().unwrap_or(form.bars))}
            {choice("Scan again", "every", MINUTES.map(|minutes| (number(minutes as usize), every(minutes))),
                move || form.with(|form| number(form.every_minutes as usize)),
                move |form, text| form.every_minutes = text.parse().unwrap_or(form.every_minutes))}
            <label class="check">
                <input
                    type="checkbox" data-field="marked"
                    prop:checked=move || form.with(|form| form.with_marked)
                    on:change:target=move |event| form.update(|form| form.with_marked = event.target().checked())
                />
                "Stable, wrapped, leveraged too"
            </label>
            <Explained about=words::SCAN/>
            {move || if running.get() {
                view! {
                    <button class="control" type="button" data-action="cancel-scan" on:click=move |_| state.command(&ScanCommand::Cancel)>
                        "Cancel"
                    </button>
                }.into_any()
            } else {
                view! {
                    <button class="primary" type="submit" data-action="begin-scan">
                        {move || if cancelled.get() { "Start over" } else { "Scan" }}
                    </button>
                }.into_any()
            }}
            <Show when=move || cancelled.get()>
                <button class="control" type="button" data-action="resume-scan" on:click=move |_| state.command(&ScanCommand::Resume)>
                    "Resume"
                </button>
            </Show>
            <p class="note">{cost} " y is the first coin in alphabetical order; x explains it."</p>
            <p class="scanner-problem" role="alert">{state.problem}</p>
        </form>
    }
}

/// Returns one of the numbers on offer as text.
fn number(value: usize) -> &'static str {
    const WORDS: [(usize, &str); 10] = [
        (0, "0"),
        (5, "5"),
        (15, "15"),
        (60, "60"),
        (240, "240"),
        (250, "250"),
        (500, "500"),
        (1_000, "1000"),
        (2_000, "2000"),
        (5_000, "5000"),
    ];
    WORDS.into_iter().find(|(known, _)| *known == value).map_or("", |(_, word)| word)
}

fn every(minutes: u32) -> String {
    match minutes {
        0 => "never".to_owned(),
        60 => "every hour".to_owned(),
        minutes if minutes % 60 == 0 => format!("every {} h", minutes / 60),
        minutes => format!("every {minutes} min"),
    }
}

/// A select with a few options.
fn choice<const N: usize>(
    label: &'static str,
    name: &'static str,
    options: [(&'static str, String); N],
    chosen: impl Fn() -> &'static str + Copy + Send + Sync + 'static,
    choose: impl Fn(&mut Form, &str) + Copy + 'static,
) -> AnyView {
    let form = use_state().form;
    let options = options
        .into_iter()
        .map(|(value, label)| view! { <option value=value prop:selected=move || chosen() == value>{label}</option> })
        .collect_view();
    view! {
        <label class="field-inline">
            <span>{label}</span>
            <select
                data-field=name
                on:change:target=move |event| form.update(|form| choose(form, &event.target().value()))
            >
                {options}
            </select>
        </label>
    }
    .into_any()
}
