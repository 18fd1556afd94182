//! What the user has chosen, kept in this browser between visits.

use crate::ui::state::Desk;
use crate::view::form::{self, Restored};
use crate::view::refresh::Refresh;
use crate::view::scheme::Scheme;
use crate::web::page;
use leptos::prelude::*;
use spreadscope_engine::Settings;
use spreadscope_engine::config::Source;

const SETTINGS_KEY: &str = "spreadscope.settings";
const REFRESH_KEY: &str = "spreadscope.refresh";
const SCHEME_KEY: &str = "spreadscope.scheme";

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

/// Puts `settings` in force and keeps them.
pub fn apply(desk: Desk, settings: Settings) {
    keep(desk, SETTINGS_KEY, &form::store(&settings));
    desk.configure(settings);
}

/// Keeps the refresh interval.
pub fn keep_refresh(desk: Desk, refresh: Refresh) {
    keep(desk, REFRESH_KEY, refresh.as_str());
}

/// Puts `scheme` in force and keeps it.
pub fn keep_scheme(desk: Desk, scheme: Scheme) {
    keep(desk, SCHEME_KEY, scheme.as_str());
    show_scheme(scheme);
    desk.theme.update(|theme| *theme += 1);
}

/// Whether the system asks for dark colours at the moment.
pub fn system_is_dark() -> bool {
    let query = window().match_media("(prefers-color-scheme: dark)");
    query.ok().flatten().is_some_and(|query| query.matches())
}

/// Tells the style sheet which colours to use.
pub fn show_scheme(scheme: Scheme) {
    if let Some(root) = document().document_element() {
        // only a name with a blank in it could be refused
        root.set_attribute("data-theme", scheme.as_str())
            .expect("Invariant: data-theme is an attribute name");
    }
}

fn keep(desk: Desk, key: &str, value: &str) {
    if let Err(reason) = page::store_setting(key, value) {
        let notice = format!("Your choice holds until the page is closed: {reason}.");
        desk.notices.update(|notices| {
            if !notices.contains(&notice) {
                notices.push(notice);
            }
        });
    }
}
