//! The scanner on the stand-in's coins: from the click to the table, and from a row to the desk.

use spreadscope_e2e::browser::{Browser, Trouble};
use spreadscope_e2e::desk::Desk;
use spreadscope_e2e::turn::{alone, beside};
use spreadscope_e2e::{axe, downloads, layout};
use spreadscope_exchange::tape::coins::PARTNERS;
use spreadscope_exchange::tape::synthetic;
use spreadscope_exchange::{Config, Fault, Tape};
use std::time::Instant;
use thirtyfour::Key;

type Done = Result<(), Trouble>;

fn tape() -> Tape {
    synthetic::tape(&synthetic::Spec { seed: 1, history_hours: 84, live_hours: 6 }).with_coins()
}

const STAGE: &str = "document.querySelector('main.scanner')?.dataset.stage";

/// Returns a desk with the scanner open.
async fn scanner(name: &str) -> Result<Desk, Trouble> {
    let desk = Desk::start(name, tape(), Config::default()).await?;
    desk.open().await?;
    desk.live(20).await?;
    desk.hour(20).await?;
    desk.go("/scanner").await?;
    desk.browser.until(20, "the form", "return !!document.querySelector('[data-action=begin-scan]')").await?;
    Ok(desk)
}

async fn until_done(browser: &Browser, secs: u64) -> Done {
    browser.until(secs, "the end of the scan", &format!("return {STAGE} == 'done'")).await.map(drop)
}

fn row(pair: [&str; 2]) -> String {
    format!("[data-pair='{}-{}']", pair[0], pair[1])
}

