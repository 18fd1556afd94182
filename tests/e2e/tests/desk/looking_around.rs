//! Beyond the pair and the hour on the screen: the watchlist, and older bars.

use super::{Done, alone, tape, text, wait};
use serde_json::json;
use spreadscope_e2e::desk::Desk;
use spreadscope_exchange::Config;

#[tokio::test(flavor = "multi_thread")]
async fn watched_pairs_stand_side_by_side_and_open_with_a_click() -> Done {
    let _alone = alone().await;
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
    // others come from the favourites of earlier visits; one of them is not traded here
    let kept = "localStorage.setItem('spreadscope.pairs', '*BTCUSDT-ETHUSDT.*SOLUSDT-ETHUSDT.*BTCUSDT-XRPUSDT'); location.hash = '#/'; location.reload(); return true";
    browser.script(kept).await?;
    browser.until(60, "the other pair's numbers", &line("SOLUSDT / ETHUSDT")).await?;
    let trouble = "const line = document.querySelector('[data-watched=\"BTCUSDT / XRPUSDT\"] .note'); return line && line.innerText";
    let trouble = browser.until(30, "what is wrong", trouble).await?;
    // the browser may not read a refusal, which comes without a CORS header
    assert!(text(&trouble).starts_with("out of reach"), "{trouble}");
    let note = browser.script("return document.querySelector('.watchlist > .note').innerText").await?;
    assert!(text(&note).contains("1 m bars") && text(&note).contains("closed by"), "{note}");
    for (width, height) in [(1440, 900), (390, 844)] {
        for dark in [false, true] {
            browser.look(width, height, dark).await?;
            browser
                .script(
                    "document.querySelector('.watchlist').scrollIntoView({ block: 'center' }); return true",
                )
                .await?;
            wait(2_500).await;
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
    let _alone = alone().await;
    let desk = Desk::start("older", tape(), Config::default()).await?;
    desk.open().await?;
    let browser = &desk.browser;
    browser.click("[data-range='21600']").await?;
    let six_hours = "return Number(document.querySelector('main').dataset.bars) >= 21600";
    browser.until(90, "six hours of bars", six_hours).await?;
    let newest = "return Number(document.querySelector('[data-tile=z]').dataset.openTime)";
    let before = browser.script(newest).await?.as_f64().unwrap_or(f64::MAX);
    browser.until(20, "live bars go on", &format!("{newest} > {before} + 2000")).await?;
    wait(3_000).await;
    browser.screenshot("older").await?;
    desk.finish().await
}
