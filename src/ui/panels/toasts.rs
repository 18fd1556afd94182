//! Alerts as they happen, over the screen and aloud.

use crate::ui::alerts::announcer::use_announcer;
use crate::ui::panels::alerts::go_to;
use crate::ui::state::{Toast, use_desk};
use crate::view::alert::words;
use crate::web::page;
use leptos::prelude::*;
use std::time::Duration;

const TOASTS_ID: &str = "toasts";

/// How long an alert stays over the screen; it stays in the list for good.
const SHOWN_FOR: Duration = Duration::from_secs(8);

/// The region in which alerts appear. It is there from the start, or readers would not speak it.
#[component]
pub fn Toasts() -> impl IntoView {
    let desk = use_desk();
    // over drawers and explanations too, which the browser lays over the page in the order in which they open
    let raise = move || page::raise(TOASTS_ID);
    Effect::new(move |before: Option<()>| {
        let is_empty = desk.toasts.with(Vec::is_empty);
        if before.is_none() || !is_empty {
            raise();
        }
    });
    page::on_popover(TOASTS_ID, move || {
        if !desk.toasts.with_untracked(Vec::is_empty) {
            raise();
        }
    });
    view! {
        <div class="toasts" id=TOASTS_ID popover="manual" role="alert" aria-live="assertive">
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
    // what nobody could see stays until somebody can
    let hidden = use_announcer().hidden;
    Effect::new(move |timer: Option<Option<TimeoutHandle>>| match timer.flatten() {
        None if !hidden.get() => set_timeout_with_handle(dismiss, SHOWN_FOR).ok(),
        timer => timer,
    });
    let direction = alert.direction;
    let shown = alert.clone();
    view! {
        <div class="toast" data-direction=words::direction(direction) data-time=alert.time.0.to_string()>
            <span class="arrow" aria-hidden="true">{words::arrow(direction)}</span>
            <button class="toast-text" type="button" title="Show it on the charts" on:click=move |_| { go_to(desk, &shown); dismiss(); }>
                <strong>{words::whose(&alert)}</strong> ": " {words::alert(&alert)}
            </button>
            <button class="quiet" type="button" aria-label="Dismiss" on:click=move |_| dismiss()>"×"</button>
        </div>
    }
}
