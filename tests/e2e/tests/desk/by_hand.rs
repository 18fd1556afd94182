//! What a click or a drag on the desk changes: one line for both, a line hidden, an axis stretched, the band that
//! does not pay, the moment of an alert.

use super::{Done, tape};
use serde_json::json;
use spreadscope_e2e::browser::{Browser, Trouble};
use spreadscope_e2e::desk::Desk;
use spreadscope_e2e::layout;
use spreadscope_e2e::turn::beside;
use spreadscope_exchange::Config;

/// A rolling line so short that its ratio differs from the tests' by more than their errors.
const TWO_LINES: &str = "#/?hedge_window_bars=60&z_window_bars=60";
/// Settings with a crossing every few bars.
const CROSSES: &str = "#/?z_window_bars=20&z_threshold=0.5&z_hysteresis=0&alert_cooldown_secs=0";

async fn number(browser: &Browser, script: &str) -> Result<f64, Trouble> {
    let value = browser.script(script).await?;
    value.as_f64().ok_or_else(|| format!("{script}: {value}").into())
}

/// Opens the desk at another address, as from a link.
async fn open_at(desk: &Desk, hash: &str) -> Done {
    let leave = format!("window.__left = true; location.hash = {hash:?}; location.reload(); return true");
    desk.browser.script(&leave).await?;
    desk.browser.until(20, "the page anew", "return !window.__left").await?;
    desk.hour(40).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_click_or_a_drag_changes_what_it_is_on() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("by-hand", tape(), Config::default()).await?;
    desk.open().await?;
    open_at(&desk, TWO_LINES).await?;
    takes_the_tests_line_for_both(&desk).await?;
    hides_a_line(&desk).await?;
    stretches_an_axis(&desk).await?;
    shades_what_does_not_pay(&desk).await?;
    open_at(&desk, CROSSES).await?;
    goes_to_the_moment_of_alerts(&desk).await?;
    desk.finish().await
}

async fn takes_the_tests_line_for_both(desk: &Desk) -> Done {
    let browser = &desk.browser;
    let fixed = "return !!document.querySelector('[data-one-line=\"900\"]')";
    browser.until(60, "lines that differ by more than their errors", fixed).await?;
    let why = "document.querySelector('#verdict-reasons').textContent";
    let two = format!("return {why}.includes('what is tested is not what z shows')");
    browser.until(5, "the reason", &two).await?;
    browser.click("[data-one-line='900']").await?;
    let one = "return location.hash.includes('hedge_window_bars=900') && !document.querySelector('[data-one-line]')";
    browser.until(20, "one line", one).await?;
    let none = format!("return !{why}.includes('what is tested is not what z shows')");
    browser.until(20, "no such reason", &none).await?;
    // the tests run every few bars: the tile's ratio is theirs but for the bars since
    let ratios = "const numbers = selector => document.querySelector(selector)?.innerText.match(/[\\d.]+/g)?.map(Number); \
        const tile = numbers('[data-tile=hedge] .tile-value'), fit = numbers('.tests-lines [data-line=fit] dd'); \
        return tile && fit && [tile[0], ...fit]";
    let [tile, fit, error]: [f64; 3] =
        serde_json::from_value(browser.until(20, "both ratios", ratios).await?)?;
    assert!((tile - fit).abs() < error, "{tile} {fit} {error}");
    Ok(())
}

async fn hides_a_line(desk: &Desk) -> Done {
    let browser = &desk.browser;
    let points = "const plot = document.querySelector('[data-chart=price] .js-plotly-plot'); \
        return plot.data.filter(trace => trace.y.length > 10).length";
    let before = number(browser, points).await?;
    let name = "[data-chart=price] [data-ink=x] .legend-name";
    let pressed = format!("return document.querySelector(\"{name}\").ariaPressed");
    assert_eq!(browser.script(&pressed).await?, "true");
    browser.click(name).await?;
    assert_eq!(browser.script(&pressed).await?, "false");
    let fewer = format!("return (() => {{ {points} }})() == {}", before - 1.0);
    browser.until(5, "one line fewer", &fewer).await?;
    browser.click(name).await?;
    let again = format!("return (() => {{ {points} }})() == {before}");
    browser.until(5, "the line again", &again).await.map(drop)
}

/// The range of the spread chart's value axis.
const RANGE: &str =
    "return document.querySelector('[data-chart=spread] .js-plotly-plot').layout.yaxis.range.map(Number)";

