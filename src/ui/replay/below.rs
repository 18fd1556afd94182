//! The second line of a running replay: what it is doing, what must be known of its span, and its hash. Each has its
//! place whether it is there or not, so that nothing on the page moves as it comes and goes.

use super::control;
use crate::ui::address;
use crate::ui::reactive::memo;
use crate::ui::state::Desk;
use crate::view::replay::transport::{self, Going};
use leptos::prelude::*;
use spreadscope_engine::replay::{ReplayCommand, State};
use spreadscope_engine::settings::HedgeKind;

/// The line below the buttons; `awaited` is what is said while another span is on its way.
#[component]
pub fn Below(
    desk: Desk,
    state: Memo<Option<State>>,
    awaited: impl Fn() -> Option<AnyView> + Copy + Send + 'static,
) -> impl IntoView {
    view! {
        <div class="transport-below">
            <p class="transport-words count" data-longest=transport::longest()>
                <span>{move || awaited().unwrap_or_else(|| doing(desk, state))}</span>
            </p>
            {marks(desk, state)}
            <HashButton desk state/>
        </div>
    }
}

/// The way to another place, with its progress; or that the replay is not within its span.
fn doing(desk: Desk, state: Memo<Option<State>>) -> AnyView {
    let going =
        memo(move |_| state.with(|state| transport::going(state.as_ref()?, |millis| desk.clock(millis))));
    let percent = memo(move |_| going.with(|going| going.as_ref().map(|going| going.percent)));
    let is_going = memo(move |_| going.with(Option::is_some));
    let words = move || going.with(|going| going.as_ref().map(|Going { words, .. }| words.clone()));
    let going = move || {
        is_going.get().then(|| {
            view! {
                <progress max="100" aria-label="The way to the place" prop:value=move || percent.get().unwrap_or(0).to_string()></progress>
                " "
                <span data-going="">{words}</span>
            }
        })
    };
    let outside = memo(move |_| state.with(|state| transport::outside(state.as_ref()?)));
    let outside = move || outside.get().map(|word| view! { <span data-outside="">{word}</span> });
    let unlisted = memo(move |_| state.with(|state| transport::unlisted(state.as_ref()?)));
    let unlisted = move || unlisted.get().map(|word| view! { " " <span data-unlisted="">{word}</span> });
    (going, outside, unlisted).into_any()
}

/// What must be known of this span to read its numbers.
fn marks(desk: Desk, state: Memo<Option<State>>) -> AnyView {
    let final_data = move || {
        state.with(|state| state.as_ref().is_some_and(|state| state.is_final_data)).then(|| {
            view! {
                <span class="mark" title="When the bars of this span became known was not recorded, as with files and REST. Each is shown from its close, in its final form.">
                    "final data"
                </span>
            }
        })
    };
    let cut = memo(move |_| state.with(|state| state.as_ref().is_some_and(|state| state.is_cut)));
    let cut = move || {
        cut.get().then(|| {
            view! {
                <span class="mark" data-cut="" title="The span that was asked for begins earlier, but the desk has no bars of both markets from before this one's start.">
                    "begins at the first bar held"
                </span>
            }
        })
    };
    let remembers = memo(move |_| desk.settings.with(|settings| settings.hedge_model == HedgeKind::Kalman));
    let memory = move || {
        remembers.get().then(|| {
            view! {
                <span class="mark" title="The Kalman filter forgets nothing since its start. Here it starts with the first bar that is held; a live run that began earlier had another ratio.">
                    "from the first bar held"
                </span>
            }
        })
    };
    let trades = Memo::new(move |_| {
        state.with(|state| transport::trades_known(state.as_ref()?, |millis| desk.clock(millis)))
    });
    let trades = move || {
        trades.get().map(|words| {
            view! {
                <span class="mark" data-trades="" title="Between the closes of bars the live numbers move with single trades. Trades are held for some minutes, or stored for the hours chosen in Settings.">
                    {words}
                </span>
            }
        })
    };
    (cut, final_data, memory, trades).into_any()
}

/// The hash of the state, on demand, to compare two runs.
#[component]
fn HashButton(desk: Desk, state: Memo<Option<State>>) -> impl IntoView {
    let hash = memo(move |_| {
        state.with(|state| state.as_ref().and_then(|state| state.hash).map(|hash| format!("{hash:016x}")))
    });
    let shown = move || {
        match hash.get() {
        Some(hash) => {
            let copied = hash.clone();
            view! {
                <span>
                    <code data-hash=hash.clone()>{hash.clone()}</code>
                    <button class="quiet" type="button" data-action="replay-copy" on:click=move |_| address::copy(desk, "The hash", copied.clone())>
                        "Copy"
                    </button>
                </span>
            }
            .into_any()
        }
        None => view! {
            <button
                class="quiet" type="button" data-action="replay-hash"
                title="One hash of all rows, tests, alerts and rules up to here: the same at every speed and after any scrub"
                on:click=move |_| control(desk, ReplayCommand::Hash)
            >"Hash"</button>
        }
        .into_any(),
    }
    };
    view! { <span class="transport-hash">{shown}</span> }
}
