//! Alerts as they happen: toasts that screen readers speak.

use crate::ui::alerts::announcer::use_announcer;
use crate::ui::panels::alerts::go_to;
use crate::ui::state::{Toast, use_desk};
use crate::view::alert::words;
use crate::web::{clock, page};
use leptos::prelude::*;
use std::time::Duration;

const TOASTS_ID: &str = "toasts";

/// How long a toast is shown; the alert stays in the list.
const SHOWN_FOR: Duration = Duration::from_secs(8);

/// The region in which toasts appear. It exists from the start, or screen readers would not announce it.
#[component]
pub fn Toasts() -> impl IntoView {
    let desk = use_desk();
    // also above drawers and explanations, which the browser stacks in the order in which they open
    let raise = move || page::raise(TOASTS_ID);
    Effect::new(move |before: Option<()>| {
        let is_empty = desk.notes.toasts.with(Vec::is_empty);
        if before.is_none() || !is_empty {
            raise();
        }
    });
    page::on_popover(TOASTS_ID, move || {
        if !desk.notes.toasts.with_untracked(Vec::is_empty) {
            raise();
        }
    });
    view! {
        <div class="toasts" id=TOASTS_ID popover="manual" role="alert" aria-live="assertive">
            <For each=move || desk.notes.toasts.get() key=|toast| toast.id let:toast>
                <ToastBox toast/>
            </For>
        </div>
    }
}

#[component]
fn ToastBox(toast: Toast) -> impl IntoView {
    let desk = use_desk();
    let Toast { id, alert } = toast;
    let dismiss = move || desk.notes.toasts.update(|toasts| toasts.retain(|toast| toast.id != id));
    // a toast that nobody could see stays until the page is visible
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
                <strong>{words::whose(&alert)}</strong> ": " {words::alert(&alert, clock::now().0)}
            </button>
            <button class="quiet" type="button" aria-label="Dismiss" on:click=move |_| dismiss()>"×"</button>
        </div>
    }
}
