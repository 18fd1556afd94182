//! The screen's refresh: each interval, charts that come into view while it is paused, and two fingers.

use super::{Done, tape};
use serde_json::{Value, json};
use spreadscope_e2e::browser::Trouble;
use spreadscope_e2e::desk::{Desk, Refresh};
use spreadscope_e2e::layout;
use spreadscope_e2e::turn::{alone, beside};
use spreadscope_exchange::{Config, Fault};

#[tokio::test(flavor = "multi_thread")]
async fn each_refresh_interval_is_kept() -> Done {
    let _alone = alone().await;
    let desk = Desk::start("paces", tape(), Config::default()).await?;
    desk.open().await?;
    desk.live(10).await?;
    // the live z changes with nearly every message, four times a second
    desk.browser
        .script(
            "window.__seen = 0; const tile = document.querySelector('[data-tile=z]'); let last = ''; \
             new MutationObserver(() => { const now = tile.innerText; if (now != last) { last = now; window.__seen += 1; } }) \
             .observe(tile, { subtree: true, childList: true, characterData: true, attributes: true }); return true",
        )
        .await?;
    let changes = async |refresh: Refresh| -> Result<f64, Trouble> {
        desk.refresh(refresh).await?;
        desk.market_moves(2).await?;
        desk.browser.script("window.__seen = 0; return true").await?;
        desk.market_moves(8).await?;
        Ok(desk.browser.script("return window.__seen").await?.as_f64().unwrap_or(0.0))
    };
    let half = changes(Refresh::HalfSecond).await?;
    let one = changes(Refresh::OneSecond).await?;
    let two = changes(Refresh::TwoSeconds).await?;
    assert!((9.0..=17.0).contains(&half), "{half} changes in 8 s at 500 ms");
    assert!((5.0..=9.0).contains(&one), "{one} changes in 8 s at 1 s");
    assert!((3.0..=5.0).contains(&two), "{two} changes in 8 s at 2 s");
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chart_that_comes_into_view_while_paused_shows_the_span_of_the_others() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("paused", tape(), Config::default()).await?;
    desk.open().await?;
    let browser = &desk.browser;
    browser.look(1440, 900, false).await?;
    desk.live(10).await?;
    desk.bars_close(1).await?;
    desk.pause().await?;
    let span = async |chart: &str| -> Result<Value, Trouble> {
        let span = format!(
            "const {{ from, to }} = document.querySelector('[data-chart={chart}]').dataset; return to && [from, to]"
        );
        browser.until(10, "a chart with a span", &span).await
    };
    let before = span("zscore").await?;
    desk.market_moves(4).await?;
    browser.script("document.querySelector('[data-chart=volume]').scrollIntoView(); return true").await?;
    assert_eq!(span("volume").await?, before, "it comes into view with newer bars than the others");
    // a chart that is redrawn for another reason
    browser.click("[data-chart=volume] .chart-more").await?;
    browser.click("#chart-menu-volume [data-do=size]").await?;
    layout::settled(browser).await?;
    assert_eq!(span("volume").await?, before, "another size brings newer bars than the others have");
    browser.click("[data-action=pause]").await?;
    let went_on = format!("return document.querySelector('[data-chart=volume]').dataset.to != {}", before[1]);
    browser.until(10, "it goes on with the others", &went_on).await?;
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_fingers_on_a_chart_zoom_all_of_them() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("pinch", tape(), Config::default()).await?;
    let browser = &desk.browser;
    desk.open().await?;
    desk.hour(20).await?;
    browser.look(390, 844, false).await?;
    browser
        .cdp("Emulation.setTouchEmulationEnabled", json!({ "enabled": true, "maxTouchPoints": 2 }))
        .await?;
    let place = browser
        .script(
            "const body = document.querySelector('[data-chart=zscore] .chart-body'); body.scrollIntoView({ block: 'center' }); \
             const box = body.getBoundingClientRect(); return [box.left + box.width / 2, box.top + box.height / 2]",
        )
        .await?;
    let [x, y]: [f64; 2] = serde_json::from_value(place)?;
    let length =
        "const { from, to } = document.querySelector('[data-chart=zscore]').dataset; return to - from";
    let drawn = "const chart = document.querySelector('[data-chart=zscore]'); return chart.dataset.drawn > 0 && chart.dataset.to > 0";
    browser.until(10, "the chart", drawn).await?;
    let before = browser.script(length).await?.as_f64().ok_or("no span")?;
    let touch = async |kind: &str, apart: Option<f64>| -> Done {
        let finger =
            |id: u32, side: f64, apart: f64| json!({ "x": x + side * apart / 2.0, "y": y, "id": id });
        let fingers: Vec<Value> =
            apart.map(|apart| vec![finger(0, -1.0, apart), finger(1, 1.0, apart)]).unwrap_or_default();
        browser.cdp("Input.dispatchTouchEvent", json!({ "type": kind, "touchPoints": fingers })).await?;
        browser.turn().await
    };
    touch("touchStart", Some(60.0)).await?;
    for apart in [70.0, 80.0, 90.0, 100.0, 110.0, 120.0] {
        touch("touchMove", Some(apart)).await?;
    }
    touch("touchEnd", None).await?;
    // fingers twice as far apart show half of the span
    let half =
        format!("const length = (() => {{ {length} }})() / {before}; return 0.4 <= length && length < 0.65");
    browser.until(5, "half of the span", &half).await?;
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn of_twenty_thousand_trades_a_second_none_is_lost_that_is_not_told_of_and_repaired() -> Done {
    let _alone = alone().await;
    let desk = Desk::start("burst", tape(), Config::default()).await?;
    desk.open().await?;
    desk.live(10).await?;
    let browser = &desk.browser;
    desk.go("/feed").await?;
    browser.click("[data-action=json]").await?;
    let figures = "const told = document.querySelector('pre.inspector-body')?.textContent ?? ''; \
        const figure = name => Number(told.match(new RegExp(`\"${name}\": ?(\\\\d+)`))?.[1] ?? NaN);";
    desk.exchange.apply(Fault::Burst { per_sec: 10_000, millis: 10_000 });
    let taken = "return figure('trades') + figure('repaired_trades') >= 200000 && figure('missing_trades') === figure('repaired_trades')";
    browser.until(90, "all trades of the burst", &format!("{figures} {taken}")).await?;
    let sound = "return document.querySelector('.pill')?.dataset.phase == 'live'";
    browser.until(30, "live after it", sound).await?;
    desk.finish().await
}
