//! The z thresholds as handles that can be dragged or moved with the arrow keys.

use super::drawing::Drawing;
use crate::ui::preferences;
use crate::ui::reactive::memo;
use crate::ui::state::Desk;
use crate::view::numbers::format;
use crate::view::settings::threshold;
use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::html::Div;
use leptos::prelude::*;
use spreadscope_engine::Settings;

/// Both handles; the thresholds are symmetric about zero.
pub(super) fn thresholds(desk: Desk, drawing: Drawing) -> AnyView {
    let dragged = RwSignal::new(None::<f64>);
    let value =
        memo(move |_| dragged.get().unwrap_or_else(|| desk.settings.with(|settings| settings.z_threshold)));
    let handle = |sign: f64| handle(desk, drawing, dragged, value, sign);
    view! { {handle(1.0)} {handle(-1.0)} }.into_any()
}

fn handle(
    desk: Desk,
    drawing: Drawing,
    dragged: RwSignal<Option<f64>>,
    value: Memo<f64>,
    sign: f64,
) -> AnyView {
    let element = NodeRef::<Div>::new();
    let label = if sign > 0.0 { "Upper z threshold" } else { "Lower z threshold" };
    // pixels from the top of the chart to a value, and back
    let top = move || {
        let (low, high) = drawing.drawn.with(|drawn| drawn.edges);
        let (top, height) = drawing.plot.down();
        let share = (high - sign * value.get()) / (high - low);
        (0.0..=1.0).contains(&share).then_some(top as f64 + share * height as f64)
    };
    let at_pointer = move |event: &PointerEvent| {
        let body = element.get_untracked()?.parent_element()?;
        let (low, high) = drawing.drawn.with_untracked(|drawn| drawn.edges);
        let (top, height) = untrack(|| drawing.plot.down());
        let pixels = f64::from(event.client_y()) - body.get_bounding_client_rect().top() - top as f64;
        Some(threshold::rounded(sign * (high - pixels / height.max(1) as f64 * (high - low))))
    };
    let apply = move |threshold: f64| {
        let settings = desk.settings.get_untracked();
        if settings.z_threshold != threshold {
            let z_hysteresis = threshold::hysteresis_below(settings.z_hysteresis, threshold);
            preferences::apply(desk, Settings { z_threshold: threshold, z_hysteresis, ..settings });
        }
    };
    let key = move |event: KeyboardEvent| {
        if let Some(threshold) = threshold::stepped(value.get_untracked(), sign, &event.key()) {
            event.prevent_default();
            event.stop_propagation();
            apply(threshold);
        }
    };
    let (least, most) = threshold::ENDS;
    let (lowest, highest) = if sign > 0.0 { (least, most) } else { (-most, -least) };
    let shown = move || format!("{} standard deviations", format::fixed(sign * value.get(), 2));
    view! {
        <div
            class="threshold"
            class:lower={sign < 0.0}
            node_ref=element
            role="slider"
            tabindex="0"
            aria-label=label
            aria-orientation="vertical"
            aria-valuemin=lowest
            aria-valuemax=highest
            aria-valuenow=move || sign * value.get()
            aria-valuetext=shown
            hidden=move || top().is_none()
            style:top=move || top().map(|top| format!("{top}px")).unwrap_or_default()
            on:pointerdown=move |event| {
                event.stop_propagation();
                event.prevent_default();
                if let Some(element) = element.get_untracked() {
                    // without capture the drag ends at the handle's edge
                    drop(element.set_pointer_capture(event.pointer_id()));
                    drop(element.focus());
                }
                dragged.set(Some(value.get_untracked()));
            }
            on:pointermove=move |event| {
                if dragged.with_untracked(Option::is_some) {
                    event.stop_propagation();
                    dragged.set(at_pointer(&event).or(dragged.get_untracked()));
                }
            }
            on:pointerup=move |event| {
                event.stop_propagation();
                if let Some(threshold) = dragged.get_untracked() {
                    dragged.set(None);
                    apply(threshold);
                }
            }
            on:pointercancel=move |_| dragged.set(None)
            on:keydown=key
        >
            <span>{move || format::signed(sign * value.get(), 1)}</span>
        </div>
    }
    .into_any()
}
