//! The transport of a replay, fetched when one is wanted.

pub mod below;
mod following;
pub mod span;

use crate::ui::reactive::{effect, memo};
use crate::ui::state::{Desk, use_desk};
use crate::view::charts::range::TimeRange;
use crate::view::numbers::format;
use crate::view::replay::{Playback, transport};
use below::Below;
use leptos::ev;
use leptos::prelude::*;
use span::SpanSelect;
use spreadscope_engine::messages::protocol::{decode, encode};
use spreadscope_engine::replay::{ReplayCommand, State, speeds};
use spreadscope_engine::{Command, UnixMillis};

/// Elements that take text, and others in which the space bar has its own meaning.
const TAKES_TEXT: [&str; 3] = ["INPUT", "SELECT", "TEXTAREA"];
const TAKES_SPACE: [&str; 4] = ["BUTTON", "SUMMARY", "A", "OL"];

fn control(desk: Desk, command: ReplayCommand) {
    desk.send(Command::Replay(encode(&command)));
}

/// The transport while it is shown: the choice of a span, or the controls of a running replay.
#[component]
pub fn TransportBar() -> impl IntoView {
    let desk = use_desk();
    let state = memo(move |_| {
        desk.replay
            .playback
            .with(|replay| replay.is_on.then(|| decode::<State>(&replay.state).ok()).flatten())
    });
    let is_on = memo(move |_| state.with(Option::is_some));
    let is_shown = memo(move |_| desk.replay.playback.with(|replay| replay.is_shown));
    open_a_link(desk);
    following::follow_badge(desk, is_on);
    following::follow_place(desk, state);
    following::bring_live_alerts(state);
    following::tell_of_the_present(desk);
    listen(desk, state);
    let refusal = move || {
        let refusal = desk.replay.playback.with(|replay| replay.refusal.clone());
        (!refusal.is_empty())
            .then(|| view! { <p class="note" role="alert" data-refusal="">"No replay: " {refusal} "."</p> })
    };
    let bars = desk.derive(|model| model.series.len());
    let bars = move || format::count(bars.get() as u64);
    let is_awaited = memo(move |_| desk.replay.playback.with(|replay| replay.is_awaited));
    let awaited = move || {
        is_awaited.get().then(|| {
            view! {
                <span role="status">"Loading the span…"</span>
                " "
                {bars}
                " bars so far"
            }
            .into_any()
        })
    };
    let cancel = move |_| {
        // that of a link is no longer wanted either
        desk.replay.place.set(None);
        control(desk, ReplayCommand::GoLive);
    };
    let hide = move |_| {
        desk.replay.place.set(None);
        desk.replay.playback.update(Playback::show);
    };
    move || {
        is_shown.get().then(|| {
            view! {
                <section class="transport" aria-label="Replay" data-replay=move || if is_on.get() { "on" } else { "off" }>
                    <SpanSelect desk is_on/>
                    {move || if is_on.get() {
                        (hands(desk, state), view! { <Below desk state awaited/> }).into_any()
                    } else {
                        view! {
                            {move || awaited().map(|words| view! { <span class="count">{words}</span> })}
                            <p class="note">"Plays a span of the past through the same statistics, tests and alerts. The live feed goes on."</p>
                            {move || if is_awaited.get() {
                                view! { <button class="control" type="button" data-action="replay-cancel" on:click=cancel>"Cancel"</button> }.into_any()
                            } else {
                                view! { <button class="control" type="button" data-action="replay-hide" on:click=hide>"Close"</button> }.into_any()
                            }}
                        }
                        .into_any()
                    }}
                    {refusal}
                </section>
            }
        })
    }
}

