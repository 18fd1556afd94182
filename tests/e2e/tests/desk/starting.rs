//! A page that cannot start, or not as it should, says so and offers a way out.

use super::{Done, tape, text};
use serde_json::json;
use spreadscope_e2e::desk::Desk;
use spreadscope_e2e::turn::beside;
use spreadscope_exchange::{Config, Fault};

#[tokio::test(flavor = "multi_thread")]
async fn a_page_whose_module_is_not_there_says_so_in_its_frame() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("no-module", tape(), Config::default()).await?;
    for file in std::fs::read_dir(&desk.folder)?.flatten() {
        if file.file_name().to_string_lossy().ends_with("_bg.wasm") {
            std::fs::remove_file(file.path())?;
        }
    }
    desk.browser.open(&desk.address).await?;
    let failure = "return document.querySelector('#frame #boot-failure[role=alert]')?.innerText";
    let words = desk.browser.until(15, "the failure in words", failure).await?;
    assert!(text(&words).contains("cannot start") && text(&words).contains("Reload the page"), "{words}");
    assert!(!text(&words).contains("Error"), "the browser's own words: {words}");
    desk.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_region_is_named_with_a_way_out() -> Done {
    let _turn = beside().await;
    // a refusal that the browser hides, and one that the page may read
    for (cors_on_errors, said) in
        [(false, "refuses for a reason that the browser hides"), (true, "does not serve this region")]
    {
        let config = Config { cors_on_errors, ..Config::default() };
        let desk = Desk::start("blocked", tape(), config).await?;
        desk.exchange.apply(Fault::Rest { status: 451, millis: 600_000 });
        desk.browser.open(&desk.address).await?;
        let browser = &desk.browser;
        browser.until(30, "blocked", "return document.querySelector('.pill') && document.querySelector('.pill').dataset.phase == 'blocked'").await?;
        // on a first visit the demo is offered as well
        let banners = "return [...document.querySelectorAll('[data-banner]')].map(banner => banner.innerText).join(' ') || null";
        let words = browser.until(5, "banners", banners).await?;
        let words = text(&words).to_lowercase();
        assert!(words.contains("blocked") && words.contains(said) && !words.contains("offline"), "{words}");
        assert!(
            browser.script("return !!document.querySelector('[data-action=reconnect]')").await?.as_bool()
                == Some(true)
        );
        browser.screenshot("blocked").await?;
        desk.close().await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn each_refusal_is_named_if_the_page_may_read_it_and_else_said_to_be_hidden() -> Done {
    const BANNERS: &str = "[...document.querySelectorAll('[data-banner]')].map(banner => banner.innerText).join(' ').toLowerCase()";
    let _turn = beside().await;
    for cors_on_errors in [true, false] {
        let config = Config { cors_on_errors, ..Config::default() };
        let desk = Desk::start("refused", tape(), config).await?;
        let browser = &desk.browser;
        for (status, said) in [(403, "firewall"), (418, "banned for a while"), (429, "too many requests")] {
            let said = if cors_on_errors { said } else { "the browser hides" };
            desk.exchange.apply(Fault::Rest { status, millis: 600_000 });
            browser.open(&desk.address).await?;
            let told = format!("return {BANNERS}.includes({said:?})");
            browser.until(40, &format!("{status} as \"{said}\""), &told).await?;
            desk.live(20).await?;
            // what is refused is the past alone, and no refusal is taken for a lost network
            let words = browser.script(&format!("return {BANNERS}")).await?;
            assert!(
                !text(&words).contains("offline") && !text(&words).contains("failed to fetch"),
                "{words}"
            );
        }
        if cors_on_errors {
            // a broken server is asked again soon; were it hidden, it might be a ban
            desk.exchange.apply(Fault::Rest { status: 503, millis: 8_000 });
            browser.open(&desk.address).await?;
            desk.hour(60).await?;
        }
        desk.close().await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_worker_can_be_had_the_engine_runs_in_the_page_and_says_so() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("no-worker", tape(), Config::default()).await?;
    let refuse = "window.Worker = class { constructor() { throw new Error('workers are switched off') } };";
    desk.browser.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": refuse })).await?;
    desk.open().await?;
    let browser = &desk.browser;
    desk.live(15).await?;
    let notice = browser.until(5, "a notice", "return document.querySelector('[data-banner]') && document.querySelector('[data-banner]').innerText").await?;
    let plain = text(&notice).contains("the browser starts no worker");
    assert!(plain && !text(&notice).contains("switched off"), "{notice}");
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_engine_the_page_says_so_and_offers_to_load_it_again() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("no-engine", tape(), Config::default()).await?;
    let refuse = "if (!sessionStorage.refused) { sessionStorage.refused = 1; window.Worker = class { constructor() { throw new Error('workers are switched off') } }; window.MessageChannel = class { constructor() { throw new Error('and channels too') } } }";
    desk.browser.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": refuse })).await?;
    desk.browser.open(&desk.address).await?;
    let lost = "return document.querySelector('[data-banner=\"No engine\"]')?.innerText";
    let words = desk.browser.until(15, "the loss in words", lost).await?;
    let both = "the browser starts no worker; the browser opens no channel to an engine in the page";
    assert!(text(&words).contains(both), "{words}");
    desk.browser.click("[data-action=reload]").await?;
    let ready = "return !!document.querySelector('main[data-ready=true]')";
    desk.browser.until(30, "a desk after the reload", ready).await?;
    desk.close().await
}

/// Makes the worker obey a channel: loop for ever, or throw.
const PLANTED: &str = "
        new BroadcastChannel('planted').onmessage = ({ data }) => {
            if (data === 'loop') for (;;) {}
            setTimeout(() => { throw new Error('planted in the worker') });
        };";

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_loops_for_ever_is_told_of_and_replaced_once() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("hung-worker", tape(), Config::default()).await?;
    desk.browser.plant_in_worker(PLANTED).await?;
    desk.open().await?;
    desk.live(15).await?;
    let browser = &desk.browser;
    browser.script("new BroadcastChannel('planted').postMessage('loop')").await?;
    let said = "return [...document.querySelectorAll('[data-banner]')].map(banner => banner.innerText).find(text => text.includes('did not answer')) || null";
    let words = browser.until(30, "the hang in words", said).await?;
    assert!(text(&words).contains("started again"), "{words}");
    // the page has dropped the last report of the hung engine: "live" comes from its successor
    desk.live(30).await?;
    browser.script("new BroadcastChannel('planted').postMessage('loop')").await?;
    let said = "return document.body.innerText.includes('not for the first time') || null";
    browser.until(30, "the second hang in words", said).await?;
    let pill = browser.script("return document.querySelector('.pill-label').innerText").await?;
    assert_eq!(text(&pill), "No engine");
    browser.script("Object.defineProperty(navigator, 'clipboard', { value: { writeText: async text => { window.__copied = text } } }); return true").await?;
    browser.click("[data-action=lost-diagnostics]").await?;
    let copied = "return (window.__copied ?? '').includes('not for the first time')";
    browser.until(5, "the diagnostics", copied).await?;
    desk.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_throws_is_told_of_and_the_desk_goes_on() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("thrown-worker", tape(), Config::default()).await?;
    desk.browser.plant_in_worker(PLANTED).await?;
    desk.open().await?;
    desk.live(15).await?;
    let browser = &desk.browser;
    browser.script("new BroadcastChannel('planted').postMessage('throw')").await?;
    let said = "return [...document.querySelectorAll('[data-banner]')].map(banner => banner.innerText).find(text => text.includes('worker could not be used')) || null";
    let words = browser.until(15, "the error in words", said).await?;
    // the browser's own words are in the diagnostics alone
    let plain = text(&words).contains("it stopped with an error") && !text(&words).contains("planted");
    assert!(plain, "{words}");
    desk.live(30).await?;
    browser.script("Object.defineProperty(navigator, 'clipboard', { value: { writeText: async text => { window.__copied = text } } }); return true").await?;
    desk.go("/feed").await?;
    browser.click("[data-action=diagnostics]").await?;
    let copied = "return (window.__copied ?? '').includes('planted in the worker')";
    browser.until(5, "the browser's words in the diagnostics", copied).await?;
    desk.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_has_stopped_says_so_and_an_extensions_error_is_not_the_pages() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("stopped", tape(), Config::default()).await?;
    let foreign = "addEventListener('DOMContentLoaded', () => {
        const error = new TypeError('Cannot redefine property: ethereum');
        window.dispatchEvent(new ErrorEvent('error', { message: error.message, filename: 'chrome-extension://abc/inpage.js', error }));
        const rejected = new Error('of an extension');
        rejected.stack = 'Error: of an extension\\n    at moz-extension://abc/inpage.js:1:1';
        Promise.reject(rejected);
        const nowhere = new Error('of an extension');
        nowhere.stack = '';
        Promise.reject(nowhere);
        Promise.reject('of an extension');
        window.dispatchEvent(new ErrorEvent('error', { message: 'Script error.' }));
    });";
    let seen = "addEventListener('DOMContentLoaded', () => new MutationObserver(() => {
        if (document.getElementById('boot-failure')) window.alarmed = true;
    }).observe(document, { childList: true, subtree: true }));";
    for source in [seen, foreign] {
        desk.browser.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source })).await?;
    }
    desk.open().await?;
    desk.live(15).await?;
    let browser = &desk.browser;
    assert_eq!(browser.script("return window.alarmed === true").await?.as_bool(), Some(false));
    // the page's next word to its worker panics
    let refuse = "Worker.prototype.postMessage = () => { throw new DOMException('planted', 'DataCloneError') }; return true";
    browser.script(refuse).await?;
    let told = "const place = document.querySelector('#boot-failure[role=alert]');
        return place && place.innerText + [...place.querySelectorAll('button')].map(button => button.innerText).join();";
    let words = browser.until(10, "the panic in words", told).await?;
    assert!(
        text(&words).contains("has stopped") && text(&words).contains("Reload,Copy diagnostics"),
        "{words}"
    );
    browser.screenshot("stopped").await?;
    desk.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_slept_says_from_when_to_when_and_the_screen_is_kept_on_where_that_is_chosen() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("slept", tape(), Config::default()).await?;
    let locks = "window.__locks = []; navigator.wakeLock.request = async kind => { window.__locks.push(kind); return { release: async () => window.__locks.push('released') } };";
    desk.browser.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": locks })).await?;
    desk.open().await?;
    let browser = &desk.browser;
    desk.show("settings").await?;
    browser.click("[data-control=awake]").await?;
    browser.until(5, "the lock", "return window.__locks.join() == 'screen'").await?;
    let later = "const real = Date.now; Date.now = () => real() + 3600000; document.dispatchEvent(new Event('visibilitychange', { bubbles: true })); return true";
    browser.script(later).await?;
    let said = "return [...document.querySelectorAll('[data-banner]')].map(banner => banner.innerText).find(text => text.includes('was asleep')) || null";
    let said = browser.until(5, "the sleep in words", said).await?;
    assert!(text(&said).contains("it could raise no alert in between"), "{said}");
    browser.until(5, "the lock again", "return window.__locks.join() == 'screen,screen'").await?;
    browser.click("[data-control=awake]").await?;
    browser.until(5, "no lock", "return window.__locks.at(-1) == 'released'").await?;
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn where_websockets_are_blocked_closed_bars_come_over_rest() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("polling", tape(), Config::default()).await?;
    desk.exchange.apply(Fault::Refuse { sockets: u32::MAX });
    let browser = &desk.browser;
    browser.open(&desk.address).await?;
    let phase = "return document.querySelector('.pill')?.dataset.phase == 'polling'";
    browser.until(100, "polling", phase).await?;
    let said = "return [...document.querySelectorAll('[data-banner]')].map(banner => banner.innerText).find(text => text.includes('blocks websockets'))";
    browser.until(5, "a word on it", said).await?;
    let newest = "return Number(document.querySelector('[data-tile=z]').dataset.openTime)";
    let before = browser.until(10, "a bar", newest).await?;
    let later = format!("return document.querySelector('[data-tile=z]').dataset.openTime > {before}");
    browser.until(20, "bars that have closed since", &later).await?;
    browser.screenshot("polling").await?;
    desk.exchange.apply(Fault::Refuse { sockets: 0 });
    desk.live(60).await?;
    desk.close().await
}
