//! The bars of a backtest: what stands while others are chosen, and older ones that a link leads to again.

use crate::backtest::{market, ran, says};
use spreadscope_e2e::browser::Trouble;
use spreadscope_e2e::desk::Desk;
use spreadscope_e2e::turn::beside;
use spreadscope_exchange::{Config, Fault};

#[tokio::test(flavor = "multi_thread")]
async fn a_run_of_other_bars_says_whose_it_is_until_the_chosen_ones_are_here() -> Result<(), Trouble> {
    let _turn = beside().await;
    let desk = Desk::start("other-bars", market(), Config::default()).await?;
    let browser = &desk.browser;
    desk.open().await?;
    desk.hour(20).await?;
    desk.go("/backtest").await?;
    ran(browser, 1).await?;
    desk.exchange.apply(Fault::SlowRest { delay_millis: 4_000, millis: 60_000 });
    browser.click("[data-interval='1m']").await?;
    says(browser, "outdated", "still those of BTCUSDT / ETHUSDT, 1s").await?;
    let waits = "const page = document.querySelector('main.backtest'); \
        return page.dataset.state == 'waiting' && page.dataset.outdated == 'true' && !document.querySelector('[data-line=outdated]').hidden";
    browser.until(2, "the page waits", waits).await?;
    browser.click("[data-tab=surface]").await?;
    let off = "return document.querySelector('[data-action=explore]').disabled";
    browser.until(2, "nothing to try values on", off).await?;
    // and then it is theirs
    let theirs = "const page = document.querySelector('main.backtest'); \
        return page.dataset.state == 'ready' && page.dataset.outdated == 'false' && !document.querySelector('[data-action=explore]').disabled";
    browser.until(60, "the run of the chosen bars", theirs).await?;
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_leads_to_the_older_bars_of_its_run() -> Result<(), Trouble> {
    let _turn = beside().await;
    let desk = Desk::start("older-link", market(), Config::default()).await?;
    let browser = &desk.browser;
    desk.open().await?;
    desk.hour(20).await?;
    desk.go("/backtest").await?;
    ran(browser, 1).await?;
    let bars = "return Number(document.querySelector('[data-bars]')?.dataset.bars)";
    let before = browser.script(bars).await?.as_u64().ok_or("no number of bars")?;
    browser.click("[data-action=older]").await?;
    ran(browser, 2).await?;
    let after = browser.script(bars).await?.as_u64().ok_or("no number of bars")?;
    assert!(after > before + 1_000, "{before} {after}");
    let linked = "return location.hash.includes('from:') && location.href";
    let link = browser.until(10, "the first bar in the link", linked).await?;
    let link = link.as_str().ok_or("no link")?;
    // as in a profile that has stored nothing
    browser.script("indexedDB.databases().then(all => all.forEach(one => indexedDB.deleteDatabase(one.name))); return true").await?;
    browser.open("about:blank").await?;
    browser.open(link).await?;
    browser.until(60, "as many bars", &format!("{bars} >= {after}")).await?;
    desk.finish().await
}
