//! The functions that a first visit does not run come after the first chart, at once where they are wanted before, and
//! where they cannot be had the page says so.

use super::{Done, tape, text};
use serde_json::json;
use spreadscope_e2e::browser::workspace;
use spreadscope_e2e::budget::Budget;
use spreadscope_e2e::desk::Desk;
use spreadscope_e2e::figures::start;
use spreadscope_e2e::first_load;
use spreadscope_e2e::turn::beside;
use spreadscope_exchange::{Config, Fault};

#[tokio::test(flavor = "multi_thread")]
async fn a_first_visit_downloads_no_more_than_the_budget() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("first-visit", tape(), Config::default()).await?;
    desk.browser.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": start::NOTE })).await?;
    desk.open().await?;
    let entries = "const entries = performance.getEntriesByType('resource').filter(entry => new URL(entry.name).origin == location.origin) \
        .map(entry => [new URL(entry.name).pathname.slice(1), entry.startTime < window.__firstChart]); \
        return entries.some(([name]) => name.endsWith('-later.wasm')) && entries";
    let fetched = desk.browser.until(30, "the functions that come later", entries).await?;
    let fetched: Vec<(String, bool)> = serde_json::from_value(fetched)?;
    let module = fetched.iter().find(|(name, _)| name.ends_with("_bg.wasm"));
    assert!(module.is_some_and(|(_, before_chart)| *before_chart), "{fetched:?}");
    for (name, before_chart) in
        fetched.iter().filter(|(name, _)| matches!(name.rsplit_once('.'), Some((_, "wasm"))))
    {
        let kind = first_load::kind(name);
        assert!(kind.is_some(), "{name} is a part that nobody has opened: {fetched:?}");
        assert!(
            kind != Some(first_load::LATER) || !before_chart,
            "{name} came before the chart: {fetched:?}"
        );
    }
    desk.finish().await?;
    let budget = Budget::read()?;
    let loaded = first_load::bytes(&workspace().join("dist"))?;
    let (chart, verdict) = (first_load::before_chart(&loaded), first_load::before_verdict(&loaded));
    for (bytes, name) in [
        (chart.brotli, "first_load_brotli_bytes"),
        (chart.gzip, "first_load_gzip_bytes"),
        (verdict.brotli, "first_verdict_brotli_bytes"),
        (verdict.gzip, "first_verdict_gzip_bytes"),
        (loaded[first_load::MODULE].brotli, "first_load_module_brotli_bytes"),
        (loaded[first_load::LATER].brotli, "later_brotli_bytes"),
    ] {
        let ceiling = budget.ceiling(name)?;
        assert!(bytes as f64 <= ceiling, "{name}: {bytes} bytes, {ceiling} at most");
    }
    Ok(())
}

/// What is fetched once the first chart is there never comes, to the page alone.
const HELD_UP: &str = "const whole = window.fetch; window.fetch = (asked, ...options) => \
    String(asked?.url ?? asked).endsWith('-later.wasm') ? new Promise(() => {}) : whole(asked, ...options);";

#[tokio::test(flavor = "multi_thread")]
async fn who_wants_what_comes_later_before_it_is_there_has_it_at_once() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("later-held-up", tape(), Config::default()).await?;
    let browser = &desk.browser;
    browser.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": HELD_UP })).await?;
    desk.open().await?;
    desk.live(15).await?;
    let asked = "return performance.getEntriesByType('resource').filter(entry => entry.name.endsWith('-later.wasm')).map(entry => entry.initiatorType)";
    assert_eq!(browser.script(asked).await?, json!([]));
    desk.show("settings").await?;
    desk.hide_all().await?;
    desk.show("alert-rules").await?;
    assert_eq!(browser.script(asked).await?, json!(["xmlhttprequest"]), "once, and for all that is called");
    desk.hide_all().await?;
    // the worker, which nobody has handed them, loses its connection, takes it up again and repairs the gap
    desk.exchange.apply(Fault::Outage { millis: 5_000 });
    let lost =
        "return ['waiting', 'connecting', 'blocked'].includes(document.querySelector('.pill').dataset.phase)";
    browser.until(5, "the loss is told", lost).await?;
    desk.live(90).await?;
    desk.hour(30).await?;
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_whose_later_part_cannot_be_had_starts_and_says_so_when_it_is_wanted() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("later-lost", tape(), Config::default()).await?;
    for file in std::fs::read_dir(&desk.folder)?.flatten() {
        if file.file_name().to_string_lossy().ends_with("-later.wasm") {
            std::fs::remove_file(file.path())?;
        }
    }
    let browser = &desk.browser;
    browser.open(&desk.address).await?;
    let stopped = "const drawer = document.getElementById('settings'); if (drawer && !drawer.matches(':popover-open')) drawer.showPopover(); \
        const place = document.querySelector('#boot-failure[role=alert]'); return place && place.innerText + [...place.querySelectorAll('button')].map(button => button.innerText).join()";
    let words = browser.until(15, "the loss in words", stopped).await?;
    for said in ["has stopped", "could not be fetched", "Is there a network?", "Reload"] {
        assert!(text(&words).contains(said), "{words}");
    }
    browser.screenshot("later-lost").await?;
    desk.close().await
}
