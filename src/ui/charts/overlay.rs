//! The layer over a plot: the crosshair with its time, the span being chosen, and words.

use super::drawing::Drawing;
use super::gestures::Gestures;
use super::plot::crosshair_line;
use crate::ui::reactive::memo;
use leptos::prelude::*;

/// Returns the layer over the plot of `drawing`; it ignores the pointer.
pub(super) fn overlay(drawing: Drawing, gestures: Gestures) -> impl IntoView {
    let pixels = |length: f64| format!("{length}px");
    let crosshair = memo(move |_| drawing.crosshair());
    let choice = memo(move |_| gestures.choice());
    let message = memo(move |_| drawing.drawn.with(|drawn| drawn.message.clone()));
    view! {
        <div
            class="chart-choice"
            hidden=move || choice.get().is_none()
            style:left=move || choice.get().map(|(left, _)| pixels(left)).unwrap_or_default()
            style:width=move || choice.get().map(|(_, width)| pixels(width)).unwrap_or_default()
        ></div>
        {crosshair_line(crosshair)}
        <p class="chart-message" hidden=move || message.with(Option::is_none)>{message}</p>
    }
}
