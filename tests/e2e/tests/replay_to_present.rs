//! Replays that end at the present: playback that comes to it, and the last day, most of which must be loaded.

use crate::replay::{AT, ON, number, replay, scrub, settled, show_transport};
use spreadscope_e2e::browser::{Browser, Trouble};
use spreadscope_e2e::desk::Desk;
use spreadscope_e2e::turn::beside;
use spreadscope_exchange::tape::synthetic;
use spreadscope_exchange::{Config, Tape};
use std::time::Instant;

type Done = Result<(), Trouble>;

const DAY_MILLIS: i64 = 86_400_000;
const LIVE: &str = "return document.querySelector('.pill')?.dataset.phase == 'live' && !document.querySelector('.transport') && !document.title.includes('REPLAY')";
const SAID: &str = "return document.querySelector('.said')?.textContent.includes('the desk is live again')";
const AT_END: &str =
    "return document.querySelector('[data-outside]')?.textContent.startsWith('End of the span: go live')";
/// The page's longest task from now on, in `longest`.
const WATCH: &str = "window.longest = 0; new PerformanceObserver(list => list.getEntries().forEach(entry => { longest = Math.max(longest, entry.duration); })).observe({ entryTypes: ['longtask'] }); return true";

fn tape() -> Tape {
    synthetic::tape(&synthetic::Spec { seed: 1, history_hours: 26, live_hours: 6 })
}

async fn play_at_full_speed(desk: &Desk) -> Done {
    desk.set("[data-control=replay-speed]", "100").await?;
    desk.browser.click("[data-action=replay-play]").await
}

/// Returns the span of the transport's slider.
async fn span(browser: &Browser) -> Result<[i64; 2], Trouble> {
    let end = |end: &str| format!("return Number(document.querySelector('[data-control=replay-at]')?.{end})");
    Ok([number(browser, &end("min")).await?, number(browser, &end("max")).await?])
}

#[tokio::test(flavor = "multi_thread")]
async fn playback_that_reaches_the_present_goes_live_and_any_other_stops() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("replay-to-present", tape(), Config::default()).await?;
    let browser = &desk.browser;
    desk.open().await?;
    desk.live(20).await?;
    desk.hour(20).await?;
    replay(&desk, "hour").await?;
    let [from, to] = span(browser).await?;
    scrub(browser, 98).await?;
    play_at_full_speed(&desk).await?;
    browser.until(20, "that it has arrived", SAID).await?;
    browser.until(10, "the live desk", LIVE).await?;
    let newest = "return Number(document.querySelector('main').dataset.bars)";
    let whole = format!("{newest} >= {}", (to - from) / 1_000);
    browser.until(10, "what came meanwhile", &whole).await?;

    // a minute of the past ends in the past
    browser.open("about:blank").await?;
    let earlier = to - 600_000;
    let link = format!("{}#/?replay={}.{earlier}.{}", desk.address, earlier - 60_000, earlier - 20_000);
    browser.open(&link).await?;
    browser.until(60, "a replay", ON).await?;
    settled(browser).await?;
    play_at_full_speed(&desk).await?;
    browser.until(20, "the end", AT_END).await?;
    assert_eq!(number(browser, AT).await?, earlier);
    browser.click("[data-action=replay-live]").await?;
    browser.until(10, "the live desk", LIVE).await?;
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_day_is_loaded_and_opens_plays_steps_and_goes_live() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("replay-day", tape(), Config::default()).await?;
    let browser = &desk.browser;
    desk.open().await?;
    desk.live(20).await?;
    desk.hour(20).await?;
    show_transport(browser).await?;

    // what is being loaded can be left
    desk.set("[data-control=replay-span]", "day").await?;
    browser.click("[data-action=replay-cancel]").await?;
    browser.until(10, "the live desk", LIVE).await?;
    show_transport(browser).await?;

    browser.script(WATCH).await?;
    let begun = Instant::now();
    desk.set("[data-control=replay-span]", "day").await?;
    browser.until(150, "the last day", ON).await?;
    settled(browser).await?;
    println!("the last day opened after {:.1} s", begun.elapsed().as_secs_f64());
    let [from, to] = span(browser).await?;
    // a desk that holds a day drops its first seconds as new ones come
    assert!((DAY_MILLIS - 60_000..=DAY_MILLIS).contains(&(to - from)), "{} ms", to - from);
    assert_eq!(number(browser, AT).await?, from);

    play_at_full_speed(&desk).await?;
    let played = |millis: i64| {
        format!("return Number(document.querySelector('[data-at]')?.dataset.at) > {}", from + millis)
    };
    browser.until(20, "two minutes of it", &played(120_000)).await?;
    browser.click("[data-action=replay-play]").await?;
    settled(browser).await?;
    println!("longest task of the page: {} ms", browser.script("return longest").await?);
    let at = number(browser, AT).await?;
    browser.click("[data-action=replay-step]").await?;
    let later = format!(
        "const at = Number(document.querySelector('[data-at]').dataset.at); return at > {at} && at <= {at} + 1000"
    );
    browser.until(10, "a bar on", &later).await?;

    // the way to its end is long, is told, and can be left
    let drag = "const slider = document.querySelector('[data-control=replay-at]'); slider.value = slider.max; ['input', 'change'].forEach(name => slider.dispatchEvent(new Event(name, { bubbles: true }))); return true";
    browser.script(drag).await?;
    let going = "const word = document.querySelector('[data-going]')?.textContent ?? ''; return /^Going to .* … [1-9]\\d* %$/.test(word) && document.querySelector('.transport progress').value > 0";
    browser.until(30, "the share of the way", going).await?;
    browser.screenshot("replay-going").await?;
    browser.click("[data-action=replay-play]").await?;
    settled(browser).await?;
    let stopped = number(browser, AT).await?;
    assert!(stopped > at && stopped < to, "{stopped} on the way from {at} to {to}");
    let there = "return Number(document.querySelector('[data-control=replay-at]').value)";
    let slider = number(browser, there).await?;
    assert!((stopped - slider).abs() <= 1_000, "the slider is at {slider}, the replay at {stopped}");
    assert_eq!(browser.script("return !!document.querySelector('[data-going]')").await?, false);

    // its last hour has 23 to warm up on
    let begun = Instant::now();
    desk.set("[data-control=replay-span]", "hour").await?;
    let warming = "const word = document.querySelector('[data-outside]')?.textContent ?? ''; return /Warming up on the bars before the span: \\d+ %/.test(word) && word";
    browser.until(60, "the share that is done", warming).await?;
    browser.until(120, "the hour", "return document.querySelector('[data-outside]') == null && Number(document.querySelector('[data-control=replay-at]')?.min) > 0 && /stands/.test(document.querySelector('.transport [role=status]')?.textContent)").await?;
    println!("its last hour opened after {:.1} s", begun.elapsed().as_secs_f64());
    println!("longest task of the page: {} ms", browser.script("return longest").await?);
    browser.click("[data-action=replay-live]").await?;
    browser.until(20, "the live desk", LIVE).await?;
    browser.until(10, "a link to the present", "return !location.hash.includes('replay=')").await?;
    desk.finish().await
}
