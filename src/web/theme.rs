//! The stylesheet's tokens as a figure's theme.

use crate::view::charts::figure::{Theme, label_size};
use crate::view::screen::scheme::{Scheme, in_force};
use spreadscope_engine::settings::HedgeKind;
use std::cell::RefCell;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;
use web_sys::MediaQueryList;

thread_local! {
    /// Whether the scheme was dark when the inks were read, and the inks.
    static READ: RefCell<Option<(bool, Theme)>> = const { RefCell::new(None) };
}

/// Returns the chart inks in force; they are read again only when the scheme has changed, because reading them
/// makes the browser compute the styles of the whole page.
pub fn current() -> Theme {
    let dark = is_dark();
    READ.with_borrow_mut(|read| match read {
        Some((known, theme)) if *known == dark => theme.clone(),
        _ => read.insert((dark, from_stylesheet(dark))).1.clone(),
    })
}

/// The page's attribute for the chosen colours.
const CHOICE: &str = "data-theme";

fn root() -> Option<web_sys::Element> {
    web_sys::window()?.document()?.document_element()
}

/// Returns the chosen colours, as the page's attribute has them.
pub(super) fn chosen() -> Option<String> {
    root()?.get_attribute(CHOICE)
}

/// Sets the page's colours; `None` follows the system.
pub fn choose(scheme: Option<&str>) {
    let Some(root) = root() else { return };
    // an attribute of this name can always be set and removed
    drop(match scheme {
        Some(scheme) => root.set_attribute(CHOICE, scheme),
        None => root.remove_attribute(CHOICE),
    });
}

/// Returns whether the user, or else the system, has chosen dark colours.
fn is_dark() -> bool {
    match chosen().as_deref().and_then(Scheme::parse).unwrap_or_default() {
        Scheme::System => darkness().is_some_and(|dark| dark.matches()),
        Scheme::Light => false,
        Scheme::Dark => true,
    }
}

fn darkness() -> Option<MediaQueryList> {
    web_sys::window()?.match_media("(prefers-color-scheme: dark)").ok().flatten()
}

/// Calls `action` whenever the system changes between dark and light, for as long as the page lives.
pub fn on_system_change(action: impl FnMut() + 'static) {
    if let Some(dark) = darkness() {
        let action = Closure::<dyn FnMut()>::new(action).into_js_value();
        dark.set_onchange(Some(action.unchecked_ref()));
    }
}

/// Returns the size of charts' labels, pixels, by the size of text that the user has chosen in the browser.
pub fn font_size() -> usize {
    let text = styles().and_then(|style| style.get_property_value("font-size").ok());
    let pixels = text.and_then(|text| text.trim_end_matches("px").parse().ok());
    pixels.map_or_else(|| Theme::default().font_size, label_size)
}

fn styles() -> Option<web_sys::CssStyleDeclaration> {
    web_sys::window()?.get_computed_style(&root()?).ok().flatten()
}

fn from_stylesheet(dark: bool) -> Theme {
    let Some(style) = styles() else { return Theme::default() };
    let fallback = Theme::default();
    let ink = |name: &str, otherwise: String| {
        let token = style.get_property_value(name).unwrap_or_default();
        let value = in_force(token.trim(), dark);
        if value.is_empty() { otherwise } else { value.to_owned() }
    };
    Theme {
        ground: ink("--chart-ground", fallback.ground),
        text: ink("--chart-text", fallback.text),
        grid: ink("--chart-grid", fallback.grid),
        axis: ink("--chart-axis", fallback.axis),
        y: ink("--chart-y", fallback.y),
        x: ink("--chart-x", fallback.x),
        line: ink("--chart-line", fallback.line),
        second: ink("--chart-second", fallback.second),
        overlays: HedgeKind::ALL
            .map(|kind| ink(&format!("--chart-{}", kind.as_str()), fallback.overlays[kind as usize].clone())),
        band: ink("--chart-band", fallback.band),
        threshold: ink("--chart-threshold", fallback.threshold),
        threshold_band: ink("--chart-threshold-band", fallback.threshold_band),
        alert_above: ink("--chart-alert-above", fallback.alert_above),
        alert_below: ink("--chart-alert-below", fallback.alert_below),
        font: ink("--font", fallback.font),
        font_size: fallback.font_size,
    }
}
