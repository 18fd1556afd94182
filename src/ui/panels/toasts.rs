//! Alerts as they happen, over the screen and aloud.

use crate::ui::panels::alerts::{arrow, word};
use crate::ui::state::{Toast, use_desk};
use crate::view::format;
use leptos::prelude::*;
use spreadscope_engine::event::{Alert, Direction};
use std::time::Duration;

/// How long an alert stays over the screen; it stays in the list for good.
const SHOWN_FOR: Duration = Duration::from_secs(8);

/// The region in which alerts appear. It is there from the start, or readers would not speak it.
#[component]
pub fn Toasts() -> impl IntoView {
    let desk = use_desk();
    view! {
        <div class="toasts" role="alert" aria-live="assertive">
            <For each=move || desk.toasts.get() key=|toast| toast.id let:toast>
                <ToastBox toast/>
            </For>
        </div>
    }
}

#[component]
fn ToastBox(toast: Toast) -> impl IntoView {
    let desk = use_desk();
    let Toast { id, alert } = toast;
    let dismiss = move || desk.toasts.update(|toasts| toasts.retain(|toast| toast.id != id));
    set_timeout(dismiss, SHOWN_FOR);
    let direction = alert.direction;
    view! {
        <div class="toast" data-direction=word(direction)>
            <span class="arrow" aria-hidden="true">{arrow(direction)}</span>
            <p>{sentence(&alert)}</p>
            <button class="quiet" type="button" aria-label="Dismiss" on:click=move |_| dismiss()>"×"</button>
        </div>
    }
}

fn sentence(alert: &Alert) -> String {
    let Alert { time, direction, z, threshold, .. } = alert;
    let (way, limit) = match direction {
        Direction::Above => ("rose through", *threshold),
        Direction::Below => ("fell through", -threshold),
    };
    format!("z {} {way} {} at {}", format::signed(*z, 2), format::signed(limit, 1), format::clock(time.0))
}
