//! What a person does with the desk, and what they must see.

#[path = "desk/alerts.rs"]
mod alerts;
#[path = "desk/by_hand.rs"]
mod by_hand;
#[path = "desk/compared.rs"]
mod compared;
#[path = "desk/drawing.rs"]
mod drawing;
#[path = "desk/evidence.rs"]
mod evidence;
#[path = "desk/flow.rs"]
mod flow;
#[path = "desk/guidance.rs"]
mod guidance;
#[path = "desk/later.rs"]
mod later;
#[path = "desk/looking_around.rs"]
mod looking_around;
#[path = "desk/pace.rs"]
mod pace;
#[path = "desk/screen.rs"]
mod screen;
#[path = "desk/starting.rs"]
mod starting;

use serde_json::{Value, json};
use spreadscope_e2e::browser::Trouble;
use spreadscope_e2e::desk::{Desk, Refresh};
use spreadscope_e2e::devtools::Devtools;
use spreadscope_e2e::turn::{alone, beside};
use spreadscope_e2e::{downloads, layout, native};
use spreadscope_engine::Settings;
use spreadscope_engine::analytics::cointegration::{HalfLife, Outcome};
use spreadscope_exchange::skip;
use spreadscope_exchange::tape::{recorded, synthetic};
use spreadscope_exchange::{Config, Fault, Tape};

type Done = Result<(), Trouble>;

fn tape() -> Tape {
    synthetic::tape(&synthetic::Spec { seed: 1, history_hours: 25, live_hours: 6 })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_opens_with_full_charts_in_every_size_and_scheme() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("looks", tape(), Config::default()).await?;
    desk.open().await?;
    let browser = &desk.browser;
    desk.live(10).await?;
    desk.hour(10).await?;
    let value = browser
        .until(5, "a z-score", "return document.querySelector('[data-tile=z]').dataset.value || null")
        .await?;
    assert!(value.as_str().is_some_and(|z| z.parse::<f64>().is_ok()), "{value}");
    // layout shift while the first rows arrived: the frame reserves all places
    let shift = browser.script("return window.__shift").await?;
    assert!(shift.as_f64().is_some_and(|shift| shift < 0.1), "layout shift {shift}");
    for (name, width, height) in [("desktop", 1440, 900), ("phone", 390, 844)] {
        for (scheme, dark) in [("light", false), ("dark", true)] {
            browser.look(width, height, dark).await?;
            layout::settled(browser).await?;
            browser.screenshot(&format!("{name}-{scheme}")).await?;
            let sideways = "return document.documentElement.scrollWidth <= innerWidth";
            assert_eq!(browser.script(sideways).await?, true, "{name} {scheme} scrolls sideways");
        }
    }
    // neither the page nor the worker has complained, and a complaint would have been noticed
    let mut devtools = Devtools::connect(&desk.browser).await?;
    let (page, worker) = devtools.attach(&desk.address).await?;
    let planted = json!({ "expression": "console.error('planted')" });
    devtools.call(Some(&worker), "Runtime.evaluate", planted).await?;
    for session in [&page, &worker] {
        assert_eq!(devtools.complaints(session).await?, ["\"planted\""]);
    }
    desk.finish().await
}

