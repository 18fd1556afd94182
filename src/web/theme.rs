//! The stylesheet's tokens as a figure's theme.

use crate::view::figure::Theme;

/// Reads the chart inks that are in force.
pub fn current() -> Theme {
    let Some(style) = web_sys::window().and_then(|window| {
        let root = window.document()?.document_element()?;
        window.get_computed_style(&root).ok().flatten()
    }) else {
        return Theme::default();
    };
    let fallback = Theme::default();
    let ink = |name: &str, otherwise: String| {
        let value = style.get_property_value(name).unwrap_or_default().trim().to_owned();
        if value.is_empty() { otherwise } else { value }
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
        band: ink("--chart-band", fallback.band),
        threshold: ink("--chart-threshold", fallback.threshold),
        threshold_band: ink("--chart-threshold-band", fallback.threshold_band),
        alert_above: ink("--chart-alert-above", fallback.alert_above),
        alert_below: ink("--chart-alert-below", fallback.alert_below),
        font: ink("--font", fallback.font),
        font_size: fallback.font_size,
    }
}
