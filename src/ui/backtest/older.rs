//! Loads bars before the first ones, from the store or over REST, for a backtest over more time than the desk
//! holds.

use super::session::Session;
use crate::ui::reactive::{effect, memo};
use crate::view::backtest::choice::Choice;
use crate::view::backtest::older::{self, Wanted};
use crate::web::timer;
use leptos::prelude::*;
use spreadscope_engine::{Command, UnixMillis};

/// Bars that have not arrived after this long are not expected any more.
const UNANSWERED_MILLIS: u32 = 8_000;

/// Older bars that were requested.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Requested {
    /// Open time of the first bar then, milliseconds since 1970.
    known: f64,
    /// Open time of the first bar before all requests.
    begun: f64,
    /// The span that they are to complete; `None` for one request alone.
    wanted: Option<Wanted>,
}

/// The buttons that load older bars, and run over all bars once they have arrived.
pub(super) fn older(session: Session) -> impl IntoView {
    let desk = session.desk;
    let requested = RwSignal::new(None::<Requested>);
    let first = desk.follow(|model| model.series.times().first().copied().filter(|_| !model.filling));
    let held = desk.follow(|model| model.series.len());
    let end = desk.follow(|model| {
        let step = model.series.interval().millis() as f64;
        model.series.times().last().map(|last| last + step)
    });
    let finish = move |asked: Requested| {
        requested.set(None);
        let Some(now) = first.get_untracked().filter(|now| *now < asked.begun) else { return };
        // given bars stay those that were given
        if session.choice.with_untracked(|choice| choice.within().is_none()) {
            #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, below 2^53")]
            session.choice.update(|choice| choice.from = Some(UnixMillis(now as i64)));
        }
        session.run(true);
    };
    let ask = move |asked: Requested| {
        requested.set(Some(asked));
        desk.send(Command::LoadOlder);
        let give_up = move || {
            // the page may have been left meanwhile
            if requested.try_get_untracked().flatten() == Some(asked) {
                finish(asked);
                desk.say("No older bars arrived: the desk is full, or there are none.".to_owned());
            }
        };
        timer::after(UNANSWERED_MILLIS, give_up).forget();
    };
    effect(move || {
        let (Some(asked), Some(now)) = (requested.get(), first.get()) else { return };
        match asked.wanted {
            _ if now >= asked.known => {}
            Some(wanted) if !wanted.is_whole(now) => ask(Requested { known: now, ..asked }),
            _ => finish(asked),
        }
    });
    let load = move |wanted: Option<Wanted>| {
        if let Some(known) = first.get_untracked() {
            ask(Requested { known, begun: known, wanted });
        }
    };
    // more bars than those given: all that are here
    let load_more = move |wanted: Option<Wanted>| {
        if session.choice.with_untracked(|choice| choice.within().is_some()) {
            session.choice.update(|choice| choice.to = None);
        }
        load(wanted);
    };
    let day = move || first.get().zip(end.get()).and_then(|(first, end)| Wanted::day(first, end));
    let refusal = memo(move |_| {
        let is_replay = desk.replay.playback.with(|replay| replay.is_on);
        let held = held.get();
        desk.settings.with(|settings| older::refusal(&settings.source, is_replay, held, settings.interval))
    });
    // the run of a link, of a scan, or of a tab that led before this one, began earlier than the desk has loaded
    let looked_for = StoredValue::new(None);
    let within = memo(move |_| session.choice.with(Choice::within));
    effect(move || {
        let within = within.get();
        if !session.ready.get() {
            return looked_for.set_value(None);
        }
        let (Some(first), Some(end)) = (first.get(), end.get()) else { return };
        let looks = looked_for.try_update_value(|known| {
            let before = known.replace(within);
            before.is_none_or(|before| within.is_some() && before != within)
        });
        let looks = looks.unwrap_or(false);
        let from = session.choice.with_untracked(|choice| choice.from);
        let from = from.filter(|_| looks && refusal.with_untracked(Option::is_none));
        if let Some(wanted) = from.and_then(|from| Wanted::from(from.as_f64(), first, end)) {
            load(Some(wanted));
        }
    });
    let is_off = move || first.get().is_none() || requested.get().is_some() || refusal.get().is_some();
    let loading = move || {
        requested.get().map(|asked| {
            let progress = asked.wanted.zip(first.get()).map(|(wanted, first)| wanted.progress(first));
            let says = progress.map_or_else(|| "Loading older bars…".to_owned(), |of| format!("Loading: {of}…"));
            view! {
                <span class="bt-bars" role="status" data-line="older">{says}</span>
                <button class="control" type="button" data-action="stop-older" on:click=move |_| finish(asked)>"Cancel"</button>
            }
        })
    };
    let step = move || older::step(held.get(), desk.settings.with(|settings| settings.interval));
    let about = move || refusal.get().unwrap_or_else(|| step().1);
    view! {
        <button
            class="control" type="button" data-action="older" disabled=is_off title=about aria-describedby="bt-older-about"
            on:click=move |_| load_more(None)
        >{move || if refusal.get().is_some() || held.get() == 0 { "Older bars".to_owned() } else { format!("+ {}", step().0) }}</button>
        <button
            class="control" type="button" data-action="older-day" disabled=is_off title=about
            hidden=move || refusal.get().is_some() || day().is_none() on:click=move |_| load_more(day())
        >"A whole day"</button>
        <span class="visually-hidden" id="bt-older-about">{about}</span>
        {loading}
    }
}
