//! Other sources of a replay: the demo, and imported files.

use crate::import::{STAGE, choose, file, take};
use crate::replay::{AT, hash, number, replay, scrub};
use spreadscope_e2e::browser::Trouble;
use spreadscope_e2e::desk::Desk;
use spreadscope_e2e::downloads;
use spreadscope_e2e::turn::beside;
use spreadscope_exchange::tape::synthetic;
use spreadscope_exchange::{Config, Fault, Tape};
use std::fmt::Write as _;

type Done = Result<(), Trouble>;

const BADGES: &str = "return [document.title, document.querySelector('.pill').innerText, document.querySelector('.as-of').innerText].every(text => text.includes('REPLAY'))";
const FINAL: &str = "return !!document.querySelector('.transport .mark')?.innerText.includes('final data')";

fn tape() -> Tape {
    synthetic::tape(&synthetic::Spec { seed: 1, history_hours: 2, live_hours: 2 })
}

/// Goes to the middle of the whole span and back, and compares.
async fn rehearse(desk: &Desk) -> Done {
    let browser = &desk.browser;
    replay(desk, "all").await?;
    browser.until(10, "the badges", BADGES).await?;
    let half = scrub(browser, 50).await?;
    let (expected, bars) =
        (hash(browser).await?, "return Number(document.querySelector('main').dataset.bars)");
    let known = number(browser, bars).await?;
    scrub(browser, 100).await?;
    assert!(number(browser, bars).await? > known);
    assert_eq!(scrub(browser, 50).await?, half);
    assert_eq!((hash(browser).await?, number(browser, bars).await?), (expected, known));
    let step =
        browser.script("return Number(document.querySelector('[data-control=replay-at]').step)").await?;
    browser.script("document.activeElement.blur(); return true").await?;
    browser.press(".").await?;
    let on = format!("{AT} == {half} + {step}");
    browser.until(10, "a bar on", &on).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_is_replayed_and_goes_on() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("replay-demo", tape(), Config::default()).await?;
    let browser = &desk.browser;
    desk.exchange.apply(Fault::Outage { millis: 3_600_000 });
    browser.open(&desk.address).await?;
    browser.until(60, "the offer", "return !!document.querySelector('[data-action=demo]')").await?;
    browser.script("document.querySelector('[data-action=demo]').click(); return true").await?;
    browser.until(30, "the demo", "return document.querySelector('.pill')?.dataset.phase == 'demo'").await?;
    desk.hour(30).await?;
    rehearse(&desk).await?;
    browser.screenshot("replay-demo").await?;
    browser.press("g").await?;
    let live = "return !document.querySelector('.transport') && document.querySelector('.pill')?.dataset.phase == 'demo' && !document.title.includes('REPLAY')";
    browser.until(10, "the demo again", live).await?;
    desk.finish().await
}

/// Returns 1 m closes of two markets.
fn minutes() -> Result<String, Trouble> {
    let mut text = "time,ALFA,BETA\n".to_owned();
    for minute in 0..900 {
        let x = 100.0
            + 5.0 * (f64::from(minute) / 97.0).sin()
            + (f64::from(minute * minute % 101) - 50.0) / 100.0;
        let y = 2.0 * x + (f64::from(minute) / 9.0).sin() + (f64::from(minute * 7_919 % 97) - 48.0) / 200.0;
        writeln!(text, "{},{y:.4},{x:.4}", 1_700_000_040 + 60 * minute)?;
    }
    Ok(text)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_replayed_as_final_data_and_what_is_saved_says_so() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("replay-file", tape(), Config::default()).await?;
    let browser = &desk.browser;
    let folder = downloads::folder(&desk).await?;
    desk.open().await?;
    browser.click("[data-action=import]").await?;
    choose(&desk, &file("minutes.csv", &minutes()?)?).await?;
    take(&desk).await?;
    browser.until(30, "the end of the file", &format!("{STAGE} == 'done'")).await?;
    browser.click("[data-action=show-recording]").await?;
    let shown = "return document.querySelector('.pill').dataset.phase == 'recording'";
    browser.until(20, "the recording", shown).await?;
    let whole = "return location.hash.includes('recording=1700000040000.1700053980000')";
    browser.until(5, "its span in the link", whole).await?;
    desk.hide_all().await?;
    rehearse(&desk).await?;
    browser.until(5, "its mark", FINAL).await?;
    let bars_alone = "return document.querySelector('[data-trades]')?.innerText === 'bars only'";
    browser.until(5, "that it has no trades", bars_alone).await?;
    browser.click("[data-action=export]").await?;
    browser.click("[data-export='bars.csv']").await?;
    let text = downloads::file(&folder, ".csv").await?;
    let text = core::str::from_utf8(&text)?;
    for line in ["# replay_from: 2023-11-14T22:", "# replay_to: 2023-11-15T13:"] {
        assert!(text.contains(line), "{line} in {}", text.lines().take(60).collect::<Vec<_>>().join("\n"));
    }
    let rows = text.lines().filter(|line| !line.starts_with('#')).count();
    assert!((850..950).contains(&rows), "{rows} rows of 1,800: none from after the place");
    desk.hide_all().await?;
    browser.screenshot("replay-file").await?;
    browser.until(5, "the place in the link", "return location.hash.includes('replay=')").await?;
    assert_eq!(browser.script(whole).await?, true, "not that of the part that was played");
    let link = browser.script("return location.href").await?;
    browser.click("[data-action=replay-live]").await?;
    browser
        .until(10, "all of the recording", &format!("{shown} && !document.title.includes('REPLAY')"))
        .await?;
    // on a page without the file the replay waits for it, and takes no other bars
    let elsewhere = format!("location.href = {link}; location.reload(); return true");
    browser.script(&elsewhere).await?;
    let asked = "return document.body.innerText.includes('recording (ALFA and BETA') && document.body.innerText.includes('import its files')";
    browser.until(30, "what is missing", asked).await?;
    desk.live(30).await?;
    let is_live = "return !document.querySelector('.transport') && !document.title.includes('REPLAY')";
    assert_eq!(browser.script(is_live).await?, true);
    desk.finish().await
}
