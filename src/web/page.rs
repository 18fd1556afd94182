//! The page itself: its stamped source, visibility, title, settings, popovers and focus.

use super::{clock, deployment, reason};
use spreadscope_engine::settings::Source;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;

/// Returns the source of market data that was stamped into the page when it was built.
///
/// # Errors
/// A sentence to show when the stamp is absent or names no source.
pub fn source() -> Result<Source, String> {
    let content = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.query_selector("meta[name='spreadscope-source']").ok().flatten())
        .and_then(|meta| meta.dyn_into::<web_sys::HtmlMetaElement>().ok())
        .map(|meta| meta.content())
        .ok_or("the page does not name its source of market data")?;
    Source::parse(&content)
}

/// Returns local time in milliseconds since 1970.
pub fn local_now() -> f64 {
    clock::now().as_f64()
}

/// Returns whether the page is hidden.
pub fn hidden() -> bool {
    web_sys::window().and_then(|window| window.document()).is_some_and(|document| document.hidden())
}

/// Reloads the page.
pub fn reload() {
    if let Some(window) = web_sys::window() {
        window.location().reload().expect("Invariant: a page may reload itself");
    }
}

/// Returns whether the page has the keyboard focus.
pub fn focused() -> bool {
    let document = web_sys::window().and_then(|window| window.document());
    document.is_some_and(|document| document.has_focus().unwrap_or(false))
}

/// Replaces the page's title with `change` of it.
pub fn retitle(change: impl FnOnce(&str) -> String) {
    if let Some(document) = web_sys::window().and_then(|window| window.document()) {
        let title = document.title();
        let changed = change(&title);
        if changed != title {
            document.set_title(&changed);
        }
    }
}

/// Calls `action` when the browser is about to freeze the page; only the document receives that event.
pub fn on_freeze(action: impl FnMut() + 'static) {
    if let Some(document) = web_sys::window().and_then(|window| window.document()) {
        let action = Closure::<dyn FnMut()>::new(action).into_js_value();
        // adding a listener with a name and a function never fails
        drop(document.add_event_listener_with_callback("freeze", action.unchecked_ref()));
    }
}

/// Returns whether the browser has a network; it cannot know whether the exchange can be reached.
pub fn online() -> bool {
    web_sys::window().is_none_or(|window| window.navigator().on_line())
}

/// Returns whether the browser had discarded the page to save memory before this load.
pub fn was_discarded() -> bool {
    let document = web_sys::window().and_then(|window| window.document());
    let was = document.and_then(|document| js_sys::Reflect::get(&document, &"wasDiscarded".into()).ok());
    was.and_then(|was| was.as_bool()) == Some(true)
}

/// Returns what this tab has stored for itself under `key`.
pub fn of_this_tab(key: &str) -> Option<String> {
    web_sys::window()?.session_storage().ok()??.get_item(key).ok()?
}

/// Stores `value` for this tab, so that a page restored after a discard can say since when it was gone.
pub fn keep_for_this_tab(key: &str, value: &str) {
    if let Some(Ok(Some(storage))) = web_sys::window().map(|window| window.session_storage()) {
        drop(storage.set_item(key, value));
    }
}

/// Returns the text stored under `key`; `None` when there is none, or the browser stores nothing.
pub fn setting(key: &str) -> Option<String> {
    storage()?.get_item(&kept_as(key)).ok().flatten()
}

/// Stores `value` under `key`.
///
/// # Errors
/// A sentence to show when the browser stores nothing: private mode, or no space left.
pub fn store_setting(key: &str, value: &str) -> Result<(), String> {
    let storage = storage().ok_or("this browser stores no settings for this page")?;
    storage
        .set_item(&kept_as(key), value)
        .map_err(|error| format!("settings could not be saved: {}", reason::clause(&error)))
}

/// Prefix of the page's keys. Lists of markets can be fetched again and are left out of backups.
const OURS: &str = "spreadscope.";
const LISTS: &str = "spreadscope.markets.";

/// Returns all the page's settings, names and values.
pub fn settings() -> Vec<(String, String)> {
    let Some(storage) = storage() else { return Vec::new() };
    let names = (0..storage.length().unwrap_or(0)).filter_map(|place| storage.key(place).ok().flatten());
    let here = kept_as(OURS);
    let ours = names.filter_map(|name| Some(format!("{OURS}{}", name.strip_prefix(&here)?)));
    ours.filter(|name| !name.starts_with(LISTS))
        .filter_map(|name| Some((name.clone(), setting(&name)?)))
        .collect()
}

/// Replaces all the page's settings with these; entries that are not the page's are ignored.
///
/// # Errors
/// As [`store_setting`].
pub fn replace_settings(settings: &[(String, String)]) -> Result<(), String> {
    for (name, _) in self::settings() {
        if let Some(storage) = storage() {
            // its name was listed a moment ago
            drop(storage.remove_item(&kept_as(&name)));
        }
    }
    let mut ours = settings.iter().filter(|(name, _)| name.starts_with(OURS));
    ours.try_for_each(|(name, value)| store_setting(name, value))
}

