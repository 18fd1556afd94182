//! Files through the page: chosen, previewed, imported in slices, and shown with the native engine's numbers.

#[path = "../../integration/files.rs"]
#[expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
#[expect(dead_code, reason = "the native tests look at more of what the engine reports")]
pub(crate) mod files;

use files::Files;
use spreadscope_e2e::browser::{Trouble, workspace};
use spreadscope_e2e::desk::Desk;
use spreadscope_e2e::downloads;
use spreadscope_e2e::turn::{alone, beside};
use spreadscope_engine::settings::HedgeKind;
use spreadscope_engine::settings::Source;
use spreadscope_engine::settings::test_options::LagRule;
use spreadscope_engine::{Interval, Pair, Settings, Symbol};
use spreadscope_exchange::skip;
use spreadscope_exchange::tape::{recorded, synthetic};
use spreadscope_exchange::{Config, Tape};
use std::fmt::Write as _;
use std::path::PathBuf;

type Done = Result<(), Trouble>;

pub(crate) const ROWS: &str = "return document.querySelector('[data-import-rows]').dataset.importRows";
pub(crate) const STAGE: &str = "return document.querySelector('[data-stage]').dataset.stage";

pub(crate) fn tape() -> Tape {
    synthetic::tape(&synthetic::Spec { seed: 3, history_hours: 2, live_hours: 1 })
}

/// Writes a file for the page to import.
pub(crate) fn file(name: &str, text: &str) -> Result<PathBuf, Trouble> {
    let folder = workspace().join("target/e2e/files");
    std::fs::create_dir_all(&folder)?;
    let path = folder.join(name);
    std::fs::write(&path, text)?;
    Ok(path.canonicalize()?)
}

fn e8(number: u64) -> f64 {
    number as f64 / 1e8
}

/// Returns the trades of a market in the format of the exchange's archive.
pub(crate) fn archive(tape: &Tape, symbol: &str) -> Result<String, Trouble> {
    let mut text = String::new();
    for trade in &tape.market(symbol).ok_or("no such market")?.trades {
        let (price, size) = (e8(trade.price_e8), e8(trade.size_e8));
        let maker = if trade.buyer_is_maker { "True" } else { "False" };
        writeln!(text, "{},{price:.8},{size:.8},0,{},{maker},True", trade.id, trade.time_ms)?;
    }
    Ok(text)
}

/// Returns the trades of a market as a recorder writes them.
fn json_lines(tape: &Tape, symbol: &str) -> Result<String, Trouble> {
    let mut text = String::new();
    for trade in &tape.market(symbol).ok_or("no such market")?.trades {
        let (price, size) = (e8(trade.price_e8), e8(trade.size_e8));
        writeln!(
            text,
            r#"{{"symbol":"{}","ts":{},"price":{price},"size":{size}}}"#,
            symbol.to_lowercase(),
            trade.time_ms
        )?;
    }
    Ok(text)
}

/// Chooses a file in the open drawer, as a user does.
pub(crate) async fn choose(desk: &Desk, path: &std::path::Path) -> Done {
    let path = path.to_str().ok_or("the path is not text")?;
    desk.browser.keys("input[data-control=file]", path).await
}

