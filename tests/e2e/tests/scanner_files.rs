//! Files of many markets, one per column, imported and scanned in the page.

use crate::import::{STAGE, choose, file, take};
use spreadscope_e2e::browser::Trouble;
use spreadscope_e2e::desk::Desk;
use spreadscope_e2e::turn::beside;
use spreadscope_exchange::Config;
use spreadscope_exchange::tape::{recorded, synthetic};
use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

type Done = Result<(), Trouble>;

const WALKS: usize = 22;
const DAYS: i64 = 500;
const FIRST_DAY_MILLIS: i64 = 1_577_836_800_000;

/// Independent numbers from -1 to 1.
pub(crate) struct Noise(pub(crate) u64);

impl Noise {
    pub(crate) fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as f64 / f64::from(u32::MAX >> 1) - 1.0
    }
}

/// Returns closes of days: walks, two pairs of partners, and columns that can hardly be tested or not at all.
fn wide() -> Result<String, Trouble> {
    let mut noise = Noise(11);
    let mut walks = [0.0; WALKS];
    let names: Vec<String> = (0..WALKS).map(|place| format!("W{place:02}")).collect();
    let mut text = format!("Date,{},ALFA,BETA,YANG,YIN,FLAT,LATE,EMPTY\n", names.join(","));
    for day in 0..DAYS {
        for walk in &mut walks {
            *walk += 0.02 * noise.next();
        }
        let price = |log: f64| format!("{:.4}", 100.0 * log.exp());
        let day_text = date(FIRST_DAY_MILLIS + day * 86_400_000);
        let prices: Vec<String> = walks.iter().map(|walk| price(*walk)).collect();
        let partners = [walks[0], walks[1]].map(|walk| price(walk + 0.01 * noise.next()));
        let twins = [walks[2], walks[3]].map(|walk| price(walk + 0.015 * noise.next()));
        let late = if day < DAYS - 30 { String::new() } else { price(noise.next()) };
        writeln!(
            text,
            "{day_text},{},{},{},5,{late},",
            prices.join(","),
            partners.join(","),
            twins.join(",")
        )?;
    }
    Ok(text)
}

fn date(millis: i64) -> String {
    spreadscope_engine::base::calendar::date(millis)
}

/// Records every progress text that the page shows, however briefly.
const KEEP_PROGRESS: &str = "window.__progress = []; \
    new MutationObserver(() => { \
        const text = document.querySelector('.scanner-progress')?.innerText; \
        if (text && text !== window.__progress.at(-1)) window.__progress.push(text); \
    }).observe(document.body, { subtree: true, childList: true, characterData: true }); return true";

/// Imports `path`, opens the scanner and scans all imported markets on 1 d bars.
async fn scan(desk: &Desk, path: &Path) -> Done {
    let browser = &desk.browser;
    desk.open().await?;
    browser.click("[data-action=import]").await?;
    choose(desk, path).await?;
    take(desk).await?;
    browser.until(60, "the end of the file", &format!("{STAGE} == 'done'")).await?;
    desk.hide_all().await?;
    desk.go("/scanner").await?;
    browser.until(20, "the form", "return !!document.querySelector('[data-action=begin-scan]')").await?;
    desk.set("[data-field=universe]", "imported").await?;
    desk.set("[data-field=interval]", "1d").await?;
    desk.set("[data-field=bars]", "5000").await?;
    browser.script(KEEP_PROGRESS).await?;
    browser.click("[data-action=begin-scan]").await
}

const TESTED: &str = "return /backtesting|done/.test(document.querySelector('main.scanner')?.dataset.stage)";

async fn sentence(desk: &Desk) -> Result<String, Trouble> {
    let told = desk.browser.script("return document.querySelector('.scanner-sentence').innerText").await?;
    Ok(told.as_str().unwrap_or_default().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wide_file_is_scanned_and_its_partners_open_on_the_desk() -> Done {
    let _turn = beside().await;
    let tape = synthetic::tape(&synthetic::Spec { seed: 3, history_hours: 2, live_hours: 1 });
    let desk = Desk::start("scanner-wide", tape, Config::default()).await?;
    let browser = &desk.browser;
    scan(&desk, &file("wide.csv", &wide()?)?).await?;
    browser.until(90, "all tests", TESTED).await?;
    // 26 of the markets have enough prices
    let told = sentence(&desk).await?;
    assert!(told.contains(" of 325 pairs survive at q < 0.05"), "{told}");
    for partners in ["ALFA-W00", "BETA-W01", "W02-YANG", "W03-YIN"] {
        let survives =
            format!("return document.querySelector(\"[data-pair='{partners}']\")?.dataset.survives");
        assert_eq!(browser.script(&survives).await?, "true", "{partners}: {told}");
    }
    let odd = browser.script("document.querySelector('.scanner-untested').open = true; return document.querySelector('.scanner-untested').innerText").await?;
    for name in ["FLAT does not vary", "too short", "LATE"] {
        assert!(odd.as_str().is_some_and(|odd| odd.contains(name)), "{name} in {odd}");
    }
    browser.screenshot("scanner-wide").await?;
    let end = "return document.querySelector('main.scanner')?.dataset.stage == 'done'";
    browser.until(120, "all backtests", end).await?;
    // once more: how often each pair has survived is counted, and outlives the page
    let counted = |scans: usize| {
        format!(
            "return document.querySelector(\"[data-pair='ALFA-W00'] [data-column=survived]\")?.innerText.includes('{scans} of {scans}')"
        )
    };
    browser.until(5, "a first count", &counted(1)).await?;
    browser.click("[data-action=begin-scan]").await?;
    browser.until(60, "a second count", &counted(2)).await?;
    desk.live(30).await?;
    // the count is in the store
    desk.market_moves(2).await?;
    browser.script("location.reload(); return true").await?;
    browser.until(30, "the form", "return !!document.querySelector('[data-action=begin-scan]')").await?;
    browser.until(20, "the files", "return document.querySelector('.pill')?.dataset.phase == 'live'").await?;
    browser.click("[data-action=begin-scan]").await?;
    browser.until(60, "a third count", &counted(3)).await?;
    browser.click("[data-pair='ALFA-W00'] [data-action=open-pair]").await?;
    let opened = "const bar = document.querySelector('.pair')?.innerText ?? ''; return bar.includes('ALFA') && bar.includes('W00') && document.querySelector('.pill').dataset.phase == 'recording'";
    browser.until(30, "the pair of the file on the desk", opened).await?;
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_a_hundred_stocks_is_scanned_with_progress() -> Done {
    let Some(path) = recorded::file("arbitragelab/sp100_prices.csv") else { return Ok(()) };
    let _turn = beside().await;
    let tape = synthetic::tape(&synthetic::Spec { seed: 3, history_hours: 2, live_hours: 1 });
    let desk = Desk::start("scanner-stocks", tape, Config::default()).await?;
    let browser = &desk.browser;
    let begun = Instant::now();
    scan(&desk, &path.canonicalize()?).await?;
    browser.until(180, "all tests", TESTED).await?;
    println!("all of 4,950 tested after {:?}", begun.elapsed());
    let told = browser.script("return window.__progress.join('\\n')").await?;
    let told = told.as_str().unwrap_or_default();
    assert!(told.contains(" of 4,950 pairs tested"), "{told}");
    let told = sentence(&desk).await?;
    assert!(told.contains(" of 4,950 pairs survive"), "{told}");
    browser.screenshot("scanner-stocks").await?;
    desk.finish().await
}