/// Returns how many partners are marked as survivors.
async fn found(browser: &Browser) -> Result<usize, Trouble> {
    let mut count = 0;
    for partners in PARTNERS {
        let survives =
            format!("return document.querySelector(\"{}\")?.dataset.survives == 'true'", row(partners));
        count += usize::from(browser.script(&survives).await? == true);
    }
    Ok(count)
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_markets_are_scanned_within_the_weight_and_the_partners_are_found() -> Done {
    let _alone = alone().await;
    let desk = scanner("scanner-fifty").await?;
    let browser = &desk.browser;
    desk.set("[data-field=universe]", "top50").await?;
    let (before, begun) = (desk.exchange.rest_weight(), Instant::now());
    browser.click("[data-action=begin-scan]").await?;
    browser.until(20, "a first row", "return !!document.querySelector('[data-pair]')").await?;
    let first_row = begun.elapsed();
    browser.until(60, "a report", "return !!document.querySelector('[data-survives=true]')").await?;
    let report = begun.elapsed();
    until_done(browser, 120).await?;
    let all = begun.elapsed();
    let weight = desk.exchange.rest_weight() - before;
    println!("first row {first_row:?}, table {report:?}, backtests {all:?}, request weight {weight}");
    assert!(weight <= 400, "{weight}");
    assert_eq!(found(browser).await?, PARTNERS.len());
    let sentence = browser.script("return document.querySelector('.scanner-sentence').innerText").await?;
    let sentence = sentence.as_str().unwrap_or_default().to_owned();
    assert!(sentence.contains("survive") && sentence.contains("q < 0.05 (Benjamini-Hochberg)"), "{sentence}");
    let note = browser.script("return document.querySelector('.scanner-result').innerText").await?;
    for figure in ["19.8 %", "10.3 %", "5.6 %"] {
        assert!(note.as_str().is_some_and(|note| note.contains(figure)), "{note}");
    }
    let odd = browser.script("document.querySelector('.scanner-untested').open = true; return document.querySelector('.scanner-untested').innerText").await?;
    for name in
        ["HALTUSDT", "NEWSUSDT", "HOLEUSDT", "stable coin", "wrapped BTC", "leveraged BTC", "Near-copies"]
    {
        assert!(odd.as_str().is_some_and(|odd| odd.contains(name)), "{name} in {odd}");
    }
    browser.script("document.querySelector('.scanner-untested').open = false; return true").await?;
    // intervals for the half-lives in view arrive without a request
    let interval = format!(
        "return /–/.test(document.querySelector(\"{} [data-column=half-life]\")?.innerText)",
        row(PARTNERS[0])
    );
    browser.until(30, "an interval", &interval).await?;
    let fee = format!(
        "return /bps/.test(document.querySelector(\"{} [data-column=break-even]\")?.innerText)",
        row(PARTNERS[0])
    );
    browser.until(5, "a break-even fee", &fee).await?;
    for (width, height) in [(1440, 900), (1024, 768), (390, 844)] {
        for dark in [false, true] {
            let look = format!("{width}-{}", if dark { "dark" } else { "light" });
            browser.look(width, height, dark).await?;
            for shown in ["map", "table"] {
                browser
                    .script(&format!("document.querySelector('[data-show={shown}]').click(); return true"))
                    .await?;
                layout::settled(browser).await?;
                browser.screenshot(&format!("scanner-{shown}-{look}")).await?;
                let faults = axe::violations(browser).await?;
                assert!(faults.is_empty(), "{shown} {look}: {}", faults.join("\n"));
                let sideways = "return document.documentElement.scrollWidth <= innerWidth";
                assert_eq!(browser.script(sideways).await?, true, "{shown} {look} scrolls sideways");
            }
        }
    }
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scan_is_cancelled_and_resumed_and_the_feed_goes_on() -> Done {
    let _turn = beside().await;
    let desk = scanner("scanner-cancel").await?;
    let browser = &desk.browser;
    desk.exchange.apply(Fault::SlowRest { delay_millis: 400, millis: 5_000 });
    browser.click("[data-action=begin-scan]").await?;
    browser.until(20, "prices on their way", &format!("return {STAGE} == 'pricing'")).await?;
    browser.click("[data-action=cancel-scan]").await?;
    browser
        .until(10, "it has stopped", "return !!document.querySelector('[data-action=resume-scan]')")
        .await?;
    // requests under way are answered
    desk.market_moves(2).await?;
    let stopped = desk.exchange.rest_weight();
    desk.market_moves(2).await?;
    assert!(desk.exchange.rest_weight() - stopped <= 8, "a cancelled scan asks no more");
    let live = browser.script("return document.querySelector('.pill').dataset.phase").await?;
    assert_eq!(live, "live");
    browser.click("[data-action=resume-scan]").await?;
    until_done(browser, 90).await?;
    let pairs = "return document.querySelector('.scanner-pages').innerText";
    let pairs = browser.script(pairs).await?;
    assert!(pairs.as_str().is_some_and(|pairs| pairs.contains(" pairs")), "{pairs}");
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn marked_coins_of_a_list_are_left_out_and_one_click_includes_them() -> Done {
    let _turn = beside().await;
    let desk = scanner("scanner-marked").await?;
    let browser = &desk.browser;
    desk.set("[data-field=universe]", "list").await?;
    let typed = "const field = document.querySelector('[data-field=list]'); field.value = 'USDC, BTC, WBTC, ETH'; field.dispatchEvent(new Event('input', { bubbles: true })); return true";
    browser.script(typed).await?;
    browser.click("[data-action=begin-scan]").await?;
    until_done(browser, 60).await?;
    let text = |part: &str| format!("return document.querySelector('{part}')?.innerText ?? ''");
    let left_out = browser.script(&text(".scanner-left-out")).await?;
    let left_out = left_out.as_str().unwrap_or_default();
    assert!(left_out.contains("USDCUSDT (stable coin), WBTCUSDT (wrapped BTC)"), "{left_out}");
    let dated = browser.script(&text(".scanner-progress")).await?;
    assert!(dated.as_str().is_some_and(|words| words.contains("closed at 20")), "{dated}");
    let rows = "return document.querySelectorAll('[data-pair]').length";
    assert_eq!(browser.script(rows).await?, 1);
    browser.click("[data-action=include-marked]").await?;
    browser.until(30, "all pairs", "return document.querySelectorAll('[data-pair]').length == 6").await?;
    let taken = "return document.querySelector('[data-field=marked]').checked && !document.querySelector('.scanner-left-out') && document.querySelector('.scanner-untested').textContent.includes('takes part: wrapped BTC')";
    assert_eq!(browser.script(taken).await?, true);
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_opens_on_the_desk_is_starred_and_is_there_on_the_way_back() -> Done {
    let _turn = beside().await;
    let desk = scanner("scanner-row").await?;
    let browser = &desk.browser;
    desk.set("[data-field=universe]", "top10").await?;
    browser.click("[data-action=begin-scan]").await?;
    until_done(browser, 60).await?;
    let pair = row(["BTCUSDT", "ETHUSDT"]);
    browser.click(&format!("{pair} [data-action=star]")).await?;
    let starred = format!("return document.querySelector(\"{pair} [data-action=star]\").ariaPressed");
    assert_eq!(browser.script(&starred).await?, "true");
    // conditions are applied after the correction
    browser.click("[data-filter=survivors]").await?;
    let alone =
        "return [...document.querySelectorAll('[data-pair]')].every(row => row.dataset.survives == 'true')";
    browser.until(5, "survivors alone", alone).await?;
    browser.click("[data-sort=break-even]").await?;
    let sorted = "return document.querySelector('[data-sort=break-even]').closest('th').ariaSort";
    assert_eq!(browser.script(sorted).await?, "descending");
    let folder = downloads::folder(&desk).await?;
    browser.click("[data-action=scan-json]").await?;
    let saved: serde_json::Value = serde_json::from_slice(&downloads::file(&folder, ".json").await?)?;
    assert!(saved["parameters"]["link"].as_str().is_some_and(|link| link.contains("#/scanner")), "{saved}");
    assert_eq!(saved["parameters"]["conditions"], "survivors");
    browser.click(&format!("{pair} [data-action=open-pair]")).await?;
    let opened = "const bar = document.querySelector('.pair')?.innerText ?? ''; return bar.includes('BTCUSDT') && bar.includes('ETHUSDT') && document.querySelector('[data-interval=\"5m\"]')?.ariaPressed == 'true' && !!document.querySelector('main.desk')";
    browser.until(30, "the pair on the desk at five minutes", opened).await?;
    desk.live(30).await?;
    desk.go("/scanner").await?;
    browser.until(10, "what was found", &format!("return !!document.querySelector(\"{pair}\")")).await?;
    let kept = "return document.querySelector('[data-filter=survivors]').checked && document.querySelector('[data-field=universe]').value";
    assert_eq!(browser.script(kept).await?, "top10");
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn all_of_it_is_done_with_the_keyboard_alone() -> Done {
    let _turn = beside().await;
    let desk = scanner("scanner-keys").await?;
    let browser = &desk.browser;
    let focus = async |selector: &str| -> Done {
        for _ in 0..60 {
            browser.press(Key::Tab).await?;
            let there = format!("return document.activeElement?.matches(\"{selector}\")");
            if browser.script(&there).await? == true {
                return Ok(());
            }
        }
        Err(format!("no tab leads to {selector}").into())
    };
    browser.script("document.querySelector('.scanner-head a').focus(); return true").await?;
    focus("[data-field=universe]").await?;
    browser.press(Key::Up).await?;
    focus("[data-action=begin-scan]").await?;
    browser.press(Key::Enter).await?;
    until_done(browser, 60).await?;
    browser.script("document.querySelector('.scanner-head a').focus(); return true").await?;
    focus("[data-show=map]").await?;
    browser.press(Key::Enter).await?;
    focus("[data-cell='0-1']").await?;
    browser.press(Key::Right + Key::Down).await?;
    let at = "return document.activeElement?.dataset.cell";
    browser
        .until(5, "another field", &format!("{at} == '0-2' || document.activeElement?.dataset.cell == '1-2'"))
        .await?;
    let name = browser.script("return document.activeElement.ariaLabel.split(':')[0]").await?;
    browser.press(Key::Enter).await?;
    let name = name.as_str().unwrap_or_default().to_owned();
    let (y, x) = name.split_once(" / ").ok_or("a field names its pair")?;
    let opened = format!(
        "const bar = document.querySelector('.pair')?.innerText ?? ''; return !!document.querySelector('main.desk') && bar.includes('{y}') && bar.includes('{x}')"
    );
    browser.until(20, "the pair on the desk", &opened).await?;
    desk.finish().await
}
