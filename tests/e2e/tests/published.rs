//! The page as published: unchanged, under a path, over TLS, contacting no other host.

use spreadscope_e2e::browser::Trouble;
use spreadscope_e2e::published;
use spreadscope_e2e::turn::beside;
use spreadscope_exchange::tape::synthetic;
use spreadscope_exchange::{Config, Fault, UnknownStream, Venue};

/// Every host that the page may contact.
const HOSTS: [&str; 6] = [
    "data-stream.binance.vision",
    "stream.binance.com",
    "data-api.binance.vision",
    "api.binance.com",
    "stream.binance.us",
    "api.binance.us",
];

#[tokio::test(flavor = "multi_thread")]
async fn the_published_page_is_live_below_a_path_and_comes_back_offline() -> Result<(), Trouble> {
    let _turn = beside().await;
    let tape = synthetic::tape(&synthetic::Spec { seed: 3, history_hours: 2, live_hours: 1 });
    let desk = published::start(tape, Config::default(), &HOSTS).await?;
    desk.open().await?;
    desk.live(5).await?;
    let browser = &desk.browser;
    let source = "return document.querySelector('meta[name=spreadscope-source]')?.content ?? 'binance'";
    assert_eq!(browser.script(source).await?, "binance", "it is the page of the exchange itself");
    let elsewhere = "return performance.getEntriesByType('resource').map(entry => entry.name).filter(name => !/^(data|blob):/.test(name) && !name.startsWith(new URL('.', location.href).href))";
    assert_eq!(browser.script(elsewhere).await?, serde_json::json!([]));
    desk.in_settings(30, "the page's files are kept", "return line('offline') == 'opens'").await?;
    desk.in_settings(20, "bars are kept", "return /[0-9]/.test(line('written'))").await?;
    browser.expect_no_trouble().await?;
    for sink in [
        "document.createElement('div').innerHTML = '<b>text</b>'",
        "document.createElement('script').src = 'boot.js'",
        "new Worker('boot.js')",
        "trustedTypes.createPolicy('other', {})",
    ] {
        let refused = format!("try {{ {sink}; return 'taken' }} catch (error) {{ return error.name }}");
        assert_eq!(browser.script(&refused).await?, "TypeError", "{sink}");
    }
    // the first paint has the colours that were chosen, before the module is there
    let at_first = "new MutationObserver(() => {
        if (document.body && window.__atFirst === undefined) window.__atFirst = document.documentElement.dataset.theme ?? 'none';
    }).observe(document, { childList: true, subtree: true });";
    browser.cdp("Page.addScriptToEvaluateOnNewDocument", serde_json::json!({ "source": at_first })).await?;
    let choose = "const choice = document.querySelector('[data-control=theme]');
        choice.value = 'dark'; choice.dispatchEvent(new Event('change', { bubbles: true })); return true";
    browser.script(choose).await?;
    browser.until(5, "dark colours", "return document.documentElement.dataset.theme == 'dark'").await?;
    desk.stop_site();
    desk.exchange.apply(Fault::Outage { millis: 3_600_000 });
    desk.open().await?;
    assert_eq!(browser.script("return window.__atFirst").await?, "dark");
    desk.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn on_binance_us_the_desk_builds_its_seconds_from_trades_and_says_so() -> Result<(), Trouble> {
    let _turn = beside().await;
    let tape = synthetic::tape(&synthetic::Spec { seed: 3, history_hours: 25, live_hours: 1 });
    let config = Config { unknown_stream: UnknownStream::Closed, ..Config::default() };
    let desk = published::start(tape.of_venue(Venue::Us), config, &HOSTS).await?;
    let browser = &desk.browser;
    browser.open(&format!("{}#/?venue=binance-us", desk.address)).await?;
    desk.live(10).await?;
    desk.bars(20, 8).await?;
    let history = "return document.querySelector('[data-line=history] dd')?.innerText";
    let said = browser.until(5, "what there is of the past", history).await?;
    assert!(said.as_str().is_some_and(|said| said.contains("bars are built from trades")), "{said}");
    // it has 1 m bars
    browser.click("[data-interval='1m']").await?;
    desk.bars(20, 60).await?;
    assert_eq!(desk.exchange.sockets_opened(), 1);
    desk.finish().await
}
