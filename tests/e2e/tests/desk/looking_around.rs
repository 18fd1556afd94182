//! Beyond the current pair and hour: the watchlist, and older bars.

use super::{Done, tape, text};
use serde_json::json;
use spreadscope_e2e::browser::Trouble;
use spreadscope_e2e::desk::Desk;
use spreadscope_e2e::layout;
use spreadscope_e2e::turn::{alone, beside};
use spreadscope_exchange::Config;

#[tokio::test(flavor = "multi_thread")]
async fn watched_pairs_stand_side_by_side_and_open_with_a_click() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("watchlist", tape(), Config::default()).await?;
    desk.open().await?;
    let browser = &desk.browser;
    browser.click("[data-action=watch]").await?;
    let line = |pair: &str| {
        format!(
            "const line = document.querySelector('[data-watched=\"{pair}\"]'); const cells = line && [...line.querySelectorAll('td')].map(cell => cell.innerText); return cells && /[0-9]/.test(cells[0]) && /[0-9]/.test(cells[1]) && cells"
        )
    };
    browser.until(30, "the pair's numbers", &line("BTCUSDT / ETHUSDT")).await?;
    // further pairs come from the favourites of earlier visits; one of them is not traded here
    let kept = "localStorage.setItem('spreadscope.pairs', '*BTCUSDT-ETHUSDT.*SOLUSDT-ETHUSDT.*BTCUSDT-XRPUSDT'); location.hash = '#/'; location.reload(); return true";
    browser.script(kept).await?;
    browser.until(60, "the other pair's numbers", &line("SOLUSDT / ETHUSDT")).await?;
    let trouble = "const line = document.querySelector('[data-watched=\"BTCUSDT / XRPUSDT\"] .note'); return line && line.innerText";
    let trouble = browser.until(30, "what is wrong", trouble).await?;
    // the browser may not read a refusal without a CORS header
    assert!(text(&trouble).contains("that the browser hides, or not traded"), "{trouble}");
    let note = browser.script("return document.querySelector('.watchlist > .note').innerText").await?;
    assert!(text(&note).contains("1 m bars") && text(&note).contains("closed by"), "{note}");
    // between two minutes z moves with the last prices
    let z = "const cell = document.querySelector('[data-watched=\"SOLUSDT / ETHUSDT\"] td'); return cell.title.startsWith('now; ') && cell.innerText";
    let before = browser.until(20, "z by the last prices", z).await?;
    browser.until(20, "another z by later ones", &format!("{z} != {before} && cell.innerText")).await?;
    for (width, height) in [(1440, 900), (390, 844)] {
        for dark in [false, true] {
            browser.look(width, height, dark).await?;
            browser
                .script(
                    "document.querySelector('.watchlist').scrollIntoView({ block: 'center' }); return true",
                )
                .await?;
            layout::settled(browser).await?;
            browser.screenshot(&format!("watchlist-{width}-{dark}")).await?;
        }
    }
    browser.look(1440, 900, true).await?;
    browser.click("[data-watched='SOLUSDT / ETHUSDT'] button").await?;
    let opened = "return document.querySelector('.pair').innerText.includes('SOLUSDT') && document.querySelector('[data-watched=\"SOLUSDT / ETHUSDT\"]').ariaCurrent";
    assert_eq!(browser.until(20, "the pair on the desk", opened).await?, json!("true"));
    browser.click("[data-action=watch]").await?;
    let gone = "return !document.querySelector('[data-watched=\"SOLUSDT / ETHUSDT\"]')";
    browser.until(5, "the pair is off the list", gone).await?;
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_range_beyond_the_first_hour_brings_older_bars() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("older", tape(), Config::default()).await?;
    desk.open().await?;
    let browser = &desk.browser;
    browser.click("[data-range='21600']").await?;
    let six_hours = "return Number(document.querySelector('main').dataset.bars) >= 21600";
    browser.until(90, "six hours of bars", six_hours).await?;
    let newest = "return Number(document.querySelector('[data-tile=z]').dataset.openTime)";
    let before = browser.script(newest).await?.as_f64().unwrap_or(f64::MAX);
    browser.until(20, "live bars go on", &format!("{newest} > {before} + 2000")).await?;
    browser.screenshot("older").await?;
    desk.finish().await
}

