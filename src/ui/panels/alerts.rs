//! The alerts so far.

use crate::ui::panels::explain::Explain;
use crate::ui::state::use_desk;
use crate::view::format;
use crate::view::words::Topic;
use leptos::prelude::*;
use spreadscope_engine::event::{Alert, Direction};

/// Alerts that the panel lists; all of them are in the export.
const LISTED: usize = 100;

/// The list of alerts, newest first.
#[component]
pub fn AlertsPanel() -> impl IntoView {
    let desk = use_desk();
    let count = desk.follow(|model| model.alerts.len());
    let listed = desk.follow(|model| model.alerts.iter().take(LISTED).cloned().collect::<Vec<Alert>>());
    view! {
        <section class="panel alerts" aria-label="Alerts">
            <header class="panel-head">
                <h2>"Alerts"</h2>
                <span class="count" data-alerts=count>{count}</span>
                <Explain topic=Topic::Alerts/>
            </header>
            <Show
                when=move || { count.get() > 0 }
                fallback=move || view! { <p class="empty">{move || empty_text(desk.settings.get().z_threshold)}</p> }
            >
                <div class="alert-row alert-heads" aria-hidden="true">
                    <span>"UTC"</span>
                    <span></span>
                    <span>"z"</span>
                    <span>"Limit"</span>
                    <span>"Spread"</span>
                </div>
                <ol class="alert-list" tabindex="0" aria-label="Alerts, newest first">
                    <For each=move || listed.get() key=|alert| (alert.time, alert.open_time) let:alert>
                        <AlertLine alert/>
                    </For>
                </ol>
            </Show>
        </section>
    }
}

fn empty_text(threshold: f64) -> String {
    format!("None yet. One appears when z closes a bar beyond ±{threshold}.")
}

/// The direction as a shape.
pub fn arrow(direction: Direction) -> &'static str {
    match direction {
        Direction::Above => "▲",
        Direction::Below => "▼",
    }
}

/// The direction in a word.
pub fn word(direction: Direction) -> &'static str {
    match direction {
        Direction::Above => "above",
        Direction::Below => "below",
    }
}

#[component]
fn AlertLine(alert: Alert) -> impl IntoView {
    let Alert { time, direction, z, threshold, spread, .. } = alert;
    let sign = if direction == Direction::Above { 1.0 } else { -1.0 };
    view! {
        <li
            class="alert-row"
            data-alert=""
            data-time=time.0.to_string()
            data-z=z.to_string()
            data-direction=word(direction)
        >
            <time datetime=format::iso(time.0) title=format::iso(time.0)>{format::clock(time.0)}</time>
            <span class="arrow" title=word(direction)>
                <span aria-hidden="true">{arrow(direction)}</span>
                <span class="visually-hidden">{word(direction)}</span>
            </span>
            <span class="alert-z">{format::signed(z, 2)}</span>
            <span>{format::signed(sign * threshold, 1)}</span>
            <span>{format::signed(spread, format::decimals_for(spread, 5).min(4))}</span>
        </li>
    }
}
