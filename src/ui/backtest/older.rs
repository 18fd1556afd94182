//! Loads bars before the first ones, from the store or over REST, for a backtest over more time than the desk
//! holds.

use super::session::Session;
use crate::ui::reactive::effect;
use crate::web::timer;
use leptos::prelude::*;
use spreadscope_engine::Command;

/// Bars that have not arrived after this long are not expected any more.
const UNANSWERED_MILLIS: u32 = 8_000;

/// The button that loads older bars, and runs over all bars once they have arrived.
pub(super) fn older(session: Session) -> impl IntoView {
    let desk = session.desk;
    // open time of the first bar when older ones were requested
    let requested_at = RwSignal::new(None::<f64>);
    let first = desk.follow(|model| model.series.times().first().copied().filter(|_| !model.filling));
    effect(move || {
        let (first_then, first) = (requested_at.get(), first.get());
        if first_then.zip(first).is_some_and(|(before, now)| now < before) {
            requested_at.set(None);
            session.run(true);
        }
    });
    let load = move |_| {
        let Some(known) = first.get_untracked() else { return };
        requested_at.set(Some(known));
        desk.send(Command::LoadOlder);
        let give_up = move || {
            // the page may have been left meanwhile
            if requested_at.try_get_untracked().flatten() == Some(known) {
                requested_at.set(None);
                desk.say("No older bars arrived: the desk is full, or there are none.".to_owned());
            }
        };
        timer::after(UNANSWERED_MILLIS, give_up).forget();
    };
    // a replay knows nothing before its span
    let is_off = move || {
        first.get().is_none()
            || requested_at.get().is_some()
            || desk.replay.playback.with(|replay| replay.is_on)
    };
    view! {
        <button
            class="control" type="button" data-action="older" disabled=is_off
            title="Loads earlier bars from the store or the exchange, and runs over all of them" on:click=load
        >{move || if requested_at.get().is_some() { "Loading older bars…" } else { "Older bars too" }}</button>
    }
}
