//! How soon a first visit has its charts.

use crate::browser::Trouble;
use crate::budget::Figure;
use crate::desk::Desk;
use serde_json::json;

/// Records when the first chart has points, and when the first four have.
pub const NOTE: &str = "const look = setInterval(() => { \
     const charts = [...document.querySelectorAll('[data-chart]')]; \
     if (charts.some(chart => chart.dataset.points > 0)) { window.__firstChart ??= performance.now(); } \
     if (charts.length >= 6 && charts.slice(0, 4).every(chart => chart.dataset.points > 0)) { window.__allCharts = performance.now(); clearInterval(look); } }, 5);";

/// Opens the page for the first time and measures.
///
/// # Errors
/// A sentence that says what went wrong.
pub(super) async fn figures(desk: &Desk) -> Result<Vec<Figure>, Trouble> {
    desk.browser.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": NOTE })).await?;
    desk.open().await?;
    let mut figures = Vec::new();
    for (name, noted) in [("first chart", "__firstChart"), ("the first four charts", "__allCharts")] {
        let millis = desk.browser.until(5, name, &format!("return window.{noted}")).await?;
        let name = format!("start to {name} with data");
        figures.push(Figure::plain(&name, millis.as_f64().unwrap_or(f64::NAN), "ms"));
    }
    Ok(figures)
}
