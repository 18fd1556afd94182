//! A span of the past played, scrubbed and left for the live feed, which continues meanwhile.

use serde_json::Value;
use spreadscope_e2e::axe;
use spreadscope_e2e::browser::{Browser, Trouble};
use spreadscope_e2e::desk::Desk;
use spreadscope_e2e::layout;
use spreadscope_e2e::turn::beside;
use spreadscope_exchange::tape::synthetic;
use spreadscope_exchange::{Config, Tape};
use std::time::Instant;

type Done = Result<(), Trouble>;

/// Settings with a crossing every few bars.
const CROSSES: &str = "#/?z_window_bars=20&z_threshold=0.5&z_hysteresis=0&alert_cooldown_secs=0";
pub(crate) const ON: &str = "return !!document.querySelector('.transport[data-replay=on] [data-at]')";
pub(crate) const AT: &str = "return Number(document.querySelector('[data-at]')?.dataset.at)";
const SHOWN_ALERTS: &str =
    "return [...document.querySelectorAll('.alert-list li')].map(line => line.innerText)";

fn tape() -> Tape {
    synthetic::tape(&synthetic::Spec { seed: 1, history_hours: 25, live_hours: 6 })
}

pub(crate) async fn number(browser: &Browser, script: &str) -> Result<i64, Trouble> {
    let value = browser.script(script).await?;
    #[expect(clippy::cast_possible_truncation, reason = "a time in milliseconds, or a count")]
    let whole = value.as_i64().or_else(|| value.as_f64().map(|value| value as i64));
    whole.ok_or_else(|| format!("{script}: {value}").into())
}

/// Shows the transport.
pub(crate) async fn show_transport(browser: &Browser) -> Done {
    browser.script("document.querySelector('[data-action=replay]').click(); return true").await?;
    let shown = "return document.querySelector('[data-control=replay-span]')";
    browser.until(20, "the transport", shown).await.map(drop)
}

/// Shows the transport and chooses a span.
pub(crate) async fn replay(desk: &Desk, span: &str) -> Done {
    let browser = &desk.browser;
    show_transport(browser).await?;
    desk.set("[data-control=replay-span]", span).await?;
    browser.until(30, "a replay", ON).await?;
    settled(browser).await
}

/// Waits until the replay has finished seeking.
pub(crate) async fn settled(browser: &Browser) -> Done {
    let there = format!(
        "return /stands|end/.test(document.querySelector('.transport [role=status]')?.textContent) && (() => {{ {AT} }})()"
    );
    browser.steady("the place", &there).await.map(drop)
}

/// Drags the slider to a share of the span.
pub(crate) async fn scrub(browser: &Browser, percent: u32) -> Result<i64, Trouble> {
    let drag = format!(
        "const slider = document.querySelector('[data-control=replay-at]'); \
         slider.value = Number(slider.min) + (slider.max - slider.min) * {percent} / 100; \
         slider.dispatchEvent(new Event('input', {{ bubbles: true }})); \
         slider.dispatchEvent(new Event('change', {{ bubbles: true }})); return Number(slider.value)"
    );
    let to = number(browser, &drag).await?;
    let there = format!("return Number(document.querySelector('[data-at]')?.dataset.at) == {to}");
    browser.until(60, "the place scrubbed to", &there).await?;
    settled(browser).await?;
    Ok(to)
}

pub(crate) async fn hash(browser: &Browser) -> Result<String, Trouble> {
    browser.click("[data-action=replay-hash]").await?;
    let told =
        browser.until(20, "the hash", "return document.querySelector('[data-hash]')?.dataset.hash").await?;
    Ok(told.as_str().unwrap_or_default().to_owned())
}

