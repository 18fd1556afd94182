//! What the user has chosen, kept in this browser between visits.

use crate::ui::remembered;
use crate::ui::state::Desk;
use crate::view::charts::layout::Layout;
use crate::view::screen::refresh::Refresh;
use crate::view::screen::scheme::Scheme;
use crate::view::screen::side::Side;
use crate::view::screen::zone::Zone;
use crate::view::settings::form::{self, Restored};
use crate::view::settings::markets::Markets;
use crate::view::settings::pairs::Pairs;
use crate::web::{clock, page, theme};
use leptos::prelude::*;
use spreadscope_engine::settings::Source;
use spreadscope_engine::{Command, Settings};

const SETTINGS_KEY: &str = "spreadscope.settings";
const REFRESH_KEY: &str = "spreadscope.refresh";
const SCHEME_KEY: &str = "spreadscope.scheme";
const LAYOUT_KEY: &str = "spreadscope.layout";
const SIDE_KEY: &str = "spreadscope.side";
const ZONE_KEY: &str = "spreadscope.zone";
const PAIRS_KEY: &str = "spreadscope.pairs";
const AWAKE_KEY: &str = "spreadscope.awake";
const SHORTCUTS_KEY: &str = "spreadscope.shortcuts";
const SCANS_KEY: &str = "spreadscope.scans";

/// The settings of the last visit, as far as they can be used on a page built for `source`.
pub fn settings(source: Source) -> Restored {
    form::restore(page::setting(SETTINGS_KEY).as_deref(), source)
}

/// The refresh interval of the last visit.
pub fn refresh() -> Refresh {
    page::setting(REFRESH_KEY).and_then(|text| Refresh::parse(&text)).unwrap_or_default()
}

/// The colour scheme of the last visit.
pub fn scheme() -> Scheme {
    page::setting(SCHEME_KEY).and_then(|text| Scheme::parse(&text)).unwrap_or_default()
}

/// The pairs of earlier visits.
pub fn pairs() -> Pairs {
    page::setting(PAIRS_KEY).map(|text| Pairs::restore(&text)).unwrap_or_default()
}

/// Keeps the pairs that were watched.
pub fn keep_pairs(desk: Desk, change: impl FnOnce(Pairs) -> Pairs) {
    let pairs = change(desk.pairs.get_untracked());
    keep(desk, PAIRS_KEY, &pairs.store());
    desk.pairs.set(pairs);
}

/// The markets of `source` as they were kept, if that was today.
pub fn markets(source: &Source) -> Option<Markets> {
    Markets::restore(&page::setting(&markets_key(source))?, clock::now().0)
}

/// Keeps the markets of `source` for a day.
pub fn keep_markets(desk: Desk, source: &Source, markets: &Markets) {
    keep(desk, &markets_key(source), &markets.store(clock::now().0));
}

fn markets_key(source: &Source) -> String {
    format!("spreadscope.markets.{}", source.label())
}

/// Puts `settings` in force and keeps them, unless they are of a recording: a visit begins with a live market.
pub fn apply(desk: Desk, settings: Settings) {
    if settings.source == Source::Recording {
        return desk.configure(settings);
    }
    if desk.settings.with_untracked(|known| known.pair != settings.pair) {
        let pair = settings.pair.clone();
        keep_pairs(desk, |pairs| pairs.watched(pair));
    }
    keep(desk, SETTINGS_KEY, &form::store(&settings));
    desk.configure(settings);
}

/// Puts the demo in force, which is not kept: the next visit begins with live data.
pub fn show_demo(desk: Desk) {
    let own = desk.settings.get_untracked();
    desk.configure(Settings { source: Source::Demo, ..Settings::default().keeping_as(&own) });
}

/// Puts the settings in force that were there before a demo or a recording.
pub fn back_to_live(desk: Desk) {
    // a page that does not name its source has no desk
    if let Ok(source) = page::source() {
        desk.configure(settings(source).settings);
    }
}

