//! No network, and a new version of the page.

use super::{CHARTS, Done, KEPT, WRITTEN, banner, open_live, tape, text};
use serde_json::json;
use spreadscope_e2e::desk::{self, Desk};
use spreadscope_e2e::turn::beside;
use spreadscope_exchange::{Config, Fault};

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_in_flight_mode_brings_everything_back() -> Done {
    let _turn = beside().await;
    let desk = open_live("flight").await?;
    let browser = &desk.browser;
    desk.in_settings(30, "the page's files are kept", KEPT).await?;
    browser.click("[data-interval='1m']").await?;
    let minutes =
        "return document.querySelector(\"[data-interval='1m']\").getAttribute('aria-pressed') == 'true'";
    browser.until(10, "minutes", minutes).await?;
    browser.until(10, "minutes on all charts", CHARTS).await?;
    browser.click("[data-action=rules]").await?;
    browser.click("[data-rule='0'] [data-action=test-rule]").await?;
    let alerts = "return [...document.querySelectorAll('[data-alert]')].map(alert => alert.dataset.time)";
    let told = format!("const told = (() => {{ {alerts} }})(); return told.length > 0 && told");
    browser.until(5, "an alert", &told).await?;
    desk.in_settings(20, "a write", WRITTEN).await?;
    desk.written_again().await?;
    let told = browser.script(alerts).await?;
    desk.stop_site();
    desk.exchange.apply(Fault::Outage { millis: 3_600_000 });
    let offline = json!({ "offline": true, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0 });
    browser.cdp("Network.enable", json!({})).await?;
    browser.cdp("Network.emulateNetworkConditions", offline.clone()).await?;
    browser.open(&desk.address).await?;
    browser.until(15, "all charts", CHARTS).await?;
    assert_eq!(browser.script(minutes).await?, true, "the settings are not those of before");
    let kept = browser.script(alerts).await?;
    let is_there = |alert| kept.as_array().is_some_and(|kept| kept.contains(alert));
    assert!(told.as_array().is_some_and(|told| told.iter().all(is_there)), "{told} has become {kept}");
    browser.click("[data-interval='1s']").await?;
    desk.hour(15).await?;
    let p = browser
        .until(15, "a test", "return document.querySelector('[data-tile=eg]').dataset.value || null")
        .await?;
    assert!(text(&p).parse::<f64>().is_ok(), "{p}");
    // a new document learns of the emulated network only when it next changes
    browser.cdp("Network.emulateNetworkConditions", offline).await?;
    browser.until(5, "the badge", "return !!document.querySelector('[data-offline]')").await?;
    browser.screenshot("offline").await?;
    desk.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_visit_without_network_is_offered_the_demo() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("demo", tape(), Config::default()).await?;
    desk.exchange.apply(Fault::Outage { millis: 3_600_000 });
    let browser = &desk.browser;
    browser.open(&desk.address).await?;
    browser.until(60, "the offer", "return document.querySelector('[data-action=demo]')").await?;
    browser.script("document.querySelector('[data-action=demo]').click(); return true").await?;
    browser.until(20, "all charts", CHARTS).await?;
    desk.hour(10).await?;
    let words = banner(browser, "DEMO").await?;
    assert!(words.contains("made up"), "{words}");
    assert_eq!(browser.script("return document.querySelector('.pill').dataset.phase").await?, "demo");
    let p = browser
        .until(10, "a test", "return document.querySelector('[data-tile=eg]').dataset.value || null")
        .await?;
    assert!(text(&p).parse::<f64>()? < 0.05, "{p}");
    browser.screenshot("demo").await?;
    // it continues, and leaves nothing behind
    let bars = "return Number(document.querySelector('main').dataset.bars)";
    let before = browser.script(bars).await?;
    browser
        .until(10, "more bars", &format!("const bars = (() => {{ {bars} }})(); return bars > {before}"))
        .await?;
    browser.open(&desk.address).await?;
    browser.until(60, "the offer again", "return document.querySelector('[data-action=demo]')").await?;
    desk.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_version_waits_for_the_users_click() -> Done {
    let _turn = beside().await;
    let desk = open_live("update").await?;
    let browser = &desk.browser;
    desk.in_settings(30, "the page's files are kept", KEPT).await?;
    let source = "return document.querySelector(\"meta[name='spreadscope-source']\").content";
    let old = browser.script(source).await?;
    // another source makes another page: another hash, another version
    desk::point_at("http://127.0.0.1:1", &desk.folder).await?;
    browser.script("navigator.serviceWorker.getRegistration().then(r => r.update()); return true").await?;
    let offer = "return !!document.querySelector('[data-update]')";
    browser.until(30, "the offer", offer).await?;
    assert_eq!(browser.script(source).await?, old);
    browser.open(&desk.address).await?;
    desk.live(20).await?;
    assert_eq!(browser.script(source).await?, old, "a reload alone takes no new version");
    browser.until(40, "the offer again", offer).await?;
    browser.screenshot("update").await?;
    browser.click("[data-action=update]").await?;
    browser.until(20, "the new version", &format!("{source} == 'loopback:http://127.0.0.1:1'")).await?;
    desk.close().await
}