/// Returns the place where the replay has stopped.
async fn stopped(browser: &Browser) -> Result<i64, Trouble> {
    settled(browser).await?;
    number(browser, AT).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_plays_scrubs_and_goes_live_while_the_feed_goes_on() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("replay", tape(), Config::default()).await?;
    let browser = &desk.browser;
    browser.open(&format!("{}{CROSSES}", desk.address)).await?;
    desk.live(20).await?;
    desk.hour(20).await?;
    let sockets = desk.exchange.sockets_opened();
    let bars = "return Number(document.querySelector('main').dataset.bars)";
    let live_bars = number(browser, bars).await?;
    let begun = Instant::now();

    replay(&desk, "hour").await?;
    let badges = "return [document.title, document.querySelector('.pill').innerText, document.querySelector('.as-of').innerText].every(text => text.includes('REPLAY'))";
    browser.until(5, "the badges", badges).await?;
    let from = number(browser, AT).await?;
    // those before the span, which the desk has loaded for it
    let before = number(browser, bars).await?;
    desk.set("[data-control=replay-speed]", "100").await?;
    browser.script("document.activeElement.blur(); return true").await?;
    let watch = "window.longest = 0; new PerformanceObserver(list => list.getEntries().forEach(entry => { longest = Math.max(longest, entry.duration); })).observe({ entryTypes: ['longtask'] }); return true";
    browser.script(watch).await?;
    browser.press(" ").await?;
    let pauses = "return [...document.querySelectorAll('button')].filter(button => button.offsetParent && /^paused?$/i.test((button.ariaLabel ?? button.innerText).trim())).length == 1";
    browser.until(5, "one button that pauses, the transport's", pauses).await?;
    let played =
        format!("return Number(document.querySelector('[data-at]').dataset.at) > {}", from + 120_000);
    browser.until(20, "two minutes of the tape", &played).await?;
    browser.press(" ").await?;
    let at = stopped(browser).await?;
    println!("longest task of the page at 100×: {} ms", browser.script("return longest").await?);
    desk.market_moves(1).await?;
    assert_eq!(number(browser, AT).await?, at, "it goes on though it was paused");

    let half = scrub(browser, 50).await?;
    let (first, shown) = (hash(browser).await?, number(browser, bars).await?);
    let alerts = browser.script(SHOWN_ALERTS).await?;
    let most = scrub(browser, 90).await?;
    let later = number(browser, bars).await?;
    assert!(later > shown);
    let missing = (later - before - (most - from) / 1_000).abs();
    assert!(missing <= 3, "bars of the future were on the page: {before} at the start, {later} at 90 %");
    assert_eq!(scrub(browser, 50).await?, half);
    assert_eq!(hash(browser).await?, first);
    assert_eq!((number(browser, bars).await?, browser.script(SHOWN_ALERTS).await?), (shown, alerts));
    browser.click("[data-action=replay-step]").await?;
    let bar_on = format!("return Number(document.querySelector('[data-at]').dataset.at) == {}", half + 1_000);
    browser.until(10, "a bar on", &bar_on).await?;
    let count =
        "return Number(document.querySelector('[data-alerts]:not(.alerts [data-alerts])').dataset.alerts)";
    let fired = number(browser, count).await?;
    browser.click("[data-action=replay-alert]").await?;
    browser.until(20, "the next alert", &format!("{count} == {}", fired + 1)).await?;
    // toasts of live alerts may appear meanwhile
    let called = "return [...document.querySelectorAll('.toast')].filter(toast => Number(toast.dataset.time) <= Number(document.querySelector('[data-at]').dataset.at)).length";
    assert_eq!(browser.script(called).await?, 0, "what was replayed has called the user");

    browser.press("g").await?;
    browser.until(10, "the live desk", "return document.querySelector('.pill')?.dataset.phase == 'live' && !document.querySelector('.transport')").await?;
    let gone_by = i64::try_from(begun.elapsed().as_secs())?;
    desk.bars(10, usize::try_from(live_bars + gone_by - 3)?).await?;
    assert_eq!(desk.exchange.sockets_opened(), sockets, "the feed was connected anew");
    let badge = "return document.title.includes('REPLAY') || location.hash.includes('replay=')";
    desk.bars_close(1).await?;
    assert_eq!(browser.script(badge).await?, false);
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_leads_into_the_middle_of_a_span() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("replay-link", tape(), Config::default()).await?;
    let browser = &desk.browser;
    browser.open(&format!("{}{CROSSES}", desk.address)).await?;
    desk.live(20).await?;
    desk.hour(20).await?;
    replay(&desk, "hour").await?;
    let half = scrub(browser, 50).await?;
    let linked = format!(
        "return location.hash.includes('replay=') && location.hash.includes('.{half}') && location.href"
    );
    let link = browser.until(10, "the link", &linked).await?;
    let expected = hash(browser).await?;
    browser.open("about:blank").await?;
    browser.open(link.as_str().unwrap_or_default()).await?;
    let there = format!(
        "return Number(document.querySelector('.transport[data-replay=on] [data-at]')?.dataset.at) == {half}"
    );
    browser.until(60, "the place of the link", &there).await?;
    settled(browser).await?;
    assert_eq!(hash(browser).await?, expected);
    desk.finish().await
}

