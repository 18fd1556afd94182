//! The alerts so far.

use crate::ui::alerts::drawer::RULES_ID;
use crate::ui::panels::explain::Explain;
use crate::ui::preferences;
use crate::ui::reactive::memo;
use crate::ui::state::{Desk, use_desk};
use crate::view::alert::{log, quantity, words};
use crate::view::charts::range::TimeRange;
use crate::view::numbers::calendar;
use crate::view::numbers::format;
use crate::view::numbers::words::Topic;
use crate::view::screen::route::Route;
use crate::web::clock;
use leptos::prelude::*;
use spreadscope_engine::Settings;
use spreadscope_engine::alert::{Alert, Occasion};

/// Number of alerts that the panel lists; the export has all of them.
const LISTED: usize = 100;

/// The list of alerts, newest first.
#[component]
pub fn AlertsPanel() -> impl IntoView {
    let desk = use_desk();
    let count = desk.follow(|model| model.alerts.len());
    let fired =
        desk.follow(|model| model.alerts.iter().filter(|alert| alert.occasion == Occasion::Fired).count());
    // a day that is over dates the alerts made on it
    let today = desk.follow(|_| calendar::day_start(clock::now().0));
    let unlisted = move || {
        log::unlisted(count.get(), LISTED)
            .map(|words| view! { <p class="note" data-line="unlisted">{words}</p> })
    };
    let listed = desk.follow(|model| model.alerts.iter().take(LISTED).cloned().collect::<Vec<Alert>>());
    view! {
        <section class="panel alerts" aria-label="Alerts">
            <header class="panel-head">
                <h2>"Alerts"</h2>
                <span class="count" data-alerts=count>{fired}</span>
                <Explain topic=Topic::Alerts/>
                <span class="grow"></span>
                <button class="quiet" type="button" popovertarget=RULES_ID data-action="rules">"Rules…"</button>
            </header>
            <Show
                when=move || { count.get() > 0 }
                fallback=move || view! { <p class="empty">{move || empty_text(desk.settings.get().z_threshold)}</p> }
            >
                <div class="alert-row alert-heads" aria-hidden="true">
                    <span>"UTC"</span>
                    <span></span>
                    <span>"Value"</span>
                    <span>"Limit"</span>
                </div>
                <ol class="alert-list" tabindex="0" aria-label="Alerts, newest first">
                    <For each=move || listed.get() key=|alert| (alert.time, alert.rule, alert.direction as u8, alert.occasion as u8) let:alert>
                        <AlertLine alert today/>
                    </For>
                </ol>
                {unlisted}
            </Show>
        </section>
    }
}

fn empty_text(threshold: f64) -> String {
    format!("None yet. One appears when a rule fires: the first is z at or beyond ±{threshold}.")
}

/// Shows the pair, the bars and the moment of `alert` on the charts.
pub fn go_to(desk: Desk, alert: &Alert) {
    let settings = desk.settings.get_untracked();
    if settings.pair != alert.pair || settings.interval != alert.interval {
        let (pair, interval) = (alert.pair.clone(), alert.interval);
        preferences::apply(desk, Settings { pair, interval, ..settings });
    }
    desk.route.set(Route::Desk);
    desk.look.range.set(TimeRange::around(alert.open_time.as_f64(), alert.interval));
}

#[component]
fn AlertLine(
    alert: Alert,
    /// When the present day began.
    today: Memo<i64>,
) -> impl IntoView {
    let Alert { time, direction, quantity, value, threshold, .. } = alert;
    let way = words::direction(direction);
    let told = alert.clone();
    let sentence = memo(move |_| words::alert(&told, today.get()));
    let name = quantity::name(quantity, &alert.pair);
    let value = value
        .map_or_else(|| format::ABSENT.to_owned(), |value| quantity::value(quantity, value, &alert.pair));
    let limit = quantity::limit(quantity, threshold, &alert.pair);
    let moment = move || calendar::dated(time.0, today.get());
    let label = move || format!("{}: show on the charts: {}", moment(), sentence.get());
    let desk = use_desk();
    let whose = words::whose(&alert);
    let rule = alert.rule.to_string();
    let z = alert.snapshot.z.map(|z| z.to_string());
    let mark = match alert.occasion {
        Occasion::Test => "Test: ",
        Occasion::Fired => "",
    };
    view! {
        <li
            class="alert-row"
            data-alert=""
            data-time=time.0.to_string()
            data-rule=rule
            data-occasion=if mark.is_empty() { "fired" } else { "test" }
            data-z=z
            data-direction=way
            title=move || sentence.get()
        >
            <button class="quiet" type="button" aria-label=label on:click=move |_| go_to(desk, &alert)>
                <time datetime=calendar::iso(time.0)>{moment}</time>
            </button>
            <span class="arrow">
                <span aria-hidden="true">{words::arrow(direction)}</span>
                <span class="visually-hidden">{way}</span>
            </span>
            <span class="alert-z">{name} " " {value}</span>
            <span>{limit}</span>
            <span class="alert-name">{mark}{whose}</span>
        </li>
    }
}