async fn stretches_an_axis(desk: &Desk) -> Done {
    const PIXELS: f64 = 50.0;
    let browser = &desk.browser;
    browser.click("[data-action=pause]").await?;
    layout::settled(browser).await?;
    let place = "const axis = document.querySelector('[data-chart=spread] .value-axis').getBoundingClientRect(); \
        return [axis.left + axis.width / 2, axis.top + axis.height / 3]";
    let [x, y]: [f64; 2] = serde_json::from_value(browser.script(place).await?)?;
    let [low, high]: [f64; 2] = serde_json::from_value(browser.script(RANGE).await?)?;
    let mouse = async |kind: &str, y: f64, count: u32| -> Done {
        let buttons = u32::from(kind != "mouseReleased");
        let event = json!({ "type": kind, "x": x, "y": y, "button": "left", "buttons": buttons, "clickCount": count });
        browser.cdp("Input.dispatchMouseEvent", event).await?;
        browser.turn().await
    };
    mouse("mousePressed", y, 1).await?;
    for step in 1..=5 {
        mouse("mouseMoved", y + PIXELS * f64::from(step) / 5.0, 1).await?;
    }
    mouse("mouseReleased", y + PIXELS, 1).await?;
    let wider = format!(
        "const range = (() => {{ {RANGE} }})(); return range[1] - range[0] > {} && range",
        high - low
    );
    let dragged: [f64; 2] = serde_json::from_value(browser.until(5, "a wider axis", &wider).await?)?;
    // half the pixels of a factor of e
    let factor = (dragged[1] - dragged[0]) / (high - low);
    assert!((factor / 0.5_f64.exp() - 1.0).abs() < 0.05, "{factor}");
    let middle = f64::midpoint(low, high);
    assert!(
        (f64::midpoint(dragged[0], dragged[1]) - middle).abs() < 0.01 * (high - low),
        "{dragged:?} {middle}"
    );
    for count in [1, 2] {
        mouse("mousePressed", y, count).await?;
        mouse("mouseReleased", y, count).await?;
    }
    let fitted =
        format!("const range = (() => {{ {RANGE} }})(); return range[0] == {low} && range[1] == {high}");
    browser.until(5, "the fitted axis", &fitted).await?;
    browser.click("[data-action=pause]").await
}

async fn shades_what_does_not_pay(desk: &Desk) -> Done {
    let browser = &desk.browser;
    // the bands beyond the thresholds, and the one around the mean
    let bands = "const shapes = document.querySelector('[data-chart=zscore] .js-plotly-plot').layout.shapes; \
        return shapes.filter(shape => shape.type == 'rect').length";
    assert!((number(browser, bands).await? - 2.0).abs() < f64::EPSILON);
    browser.script("document.querySelector('[data-opens=trade]').click(); return true").await?;
    let costed = "return document.querySelector('[data-panel=trade] [data-line=pays]')?.innerText.includes('beyond ±')";
    browser.until(20, "a trade", costed).await?;
    let tick = "document.querySelector('[data-control=shade]').click(); return true";
    browser.script(tick).await?;
    let shaded = "const shapes = document.querySelector('[data-chart=zscore] .js-plotly-plot').layout.shapes.filter(shape => shape.type == 'rect'); \
        return shapes.length == 3 && shapes.some(shape => Math.min(shape.y0, shape.y1) < 0 && Math.max(shape.y0, shape.y1) > 0)";
    browser.until(10, "the band around the mean", shaded).await?;
    browser.screenshot("shaded").await?;
    browser.script(tick).await?;
    browser.until(10, "no band", &format!("return (() => {{ {bands} }})() == 2")).await?;
    browser.script("document.querySelector('[data-opens=trade]').click(); return true").await.map(drop)
}

/// Waits until all charts show the bars around `time`, and returns to the newest.
async fn shows_the_moment(browser: &Browser, time: i64) -> Done {
    let spans = format!(
        "const spans = [...document.querySelectorAll('[data-chart]')].map(chart => chart.dataset).filter(chart => chart.from); \
         return spans.length >= 4 && !document.querySelector('.range-follow').disabled && spans.every(span => span.to - span.from == 200_000 && Math.abs((+span.from + +span.to) / 2 - {time}) <= 2_000)"
    );
    browser.until(10, "the alert's moment on all charts", &spans).await?;
    browser.click(".range-follow").await?;
    let following = "return document.querySelector('.range-follow').disabled";
    browser.until(5, "the newest bars", following).await.map(drop)
}

async fn goes_to_the_moment_of_alerts(desk: &Desk) -> Done {
    let browser = &desk.browser;
    let some = "const alerts = document.querySelectorAll('[data-alert]'); return alerts.length >= 3 && +alerts[2].dataset.time";
    let listed = browser.until(60, "alerts", some).await?;
    let time = listed.as_i64().ok_or("no time")?;
    browser
        .script(&format!(
            "document.querySelector('[data-alert][data-time=\"{time}\"] button').click(); return true"
        ))
        .await?;
    shows_the_moment(browser, time).await?;
    // a toast also leads back from another view
    desk.go("/feed").await?;
    let toast = "const toast = document.querySelector('.toast'); if (!toast) return null; toast.querySelector('.toast-text').click(); return +toast.dataset.time";
    let shown = browser.until(60, "a toast", toast).await?;
    let time = shown.as_i64().ok_or("no time")?;
    let gone = format!("return !document.querySelector('.toast[data-time=\"{time}\"]')");
    browser.until(5, "the toast is gone", &gone).await?;
    browser
        .until(10, "the desk", "return !!document.querySelector('main[data-ready=true] [data-chart]')")
        .await?;
    shows_the_moment(browser, time).await
}
