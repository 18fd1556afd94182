//! The bar at the top: the pair, the bar interval, the refresh rate and the page's commands.

use crate::ui::controls::export::MENU_ID;
use crate::ui::controls::import::IMPORT_ID;
use crate::ui::controls::pair_picker::PICKER_ID;
use crate::ui::controls::settings::SETTINGS_ID;
use crate::ui::controls::theme::ThemeSelect;
use crate::ui::on_demand::{OnDemand, Popover};
use crate::ui::panels::feed::FeedPill;
use crate::ui::panels::help::HELP_ID;
use crate::ui::panels::watchlist::WatchButton;
use crate::ui::reactive::memo;
use crate::ui::state::use_desk;
use crate::ui::{parts, preferences};
use crate::view::replay::Playback;
use crate::view::screen::refresh::Refresh;
use crate::view::settings::form::interval_label;
use crate::web::page;
use leptos::prelude::*;
use spreadscope_engine::settings::Source;
use spreadscope_engine::{Interval, Settings};

/// The menu of what does not fit into a narrow bar.
const MORE_ID: &str = "bar-menu";

/// The controls that are always within reach.
#[component]
pub fn TopBar() -> impl IntoView {
    let desk = use_desk();
    let pair = memo(move |_| desk.settings.with(|settings| settings.pair.clone()));
    view! {
        <header class="top-bar">
            <h1 class="brand">
                <svg viewBox="0 0 16 16" aria-hidden="true">
                    <path d="M1 10 L5 4 L9 7 L15 2"/>
                    <path d="M1 14 L5 10 L9 12 L15 9"/>
                </svg>
                "Spreadscope"
            </h1>
            <button class="pair" type="button" popovertarget=PICKER_ID title="Change the pair">
                <span>{move || pair.with(|pair| pair.y.to_string())}</span>
                <span class="pair-join" aria-hidden="true">"/"</span>
                <span>{move || pair.with(|pair| pair.x.to_string())}</span>
            </button>
            <Popover id=PICKER_ID class="menu picker" label="Pair" part=parts::pair_picker/>
            <WatchButton/>
            <IntervalChoice/>
            <PauseButton/>
            <span class="grow"></span>
            <FeedPill/>
            <BackToLive/>
            <button class="control bar-more" type="button" popovertarget=MORE_ID aria-label="More">
                <span aria-hidden="true">"☰"</span>
            </button>
            <div class="bar-items" id=MORE_ID popover="auto" role="group" aria-label="More">
                <RefreshSelect/>
                <ThemeSelect/>
                {opener("export", MENU_ID, "Export")}
                {link("backtest", "#/backtest", "Backtest")}
                {link("scanner", "#/scanner", "Scan")}
                {link("inspect", "#/analytics/spread", "Inspect")}
                <button class="control" type="button" data-action="replay" on:click=move |_| {
                    page::hide_popover(MORE_ID);
                    desk.replay.playback.update(Playback::show);
                }>"Replay"</button>
                {opener("import", IMPORT_ID, "Import")}
                {opener("settings", SETTINGS_ID, "Settings")}
                {opener("help", HELP_ID, "Help")}
            </div>
            <Popover id=MENU_ID class="menu export" label="Export" part=parts::export/>
            <OnDemand part=parts::replay wanted=memo(move |_| desk.replay.playback.with(|replay| replay.is_shown))/>
        </header>
    }
}

/// The way back from a recording; a replay has its own.
#[component]
fn BackToLive() -> impl IntoView {
    let desk = use_desk();
    let shown = memo(move |_| {
        desk.settings.with(|settings| settings.source == Source::Recording)
            && !desk.replay.playback.with(|replay| replay.is_on)
    });
    view! {
        <Show when=move || shown.get()>
            <button class="control" type="button" data-action="back-to-live" on:click=move |_| preferences::back_to_live(desk)>
                "Back to live"
            </button>
        </Show>
    }
}

/// A link to another view of the page; it closes the menu that it may be in.
fn link(action: &'static str, href: &'static str, label: &'static str) -> AnyView {
    view! { <a class="control" href=href data-action=action on:click=|_| page::hide_popover(MORE_ID)>{label}</a> }
        .into_any()
}

/// A button that opens the popover `target` after closing the menu that it may be in.
fn opener(action: &'static str, target: &'static str, label: &'static str) -> AnyView {
    view! {
        <button
            class="control" type="button" popovertarget=target data-action=action
            on:click=|_| page::hide_popover(MORE_ID)
        >
            {label}
        </button>
    }
    .into_any()
}

#[component]
fn IntervalChoice() -> impl IntoView {
    let desk = use_desk();
    let choose = move |interval: Interval| {
        let settings = desk.settings.get_untracked();
        if settings.interval != interval {
            preferences::apply(desk, Settings { interval, ..settings });
        }
    };
    let button = move |interval: Interval| {
        let chosen = memo(move |_| desk.settings.with(|settings| settings.interval == interval));
        view! {
            <button
                type="button"
                aria-pressed=move || chosen.get().to_string()
                title=interval_label(interval)
                data-interval=interval.as_str()
                on:click=move |_| choose(interval)
            >
                {interval.as_str()}
            </button>
        }
    };
    let offered = memo(move |_| desk.settings.with(|settings| settings.source.intervals()));
    let choices = move || offered.get().iter().copied().map(button).collect_view();
    view! { <div class="segmented" role="group" aria-label="Bar interval">{choices}</div> }
}

#[component]
fn RefreshSelect() -> impl IntoView {
    let desk = use_desk();
    let choose = move |text: String| {
        if let Some(refresh) = Refresh::parse(&text) {
            desk.refresh.set(refresh);
            preferences::keep_refresh(desk, refresh);
        }
    };
    let options = Refresh::ALL
        .into_iter()
        .map(|refresh| {
            view! {
                <option value=refresh.as_str() prop:selected=move || desk.refresh.get() == refresh>
                    {refresh.label()}
                </option>
            }
        })
        .collect_view();
    view! {
        <label class="field-inline">
            <span>"Refresh"</span>
            <select data-control="refresh" aria-label="Refresh interval" on:change:target=move |event| choose(event.target().value())>
                {options}
            </select>
        </label>
    }
}

#[component]
fn PauseButton() -> impl IntoView {
    let desk = use_desk();
    view! {
        <button
            class="control pause"
            type="button"
            data-action="pause"
            aria-pressed=move || desk.paused.get().to_string()
            aria-label="Pause"
            title="Pause or go on: space bar"
            hidden=move || desk.replay.playback.with(|replay| replay.is_on)
            on:click=move |_| desk.paused.update(|paused| *paused = !*paused)
        >
            <span class="pause-mark" aria-hidden="true"></span>
            <span class="pause-word">{move || if desk.paused.get() { "Paused" } else { "Pause" }}</span>
        </button>
    }
}
