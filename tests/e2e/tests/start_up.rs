//! The first seconds, frame by frame: nothing is shown that is taken back in the next seconds.

use serde_json::{Value, json};
use spreadscope_e2e::browser::{Browser, Trouble};
use spreadscope_e2e::desk::Desk;
use spreadscope_e2e::turn::beside;
use spreadscope_exchange::tape::synthetic;
use spreadscope_exchange::{Config, Fault};

/// Records what a trader acts on in each frame where it has changed.
const RECORD: &str = "window.__frames = []; let last = ''; \
    const text = name => document.querySelector(name)?.innerText ?? ''; \
    const look = () => { \
        const main = document.querySelector('main.desk'); \
        if (main && document.querySelector('.verdict')) { \
            const spans = [...document.querySelectorAll('[data-chart][data-from]')].map(chart => chart.dataset.from); \
            const frame = { \
                tone: document.querySelector('.verdict').dataset.tone, \
                sentence: text('.verdict-sentence'), \
                shown: document.querySelector('[data-tile=z]')?.dataset.openTime, \
                history: text('[data-line=history] dd'), \
                note: text('[data-chart=price] .chart-help'), \
                tile: document.querySelector('[data-tile=z]')?.dataset.value, \
                spans: new Set(spans).size, \
            }; \
            const now = JSON.stringify(frame); \
            if (now != last) { last = now; window.__frames.push(frame); } \
        } \
        requestAnimationFrame(look); \
    }; \
    requestAnimationFrame(look);";

/// Returns whether a frame shows a verdict on numbers, on a live desk.
fn is_verdict(frame: &Value) -> bool {
    ["quiet", "doubt", "signal"].contains(&frame["tone"].as_str().unwrap_or_default())
}

/// Returns the tone and the sentence with z, p and half-life, without what a round trip costs: that follows live
/// prices.
fn judged(frame: &Value) -> (&str, &str) {
    let sentence = frame["sentence"].as_str().unwrap_or_default();
    let of_numbers = sentence.split(", but a round trip").next().unwrap_or_default();
    (frame["tone"].as_str().unwrap_or_default(), of_numbers)
}

/// Returns the number of different spans that the charts show; `None` before the first bar.
fn spans(frame: &Value) -> Option<u64> {
    frame["shown"].as_str().and(frame["spans"].as_u64())
}

/// Least time for which the page is observed after the first verdict, milliseconds: the tests run every 10 s, and
/// a verdict on part of a sample once stood for 10.4 s.
const WATCHED_MILLIS: u32 = 12_000;

