//! The value axis as a handle: dragging it up or down stretches the axis about its middle.

use super::drawing::Drawing;
use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::html::Div;
use leptos::prelude::*;

/// Pixels of a drag that stretch the axis by a factor of e.
const PIXELS: f64 = 100.0;
/// Stretch factor of a key.
const STEP: f64 = 1.25;

/// A drag: where it began, and the ends of the axis then.
#[derive(Clone, Copy)]
struct Begun {
    y: f64,
    ends: (f64, f64),
}

/// The handle over the labels at the left.
pub(super) fn value_axis(drawing: Drawing) -> AnyView {
    let element = NodeRef::<Div>::new();
    let begun = StoredValue::new(None::<Begun>);
    let begin = move |event: PointerEvent| {
        event.stop_propagation();
        if let Some(element) = element.get_untracked() {
            // without capture the drag ends at the edge of the axis
            drop(element.set_pointer_capture(event.pointer_id()));
        }
        let ends = drawing.drawn.with_untracked(|drawn| drawn.edges);
        begun.set_value(Some(Begun { y: f64::from(event.client_y()), ends }));
    };
    let go_on = move |event: PointerEvent| {
        if let Some(Begun { y, ends }) = begun.get_value() {
            event.stop_propagation();
            drawing.stretch(ends, ((f64::from(event.client_y()) - y) / PIXELS).exp());
        }
    };
    view! {
        <div
            class="value-axis"
            node_ref=element
            aria-hidden="true"
            title="Drag up or down to stretch; double-click to fit"
            style:width=move || format!("{}px", drawing.plot.across().0)
            on:pointerdown=begin
            on:pointermove=go_on
            on:pointerup=move |_| begun.set_value(None)
            on:pointercancel=move |_| begun.set_value(None)
            on:dblclick=move |event| {
                event.stop_propagation();
                drawing.values.set(None);
            }
        ></div>
    }
    .into_any()
}

/// Stretches the axis with shift and an up or down arrow; returns whether the event was one of these.
pub(super) fn stretch_by_key(drawing: Drawing, event: &KeyboardEvent) -> bool {
    let times = match event.key().as_str() {
        "ArrowUp" if event.shift_key() => 1.0 / STEP,
        "ArrowDown" if event.shift_key() => STEP,
        _ => return false,
    };
    event.prevent_default();
    drawing.stretch(drawing.drawn.with_untracked(|drawn| drawn.edges), times);
    true
}
