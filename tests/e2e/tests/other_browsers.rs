//! The main flow in other browsers.

use spreadscope_e2e::browser::{Browser, Trouble};
use spreadscope_e2e::desk::Desk;
use spreadscope_e2e::turn::beside;
use spreadscope_exchange::Config;
use spreadscope_exchange::tape::synthetic;

const SHOWN: &str = "return document.querySelector('[data-tile=z]').dataset.openTime";

#[tokio::test(flavor = "multi_thread")]
async fn the_main_flow_works_in_firefox() -> Result<(), Trouble> {
    let _turn = beside().await;
    let Some(firefox) = Browser::start_firefox().await? else {
        return Ok(());
    };
    main_flow(firefox, "firefox").await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_main_flow_works_in_webkit() -> Result<(), Trouble> {
    let _turn = beside().await;
    let Some(webkit) = Browser::start_webkit().await? else {
        return Ok(());
    };
    main_flow(webkit, "webkit").await
}

/// Live, with numbers, at another interval, paused, stored, and through all pages.
async fn main_flow(browser: Browser, name: &str) -> Result<(), Trouble> {
    let tape = synthetic::tape(&synthetic::Spec { seed: 1, history_hours: 25, live_hours: 6 });
    let desk = Desk::start_in(browser, name, tape, Config::default()).await?;
    desk.open().await?;
    let browser = &desk.browser;
    desk.live(20).await?;
    desk.hour(20).await?;
    for tile in ["z", "spread", "hedge", "correlation", "eg"] {
        let number = format!(
            "const text = document.querySelector('[data-tile={tile}]').dataset.value; return !!text && Number.isFinite(Number(text))"
        );
        browser.until(20, &format!("the number {tile}"), &number).await?;
    }
    browser.screenshot(name).await?;

    browser.click("[data-interval='1m']").await?;
    let minutes = "return document.querySelector(\"[data-interval='1m']\").getAttribute('aria-pressed') == 'true' && document.querySelector('main').dataset.ready == 'true' && Number(document.querySelector('main').dataset.bars) < 3000";
    browser.until(20, "minutes", minutes).await?;
    browser.click("[data-interval='1s']").await?;
    desk.hour(20).await?;

    // what the user waits for is shown although the screen is paused
    let whole = "return document.querySelector('[data-line=history] dd')?.innerText == 'complete' && !!document.querySelector('[data-tile=z]').dataset.value";
    browser.until(30, "all of the history", whole).await?;
    browser.click("[data-action=pause]").await?;
    browser.until(5, "paused", "return document.querySelector('main').dataset.paused == 'true'").await?;
    let paused = browser.script(SHOWN).await?;
    desk.market_moves(3).await?;
    assert_eq!(browser.script(SHOWN).await?, paused, "paused, and yet it moves");
    browser.click("[data-action=pause]").await?;
    browser
        .until(
            10,
            "newer bars",
            &format!("return document.querySelector('[data-tile=z]').dataset.openTime != {paused}"),
        )
        .await?;

    // what it holds is stored, and the drawers open
    let written = "return /[0-9]/.test(document.querySelector('[data-line=written] dd')?.textContent)";
    desk.show("settings").await?;
    browser.until(20, "a write", written).await?;
    desk.hide_all().await?;
    desk.go("/feed").await?;
    desk.go("/").await?;
    desk.finish().await
}