pub(crate) async fn take(desk: &Desk) -> Done {
    desk.browser
        .until(10, "the first rows", "return document.querySelector('[data-action=take]:enabled')")
        .await?;
    desk.browser.click("[data-action=take]").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_csv_and_json_lines_make_a_desk_with_the_native_engines_numbers() -> Done {
    let _turn = beside().await;
    let tape = tape();
    let (csv, json) = (archive(&tape, "BTCUSDT")?, json_lines(&tape, "ETHUSDT")?);
    let mut native = Files::new();
    native.import("BTCUSDT-trades.csv", csv.clone().into_bytes())?;
    native.import("recorded.ndjson", json.clone().into_bytes())?;
    let pair = Pair { y: Symbol::new("BTCUSDT")?, x: Symbol::new("ETHUSDT")? };
    let settings =
        Settings { source: Source::Recording, pair, interval: Interval::OneSecond, ..Settings::default() };
    native.show(settings);
    let desk = Desk::start("import", tape, Config::default()).await?;
    desk.open().await?;
    let browser = &desk.browser;
    browser.click("[data-action=import]").await?;
    for (name, text) in [("BTCUSDT-trades.csv", &csv), ("recorded.ndjson", &json)] {
        choose(&desk, &file(name, text)?).await?;
        take(&desk).await?;
        browser.until(30, "the end of the file", &format!("{STAGE} == 'done'")).await?;
        let rows = browser.script(ROWS).await?;
        assert_eq!(rows, text.lines().count().to_string());
    }
    browser.click("[data-action=show-recording]").await?;
    let (last, row) = native.page().rows.last_key_value().ok_or("no rows")?;
    let shown = "return document.querySelector('[data-tile=z]').dataset.openTime";
    browser.until(20, "the last row", &format!("{shown} == '{}'", last.0)).await?;
    let bars = browser.script("return Number(document.querySelector('main').dataset.bars)").await?;
    assert_eq!(bars, native.page().rows.len());
    let expected = [
        ("z", row.z.value()),
        ("spread", row.spread),
        ("hedge", row.hedge_ratio.value()),
        ("correlation", row.correlation.value()),
    ];
    for (name, expected) in expected {
        let number = format!("return document.querySelector('[data-tile={name}]').dataset.value");
        let value = browser.until(20, "the last row's number", &number).await?;
        let got: f64 = value.as_str().unwrap_or_default().parse()?;
        let expected = expected.ok_or_else(|| format!("the native {name} is absent"))?;
        assert!(
            (got / expected - 1.0).abs() <= 1e-9,
            "{name}: the page says {got}, the native engine {expected}"
        );
    }
    let alerts = "return document.querySelectorAll('[data-alert]').length";
    assert_eq!(browser.script(alerts).await?, native.page().alerts.len().min(500));
    assert_eq!(browser.script("return document.querySelector('.pill').dataset.phase").await?, "recording");
    let drawn = "return [...document.querySelectorAll('[data-chart]')].slice(0, 4).every(chart => chart.dataset.points > 0)";
    browser.until(10, "charts", drawn).await?;
    browser.screenshot("import-shown").await?;
    desk.hide_all().await?;
    browser.click("[data-action=back-to-live]").await?;
    desk.live(20).await?;

    // the next visit has them too
    desk.open().await?;
    browser.click("[data-action=import]").await?;
    let held = "return document.querySelectorAll('[data-recording]').length == 2";
    browser.until(20, "the recordings", held).await?;
    browser.click("[data-action=show-recording]").await?;
    browser.until(20, "the last row", &format!("{shown} == '{}'", last.0)).await?;
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_ours_brings_back_the_screen_that_it_was_taken_from() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("reimport", tape(), Config::default()).await?;
    let folder = downloads::folder(&desk).await?;
    let browser = &desk.browser;
    let tile = "const tile = document.querySelector('[data-tile=z]').dataset";
    browser
        .open(&format!("{}#/?y=BTCUSDT&x=ETHUSDT&z_window_bars=60&model=tls&lags=bic", desk.address))
        .await?;
    desk.hour(30).await?;
    browser.click("[data-action=pause]").await?;
    browser.click("[data-action=export]").await?;
    browser.click("[data-export='bars.csv']").await?;
    let text = downloads::file(&folder, ".csv").await?;
    // another visit, with default settings
    browser.open(&format!("{}#/", desk.address)).await?;
    browser.script("localStorage.clear(); location.reload(); return true").await?;
    desk.open().await?;
    browser.click("[data-action=import]").await?;
    choose(&desk, &file("taken.csv", core::str::from_utf8(&text)?)?).await?;
    take(&desk).await?;
    browser.until(30, "the end of the file", &format!("{STAGE} == 'done'")).await?;
    browser.click("[data-action=show-recording]").await?;
    let shown = "return document.querySelector('.pill').dataset.phase == 'recording' && document.querySelector('[data-tile=z]').dataset.value";
    browser.until(20, "the recording", shown).await?;
    desk.hide_all().await?;
    desk.show("settings").await?;
    let settings = browser
        .script("return ['#z_window_bars', '[data-control=hedge-model]', '[data-control=test-lags]'].map(field => document.querySelector(field).value)")
        .await?;
    assert_eq!(settings, serde_json::json!(["60", "tls", "bic"]));

    // the same bars in the native engine, with those settings
    let mut native = Files::new();
    native.import("taken.csv", text)?;
    let pair = Pair { y: Symbol::new("BTCUSDT")?, x: Symbol::new("ETHUSDT")? };
    native.show(Settings {
        source: Source::Recording,
        pair,
        interval: Interval::OneSecond,
        z_window_bars: 60,
        hedge_model: HedgeKind::Tls,
        test_lags: LagRule::Bic,
        ..Settings::default()
    });
    let (last, row) = native.page().rows.last_key_value().ok_or("no rows")?;
    let z = row.z.value().ok_or("no z")?;
    let whole = format!("{tile}; return tile.openTime == {} && tile.value || null", last.0);
    let told = browser.until(20, "the last row", &whole).await?;
    let told: f64 = told.as_str().unwrap_or_default().parse()?;
    assert!((told / z - 1.0).abs() <= 1e-9, "the page says {told}, the native engine {z}");
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn recordings_of_every_kind_are_read_where_they_are() -> Done {
    const FILES: [&str; 6] = [
        "hftbacktest/derived/spot_1s_BTCUSDT.csv",
        "hftbacktest/derived/spot_trades_btcusdt_ethusdt.jsonl.gz",
        "danielasota/test_positive_binance_trade_stream_spot_trxusdt_04-03-2025.csv.gz",
        "danielasota/test_negative_binance_trade_stream_spot_trxusdt_04-03-2025.csv.gz",
        "gocryptotrader/binance_BTCUSDT_24h-trades_2020_11_16.csv",
        "lean/crypto_coinbase_minute/btcusd/20180404_trade.zip",
    ];
    const CLOSES: &str = "skfolio/sp500_dataset.csv.gz";
    let _alone = alone().await;
    let data = recorded::folder();
    if !data.join(FILES[0]).exists() {
        skip(&format!("no recordings in {}; set SPREADSCOPE_DATA to their folder", data.display()));
        return Ok(());
    }
    let desk = Desk::start("import-recordings", tape(), Config::default()).await?;
    desk.open().await?;
    let browser = &desk.browser;
    browser.click("[data-action=import]").await?;
    for file in FILES {
        let path = data.join(file).canonicalize()?;
        let name = path.file_name().and_then(|name| name.to_str()).ok_or("a file without a name")?;
        let report = Files::new().import(name, std::fs::read(&path)?)?;
        choose(&desk, &path).await?;
        take(&desk).await?;
        browser.until(60, file, &format!("{STAGE} == 'done'")).await?;
        assert_eq!(browser.script(ROWS).await?, report.rows.to_string(), "{file}");
        let refused = browser.script("return document.querySelectorAll('.refusals li').length").await?;
        assert_eq!(refused, report.refusals.first.len(), "{file}");
    }
    // a table of closes in which every column is a market
    choose(&desk, &data.join(CLOSES).canonicalize()?).await?;
    take(&desk).await?;
    browser.until(30, CLOSES, &format!("{STAGE} == 'done'")).await?;
    let held = "return !!document.querySelector('[data-recording=KO]')";
    browser.until(5, "the recording of KO", held).await?;
    let rows = browser.script(ROWS).await?;
    assert_eq!(rows, "8313");
    desk.finish().await
}

/// Returns a file of trades of about `megabytes`.
fn long_file(megabytes: usize) -> String {
    let mut text = String::with_capacity(megabytes * 1_000_000 + 100);
    let mut id = 0_u64;
    while text.len() < megabytes * 1_000_000 {
        id += 1;
        let price = 60_000 + id * 7_919 % 997;
        let time = 1_700_006_400_000 + id * 40;
        writeln!(text, "{id},{price}.12000000,0.01500000,900.00180000,{time},True,True")
            .expect("Invariant: a String takes any text");
    }
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_200_mb_goes_in_by_slices_and_can_be_left() -> Done {
    let _turn = beside().await;
    let text = long_file(200);
    let rows = text.lines().count();
    let path = file("LONGUSDT-trades.csv", &text)?;
    drop(text);
    let desk = Desk::start("import-long", tape(), Config::default()).await?;
    desk.open().await?;
    let browser = &desk.browser;
    // the charts are paused, so that every long task is the import's
    browser.click("[data-action=pause]").await?;
    browser.click("[data-action=import]").await?;
    choose(&desk, &path).await?;
    take(&desk).await?;
    browser.until(20, "progress", "return document.querySelector('[data-progress]') && Number(document.querySelector('[data-progress]').dataset.progress) > 0.02").await?;
    browser.click("[data-action=cancel-import]").await?;
    browser.until(5, "left", &format!("{STAGE} == 'cancelled'")).await?;
    assert_eq!(browser.script("return document.querySelectorAll('[data-recording]').length").await?, 0);
    choose(&desk, &path).await?;
    browser
        .until(10, "the first rows", "return document.querySelector('[data-action=take]:enabled')")
        .await?;
    browser
        .script(
            r"
            window.__long = [];
            new PerformanceObserver(list => { for (const task of list.getEntries()) window.__long.push(Math.round(task.duration)); })
                .observe({ type: 'longtask' });
            window.__shares = new Set();
            window.__watch = setInterval(() => {
                const progress = document.querySelector('[data-progress]');
                if (progress) window.__shares.add(progress.dataset.progress);
            }, 50);",
        )
        .await?;
    let start = std::time::Instant::now();
    take(&desk).await?;
    browser.until(180, "the end of the file", &format!("{STAGE} == 'done'")).await?;
    let secs = start.elapsed().as_secs_f64();
    let taken = browser.script(ROWS).await?;
    assert_eq!(taken, rows.to_string());
    let shares = browser.script("clearInterval(window.__watch); return window.__shares.size").await?;
    assert!(shares.as_u64().is_some_and(|shares| shares >= 10), "{shares} different shares were shown");
    let long = browser.script("return window.__long").await?;
    // a frozen page would take seconds; what a busy machine adds to a task does not matter
    let longest = long.as_array().into_iter().flatten().filter_map(serde_json::Value::as_u64).max();
    assert!(longest.unwrap_or(0) < 1_000, "the page stood still for {longest:?} ms");
    println!("200 MB, {rows} rows: {secs:.1} s, {shares} shares shown, main-thread tasks over 50 ms: {long}");
    std::fs::remove_file(path)?;
    desk.finish().await
}