/// Compares the page's numbers with the native engine's, at the row that the page shows.
async fn numbers_agree(name: &str, tape: Tape) -> Done {
    let reference = native::play(&Settings::default(), &tape, 60_000);
    let config = Config { keep_times: true, waits: true, ..Config::default() };
    let desk = Desk::start(name, tape, config).await?;
    desk.open().await?;
    let browser = &desk.browser;
    desk.bars_close(10).await?;
    desk.pause().await?;
    let page = browser
        .script(
            r"
            const tile = name => document.querySelector(`[data-tile=${name}]`).dataset;
            const legs = [...document.querySelectorAll('[data-leg][data-stat],[data-leg] [data-stat]')].map(cell =>
                [(cell.dataset.leg || cell.closest('[data-leg]').dataset.leg), cell.dataset.stat, cell.dataset.value]);
            return { openTime: tile('z').openTime, z: tile('z').value, spread: tile('spread').value, hedge: tile('hedge').value,
                     correlation: tile('correlation').value, eg: tile('eg').value, halfLife: tile('half-life').value, legs };",
        )
        .await?;
    let open_time: i64 = text(&page["openTime"]).parse()?;
    let row = reference.rows.get(&open_time).ok_or_else(|| format!("no row at {open_time}"))?;
    let expected = [
        ("z", row.z.value()),
        ("spread", row.spread),
        ("hedge", row.hedge_ratio.value()),
        ("correlation", row.correlation.value()),
    ];
    for (name, expected) in expected {
        let expected = expected.ok_or_else(|| format!("the native {name} is absent"))?;
        close(name, text(&page[name]).parse()?, expected);
    }
    // tests run every few seconds: the page's belong to this bar or to a recent one
    let shown: f64 = text(&page["eg"]).parse()?;
    let report = (0..15)
        .filter_map(|back| match &reference.tests.get(&(open_time - back * 1_000))?.outcome {
            Outcome::Done(report) => Some(report),
            _ => None,
        })
        .find(|report| (report.engle_granger_p_value / shown - 1.0).abs() <= 1e-9)
        .ok_or_else(|| format!("no native test of the last bars has the page's p-value {shown}"))?;
    match &report.half_life {
        HalfLife::Reverting { bars, secs } => {
            let shown: f64 = text(&page["halfLife"]).parse()?;
            let expected = if (shown - bars).abs() < (shown - secs).abs() { *bars } else { *secs };
            close("half-life", shown, expected);
        }
        HalfLife::None(_) => assert_eq!(text(&page["halfLife"]), ""),
    }
    let cell = |leg: &str, stat: &str| -> Result<f64, Trouble> {
        let cells = page["legs"].as_array().ok_or("no leg table")?;
        let cell = cells.iter().find(|cell| cell[0] == leg && cell[1] == stat);
        Ok(text(&cell.ok_or_else(|| format!("no cell {leg} {stat} in {cells:?}"))?[2]).parse()?)
    };
    for (leg, row) in [("y", &row.y), ("x", &row.x)] {
        // a bar without a trade has no return
        if let Some(log_return) = row.log_return {
            close("return", cell(leg, "return")?, log_return);
        }
        close("volume", cell(leg, "volume")?, row.window_volume);
        close("mean", cell(leg, "mean")?, row.mean.value().unwrap_or(f64::NAN));
        close("variance", cell(leg, "variance")?, row.variance.unwrap_or(f64::NAN));
        close("volatility", cell(leg, "volatility")?, row.volatility.value().unwrap_or(f64::NAN));
    }
    desk.finish().await
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn close(name: &str, got: f64, expected: f64) {
    let error = (got - expected).abs() / expected.abs().max(1e-12);
    assert!(error <= 1e-9, "{name}: the page says {got}, the native engine {expected} ({error:e})");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_numbers_are_the_native_engines_on_the_seeded_tape() -> Done {
    let _turn = beside().await;
    numbers_agree("numbers-synthetic", tape()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_numbers_are_the_native_engines_on_the_recorded_tape() -> Done {
    let _turn = beside().await;
    let path = recorded::default_path();
    if !path.exists() {
        skip(&format!("{} is not here; set SPREADSCOPE_DATA to the folder of recordings", path.display()));
        return Ok(());
    }
    numbers_agree(
        "numbers-recorded",
        recorded::tape(&path, &recorded::Spec { history_hours: 2, live_hours: 0 })?,
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn each_crossing_is_told_once_and_is_the_native_engines() -> Done {
    let _turn = beside().await;
    let tape = tape();
    let millis = 15 * 60_000;
    let reference = native::play(&Settings::default(), &tape, millis);
    assert!(reference.alerts.len() >= 2, "{:?}", reference.alerts);
    let config = Config { keep_times: true, waits: true, speed: 30.0, ..Config::default() };
    let desk = Desk::start("alerts", tape, config).await?;
    desk.open().await?;
    let browser = &desk.browser;
    browser.until(30, "an alert", "return document.querySelector('[data-alert]')").await?;
    let role = browser
        .until(5, "a toast", "return document.querySelector('.toasts[role=alert]').innerText || null")
        .await?;
    assert!(!text(&role).is_empty());
    desk.market_moves(240).await?;
    desk.pause().await?;
    let told = browser
        .script("return [...document.querySelectorAll('[data-alert]')].map(alert => [Number(alert.dataset.time), Number(alert.dataset.z)]).reverse()")
        .await?;
    let told = told.as_array().ok_or("no list of alerts")?;
    // crossings from before the page's feed began are history to the page
    let first = told.first().and_then(|alert| alert[0].as_i64()).ok_or("no alert")?;
    let expected: Vec<Value> = reference
        .alerts
        .iter()
        .filter(|alert| alert.time.0 >= first)
        .take(told.len())
        .map(|alert| json!([alert.time.0, alert.value]))
        .collect();
    for (told, expected) in told.iter().zip(&expected) {
        assert_eq!(told[0], expected[0], "{told} {expected}");
        close("z of an alert", told[1].as_f64().unwrap_or(f64::NAN), expected[1].as_f64().unwrap_or(0.0));
    }
    assert_eq!(told.len(), expected.len());
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn pause_refresh_and_zoom_do_what_they_say() -> Done {
    let _alone = alone().await;
    let desk = Desk::start("controls", tape(), Config::default()).await?;
    desk.open().await?;
    let browser = &desk.browser;
    browser.look(1440, 900, false).await?;
    let shown = "return document.querySelector('[data-tile=z]').dataset.openTime";
    let drawn = "return Number(document.querySelector('[data-chart=zscore]').dataset.drawn)";
    desk.live(10).await?;

    desk.pause().await?;
    let before = (browser.script(shown).await?, browser.script(drawn).await?);
    desk.market_moves(3).await?;
    assert_eq!(
        (browser.script(shown).await?, browser.script(drawn).await?),
        before,
        "paused, and yet it moves"
    );
    // colours do not depend on market data: they change at once
    let ink = "document.querySelector('[data-chart=zscore] .js-plotly-plot').layout.font.color";
    let light = browser.script(&format!("return {ink}")).await?;
    browser.look(1440, 900, true).await?;
    browser.until(3, "dark ink while paused", &format!("return {ink} != {light}")).await?;
    browser.look(1440, 900, false).await?;
    browser.click("[data-action=pause]").await?;
    let goes_on = format!("const shown = (() => {{ {shown} }})(); return shown != {}", before.0);
    browser.until(5, "it goes on", &goes_on).await?;

    let draws_within = async |refresh: Refresh, secs: i64| -> Result<f64, Trouble> {
        desk.refresh(refresh).await?;
        desk.market_moves(1).await?;
        let before = browser.script(drawn).await?.as_f64().unwrap_or(0.0);
        desk.market_moves(secs).await?;
        Ok(browser.script(drawn).await?.as_f64().unwrap_or(0.0) - before)
    };
    let fast = draws_within(Refresh::QuarterSecond, 5).await?;
    let slow = draws_within(Refresh::FiveSeconds, 10).await?;
    assert!(fast >= 4.0, "{fast} draws in 5 s at 250 ms");
    assert!((1.0..=3.0).contains(&slow), "{slow} draws in 10 s at 5 s");
    let closes = draws_within(Refresh::BarClose, 6).await?;
    assert!((4.0..=8.0).contains(&closes), "{closes} draws in 6 s, in which six bars of a second close");
    desk.refresh(Refresh::QuarterSecond).await?;

    browser
        .script("const body = document.querySelector('[data-chart=zscore] .chart-body'); const box = body.getBoundingClientRect(); body.dispatchEvent(new WheelEvent('wheel', {deltaY: -100, clientX: box.left + box.width / 3, clientY: box.top + 40, bubbles: true, cancelable: true})); return true")
        .await?;
    let range = "const ranges = [...document.querySelectorAll('[data-chart]')].filter(chart => chart.dataset.from).map(chart => chart.dataset.from + '-' + chart.dataset.to);";
    let common = format!(
        "{range} return !document.querySelector('.range-follow').disabled && new Set(ranges).size == 1 && ranges[0].split('-').reduce((from, to) => to - from) < 800_000 && ranges[0]"
    );
    let zoomed = browser.until(5, "one range of all charts, not the newest", &common).await?;
    let drawn_before = browser.script(drawn).await?.as_f64().unwrap_or(f64::MAX);
    let updated = format!("const drawn = (() => {{ {drawn} }})(); return drawn > {drawn_before} + 2");
    browser.until(10, "updates", &updated).await?;
    assert_eq!(browser.script(&common).await?, zoomed, "an update has moved the user's view");
    browser.click(".range-follow").await?;
    browser.until(5, "the newest bars", &format!("{range} return ranges[0] != {zoomed}")).await?;
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exchange_that_goes_away_and_comes_back_is_found_again() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("outage", tape(), Config::default()).await?;
    desk.open().await?;
    let browser = &desk.browser;
    desk.live(10).await?;
    desk.exchange.apply(Fault::Outage { millis: 5_000 });
    browser.until(5, "the loss is told", "return ['waiting', 'connecting', 'blocked'].includes(document.querySelector('.pill').dataset.phase)").await?;
    desk.live(90).await?;
    let shown = "return Number(document.querySelector('[data-tile=z]').dataset.openTime)";
    let before = browser.script(shown).await?.as_f64().unwrap_or(0.0);
    browser
        .until(
            15,
            "new bars",
            &format!(
                "return Number(document.querySelector('[data-tile=z]').dataset.openTime) > {before} + 3000"
            ),
        )
        .await?;
    // the browser itself logs the refused handshakes; the page must have had no other errors
    let trouble = browser.script("return window.__trouble").await?;
    assert_eq!(trouble, json!([]));
    desk.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_table_taken_away_is_the_table_shown() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("export", tape(), Config::default()).await?;
    let folder = downloads::folder(&desk).await?;
    desk.open().await?;
    let browser = &desk.browser;
    // while the last bars of the history are loading there is no number to compare
    let number = "return document.querySelector('[data-tile=z]').dataset.value || null";
    browser.until(30, "a number", number).await?;
    desk.pause().await?;
    browser.click("[data-action=export]").await?;
    browser.click("[data-export='analytics.csv']").await?;
    let table = String::from_utf8(downloads::file(&folder, ".csv").await?)?;
    let rows: Vec<&str> = table.lines().filter(|line| !line.starts_with('#')).collect();
    let header: Vec<&str> = rows[0].split(',').collect();
    let bars = browser.script("return Number(document.querySelector('main').dataset.bars)").await?;
    assert!(
        (rows.len() as f64 - 1.0) >= bars.as_f64().unwrap_or(f64::MAX),
        "{} rows, {bars} bars",
        rows.len()
    );
    let z = header.iter().position(|name| name.starts_with('z')).ok_or("no z column")?;
    let shown = browser.script("return [document.querySelector('[data-tile=z]').dataset.openTime, document.querySelector('[data-tile=z]').dataset.value]").await?;
    let line =
        rows.iter().find(|row| row.contains(text(&shown[0]))).ok_or("the row shown is not in the file")?;
    assert_eq!(line.split(',').nth(z), Some(text(&shown[1])));
    desk.finish().await
}

#[test]
fn the_tables_of_zones_and_of_character_sets_lie_in_the_part_for_files_alone() -> Done {
    let dist = spreadscope_e2e::browser::workspace().join("dist");
    let mut holders = Vec::new();
    for entry in std::fs::read_dir(dist)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        if path.extension().is_some_and(|extension| extension == "wasm") {
            let bytes = std::fs::read(&path)?;
            // words that only jiff and encoding_rs contain
            for word in ["America/Indiana/Tell_City", "gb18030"] {
                if bytes.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes())) {
                    holders.push((word, name.clone()));
                }
            }
        }
    }
    let is_for_files = |(_, name): &(&str, String)| name.ends_with("-split_files.wasm");
    assert!(holders.len() == 2 && holders.iter().all(is_for_files), "{holders:?}");
    Ok(())
}
