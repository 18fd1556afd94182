//! A part of the page whose code is fetched when it is first opened.

use crate::ui::parts::{Arrival, Lay};
use crate::ui::reactive::{effect, memo};
use leptos::context::Provider;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Whether the popover around a part is open; in the part's context.
#[derive(Debug, Clone, Copy)]
pub struct Opened {
    /// Whether it is open now.
    pub open: ReadSignal<bool>,
    /// How often it has been opened.
    pub count: ReadSignal<u32>,
}

/// The state of a part's code.
#[derive(Clone)]
enum Code {
    Away,
    Coming,
    Here(Lay),
    /// It could not be fetched.
    Lost,
}

/// A popover whose contents are fetched when it is first opened.
#[component]
pub fn Popover(
    /// For the buttons that open it.
    id: &'static str,
    /// Its classes.
    class: &'static str,
    /// Its accessible name.
    label: &'static str,
    /// Fetches the code.
    part: impl Fn() -> Arrival + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let (open, set_open) = signal(false);
    let (count, set_count) = signal(0);
    let toggled = move |_| {
        set_open.update(|open| *open = !*open);
        if open.get_untracked() {
            set_count.update(|count| *count += 1);
        }
    };
    view! {
        <div class=class id=id popover="auto" tabindex="-1" role="dialog" aria-label=label on:toggle=toggled>
            <Provider value=Opened { open, count }>
                <OnDemand part wanted=memo(move |_| open.get())/>
            </Provider>
        </div>
    }
}

/// A part, laid out once it is wanted and its code has arrived. Code that could not be fetched is requested
/// again when the part is wanted again.
#[component]
pub fn OnDemand(
    /// Fetches the code.
    part: impl Fn() -> Arrival + Copy + Send + Sync + 'static,
    /// Whether it is wanted.
    wanted: Memo<bool>,
) -> impl IntoView {
    let code = RwSignal::new(Code::Away);
    let fetch = move || {
        code.set(Code::Coming);
        // bound first: a part that is already here must not find the signal borrowed
        let arrival = part();
        spawn_local(async move { code.set(arrival.await.map_or(Code::Lost, Code::Here)) });
    };
    effect(move || {
        let missing = || code.with_untracked(|code| matches!(code, Code::Away | Code::Lost));
        if wanted.get() && missing() {
            fetch();
        }
    });
    move || match code.get() {
        Code::Away => ().into_any(),
        Code::Coming => view! { <p class="coming" role="status">"Loading…"</p> }.into_any(),
        Code::Here(lay) => lay(),
        Code::Lost => view! {
            <div class="coming" role="alert">
                <p>
                    "This part of the page could not be fetched. Check the network. If a newer version of \
                     the page has been published, reload it."
                </p>
                <button class="control" type="button" on:click=move |_| fetch()>"Try again"</button>
            </div>
        }
        .into_any(),
    }
}