/// Whether the screen is to stay on.
pub fn keeps_screen_on() -> bool {
    page::setting(AWAKE_KEY).as_deref() == Some("on")
}

/// Keeps whether it is to.
pub fn keep_screen_on(desk: Desk, on: bool) {
    keep(desk, AWAKE_KEY, if on { "on" } else { "off" });
}

/// Keeps the refresh interval.
pub fn keep_refresh(desk: Desk, refresh: Refresh) {
    keep(desk, REFRESH_KEY, refresh.as_str());
}

/// The charts as they were arranged at the last visit.
pub fn layout() -> Layout {
    page::setting(LAYOUT_KEY).and_then(|text| Layout::parse(&text).ok()).unwrap_or_default()
}

/// The panels beside them as they were arranged at the last visit.
pub fn side() -> Side {
    page::setting(SIDE_KEY).and_then(|text| Side::parse(&text).ok()).unwrap_or_default()
}

/// Whose time was shown at the last visit.
pub fn zone() -> Zone {
    page::setting(ZONE_KEY).and_then(|text| Zone::parse(&text)).unwrap_or_default()
}

/// Whether single keys act; they do unless they were switched off.
pub fn shortcuts() -> bool {
    page::setting(SHORTCUTS_KEY).as_deref() != Some("off")
}

/// Switches single keys on or off and keeps that.
pub fn keep_shortcuts(desk: Desk, on: bool) {
    keep(desk, SHORTCUTS_KEY, if on { "on" } else { "off" });
    desk.shortcuts.set(on);
}

/// Puts an arrangement of the charts in force and keeps it.
pub fn arrange(desk: Desk, change: impl FnOnce(Layout) -> Layout) {
    let layout = change(desk.look.layout.get_untracked());
    keep(desk, LAYOUT_KEY, &layout.store());
    desk.look.layout.set(layout);
}

/// Puts an arrangement of the panels beside the charts in force and keeps it.
pub fn arrange_side(desk: Desk, change: impl FnOnce(Side) -> Side) {
    let side = change(desk.look.side.get_untracked());
    keep(desk, SIDE_KEY, &side.store());
    desk.look.side.set(side);
}

/// Puts `zone` in force and keeps it.
pub fn keep_zone(desk: Desk, zone: Zone) {
    keep(desk, ZONE_KEY, zone.as_str());
    desk.look.zone.set(zone);
}

/// Puts `scheme` in force and keeps it.
pub fn keep_scheme(desk: Desk, scheme: Scheme) {
    keep(desk, SCHEME_KEY, scheme.as_str());
    show_scheme(desk, scheme);
}

/// Has the charts drawn anew when the system turns dark or light: the style sheet follows it by itself, they do not.
pub fn follow_system_scheme(desk: Desk) {
    theme::on_system_change(move || desk.look.theme.update(|theme| *theme += 1));
}

/// Puts `scheme` in force.
pub fn show_scheme(desk: Desk, scheme: Scheme) {
    theme::choose(Some(scheme.as_str()));
    desk.look.scheme.set(scheme);
    desk.look.theme.update(|theme| *theme += 1);
}

/// Keeps whether a scan is repeated.
pub fn keep_repeating(desk: Desk, repeats: bool) {
    keep(desk, SCANS_KEY, if repeats { "again" } else { "" });
}

/// Has the engine go on with the scan that an earlier visit has repeated, if one has.
pub fn repeat_scans(desk: Desk) {
    if page::setting(SCANS_KEY).is_some_and(|kept| !kept.is_empty()) {
        desk.send(Command::Scan(Vec::new()));
    }
}

/// Keeps `value` under `key`, or says that it could not.
pub fn keep(desk: Desk, key: &str, value: &str) {
    match page::store_setting(key, value) {
        Ok(()) => remembered::tell(desk),
        Err(reason) => desk.notice(format!("Your choice holds until the page is closed: {reason}.")),
    }
}
