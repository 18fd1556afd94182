//! The user's choices, stored in this browser between visits.

use crate::ui::remembered;
use crate::ui::state::Desk;
use crate::view::charts::layout::Layout;
use crate::view::numbers::evidence::EvidenceChoice;
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
const EVIDENCE_KEY: &str = "spreadscope.evidence";
const SCANS_KEY: &str = "spreadscope.scans";

/// Returns the settings of the last visit, as far as they are usable on a page built for `source`.
pub fn settings(source: Source) -> Restored {
    form::restore(page::setting(SETTINGS_KEY).as_deref(), source)
}

/// Returns the refresh interval of the last visit.
pub fn refresh() -> Refresh {
    page::setting(REFRESH_KEY).and_then(|text| Refresh::parse(&text)).unwrap_or_default()
}

/// Returns the colour scheme of the last visit.
pub fn scheme() -> Scheme {
    page::setting(SCHEME_KEY).and_then(|text| Scheme::parse(&text)).unwrap_or_default()
}

/// Returns the choices on the evidence of the last visit.
pub fn evidence() -> EvidenceChoice {
    page::setting(EVIDENCE_KEY).and_then(|text| EvidenceChoice::parse(&text).ok()).unwrap_or_default()
}

/// Applies and stores other choices on the evidence.
pub fn choose_evidence(desk: Desk, choice: EvidenceChoice) {
    keep(desk, EVIDENCE_KEY, &choice.store());
    desk.panels.evidence.set(choice);
}

/// Returns the pairs of earlier visits.
pub fn pairs() -> Pairs {
    page::setting(PAIRS_KEY).map(|text| Pairs::restore(&text)).unwrap_or_default()
}

/// Stores the pairs after `change`.
pub fn keep_pairs(desk: Desk, change: impl FnOnce(Pairs) -> Pairs) {
    let pairs = change(desk.pairs.get_untracked());
    keep(desk, PAIRS_KEY, &pairs.store());
    desk.pairs.set(pairs);
}

/// Returns the stored markets of `source`, if they were stored today.
pub fn markets(source: &Source) -> Option<Markets> {
    Markets::restore(&page::setting(&markets_key(source))?, clock::now().0)
}

/// Stores the markets of `source` for a day.
pub fn keep_markets(desk: Desk, source: &Source, markets: &Markets) {
    keep(desk, &markets_key(source), &markets.store(clock::now().0));
}

fn markets_key(source: &Source) -> String {
    format!("spreadscope.markets.{}", source.label())
}

/// Applies `settings` and stores them, unless they are those of a recording: a visit starts with a live market.
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

/// Shows the demo, which is not stored: the next visit starts with live data.
pub fn show_demo(desk: Desk) {
    let own = desk.settings.get_untracked();
    desk.configure(Settings { source: Source::Demo, ..Settings::default().keeping_as(&own) });
}

/// Applies the settings from before a demo or a recording.
pub fn back_to_live(desk: Desk) {
    // a page that names no source has no desk
    if let Ok(source) = page::source() {
        desk.configure(settings(source).settings);
    }
}

/// Returns whether the screen is to stay on.
pub fn keeps_screen_on() -> bool {
    page::setting(AWAKE_KEY).as_deref() == Some("on")
}

/// Stores whether the screen is to stay on.
pub fn keep_screen_on(desk: Desk, on: bool) {
    keep(desk, AWAKE_KEY, if on { "on" } else { "off" });
}

/// Stores the refresh interval.
pub fn keep_refresh(desk: Desk, refresh: Refresh) {
    keep(desk, REFRESH_KEY, refresh.as_str());
}

/// Returns the arrangement of the charts at the last visit.
pub fn layout() -> Layout {
    page::setting(LAYOUT_KEY).and_then(|text| Layout::parse(&text).ok()).unwrap_or_default()
}

/// Returns the arrangement of the side panels at the last visit.
pub fn side() -> Side {
    page::setting(SIDE_KEY).and_then(|text| Side::parse(&text).ok()).unwrap_or_default()
}

/// Returns the time zone shown at the last visit.
pub fn zone() -> Zone {
    page::setting(ZONE_KEY).and_then(|text| Zone::parse(&text)).unwrap_or_default()
}

/// Returns whether single-key shortcuts are on; they are unless switched off.
pub fn shortcuts() -> bool {
    page::setting(SHORTCUTS_KEY).as_deref() != Some("off")
}

/// Switches single-key shortcuts on or off and stores that.
pub fn keep_shortcuts(desk: Desk, on: bool) {
    keep(desk, SHORTCUTS_KEY, if on { "on" } else { "off" });
    desk.shortcuts.set(on);
}

/// Applies and stores a change of the charts' arrangement.
pub fn arrange(desk: Desk, change: impl FnOnce(Layout) -> Layout) {
    let layout = change(desk.look.layout.get_untracked());
    keep(desk, LAYOUT_KEY, &layout.store());
    desk.look.layout.set(layout);
}

/// Applies and stores a change of the side panels' arrangement.
pub fn arrange_side(desk: Desk, change: impl FnOnce(Side) -> Side) {
    let side = change(desk.look.side.get_untracked());
    keep(desk, SIDE_KEY, &side.store());
    desk.look.side.set(side);
}

/// Applies and stores `zone`.
pub fn keep_zone(desk: Desk, zone: Zone) {
    keep(desk, ZONE_KEY, zone.as_str());
    desk.look.zone.set(zone);
}

/// Applies and stores `scheme`.
pub fn keep_scheme(desk: Desk, scheme: Scheme) {
    keep(desk, SCHEME_KEY, scheme.as_str());
    show_scheme(desk, scheme);
}

/// Redraws the charts when the system changes between dark and light; the style sheet follows by itself.
pub fn follow_system_scheme(desk: Desk) {
    theme::on_system_change(move || desk.look.theme.update(|theme| *theme += 1));
}

/// Applies `scheme`.
pub fn show_scheme(desk: Desk, scheme: Scheme) {
    theme::choose(Some(scheme.as_str()));
    desk.look.scheme.set(scheme);
    desk.look.theme.update(|theme| *theme += 1);
}

/// Stores whether a scan is repeated.
pub fn keep_repeating(desk: Desk, repeats: bool) {
    keep(desk, SCANS_KEY, if repeats { "again" } else { "" });
}

/// Has the engine continue the repeated scan of an earlier visit, if there was one.
pub fn repeat_scans(desk: Desk) {
    if page::setting(SCANS_KEY).is_some_and(|kept| !kept.is_empty()) {
        desk.send(Command::Scan(Vec::new()));
    }
}

/// Stores `value` under `key`, or reports that it could not be stored.
pub fn keep(desk: Desk, key: &str, value: &str) {
    match page::store_setting(key, value) {
        Ok(()) => remembered::tell(desk),
        Err(reason) => desk.notice(format!("Your choice lasts until the page is closed: {reason}.")),
    }
}