/// The buttons, the slider and the marks of a running replay.
fn hands(desk: Desk, state: Memo<Option<State>>) -> AnyView {
    let of = move |read: fn(&State) -> String| {
        move || state.with(|state| state.as_ref().map(read).unwrap_or_default())
    };
    let is_playing = memo(move |_| state.with(|state| state.as_ref().is_some_and(|state| state.is_playing)));
    let can_pause = memo(move |_| state.with(|state| state.as_ref().is_some_and(transport::can_pause)));
    let toggle = move |_| {
        if let Some(state) = state.get_untracked() {
            control(desk, transport::play_or_pause(&state));
        }
    };
    let button = move |name: &'static str,
                       label: &'static str,
                       sign: &'static str,
                       command: ReplayCommand| {
        view! {
            <button class="control" type="button" data-action=name aria-label=label title=label on:click=move |_| control(desk, command)>
                {sign}
            </button>
        }
    };
    let speed = memo(move |_| state.with(|state| state.as_ref().map_or(1, |state| state.speed)));
    let interval = memo(move |_| state.with(|state| state.as_ref().map(|state| state.interval)));
    let choices = move || {
        let shown = |choice: u32| {
            let words = format!("{}×", format::count(choice.into()));
            view! { <option value=choice prop:selected=move || speed.get() == choice>{words}</option> }
        };
        speeds(interval.get().unwrap_or_default()).map(shown).collect_view()
    };
    let choose_speed = move |text: String| {
        if let Ok(speed) = text.parse() {
            control(desk, ReplayCommand::Speed(speed));
        }
    };
    view! {
        <button class="control transport-play" type="button" data-action="replay-play" aria-pressed=move || is_playing.get().to_string() title="Play or pause: space bar" on:click=toggle>
            {move || if can_pause.get() { "Pause" } else { "Play" }}
        </button>
        {button("replay-back", "One bar back", "‹", ReplayCommand::Step(-1))}
        {button("replay-step", "One bar forward", "›", ReplayCommand::Step(1))}
        <select data-control="replay-speed" aria-label="Speed" on:change:target=move |event| choose_speed(event.target().value())>
            {choices}
        </select>
        <Slider desk state/>
        <output class="transport-at" data-at=of(|state| state.at.0.to_string())>
            {move || state.with(|state| state.as_ref().map(|state| desk.clock(state.at.0)))}
        </output>
        {button("replay-alert", "To the next alert", "Next alert", ReplayCommand::NextAlert)}
        <span class="count transport-alerts" data-alerts=of(|state| state.alerts.to_string())>
            {of(transport::alerts)}
        </span>
        <label class="check" title="Replayed alerts make toasts, sounds and notifications as live ones do">
            <input
                type="checkbox" data-control="replay-calls"
                prop:checked=move || desk.replay.playback.with(|replay| replay.calls)
                on:change:target=move |event| {
                    let calls = event.target().checked();
                    desk.replay.playback.update(|replay| replay.calls = calls);
                }
            />
            "Notify"
        </label>
        <span class="visually-hidden" role="status">"Replay " {of(|state| transport::doing(state).to_owned())}</span>
        <button class="primary" type="button" data-action="replay-live" on:click=move |_| control(desk, ReplayCommand::GoLive)>"Go live"</button>
    }
    .into_any()
}

/// The place in the span; while the user drags it, it stays where it is put.
#[component]
fn Slider(desk: Desk, state: Memo<Option<State>>) -> impl IntoView {
    let held = RwSignal::new(None::<i64>);
    let is_pressed = StoredValue::new(false);
    let read = move |read: fn(&State) -> i64| state.with(|state| state.as_ref().map_or(0, read));
    let step = memo(move |_| desk.settings.with(|settings| settings.interval.millis()));
    let at = move || held.get().unwrap_or_else(|| read(|state| state.at.0));
    effect(move || {
        let arrived = state.with(|state| state.as_ref().is_some_and(|state| state.seeking.is_none()));
        if arrived && !is_pressed.get_value() {
            held.set(None);
        }
    });
    let scrub = move |text: String| {
        #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 are far below 2^53")]
        if let Ok(millis) = text.parse::<f64>() {
            is_pressed.set_value(true);
            held.set(Some(millis as i64));
            control(desk, ReplayCommand::Seek(UnixMillis(millis as i64)));
        }
    };
    view! {
        <input
            class="transport-slider" type="range" aria-label="Time in the span" data-control="replay-at"
            min=move || read(|state| state.from.0).to_string() max=move || read(|state| state.to.0).to_string() step=move || step.get().to_string()
            prop:value=move || at().to_string()
            aria-valuetext=move || desk.clock(at())
            on:input:target=move |event| scrub(event.target().value())
            on:change=move |_| is_pressed.set_value(false)
        />
    }
}

/// Opens the replay of a link, now and whenever another link is followed.
fn open_a_link(desk: Desk) {
    let waits = memo(move |_| desk.replay.playback.with(|replay| replay.is_open() && !replay.is_awaited));
    effect(move || {
        if let (true, Some(place)) = (waits.get(), desk.replay.place.get_untracked()) {
            begin(desk, ReplayCommand::Open(place));
        }
    });
}

/// Requests a replay and has the charts follow it.
fn begin(desk: Desk, command: ReplayCommand) {
    let interval = desk.settings.with_untracked(|settings| settings.interval);
    desk.look.range.set(TimeRange::following(interval));
    desk.replay.playback.update(|replay| {
        replay.refusal.clear();
        replay.is_awaited = true;
    });
    control(desk, command);
}

/// Listens for the keys of a running replay, if single-key shortcuts are on.
fn listen(desk: Desk, state: Memo<Option<State>>) {
    let handle = window_event_listener(ev::keydown, move |event| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() || !desk.shortcuts.get_untracked() {
            return;
        }
        let key = event.key();
        let is_taken = document().active_element().is_some_and(|focused| {
            let name = focused.tag_name();
            // a slider takes only arrow keys
            let takes_text = TAKES_TEXT.contains(&name.as_str())
                && focused.get_attribute("type").as_deref() != Some("range");
            takes_text || key == " " && TAKES_SPACE.contains(&name.as_str())
        });
        // a held key may step through bars
        if is_taken || event.repeat() && !matches!(key.as_str(), "." | ",") {
            return;
        }
        if let Some(command) = state.get_untracked().and_then(|state| transport::key(&key, &state)) {
            event.prevent_default();
            control(desk, command);
        }
    });
    on_cleanup(move || handle.remove());
}
