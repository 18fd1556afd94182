//! The backtest page: from the form to the native engine's numbers, the surface, links, files, keyboard only.

use super::import::{STAGE, choose, file, take};
use crate::import::files::Files;
use serde_json::Value;
use spreadscope_e2e::browser::{Browser, Trouble};
use spreadscope_e2e::desk::Desk;
use spreadscope_e2e::turn::beside;
use spreadscope_e2e::{axe, downloads, layout};
use spreadscope_engine::backtest::{Ledger, Legs, Metrics, Parameters, Run, TestResults, metrics, tape};
use spreadscope_engine::settings::Source;
use spreadscope_engine::{Interval, Pair, Settings, Symbol};
use spreadscope_exchange::tape::synthetic;
use spreadscope_exchange::{Config, Tape};
use std::time::Instant;
use thirtyfour::Key;

type Done = Result<(), Trouble>;

const SIZES: [(&str, u32, u32); 3] = [("1440", 1440, 900), ("1024", 1024, 768), ("390", 390, 844)];

pub(crate) fn market() -> Tape {
    synthetic::tape(&synthetic::Spec { seed: 3, history_hours: 2, live_hours: 1 })
}

/// Waits until the page has completed `runs` runs and is idle.
pub(crate) async fn ran(browser: &Browser, runs: u64) -> Done {
    let ready = format!(
        "const page = document.querySelector('main.backtest'); return page?.dataset.state == 'ready' && Number(page.dataset.runs) >= {runs}"
    );
    browser.until(30, &format!("run {runs}"), &ready).await.map(drop)
}

async fn runs(browser: &Browser) -> Result<u64, Trouble> {
    let runs = browser.script("return Number(document.querySelector('main.backtest').dataset.runs)").await?;
    runs.as_u64().ok_or_else(|| "no number of runs".into())
}

async fn metric(browser: &Browser, name: &str) -> Result<f64, Trouble> {
    let value = browser
        .script(&format!("return document.querySelector('[data-metric={name}]').dataset.value"))
        .await?;
    Ok(value.as_str().ok_or_else(|| format!("{name} has no value"))?.parse()?)
}

pub(crate) async fn says(browser: &Browser, line: &str, words: &str) -> Done {
    let said = format!("return document.querySelector('[data-line={line}]')?.innerText.includes({words:?})");
    browser.until(10, words, &said).await.map(drop)
}

/// Focuses the element that matches `selector` and presses `key`, like a user who has tabbed there.
async fn press_at(browser: &Browser, selector: &str, key: Key) -> Done {
    let focused =
        format!("const found = document.querySelector({selector:?}); found?.focus(); return !!found");
    browser.until(5, selector, &focused).await?;
    browser.press(key).await
}

/// Returns the run of `changes` over the native engine's bars.
pub(crate) fn native_run(
    native: &Files,
    settings: &Settings,
    changes: &[(&str, &str)],
) -> Result<(Ledger, Metrics), Trouble> {
    let markets = native.driver.engine.markets().ok_or("no desk")?;
    let [y, x] = [0, 1].map(|leg: usize| markets.legs[leg].chosen());
    let legs = Legs { bars: [y, x], closes_alone: [false; 2] };
    let mut parameters = Parameters { settings: settings.clone(), ..Parameters::default() };
    for (name, value) in changes {
        parameters.set(name, value).map_err(|error| error.message)?;
    }
    let tape = tape(legs, &parameters.settings).map_err(|error| error.to_string())?;
    let mut run = Run::new(&parameters.rules, 0..tape.len(), true);
    while run.work(&tape, &mut TestResults::default(), usize::MAX) {}
    let ledger = run.finish();
    let [whole, _] = metrics(&tape, &parameters.rules, 0..tape.len(), &ledger);
    Ok((ledger, whole))
}