/// Returns the inspector's alerts, oldest first, by time and direction.
async fn fired(desk: &Desk) -> Result<Vec<(i64, String)>, Trouble> {
    desk.go("/alert/zscore").await?;
    desk.browser.click("[data-action=json]").await?;
    let rows = "const told = JSON.parse(document.querySelector('pre.inspector-body')?.textContent ?? '{}'); \
                return told.view == '/alert/zscore' && told.rows.reverse().map(row => [row.bar_open_time_ms ?? Date.parse(row.open_time), row.direction])";
    let rows = desk.browser.until(10, "alerts", rows).await?;
    desk.browser.click("[data-action=json]").await?;
    desk.go("/").await?;
    let read = |row: &Value| Some((row[0].as_i64()?, row[1].as_str()?.to_owned()));
    Ok(rows.as_array().into_iter().flatten().filter_map(read).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fired_live_fires_in_the_replay_and_calls_nobody() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("replay-alerts", tape(), Config::default()).await?;
    let browser = &desk.browser;
    browser.open(&format!("{}{CROSSES}", desk.address)).await?;
    desk.live(20).await?;
    desk.hour(20).await?;
    // bars at the seam of history and feed were judged live before all of their trades were known
    desk.bars_close(6).await?;
    let begun = number(browser, "return Date.now()").await?;
    desk.bars_close(25).await?;
    let ended = number(browser, "return Date.now()").await? - 4_000;
    let mut live = fired(&desk).await?;
    live.retain(|(time, _)| (begun..=ended).contains(time));
    replay(&desk, "hour").await?;
    scrub(browser, 100).await?;
    let replayed = fired(&desk).await?;
    let same: Vec<_> = replayed.into_iter().filter(|(time, _)| (begun..=ended).contains(time)).collect();
    assert!(!live.is_empty(), "nothing crossed");
    assert_eq!(same, live);
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn other_bars_keep_the_place_and_a_tab_that_follows_can_replay() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("replay-bars", tape(), Config::default()).await?;
    let browser = &desk.browser;
    desk.open().await?;
    desk.live(20).await?;
    desk.hour(20).await?;
    browser.another_tab().await?;
    desk.open().await?;
    desk.in_settings(10, "a follower", "return line('role')?.startsWith('another tab')").await?;
    replay(&desk, "hour").await?;
    let half = scrub(browser, 50).await?;
    browser.click("[data-interval='1m']").await?;
    let minutes = format!(
        "const at = Number(document.querySelector('.transport[data-replay=on] [data-at]')?.dataset.at); \
         return document.querySelector('[data-control=replay-at]').step == 60000 && Math.abs(at - {half}) < 60000"
    );
    browser.until(30, "the same place in minutes", &minutes).await?;
    settled(browser).await?;
    let minutes =
        "const bars = Number(document.querySelector('main').dataset.bars); return bars > 30 && bars < 1000";
    browser.until(20, "bars of a minute", minutes).await?;
    // between two times, as on the charts
    desk.set("[data-control=replay-span]", "between").await?;
    browser.click("[data-action=replay-between]").await?;
    desk.market_moves(1).await?;
    browser.until(30, "the span between", ON).await?;
    settled(browser).await?;
    browser.click("[data-action=replay-live]").await?;
    desk.live(20).await?;
    desk.finish().await
}

/// A link that changed the pair of a running replay led to the live desk.
#[tokio::test(flavor = "multi_thread")]
async fn another_pair_is_replayed_at_the_same_place() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("replay-pair", tape(), Config::default()).await?;
    let browser = &desk.browser;
    desk.open().await?;
    desk.live(20).await?;
    desk.hour(20).await?;
    replay(&desk, "hour").await?;
    let half = scrub(browser, 50).await?;
    let linked = format!("return location.hash.includes('.{half}') && location.hash");
    let link = browser.until(10, "the link", &linked).await?;
    let link = link.as_str().unwrap_or_default().to_owned();
    let place = link.split("replay=").nth(1).and_then(|rest| rest.split('&').next()).ok_or("a place")?;
    let there = |y: &str| {
        format!(
            "const at = Number(document.querySelector('.transport[data-replay=on] [data-at]')?.dataset.at); \
             const bar = document.querySelector('.pair')?.innerText ?? ''; \
             return at == {half} && bar.indexOf('{y}') == 0 && location.hash.includes('.{half}') && document.title.includes('REPLAY')"
        )
    };
    browser.script(&format!("location.hash = '#/?y=ETHUSDT&x=BTCUSDT&replay={place}'; return true")).await?;
    browser.until(60, "the other pair at the same place", &there("ETHUSDT")).await?;
    settled(browser).await?;
    browser.click("[data-action=replay-live]").await?;
    desk.live(20).await?;
    desk.finish().await
}

