//! The screen's state in the page's address: taken from a link, kept current, copied.

use crate::ui::preferences;
use crate::ui::reactive::effect;
use crate::ui::state::Desk;
use crate::view::replay::Playback;
use crate::view::screen::route::Route;
use crate::view::screen::share::{self, Link, Screen};
use crate::web::timer::{self, Timeout};
use crate::web::{clipboard, location};
use leptos::prelude::*;
use leptos::task::spawn_local;
use spreadscope_engine::replay::Place;
use spreadscope_engine::settings::{Settings, Source};

/// The address follows the screen after this long: browsers refuse more than a few changes a second.
const SETTLE_MILLIS: u32 = 400;

/// What the page's address asks for, of a user with `own` settings.
pub fn link(source: &Source, own: &Settings) -> Link {
    share::read(&location::fragment(), source, own)
}

/// The screen as a link would carry it.
fn screen(desk: Desk) -> Screen {
    Screen {
        route: desk.route.get(),
        settings: desk.settings.get(),
        range: desk.look.range.get(),
        layout: desk.look.layout.get(),
        side: desk.look.side.get(),
        scheme: desk.look.scheme.get(),
        zone: desk.look.zone.get(),
        trade: desk.panels.trade.get(),
        evidence: desk.panels.beside.get(),
        replay: desk.replay.place.get(),
        scan: if desk.route.get() == Route::Scanner { desk.scan.link.get() } else { String::new() },
        backtest: desk.backtest.link.get(),
    }
}

/// Keeps the address and the screen in step, whichever of them changes.
///
/// The browser tells of a new address in a task of its own. Until it has, the address is not the one that is known here,
/// and the screen is not written over it: that would undo the step on which the user is.
pub fn follow(desk: Desk, source: Source) {
    let settling = StoredValue::<Option<Timeout>, LocalStorage>::new_local(None);
    let known = StoredValue::new(location::fragment());
    effect(move || {
        let fragment = share::write(&screen(desk));
        settling.set_value(Some(timer::after(SETTLE_MILLIS, move || {
            if location::fragment() != known.get_value() {
                return;
            }
            match location::replace_fragment(&fragment) {
                Ok(()) => known.set_value(location::fragment()),
                Err(reason) => {
                    desk.notice(format!("The page's address no longer follows the screen: {reason}."));
                }
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

/// Puts what a link says in force; what it does not say stays.
fn take(desk: Desk, link: Link) {
    let Link {
        route,
        settings,
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
    if let Some(beside) = evidence {
        desk.panels.beside.set(beside);
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

/// Has the replay that a link speaks of opened.
pub fn open_replay(desk: Desk, replay: Option<Place>) {
    if replay.is_some() {
        desk.replay.place.set(replay);
        desk.replay.playback.update(|replay| *replay = Playback { is_shown: true, ..Playback::default() });
    }
}

/// Puts a link to this screen on the clipboard, and says so.
pub fn copy_link(desk: Desk) {
    let link = location::with_fragment(&untrack(|| share::write(&screen(desk))));
    copy(desk, "The link to this screen", link);
}

/// Puts `text` on the clipboard and says so; `what` begins the sentence.
pub fn copy(desk: Desk, what: &'static str, text: String) {
    spawn_local(async move {
        match clipboard::write(&text).await {
            Ok(()) => desk.say(format!("{what} is on the clipboard.")),
            Err(reason) => desk.notice(format!("{what} could not be copied, {reason}: {text}")),
        }
    });
}
