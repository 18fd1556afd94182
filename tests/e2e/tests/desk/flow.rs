//! Manual changes: wrong, applied by Enter, abandoned, undone; and pairs with prices of every magnitude.

use super::{Done, tape, text};
use crate::import::{STAGE, choose, file, take};
use crate::scanner_files::Noise;
use spreadscope_e2e::desk::Desk;
use spreadscope_e2e::layout;
use spreadscope_e2e::turn::beside;
use spreadscope_exchange::Config;
use std::fmt::Write as _;
use thirtyfour::Key;

const ENTER: Key = Key::Enter;

#[tokio::test(flavor = "multi_thread")]
async fn a_setting_is_mended_where_it_is_wrong_taken_by_enter_and_left_without_a_trace() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("flow", tape(), Config::default()).await?;
    desk.open().await?;
    let browser = &desk.browser;
    browser.click("[data-action=settings]").await?;
    browser.until(10, "the fields", "return !!document.querySelector('#z_threshold')").await?;
    desk.set("#z_threshold", "99").await?;
    browser.click("[data-action=apply]").await?;
    let at_the_error = "const field = document.activeElement; return field.id == 'z_threshold' && field.getAttribute('aria-invalid') == 'true'";
    browser.until(5, "the focus on the first error", at_the_error).await?;
    let said = "return document.querySelector('#z_threshold').closest('.field').querySelector('.field-error').innerText";
    let said = browser.until(5, "a sentence beside it", said).await?;
    assert!(text(&said).contains("99"), "{said}");
    desk.set("#z_threshold", "2.5").await?;
    browser.press(ENTER).await?;
    let threshold =
        |value: &str| format!("return document.querySelector('[role=slider]')?.ariaValueNow == '{value}'");
    browser.until(10, "the threshold in force", &threshold("2.5")).await?;
    // unapplied changes are discarded
    desk.set("#z_threshold", "3").await?;
    desk.hide_all().await?;
    browser.click("[data-action=settings]").await?;
    browser
        .until(5, "the value in force", "return document.querySelector('#z_threshold').value == '2.5'")
        .await?;
    desk.hide_all().await?;

    // the pair in the bar opens a picker in place
    browser.click(".top-bar .pair").await?;
    browser.until(10, "the picker", "return !!document.querySelector('#pick-y')").await?;
    desk.set("#pick-y", "ethusdt").await?;
    desk.set("#pick-x", "btcusdt").await?;
    browser.press(ENTER).await?;
    let pair = "return document.querySelector('.pair').innerText.replace(/\\s/g, '') == 'ETHUSDT/BTCUSDT'";
    browser.until(10, "the pair that was typed in small letters", pair).await?;

    // a deleted rule can be restored
    browser.click("[data-action=rules]").await?;
    browser.until(10, "the rules", "return !!document.querySelector('[data-action=add-rule]')").await?;
    browser.click("[data-action=add-rule]").await?;
    browser
        .until(5, "a rule to begin with", "return !!document.querySelector('[data-action=save-rule]')")
        .await?;
    browser.click("[data-action=save-rule]").await?;
    let delete = "[data-rule='1'] [data-action=delete-rule]";
    let is_there = format!("return !!document.querySelector(\"{delete}\")");
    browser.until(10, "the rule", &is_there).await?;
    browser.click(delete).await?;
    browser.until(5, "the rule is gone", &format!("return !document.querySelector(\"{delete}\")")).await?;
    browser.click("[data-action=undo-delete]").await?;
    browser.until(5, "the rule is back", &is_there).await?;
    desk.finish().await
}

/// Returns 1 m closes of three markets, from 60,000 down to 0.00000069.
fn sizes() -> Result<String, std::fmt::Error> {
    let mut text = "Date,BTCUSDT,PEPEUSDT,SHIBUSDT\n".to_owned();
    let (mut noise, mut walk) = (Noise(7), 0.0);
    for minute in 0..2_000_i64 {
        walk += 0.001 * noise.next();
        let [btc, pepe, shib] =
            [60_000.0, 1.1e-5, 6.9e-7].map(|price| price * f64::exp(walk + 0.002 * noise.next()));
        let time = spreadscope_engine::base::calendar::iso(1_700_000_040_000 + 60_000 * minute);
        writeln!(text, "{time},{btc:.2},{pepe:.9},{shib:.11}")?;
    }
    Ok(text)
}

#[tokio::test(flavor = "multi_thread")]
async fn pairs_from_the_largest_prices_to_the_smallest_are_whole_at_every_width() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("sizes", tape(), Config::default()).await?;
    desk.open().await?;
    let browser = &desk.browser;
    browser.click("[data-action=import]").await?;
    choose(&desk, &file("sizes.csv", &sizes()?)?).await?;
    take(&desk).await?;
    browser.until(30, "the end of the file", &format!("{STAGE} == 'done'")).await?;
    browser.click("[data-action=show-recording]").await?;
    let mut found = Vec::new();
    for (y, x) in [("BTCUSDT", "PEPEUSDT"), ("PEPEUSDT", "BTCUSDT"), ("PEPEUSDT", "SHIBUSDT")] {
        desk.hide_all().await?;
        browser.look(1440, 900, false).await?;
        browser.click(".top-bar .pair").await?;
        browser.until(10, "the picker", "return !!document.querySelector('#pick-y')").await?;
        desk.set("#pick-y", &y.to_lowercase()).await?;
        desk.set("#pick-x", &x.to_lowercase()).await?;
        browser.click("[data-action=pick-pair]").await?;
        let numbers = format!(
            "const shown = document.querySelector('.pair').innerText.replace(/\\s/g, '') == '{y}/{x}'; return shown && ['z', 'hedge', 'eg'].every(name => document.querySelector(`[data-tile=${{name}}]`).dataset.value)"
        );
        browser.until(30, "its numbers", &numbers).await?;
        let two_digits = "return document.querySelector('[data-tile=hedge] .tile-value').innerText.replace(/×.*/, '').replace(/[^1-9]*/, '').replace(/\\D/g, '').length";
        let digits = browser.script(two_digits).await?;
        assert!(digits.as_u64().is_some_and(|digits| digits >= 2), "{y}/{x}: {digits}");
        for width in [390, 1024, 1440] {
            browser.look(width, 900, false).await?;
            let wide = format!(
                "const drawn = document.querySelector('[data-chart] .chart-plot svg'); return innerWidth == {width} && !!drawn && drawn.getBoundingClientRect().right <= {width}"
            );
            browser.until(10, "the charts in their new size", &wide).await?;
            found.extend(layout::faults(browser, &format!("{y}/{x} at {width} px")).await?);
            browser.screenshot(&format!("sizes-{}-{}-{width}", y.to_lowercase(), x.to_lowercase())).await?;
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    desk.finish().await
}