/// Returns the height of the transport in windows of several widths.
async fn heights(browser: &Browser) -> Result<Vec<i64>, Trouble> {
    let mut heights = Vec::new();
    for width in [1440, 1024, 768, 390, 320] {
        browser.look(width, 900, false).await?;
        layout::settled(browser).await?;
        heights.push(number(browser, "return document.querySelector('.transport').offsetHeight").await?);
    }
    Ok(heights)
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_moves_as_the_hash_and_the_end_of_the_span_are_told() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("replay-moves", tape(), Config::default()).await?;
    let browser = &desk.browser;
    desk.open().await?;
    desk.live(20).await?;
    desk.hour(20).await?;
    replay(&desk, "hour").await?;
    scrub(browser, 60).await?;
    let before = heights(browser).await?;
    hash(browser).await?;
    assert_eq!(heights(browser).await?, before, "with the hash");
    scrub(browser, 100).await?;
    browser.until(5, "the end", "return !!document.querySelector('[data-outside]')").await?;
    assert_eq!(heights(browser).await?, before, "with the sentence at the end");
    hash(browser).await?;
    assert_eq!(heights(browser).await?, before, "with both");
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_transport_fits_every_screen_and_axe_finds_nothing() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("replay-looks", tape(), Config::default()).await?;
    let browser = &desk.browser;
    desk.open().await?;
    desk.live(20).await?;
    desk.hour(20).await?;
    let mut found = Vec::new();
    let mut judge = async |look: &str| -> Done {
        layout::settled(browser).await?;
        browser.screenshot(&format!("replay-{look}")).await?;
        let wide = browser.script("return document.documentElement.scrollWidth > innerWidth").await?;
        if wide == true {
            found.push(format!("{look}: the page scrolls sideways"));
        }
        found.extend(axe::violations(browser).await?.into_iter().map(|fault| format!("{look}: {fault}")));
        Ok(())
    };
    show_transport(browser).await?;
    desk.set("[data-control=replay-span]", "between").await?;
    for (width, height) in [(1440, 900), (390, 844)] {
        browser.look(width, height, false).await?;
        judge(&format!("choice-{width}")).await?;
    }
    desk.set("[data-control=replay-span]", "hour").await?;
    browser.until(30, "a replay", ON).await?;
    settled(browser).await?;
    scrub(browser, 60).await?;
    hash(browser).await?;
    for (width, height) in [(1440, 900), (1024, 768), (390, 844)] {
        for (dark, scheme) in [(false, "light"), (true, "dark")] {
            browser.look(width, height, dark).await?;
            judge(&format!("{width}-{scheme}")).await?;
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    desk.finish().await
}
