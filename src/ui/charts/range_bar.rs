//! The span that all charts show: presets, the state of following, and the time under the crosshair.

use crate::ui::state::use_desk;
use crate::view::format;
use crate::view::range::{self, PRESETS, TimeRange};
use leptos::prelude::*;

/// Presets and the way back to the newest bar.
#[component]
pub fn RangeBar() -> impl IntoView {
    let desk = use_desk();
    let interval = move || desk.settings.with(|settings| settings.interval.millis());
    let following = move || matches!(desk.range.get(), TimeRange::Follow { .. });
    #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, below 2^53")]
    let cursor = move || desk.cursor.get().map(|time| format!("{} UTC", format::clock(time as i64)));
    view! {
        <div class="range-bar" role="group" aria-label="Time range of all charts">
            {PRESETS
                .map(|preset| {
                    let wanted = TimeRange::Follow { bars: preset.bars };
                    view! {
                        <button
                            type="button"
                            class="range-preset"
                            data-range=preset.bars.map_or("all".to_owned(), |bars| bars.to_string())
                            aria-pressed=move || (desk.range.get() == wanted).to_string()
                            on:click=move |_| desk.range.set(wanted)
                        >
                            {move || range::label(preset, interval())}
                        </button>
                    }
                })
                .collect_view()}
            <button
                type="button"
                class="range-follow"
                data-following=move || following().to_string()
                disabled=following
                on:click=move |_| desk.range.set(TimeRange::default())
            >
                {move || if following() { "Following" } else { "Back to newest" }}
            </button>
            <span class="range-cursor">{cursor}</span>
            <span class="range-hint">"Drag to pan, wheel to zoom, double click to follow"</span>
        </div>
    }
}
