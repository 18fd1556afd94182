//! The screen's state in the page's address: read from a link, kept current, copied.

use crate::ui::preferences;
use crate::ui::reactive::effect;
use crate::ui::state::Desk;
use crate::view::charts::range::Span;
use crate::view::replay::Playback;
use crate::view::screen::route::Route;
use crate::view::screen::share::{self, Link, Screen};
use crate::web::timer::{self, Timeout};
use crate::web::{clipboard, location};
use leptos::prelude::*;
use leptos::task::spawn_local;
use spreadscope_engine::replay::Place;
use spreadscope_engine::settings::{Settings, Source};

/// Delay before the address follows the screen: browsers refuse more than a few changes a second.
const SETTLE_MILLIS: u32 = 400;

/// Returns what the page's address asks for, for a user with `own` settings.
pub fn link(source: &Source, own: &Settings) -> Link {
    share::read(&location::fragment(), source, own)
}

/// Returns the screen as a link carries it.
fn screen(desk: Desk) -> Screen {
    Screen {
        route: desk.route.get(),
        settings: desk.settings.get(),
        rows: desk.recorded.get(),
        range: desk.look.range.get(),
        layout: desk.look.layout.get(),
        side: desk.look.side.get(),
        scheme: desk.look.scheme.get(),
        zone: desk.look.zone.get(),
        trade: desk.panels.trade.get(),
        evidence: desk.panels.evidence.get(),
        replay: desk.replay.place.get(),
        scan: if desk.route.get() == Route::Scanner { desk.scan.link.get() } else { String::new() },
        backtest: desk.backtest.link.get(),
    }
}

/// Keeps the span of the recording that is shown.
fn follow_recording(desk: Desk) {
    let rows = desk.follow(|model| {
        let is_recorded = model.settings.source == Source::Recording;
        let times = model.series.times();
        times.first().zip(times.last()).filter(|_| is_recorded).map(|(&from, &to)| Span { from, to })
    });
    effect(move || {
        let (rows, is_replay) = (rows.get(), desk.replay.playback.with(|replay| replay.is_on));
        if !is_replay {
            desk.recorded.set(rows);
        }
    });
}

/// Keeps the address and the screen in step, whichever of them changes. Another page becomes an entry of the
/// browser's history, which Back leaves again; any other change replaces the present entry.
///
/// The browser reports a new address in a later task. Until then the address differs from the known one, and
/// the screen is not written over it: that would undo the user's step.
pub fn follow(desk: Desk, source: Source) {
    follow_recording(desk);
    let settling = StoredValue::<Option<Timeout>, LocalStorage>::new_local(None);
    let known = StoredValue::new(location::fragment());
    let written = StoredValue::new(location::fragment());
    let put = move |done: Result<(), String>| match done {
        Ok(()) => known.set_value(location::fragment()),
        Err(reason) => {
            desk.notice(format!("The page's address no longer follows the screen: {reason}."));
        }
    };
    let is_known = move || location::fragment() == known.get_value();
    effect(move || {
        let fragment = share::write(&screen(desk));
        let before = written.get_value();
        written.set_value(fragment.clone());
        if is_known() && known.with_value(|known| share::is_step(known, &fragment)) {
            settling.set_value(None);
            // what had not settled yet belongs to the page that is left
            return put(location::replace_fragment(&before).and_then(|()| location::push_fragment(&fragment)));
        }
        settling.set_value(Some(timer::after(SETTLE_MILLIS, move || {
            if is_known() {
                put(location::replace_fragment(&fragment));
            }
        })));
    });
    let listener = window_event_listener_untyped("hashchange", move |_| {
        known.set_value(location::fragment());
        if location::fragment().starts_with('/') {
            take(desk, desk.settings.with_untracked(|own| link(&source, own)));
        }
    });
    on_cleanup(move || listener.remove());
}

/// Applies a link; what it does not mention stays as it is.
fn take(desk: Desk, link: Link) {
    let Link {
        route,
        settings,
        recording,
        range,
        layout,
        side,
        scheme,
        zone,
        trade,
        evidence,
        replay,
        backtest,
        scan,
        ignored,
    } = link;
    desk.route.set(route);
    desk.linked_recording.set(recording);
    if let Some(settings) = settings.filter(|settings| *settings != desk.settings.get_untracked()) {
        desk.configure(settings);
    }
    if let Some(range) = range {
        desk.look.range.set(range);
    }
    if let Some(layout) = layout {
        desk.look.layout.set(layout);
    }
    if let Some(side) = side {
        desk.look.side.set(side);
    }
    if let Some(zone) = zone {
        desk.look.zone.set(zone);
    }
    if let Some(trade) = trade {
        desk.panels.trade.set(trade);
    }
    if let Some(choice) = evidence {
        desk.panels.evidence.set(choice);
    }
    if let Some(scan) = scan {
        desk.scan.link.set(scan);
    }
    if let Some(backtest) = backtest {
        desk.backtest.link.set(backtest);
    }
    if let Some(scheme) = scheme {
        preferences::show_scheme(desk, scheme);
    }
    open_replay(desk, replay);
    for reason in ignored {
        desk.notice(reason);
    }
}

/// Opens the replay that a link asks for.
pub fn open_replay(desk: Desk, replay: Option<Place>) {
    if replay.is_some() {
        desk.replay.place.set(replay);
        desk.replay.playback.update(|replay| *replay = Playback { is_shown: true, ..Playback::default() });
    }
}

/// Copies a link to this screen to the clipboard, and says so.
pub fn copy_link(desk: Desk) {
    let link = location::with_fragment(&untrack(|| share::write(&screen(desk))));
    copy(desk, "The link to this screen", link);
}

/// Copies `text` to the clipboard and says so; `what` begins the sentence.
pub fn copy(desk: Desk, what: &'static str, text: String) {
    spawn_local(async move {
        match clipboard::write(&text).await {
            Ok(()) => desk.say(format!("{what} is on the clipboard.")),
            Err(reason) => desk.notice(format!("{what} could not be copied, {reason}: {text}")),
        }
    });
}