pub(crate) async fn numbers_agree(browser: &Browser, expected: &Metrics) -> Done {
    let Metrics { trades, net, fees, turnover, max_drawdown, .. } = expected;
    for (name, number) in [
        ("trades", *trades as f64),
        ("net", *net),
        ("fees", -fees),
        ("turnover", *turnover),
        ("max_drawdown", *max_drawdown),
    ] {
        assert_eq!(metric(browser, name).await?.to_bits(), (number + 0.0).to_bits(), "{name}");
    }
    let fee = expected.break_even_fee_bps.value().ok_or("no break-even fee")?;
    assert_eq!(metric(browser, "break_even_fee_bps").await?.to_bits(), fee.to_bits());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_gives_the_native_engines_numbers_and_they_are_saved_in_full() -> Done {
    let _turn = beside().await;
    let tape = market();
    let pair = Pair { y: Symbol::new("BTCUSDT")?, x: Symbol::new("ETHUSDT")? };
    let settings =
        Settings { source: Source::Recording, pair, interval: Interval::OneSecond, ..Settings::default() };
    let mut native = Files::new();
    let desk = Desk::start("backtest-file", tape.clone(), Config::default()).await?;
    desk.open().await?;
    let browser = &desk.browser;
    browser.click("[data-action=import]").await?;
    for symbol in ["BTCUSDT", "ETHUSDT"] {
        let name = format!("{symbol}-backtest.csv");
        let text = super::import::archive(&tape, symbol)?;
        native.import(&name, text.clone().into_bytes())?;
        choose(&desk, &file(&name, &text)?).await?;
        take(&desk).await?;
        browser.until(30, "the end of the file", &format!("{STAGE} == 'done'")).await?;
    }
    native.show(settings.clone());
    browser.click("[data-action=show-recording]").await?;
    let shown =
        format!("return document.querySelector('main')?.dataset.bars == '{}'", native.page().rows.len());
    browser.until(20, "the recording", &shown).await?;

    desk.hide_all().await?;
    press_at(browser, "[data-action=backtest]", Key::Enter).await?;
    ran(browser, 1).await?;
    let (_, expected) = native_run(&native, &settings, &[])?;
    assert!(expected.trades >= 10, "{} round trips", expected.trades);
    numbers_agree(browser, &expected).await?;
    says(browser, "answer", "your fee 10").await?;

    // a changed value triggers a run at once, over the same bars
    let before = runs(browser).await?;
    let begun = Instant::now();
    desk.set("[data-setting=entry_z]", "2.5").await?;
    ran(browser, before + 1).await?;
    println!("a changed value: {:.0} ms to the new numbers", begun.elapsed().as_secs_f64() * 1e3);
    desk.set("[data-setting=fill]", "next_close").await?;
    ran(browser, before + 2).await?;
    let changes = [("entry_z", "2.5"), ("fill", "next_close")];
    let (ledger, expected) = native_run(&native, &settings, &changes)?;
    numbers_agree(browser, &expected).await?;

    // the files contain every order and every parameter
    let folder = downloads::folder(&desk).await?;
    browser.click("[data-action=save]").await?;
    browser.click("[data-save='orders.json']").await?;
    let orders: Value = serde_json::from_slice(&downloads::file(&folder, ".json").await?)?;
    assert_eq!(orders["rows"].as_array().map(Vec::len), Some(ledger.orders.len()));
    for (row, order) in orders["rows"].as_array().into_iter().flatten().zip(&ledger.orders) {
        assert_eq!(row["time_ms"], order.time.0);
        // the JSON reader used here is sometimes off by the last bit
        assert!(row["price"].as_f64().is_some_and(|price| (price / order.price - 1.0).abs() < 1e-15));
    }
    assert_eq!(orders["parameters"]["entry_z"], 2.5);
    assert_eq!(orders["parameters"]["fill"], "next_close");
    browser.click("[data-save='trades.csv']").await?;
    let csv = String::from_utf8(downloads::file(&folder, ".csv").await?)?;
    let rows: Vec<Vec<&str>> = csv
        .split("\r\n")
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| line.split(',').collect())
        .collect();
    let net = rows[0].iter().position(|head| *head == "net").ok_or("no column net")?;
    let sum = rows[1..].iter().map(|row| row[net].parse::<f64>().unwrap_or(f64::NAN)).sum::<f64>();
    assert!(rows.len() == expected.trades + 1 && (sum - expected.net).abs() < 1e-6, "{sum}");
    assert!(csv.contains("# entry_z: 2.5\r\n") && csv.contains("# fee_bps: 10\r\n"));
    desk.finish().await
}

