//! What of the page follows a replay: its title, its link, and what it says.

use crate::ui::alerts::announcer::use_announcer;
use crate::ui::reactive::{effect, memo};
use crate::ui::state::Desk;
use crate::view::replay::{Playback, transport};
use crate::web::page;
use leptos::prelude::*;
use spreadscope_engine::messages::protocol::decode;
use spreadscope_engine::replay::{Place, State};

/// While it plays, the link's place follows in steps of this much tape.
const LINK_MILLIS: i64 = 10_000;

/// Marks the page's title while a replay is on, and has the screen follow it: the only pause is then the transport's.
pub(super) fn follow_badge(desk: Desk, is_on: Memo<bool>) {
    effect(move || {
        let is_on = is_on.get();
        page::retitle(|title| transport::title(title, is_on));
        if is_on {
            desk.paused.set(false);
        }
    });
}

/// Updates the link's place: at once when the replay stands still, and now and then while it plays.
pub(super) fn follow_place(desk: Desk, state: Memo<Option<State>>) {
    let place = memo(move |known: Option<&Option<Place>>| {
        state.with(|state| {
            let state = state.as_ref()?;
            // the place on the way is not the one that was asked for
            let goal = state.seeking.and_then(|seeking| seeking.goal);
            let at = goal.unwrap_or(state.at).max(state.from);
            let place =
                Place { from: state.from, to: state.wanted_to.max(state.to), at, begins: Some(state.begins) };
            let known = known.copied().flatten();
            let moves = state.is_playing || state.seeking.is_some();
            let is_near = |known: &Place| {
                known.from == place.from
                    && known.to == place.to
                    && place.at.since(known.at).abs() < LINK_MILLIS
            };
            known.filter(|known| moves && is_near(known)).or(Some(place))
        })
    });
    Effect::new(move |had: Option<bool>| {
        let place = place.get();
        // before a replay is on, the place is the one that a link asks for, or that follows for another pair
        let follows = || desk.replay.playback.with_untracked(Playback::is_open);
        if place.is_some() || had == Some(true) && !follows() {
            desk.replay.place.set(place);
        }
        place.is_some()
    });
}

/// Announces live alerts during a replay.
pub(super) fn bring_live_alerts(state: Memo<Option<State>>) {
    let announcer = use_announcer();
    Effect::new(move |brought: Option<usize>| {
        state.with(|state| {
            let alerts = state.as_ref().map(|state| state.live_alerts.as_slice()).unwrap_or_default();
            for alert in alerts.iter().skip(brought.unwrap_or(0)) {
                announcer.announce(alert);
            }
            alerts.len()
        })
    });
}

/// Says so when playback has come to the present and the desk is live again.
pub(super) fn tell_of_the_present(desk: Desk) {
    let caught_up = memo(move |_| {
        desk.replay.playback.with(|replay| {
            let state = (!replay.is_on).then(|| decode::<State>(&replay.state).ok()).flatten();
            state.map(|state| state.at)
        })
    });
    effect(move || {
        if let Some(at) = caught_up.get() {
            desk.say(transport::caught_up(&untrack(|| desk.clock(at.0))));
        }
    });
}
