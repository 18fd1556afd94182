//! The span that all charts show: presets, the follow state, and the time under the crosshair.

use crate::ui::charts::arrange::ARRANGE_ID;
use crate::ui::on_demand::Popover;
use crate::ui::parts;
use crate::ui::preferences;
use crate::ui::reactive::{effect, memo};
use crate::ui::state::use_desk;
use crate::view::charts::range::{Beyond, Preset, TimeRange, presets};
use crate::view::screen::zone::Zone;
use leptos::prelude::*;
use spreadscope_engine::Command;
use spreadscope_engine::connection::Backfill;

/// Presets and the button back to the newest bar.
#[component]
pub fn RangeBar() -> impl IntoView {
    let desk = use_desk();
    let interval = memo(move |_| desk.settings.with(|settings| settings.interval));
    let following = move || matches!(desk.look.range.get(), TimeRange::Follow { .. });
    #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, below 2^53")]
    let cursor = move || desk.look.cursor.get().map(|time| desk.clock(time as i64));
    let beyond = desk.follow(move |model| desk.look.range.get().beyond(&model.series));
    // sent once per oldest row: if there are no older bars, it does not change
    effect(move || {
        if let Beyond::Older { .. } = beyond.get() {
            desk.send(Command::LoadOlder);
        }
    });
    let loading = desk.follow(|model| {
        model.live.as_ref().is_some_and(|live| matches!(live.feed.backfill, Backfill::Loading { .. }))
    });
    let news = memo(move |_| match beyond.get() {
        Beyond::Older { .. } if loading.get() => Some("Loading older bars…"),
        Beyond::Full => Some("No older bars at this interval: choose longer bars"),
        _ => None,
    });
    let gestures = "Drag to pan, wheel to zoom, shift-drag to pick a span, double click to follow";
    view! {
        <div class="range-bar" role="group" aria-label="Time range of all charts">
            {move || {
                presets(interval.get())
                    .map(|Preset { bars, label }| {
                        let wanted = TimeRange::Follow { bars };
                        view! {
                            <button
                                type="button"
                                class="range-preset"
                                data-range=bars.map_or("all".to_owned(), |bars| bars.to_string())
                                aria-pressed=move || (desk.look.range.get() == wanted).to_string()
                                on:click=move |_| desk.look.range.set(wanted)
                            >
                                {label}
                            </button>
                        }
                    })
                    .collect_view()
            }}
            <button
                type="button"
                class="range-follow"
                data-following=move || following().to_string()
                disabled=following
                on:click=move |_| desk.look.range.set(TimeRange::following(interval.get_untracked()))
            >
                {move || if following() { "Following" } else { "Back to newest" }}
            </button>
            <span class="range-cursor">{cursor}</span>
            <span class="range-hint" data-news=move || news.get().is_some().to_string()>
                {move || news.get().unwrap_or(gestures)}
            </span>
            <button
                type="button"
                data-action="zone"
                title="Time zone of the charts: UTC or yours"
                on:click=move |_| preferences::keep_zone(desk, other(desk.look.zone.get_untracked()))
            >
                {move || desk.look.zone.get().label()}
            </button>
            <button type="button" popovertarget=ARRANGE_ID data-action="arrange">"Arrange…"</button>
            <Popover id=ARRANGE_ID class="menu arrange" label="Charts and panels" part=parts::arrange/>
        </div>
    }
}

const fn other(zone: Zone) -> Zone {
    match zone {
        Zone::Utc => Zone::Local,
        Zone::Local => Zone::Utc,
    }
}