/// Stops as soon as progress is shown, however briefly.
const LEAVE_AT_FIRST_PROGRESS: &str = r"new MutationObserver((_, watcher) => {
        const stop = document.querySelector('[data-action=stop]');
        if (stop && /\d of 2,500/.test(document.querySelector('[data-line=progress]')?.innerText)) {
            watcher.disconnect();
            stop.click();
        }
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
    return true";

#[tokio::test(flavor = "multi_thread")]
async fn a_surface_is_tried_left_read_by_keys_and_used() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("backtest-surface", market(), Config::default()).await?;
    desk.open().await?;
    desk.hour(20).await?;
    desk.go("/backtest").await?;
    let browser = &desk.browser;
    ran(browser, 1).await?;
    press_at(browser, "[data-tab=surface]", Key::Enter).await?;
    // windows are recomputed for each row of cells, which takes long enough to be stopped
    desk.set("[data-axis='1']", "z_window_bars").await?;
    browser.script(LEAVE_AT_FIRST_PROGRESS).await?;
    press_at(browser, "[data-action=explore]", Key::Enter).await?;
    let stopped = "return document.querySelector('main.backtest').dataset.state == 'stopped'";
    browser.until(30, "it is left", stopped).await?;
    // what had been tried by then is shown as partial, and cannot be saved as a surface
    let part = "\
        const [note, save] = [document.querySelector('[data-line=partly]'), document.querySelector(\"[data-save='surface.csv']\")]; const shown = !!document.querySelector('#cell-0'); return note.hidden != shown && save.disabled";
    browser.until(5, "a part that says it is one, or nothing", part).await?;

    desk.set("[data-axis='1']", "exit_z").await?;
    press_at(browser, "[data-action=explore]", Key::Enter).await?;
    browser
        .until(60, "all cells", "return document.querySelector('[data-line=partly]').hidden && document.querySelectorAll('[data-table=surface] td').length == 2500")
        .await?;
    browser
        .until(
            10,
            "it stands still",
            "return document.querySelector('main.backtest').dataset.state == 'ready'",
        )
        .await?;
    assert_eq!(browser.script("return !!document.querySelector('[data-spot=peak]') && !!document.querySelector('[data-spot=plateau]')").await?, true);
    browser.script("document.querySelector('.bt-more').scrollIntoView(); return true").await?;
    browser.screenshot("backtest-surface").await?;
    let cell = "return document.querySelector('[data-line=cell]').innerText";
    let peak = browser.script(cell).await?;
    let active =
        "return document.querySelector('[data-table=surface]').getAttribute('aria-activedescendant')";
    let at_peak = browser.script(active).await?;
    // the peak may lie at an edge of the grid
    let place: usize =
        at_peak.as_str().and_then(|id| id.strip_prefix("cell-")?.parse().ok()).ok_or("no peak")?;
    let (away, back) = if place % 50 < 49 { (Key::Right, Key::Left) } else { (Key::Left, Key::Right) };
    press_at(browser, "[data-table=surface]", away).await?;
    browser.until(5, "another cell", &format!("{active} != {at_peak}")).await?;
    browser.press(back).await?;
    browser.until(5, "the peak again", &format!("{active} == {at_peak}")).await?;
    let before = runs(browser).await?;
    browser.press(Key::Enter).await?;
    ran(browser, before + 1).await?;
    // the cell's net equals that of a run with its values
    let net = metric(browser, "net").await?;
    let said = peak.as_str().unwrap_or_default().replace(['−', ','], "-");
    let shown = format!("{:.2}", net.abs());
    assert!(said.replace('-', "").contains(&shown.replace('-', "")), "{said} {net}");
    let old = "return document.querySelector('.bt-old').hidden";
    assert_eq!(browser.script(old).await?, true, "the surface is still that of these rules");
    desk.set("[data-setting=fee_bps]", "3").await?;
    browser
        .until(10, "the surface is of other rules", "return !document.querySelector('.bt-old').hidden")
        .await?;
    desk.finish().await
}