/// Returns the name of `key` in the browser, which keeps two deployments on one origin apart.
fn kept_as(key: &str) -> String {
    key.strip_prefix(OURS)
        .map_or_else(|| key.to_owned(), |rest| format!("{}.{rest}", deployment::names().database()))
}

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

/// Returns the browser's user agent string.
pub fn browser() -> String {
    web_sys::window().and_then(|window| window.navigator().user_agent().ok()).unwrap_or_default()
}

/// Opens the popover `id` and moves the focus into it, or closes it, so that keyboard users can continue with
/// keys.
pub fn toggle_popover(id: &str) {
    if let Some(element) = element(&format!("#{id}")) {
        // an element that is absent or no longer a popover has nothing to open
        drop(element.toggle_popover());
        if element.matches(":popover-open").unwrap_or(false) {
            // an element that cannot take the focus leaves it where it is
            drop(element.focus());
        }
    }
}

/// Closes the popover `id` if it is open.
pub fn hide_popover(id: &str) {
    if let Some(element) = element(&format!("#{id}:popover-open")) {
        // one that has just closed by itself has nothing to close
        drop(element.hide_popover());
    }
}

/// Reopens the popover `id`, so that it lies above all others.
pub fn raise(id: &str) {
    if let Some(element) = element(&format!("#{id}")) {
        // one that is not open has nothing to close, and a browser without popovers shows the element anyway
        drop(element.hide_popover());
        drop(element.show_popover());
    }
}

/// Calls `opened` when a popover other than `id` has been opened.
pub fn on_popover(id: &'static str, opened: impl Fn() + 'static) {
    let Some(document) = web_sys::window().and_then(|window| window.document()) else { return };
    let listener = Closure::<dyn FnMut(web_sys::Event)>::new(move |event: web_sys::Event| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let is_other = |element: &web_sys::Element| {
            element.id() != id && element.matches(":popover-open").unwrap_or(false)
        };
        if target.as_ref().is_some_and(is_other) {
            opened();
        }
    });
    // the event does not bubble, hence the capture phase
    drop(document.add_event_listener_with_callback_and_bool(
        "toggle",
        listener.as_ref().unchecked_ref(),
        true,
    ));
    // the listener lives as long as the page
    listener.forget();
}

/// Moves the focus to the first element that matches `selector`, if there is one.
pub fn focus(selector: &str) {
    if let Some(element) = element(selector) {
        // an element that cannot take the focus leaves it where it is
        drop(element.focus());
    }
}

/// Shows the element that matches `selector` from its top, and moves the focus to it.
pub fn reveal_whole(selector: &str) {
    if let Some(element) = element(selector) {
        element.scroll_into_view_with_bool(true);
        // an element that cannot take the focus leaves it where it is
        drop(element.focus());
    }
}

/// Shows the element that matches `selector` from its top, at once, unless all of it is on the screen or its heading
/// is in the upper half already, and moves the focus to the heading.
pub fn reveal(selector: &str) {
    let Some(section) = element(selector) else { return };
    let Some(heading) = element(&format!("{selector} h2")) else { return };
    let (place, height) = (heading.get_bounding_client_rect(), viewport_height());
    let whole = section.get_bounding_client_rect();
    let is_whole = whole.top() >= 0.0 && whole.bottom() <= height;
    if !is_whole && (place.top() < 0.0 || place.bottom() > height / 2.0) {
        section.scroll_into_view_with_bool(true);
    }
    // an element that cannot take the focus leaves it where it is
    drop(heading.focus());
}

fn viewport_height() -> f64 {
    web_sys::window()
        .and_then(|window| window.inner_height().ok())
        .and_then(|height| height.as_f64())
        .unwrap_or(0.0)
}

/// Returns the value of `data-NAME` on the element of an event, or on the nearest one around it that has it.
pub fn data_of(event: &web_sys::Event, name: &str) -> Option<String> {
    let element: web_sys::Element = event.target()?.dyn_into().ok()?;
    let attribute = format!("data-{name}");
    element.closest(&format!("[{attribute}]")).ok()??.get_attribute(&attribute)
}

/// Outlines the first element that matches `selector`, scrolls it into view and removes the previous outline.
pub fn point_at(selector: Option<&str>) {
    if let Some(before) = element("[data-pointed-at]") {
        drop(before.remove_attribute("data-pointed-at"));
    }
    if let Some(now) = selector.and_then(element) {
        drop(now.set_attribute("data-pointed-at", ""));
        now.scroll_into_view_with_bool(true);
    }
}

fn element(selector: &str) -> Option<web_sys::HtmlElement> {
    let found = web_sys::window()?.document()?.query_selector(selector).ok()??;
    found.dyn_into().ok()
}