/// Returns the span that the z chart shows, milliseconds since 1970.
async fn span_of_z(desk: &Desk) -> Result<(f64, f64), Trouble> {
    let span = "const { from, to } = document.querySelector('[data-chart=zscore]').dataset; return [Number(from), Number(to)]";
    Ok(serde_json::from_value(desk.browser.script(span).await?)?)
}

/// Returns the span of all charts over time, once they stand at one other than `before`.
async fn common_span(desk: &Desk, before: (f64, f64)) -> Result<(f64, f64), Trouble> {
    let spans = format!(
        "const spans = [...document.querySelectorAll('[data-chart]')].map(chart => chart.dataset).filter(chart => chart.from); \
         const [{{ from, to }}] = spans; \
         return spans.length >= 4 && spans.every(span => span.from == from && span.to == to) && from != {} && [Number(from), Number(to)]",
        before.0
    );
    Ok(serde_json::from_value(desk.browser.steady("one span on all charts", &spans).await?)?)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pointer_on_one_chart_moves_all_of_them() -> Done {
    const SHIFT: u32 = 8;
    let _alone = alone().await;
    let desk = Desk::start("pointer", tape(), Config::default()).await?;
    desk.open().await?;
    desk.hour(20).await?;
    let browser = &desk.browser;
    desk.pause().await?;
    layout::settled(browser).await?;
    let place = browser
        .script("const box = document.querySelector('[data-chart=zscore] .chart-body').getBoundingClientRect(); return [box.left, box.top, box.width, box.height]")
        .await?;
    let place: [f64; 4] = serde_json::from_value(place)?;
    let mouse = async |kind: &str, share: f64, modifiers: u32| -> Done {
        let buttons = u32::from(kind != "mouseReleased");
        let event = json!({
            "type": kind, "x": place[0] + share * place[2], "y": place[1] + place[3] / 2.0, "modifiers": modifiers,
            "button": "left", "buttons": buttons, "clickCount": 1,
        });
        browser.cdp("Input.dispatchMouseEvent", event).await?;
        browser.turn().await
    };
    let drag = async |from: f64, to: f64, modifiers: u32| -> Done {
        mouse("mousePressed", from, modifiers).await?;
        for step in 1..=4 {
            mouse("mouseMoved", from + (to - from) * f64::from(step) / 4.0, modifiers).await?;
        }
        mouse("mouseReleased", to, modifiers).await?;
        browser.turn().await
    };
    let hover =
        json!({ "type": "mouseMoved", "x": place[0] + place[2] / 2.0, "y": place[1] + place[3] / 2.0 });
    browser.cdp("Input.dispatchMouseEvent", hover).await?;
    let crosshairs = "const shown = [...document.querySelectorAll('.chart-cursor:not([hidden]) span')].map(time => time.textContent); return shown.length >= 4 && shown";
    let crosshairs = browser.until(5, "a crosshair on every chart", crosshairs).await?;
    let times = crosshairs.as_array().ok_or("no times")?;
    assert!(times.iter().all(|time| time == &times[0]), "{crosshairs}");

    let before = span_of_z(&desk).await?;
    drag(0.4, 0.6, SHIFT).await?;
    let chosen = common_span(&desk, before).await?;
    let share = (chosen.1 - chosen.0) / (before.1 - before.0);
    assert!((0.15..0.35).contains(&share), "a fifth was chosen, and {share} of the span is shown");
    assert!(before.0 < chosen.0 && chosen.1 < before.1, "{before:?} {chosen:?}");
    drag(0.4, 0.6, 0).await?;
    let panned = common_span(&desk, chosen).await?;
    let moved = (chosen.0 - panned.0) / (chosen.1 - chosen.0);
    assert!((0.1..0.4).contains(&moved), "a drag to the right by a fifth has gone back by {moved}");
    assert!(((panned.1 - panned.0) / (chosen.1 - chosen.0) - 1.0).abs() < 0.02, "{panned:?} {chosen:?}");
    browser.script("document.querySelector('[data-chart=zscore] .chart-body').dispatchEvent(new MouseEvent('dblclick', { bubbles: true })); return true").await?;
    let back = common_span(&desk, panned).await?;
    assert!(back.1 >= before.1, "a double click leads back to the newest bars: {back:?} {before:?}");
    assert_eq!(back.1 - back.0, before.1 - before.0);
    desk.finish().await
}