/// Opens the page at `address` and observes it for a while after the first verdict, until `bars` bars have
/// closed in it.
async fn watch(browser: &Browser, address: &str, bars: usize) -> Result<Vec<Value>, Trouble> {
    browser.open("about:blank").await?;
    browser.open(address).await?;
    let seen = format!(
        "const said = (window.__frames ?? []).filter(frame => ['quiet', 'doubt', 'signal', 'unpaid'].includes(frame.tone)); \
         if (said.length > 0) window.__since ??= performance.now(); \
         return performance.now() - window.__since > {WATCHED_MILLIS} && new Set(said.map(frame => frame.shown)).size > {bars} && window.__frames"
    );
    let frames = browser.until(45, "a verdict and some bars", &seen).await?;
    Ok(frames.as_array().cloned().unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
async fn no_verdict_is_taken_back_by_the_seconds_after_it() -> Result<(), Trouble> {
    let _turn = beside().await;
    let tape = synthetic::tape(&synthetic::Spec { seed: 1, history_hours: 25, live_hours: 6 });
    let desk = Desk::start("start-up", tape, Config::default()).await?;
    desk.browser.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": RECORD })).await?;
    let small = "z_window_bars=60&hedge_window_bars=60&correlation_window_bars=60&test_lookback_bars=200";
    for (interval, bars) in [("1s", 4), ("1m", 0), ("5m", 0)] {
        let address = format!("{}#/?interval={interval}&{small}", desk.address);
        for visit in ["the first visit", "a visit with stored history"] {
            let case = format!("{interval}, {visit}");
            let frames = watch(&desk.browser, &address, bars).await?;
            let first = frames.iter().position(is_verdict).ok_or("no verdict")?;
            // while charts are drawn one after the other, there are old ones and new ones, but not from bar to bar
            let last_of_bars: Vec<&Value> = frames
                .windows(2)
                .filter(|pair| pair[0]["shown"] != pair[1]["shown"])
                .map(|pair| &pair[0])
                .chain(frames.last())
                .collect();
            for pair in last_of_bars.windows(2) {
                let apart = pair.iter().all(|frame| spans(frame) > Some(1));
                assert!(!apart, "{case}: charts stay at different times: {} and {}", pair[0], pair[1]);
            }
            for frame in &frames {
                assert!(spans(frame) <= Some(2), "{case}: charts of different times: {frame}");
                assert!(frame["tone"] != "signal" || frame["history"] == "complete", "{case}: {frame}");
            }
            // a number must not be taken back by history
            let numbers = frames.iter().skip_while(|frame| frame["tile"].is_null());
            let back = numbers.clone().find(|frame| frame["tile"].is_null());
            assert!(back.is_none(), "{case}: {:?} was taken back: {back:?}", numbers.clone().next());
            for pair in frames[first..].windows(2) {
                assert!(is_verdict(&pair[1]), "{case}: {} was taken back: {}", pair[0], pair[1]);
                let same_bar = pair[0]["shown"] == pair[1]["shown"];
                let same = judged(&pair[0]) == judged(&pair[1]);
                assert!(!same_bar || same, "{case}: {} became {}", pair[0], pair[1]);
                let note = pair[1]["note"].as_str().unwrap_or_default();
                assert!(!note.contains("missing"), "{case}: a verdict beside missing bars: {}", pair[1]);
            }
        }
    }
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn long_bars_are_live_as_short_ones_are() -> Result<(), Trouble> {
    let _turn = beside().await;
    let tape = synthetic::tape(&synthetic::Spec { seed: 1, history_hours: 240, live_hours: 1 });
    let desk = Desk::start("long-bars", tape, Config::default()).await?;
    let small = "z_window_bars=60&hedge_window_bars=60&correlation_window_bars=60&test_lookback_bars=200";
    desk.browser.open(&format!("{}#/?interval=1m&{small}", desk.address)).await?;
    desk.live(30).await?;
    // ten days have this many bars, and the last two are too few for a verdict
    for (interval, bars, tested) in
        [("15m", 950, true), ("1h", 239, true), ("4h", 59, false), ("1d", 9, false)]
    {
        desk.browser.click(&format!("[data-interval='{interval}']")).await?;
        desk.bars(30, bars).await?;
        desk.live(30).await?;
        let said = format!(
            "const tile = document.querySelector('[data-tile=z]'); \
             const sentence = document.querySelector('.verdict-sentence')?.innerText ?? ''; \
             const tone = document.querySelector('.verdict')?.dataset.tone; \
             const legend = document.querySelector('[data-chart=price] .chart-legend')?.innerText ?? ''; \
             return document.querySelector(\"[data-interval='{interval}']\").ariaPressed == 'true' && /[0-9]/.test(legend) \
                 && ({tested} ? !!tile.dataset.value && ['quiet', 'doubt', 'signal', 'unpaid'].includes(tone) \
                              : tone == 'waiting' && /bars/.test(sentence)) && sentence"
        );
        let sentence = desk.browser.until(30, &format!("a verdict on bars of {interval}"), &said).await?;
        println!("{interval}: {sentence}");
        let hole = "return document.querySelector('[data-chart=price] .chart-help').innerText";
        let note = desk.browser.script(hole).await?;
        assert!(!note.to_string().contains("missing"), "{interval}: {note}");
    }
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn windows_longer_than_a_start_loads_fill_from_the_past_and_say_so_meanwhile() -> Result<(), Trouble> {
    let _turn = beside().await;
    // 3,720 minutes
    let tape = synthetic::tape(&synthetic::Spec { seed: 1, history_hours: 62, live_hours: 1 });
    let desk = Desk::start("long-windows", tape, Config::default()).await?;
    let browser = &desk.browser;
    desk.exchange.apply(Fault::SlowRest { delay_millis: 700, millis: 60_000 });
    browser.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": RECORD })).await?;
    let of = |hedge: usize| {
        let address = &desk.address;
        format!("{address}#/?interval=1m&hedge_window_bars={hedge}&z_window_bars=60&test_lookback_bars=200")
    };
    browser.open(&of(3_000)).await?;
    let judged = "return ['quiet', 'doubt', 'signal', 'unpaid'].includes(document.querySelector('.verdict')?.dataset.tone) && window.__frames";
    let frames = browser.until(60, "a verdict", judged).await?;
    let frames = frames.as_array().ok_or("no frames")?;
    desk.bars(5, 3_400).await?;
    let counts = frames.iter().filter_map(|frame| {
        let (here, rest) =
            frame["sentence"].as_str()?.strip_prefix("History is coming in: ")?.split_once(" of ")?;
        let count = |text: &str| text.replace(',', "").parse::<usize>().ok();
        Some((count(here)?, count(rest.strip_suffix(" bars")?)?))
    });
    let counts: Vec<_> = counts.collect();
    assert!(counts.iter().any(|(here, awaited)| here < awaited && *awaited > 6_000), "{counts:?}");
    // no verdict before all of it is here
    for frame in frames.iter().filter(|frame| is_verdict(frame)) {
        assert_eq!(frame["history"], "complete", "{frame}");
    }

    // the market is younger than this window is long
    browser.open("about:blank").await?;
    browser.open(&of(20_000)).await?;
    let young = "return document.querySelector('[data-line=history] dd')?.innerText.includes('of 20,060 bars exist') \
        && document.querySelector('.verdict-sentence').innerText.includes('the exchange has no older ones')";
    browser.until(60, "that no more bars exist", young).await?;
    browser.screenshot("young-market").await?;
    desk.finish().await
}