/// Simulates four threads, and as many sweeping workers as the page allows; each start is reported, and so is
/// each refusal.
const WORKERS: &str = "\
    Object.defineProperty(navigator, 'hardwareConcurrency', { get: () => 4 }); \
    if (self.name === 'engine') { \
        const line = new BroadcastChannel('sweepers'); let allowed = 4; const Whole = Worker; \
        line.onmessage = ({ data }) => { allowed = data; }; \
        self.Worker = class extends Whole { constructor(...args) { \
            line.postMessage(allowed > 0); \
            if (allowed-- <= 0) throw new Error('no more workers'); \
            super(...args); \
        } }; \
    }";

/// Counts those workers on the page.
const COUNT_WORKERS: &str = "\
    window.sweepers = new BroadcastChannel('sweepers'); window.started = window.refused = 0; \
    sweepers.onmessage = ({ data }) => { if (data) window.started += 1; else window.refused += 1; }; return true";

#[tokio::test(flavor = "multi_thread")]
async fn a_surface_is_the_same_whatever_the_number_of_workers() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("backtest-workers", market(), Config::default()).await?;
    desk.browser.plant_in_worker(WORKERS).await?;
    desk.open().await?;
    desk.hour(20).await?;
    desk.go("/backtest").await?;
    let browser = &desk.browser;
    browser.script(COUNT_WORKERS).await?;
    ran(browser, 1).await?;
    press_at(browser, "[data-tab=surface]", Key::Enter).await?;
    let mut saved = Vec::new();
    // one worker fewer than threads; only one of three; none, so that the engine tries the cells itself
    for (allowed, started, refused) in [(4, 3, 0), (1, 4, 2), (0, 4, 5)] {
        browser.script(&format!("sweepers.postMessage({allowed}); return true")).await?;
        press_at(browser, "[data-action=explore]", Key::Enter).await?;
        let counted = format!("return window.started == {started} && window.refused == {refused}");
        browser.until(10, &counted, &counted).await?;
        let whole = "return document.querySelector('main.backtest').dataset.state == 'ready' && document.querySelector('[data-line=partly]').hidden && document.querySelectorAll('[data-table=surface] td').length == 2500";
        browser.until(60, "all cells", whole).await?;
        let folder = downloads::folder(&desk).await?;
        let save = "document.querySelector(\"[data-save='surface.csv']\").click(); return true";
        browser.script(save).await?;
        let file = String::from_utf8(downloads::file(&folder, ".csv").await?)?;
        // the head contains the time
        saved.push(file.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>().join("\n"));
    }
    assert!(saved[0].lines().count() > 2_000, "{} lines", saved[0].lines().count());
    assert!(saved.iter().all(|other| *other == saved[0]), "the surfaces differ");
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_restores_the_backtest_and_keys_alone_reach_everything() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("backtest-link", market(), Config::default()).await?;
    desk.open().await?;
    desk.hour(20).await?;
    desk.go("/backtest").await?;
    let browser = &desk.browser;
    ran(browser, 1).await?;
    // an unusable value gets a sentence, and the run stays
    desk.set("[data-setting=exit_z]", "far").await?;
    let said =
        "return document.querySelector('[data-error=exit_z]').innerText.includes('must be -100 to 100')";
    browser.until(5, "what is wrong", said).await?;
    desk.set("[data-setting=exit_z]", "3").await?;
    says(browser, "refused", "Exit z must be below Entry |z| 2").await?;
    let outdated = "return document.querySelector('main.backtest').dataset.outdated == 'true' && !document.querySelector('[data-line=outdated]').hidden";
    browser.until(5, "that the answer is not of these rules", outdated).await?;
    desk.set("[data-setting=notional]", "10,000").await?;
    let both = "return document.querySelector('[data-error=notional]').innerText.includes('can be read as 10000 and as 10')";
    browser.until(5, "both readings", both).await?;
    desk.set("[data-setting=exit_z]", "0.25").await?;
    let before = runs(browser).await?;
    press_at(browser, "[data-action=keep-run]", Key::Enter).await?;
    desk.set("[data-setting=fee_bps]", "0").await?;
    ran(browser, before.max(1)).await?;
    let beside =
        "return document.querySelector('[data-metric=net] .tile-context').innerText.startsWith('kept run: ')";
    browser.until(5, "the kept run beside", beside).await?;
    for (tab, line) in [("trust", "proof"), ("walk", "walk"), ("alerts", "alerts"), ("metrics", "answer")] {
        press_at(browser, &format!("[data-tab={tab}]"), Key::Enter).await?;
        browser.until(5, tab, &format!("return !!document.querySelector('[data-line={line}]')")).await?;
    }
    press_at(browser, "[data-tab=trust]", Key::Enter).await?;
    press_at(browser, "[data-action=prove]", Key::Enter).await?;
    browser
        .until(
            30,
            "no look-ahead",
            "return document.querySelector('[data-line=proof]').dataset.holds == 'true'",
        )
        .await?;
    press_at(browser, "[data-tab=walk]", Key::Enter).await?;
    press_at(browser, "[data-action=walk]", Key::Enter).await?;
    browser
        .until(60, "stretches", "return document.querySelectorAll('[data-table=folds] tbody tr').length >= 5")
        .await?;

    let linked = "return location.hash.startsWith('#/backtest?') && location.hash.includes('backtest=exit_z:0.25~fee_bps:0~show:walk')";
    browser.until(5, "the choices in the link", linked).await?;
    let trades = metric(browser, "trades").await?;
    assert!(trades > 0.0);
    browser.script("location.reload(); return true").await?;
    browser.until(30, "the page", "return !!document.querySelector('main.backtest')").await?;
    ran(browser, 1).await?;
    let values = "return ['exit_z', 'fee_bps', 'entry_z'].map(name => document.querySelector(`[data-setting=${name}]`).value).join()";
    assert_eq!(browser.script(values).await?, "0.25,0,2");

    // a round trip leads to its moment on the desk, and Back to the same run, the kept one and the walk
    press_at(browser, "[data-action=keep-run]", Key::Enter).await?;
    press_at(browser, "[data-action=walk]", Key::Enter).await?;
    let walked = "return document.querySelectorAll('[data-table=folds] tbody tr').length";
    browser.until(60, "stretches", &format!("{walked} >= 5")).await?;
    let known = runs(browser).await?;
    press_at(browser, "[data-tab=trades]", Key::Enter).await?;
    press_at(browser, "[data-go]", Key::Enter).await?;
    let there =
        "return !!document.querySelector('main.desk [data-chart]') && location.hash.includes('from=')";
    browser.until(20, "that moment on the desk", there).await?;
    browser.script("history.back(); return true").await?;
    browser.until(10, "the kept run", beside).await?;
    press_at(browser, "[data-tab=walk]", Key::Enter).await?;
    browser.until(5, "the walk", &format!("{walked} >= 5")).await?;
    assert_eq!(runs(browser).await?, known, "the page ran again");
    desk.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_backtest_is_whole_and_accessible_in_every_size_and_scheme() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("backtest-looks", market(), Config::default()).await?;
    desk.open().await?;
    desk.hour(20).await?;
    desk.go("/backtest").await?;
    let browser = &desk.browser;
    ran(browser, 1).await?;
    let drawn =
        "return [...document.querySelectorAll('[data-run-chart]')].every(chart => chart.dataset.points > 0)";
    let mut faults = Vec::new();
    for (name, width, height) in SIZES {
        for (scheme, dark) in [("light", false), ("dark", true)] {
            browser.look(width, height, dark).await?;
            browser.until(10, "charts", drawn).await?;
            layout::settled(browser).await?;
            browser.screenshot(&format!("backtest-{name}-{scheme}")).await?;
            let sideways = "return document.documentElement.scrollWidth <= innerWidth";
            assert_eq!(browser.script(sideways).await?, true, "{name} {scheme} scrolls sideways");
            let found = axe::violations(browser).await?;
            faults.extend(found.into_iter().map(|fault| format!("{name} {scheme}: {fault}")));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    desk.finish().await
}
