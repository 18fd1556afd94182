//! One moment: a number is the same wherever it is shown, to the last digit.

use crate::written::numbers;
use serde_json::{Value, json};
use spreadscope_e2e::browser::{Browser, Trouble};
use spreadscope_e2e::desk::Desk;
use spreadscope_e2e::downloads;
use spreadscope_e2e::turn::beside;
use spreadscope_exchange::Config;
use spreadscope_exchange::tape::synthetic;

/// Returns the texts on the screen.
const SCREEN: &str = "const text = element => element?.innerText.trim() ?? ''; \
    const pick = (selector, name, value) => Object.fromEntries([...document.querySelectorAll(selector)].map(found => [name(found), text(value(found))])); \
    return { \
        tile: pick('[data-tile]', tile => tile.dataset.tile, tile => tile.querySelector('.tile-value')), \
        context: pick('[data-tile]', tile => tile.dataset.tile, tile => tile.querySelector('.tile-context')), \
        leg: pick('[data-stat]', cell => cell.dataset.leg + ' ' + cell.dataset.stat, cell => cell), \
        tests: pick('.tests-lines [data-line]', line => line.dataset.line, line => line.querySelector('dd')), \
        evidence: pick('[data-evidence]', row => row.dataset.evidence, row => row.querySelector('.evidence-number')), \
        verdict: { sentence: text(document.querySelector('.verdict-sentence')), 'as of': text(document.querySelector('.as-of')) }, \
        legend: pick('[data-chart] .chart-legend > div', entry => entry.closest('[data-chart]').dataset.chart + ' ' + text(entry.querySelector('dt')), entry => entry.querySelector('dd')), \
        table: pick('[data-chart] .chart-table th', head => head.closest('[data-chart]').dataset.chart + ' ' + text(head), head => head.closest('table').querySelector('tbody tr').cells[head.cellIndex]), \
        shown: [...new Set([...document.querySelectorAll('[data-tile]')].map(tile => Number(tile.dataset.openTime)))], \
    }";

/// Returns the facts and rows of a page of the inspector.
async fn inspected(desk: &Desk, path: &str) -> Result<Value, Trouble> {
    desk.go(path).await?;
    let there = "return document.querySelectorAll('.facts tr, .rows tbody tr').length > 0 && !(location.hash.includes('/ticks/') && document.querySelectorAll('.rows tbody tr').length == 0)";
    desk.browser.until(10, path, there).await?;
    desk.browser.click("[data-action=json]").await?;
    let shown = "return document.querySelector('pre.inspector-body')?.textContent";
    let told = desk.browser.until(5, path, shown).await?;
    desk.browser.click("[data-action=json]").await?;
    Ok(serde_json::from_str(told.as_str().unwrap_or_default())?)
}

/// Stops the tape, and waits until the page is up to date.
async fn stand_still(desk: &Desk) -> Result<(), Trouble> {
    desk.exchange.set_speed(0.0);
    let browser: &Browser = &desk.browser;
    browser
        .steady("the newest bar", "return document.querySelector('[data-tile=z]').dataset.openTime")
        .await?;
    browser.click(".panel.tests .panel-head > button.quiet").await?;
    browser
        .steady("the tests", "return document.querySelector('[data-tile=eg]').dataset.value")
        .await
        .map(drop)
}

/// Every place on the screen that shows numbers, and what they are, in their order: a number of the newest bar, or
/// of the tests on it. Numbers after these are the settings' or the moment's, and belong to no bar.
const IDENTITIES: [(&str, &[&str]); 59] = [
    ("tile z", &["z_score"]),
    ("tile spread", &["spread"]),
    ("tile hedge", &["hedge_ratio"]),
    ("tile correlation", &["correlation_log_returns"]),
    ("tile eg", &["tests engle_granger_p_value"]),
    ("tile half-life", &["tests half_life_secs"]),
    ("context z", &[]),
    ("context spread", &[]),
    ("context hedge", &["hedge_ratio_std_error"]),
    ("context correlation", &[]),
    ("context half-life", &["tests half_life_bars"]),
    ("tests eg-p", &["tests engle_granger_p_value"]),
    ("tests statistic", &["tests engle_granger_statistic"]),
    (
        "tests eg-critical",
        &[
            "tests engle_granger_critical_1_percent",
            "tests engle_granger_critical_5_percent",
            "tests engle_granger_critical_10_percent",
        ],
    ),
    ("tests half-life", &["tests half_life_bars", "tests half_life_secs"]),
    ("tests adf-p", &["tests adf_p_value"]),
    ("tests adf-statistic", &["tests adf_statistic"]),
    (
        "tests adf-critical",
        &["tests adf_critical_1_percent", "tests adf_critical_5_percent", "tests adf_critical_10_percent"],
    ),
    ("tests fit", &["tests hedge_ratio", "tests hedge_ratio_std_error"]),
    ("tests lags", &["tests engle_granger_lags", "tests adf_lags"]),
    ("tests sample", &["tests bars"]),
    ("tests carried", &["tests carried_share"]),
    ("evidence engle_granger_y_on_x", &["tests engle_granger_statistic"]),
    ("evidence adf", &["tests adf_statistic"]),
    ("evidence half_life", &["tests half_life_secs"]),
    ("verdict sentence", &["z_score", "tests engle_granger_p_value", "tests half_life_secs"]),
    ("verdict as of", &[]),
    ("legend price BTCUSDT", &["y_close"]),
    ("legend price ETHUSDT", &["x_close"]),
    ("legend zscore z", &["z_score"]),
    ("legend histogram z", &["z_score"]),
    ("legend spread spread", &["spread"]),
    ("legend spread mean", &["spread_mean"]),
    ("legend spread s.d.", &["spread_std_dev"]),
    ("legend hedge OLS", &["hedge_ratio"]),
    ("legend hedge ± s.e.", &["hedge_ratio_std_error"]),
    ("legend hedge TLS", &["table hedge TLS"]),
    ("legend hedge Kalman", &["table hedge Kalman"]),
    ("legend correlation correlation", &["correlation_log_returns"]),
    ("legend pvalue p", &["tests engle_granger_p_value"]),
    ("legend volume BTCUSDT", &["y_quote_volume"]),
    ("legend volume ETHUSDT", &["x_quote_volume"]),
    ("legend epps shortest", &[]),
    ("legend epps longest", &[]),
    ("leg y last", &["price of y"]),
    ("leg x last", &["price of x"]),
    ("leg y return", &["y_log_return"]),
    ("leg x return", &["x_log_return"]),
    ("leg y mean", &["y_mean"]),
    ("leg x mean", &["x_mean"]),
    ("leg y variance", &["y_variance"]),
    ("leg x variance", &["x_variance"]),
    ("leg y volatility", &["y_volatility_log_return"]),
    ("leg x volatility", &["x_volatility_log_return"]),
    ("leg y volume", &["sum of y_volume"]),
    ("leg x volume", &["sum of x_volume"]),
    ("leg y trades-per-sec", &[]),
    ("leg x trades-per-sec", &[]),
    ("context eg", &[]),
];

/// Bars over which the legs' volume is summed, by default.
const WINDOW_BARS: usize = 300;

/// Returns what is shown at `place`: a chart's table shows what its legend does.
fn identity(place: &str) -> Option<&'static [&'static str]> {
    let place = place.replacen("table ", "legend ", 1);
    IDENTITIES.iter().find(|(known, _)| *known == place).map(|(_, names)| *names)
}

/// Returns each place on `screen` with its text.
fn places(screen: &Value) -> Vec<(String, String)> {
    let groups = screen.as_object().into_iter().flatten();
    let entries = groups.flat_map(|(group, entries)| {
        entries.as_object().into_iter().flatten().map(move |(name, text)| (format!("{group} {name}"), text))
    });
    entries.map(|(place, text)| (place, text.as_str().unwrap_or_default().to_owned())).collect()
}

/// Returns the time of day at which the bar of `open_millis` closed, as the page writes it.
fn closed_at(open_millis: i64) -> String {
    let second = (open_millis + 1_000) / 1_000 % 86_400;
    format!("{:02}:{:02}:{:02} UTC", second / 3_600, second / 60 % 60, second % 60)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_the_same_wherever_it_stands() -> Result<(), Trouble> {
    let _turn = beside().await;
    let tape = synthetic::tape(&synthetic::Spec { seed: 1, history_hours: 25, live_hours: 6 });
    let desk = Desk::start("numbers", tape, Config::default()).await?;
    let folder = downloads::folder(&desk).await?;
    desk.open().await?;
    let whole = "return document.querySelector('[data-line=history] dd')?.innerText == 'complete' && !!document.querySelector('[data-tile=z]').dataset.value";
    desk.browser.until(30, "numbers of all the history", whole).await?;
    desk.browser.click("[data-opens=evidence]").await?;
    stand_still(&desk).await?;
    let examined = "const rows = [...document.querySelectorAll('[data-evidence]')]; return rows.length == 16 && rows.every(row => row.querySelector('.evidence-number').innerText.trim() != '—')";
    desk.browser.until(20, "the evidence", examined).await?;
    let screen = desk.browser.script(SCREEN).await?;
    for chart in ["price", "spread", "zscore", "hedge", "correlation", "volume"] {
        let table =
            format!("document.querySelector('#chart-menu-{chart} [data-do=table]').click(); return true");
        desk.browser.script(&table).await?;
    }
    desk.browser
        .until(
            5,
            "tables",
            "return document.querySelectorAll('[data-chart] .chart-table tbody tr').length >= 6",
        )
        .await?;
    let tables = desk.browser.script(SCREEN).await?["table"].take();
    desk.browser.click("[data-action=export]").await?;
    desk.browser.click("[data-export='analytics.json']").await?;
    let export: Value = serde_json::from_slice(&downloads::file(&folder, ".json").await?)?;
    desk.hide_all().await?;
    let spread = inspected(&desk, "/analytics/spread").await?;
    let adf = inspected(&desk, "/analytics/adf").await?;

    let ticks = [inspected(&desk, "/ticks/BTCUSDT").await?, inspected(&desk, "/ticks/ETHUSDT").await?];

    // the two sources with every digit
    let row = &spread["rows"][0];
    let exported = export["rows"].as_array().and_then(|rows| rows.last()).ok_or("no rows")?;
    for (name, value) in row.as_object().ok_or("no row")? {
        assert_eq!(exported.get(name), Some(value), "{name} of the export");
    }

    let facts = &adf["facts"];
    let open_time = screen["shown"][0].as_i64().ok_or("the tiles have no time")?;
    assert_eq!(
        screen["shown"].as_array().map(Vec::len),
        Some(1),
        "the tiles are of one bar: {}",
        screen["shown"]
    );
    assert_eq!((&row["open_time"], &facts["interval"]), (&facts["last_bar"], &Value::from("1s")));
    for place in ["/verdict/as of", "/tests/sample"] {
        let text = screen.pointer(place).and_then(Value::as_str).unwrap_or_default();
        assert!(
            text.contains(&closed_at(open_time)),
            "{place} says {text}, the bar closed at {}",
            closed_at(open_time)
        );
    }
    let [y, x] = [&ticks[0], &ticks[1]].map(|ticks| ticks["rows"][0]["price"].as_f64());
    let sum = |column: &str| {
        let rows = export["rows"].as_array()?.iter().rev().take(WINDOW_BARS);
        Some(rows.filter_map(|row| row[column].as_f64()).sum::<f64>())
    };
    // a model that is not in force is in no file: its legend and its table agree
    let in_table = |entry: &str| numbers(tables[entry].as_str()?).first().map(|number| number.value);
    let exact = |name: &str| match name.split_once(' ') {
        Some(("price", "of y")) => y,
        Some(("price", "of x")) => x,
        Some(("tests", name)) => facts[name].as_f64(),
        Some(("table", entry)) => in_table(entry),
        Some(("sum", of)) => sum(of.trim_start_matches("of ")),
        _ => [&row[name], &exported[name]].into_iter().find_map(Value::as_f64),
    };
    let mut wrong = Vec::new();
    let mut compared = 0;
    for (place, text) in places(&screen).into_iter().chain(places(&json!({ "table": tables }))) {
        let shown = numbers(&text);
        // of a table the first row's time and gaps, of the evidence what only it computes
        let other = place.ends_with(" Gaps") || place.contains(" Time (") || place.starts_with("evidence ");
        let Some(names) = identity(&place) else {
            if !shown.is_empty() && !other {
                wrong.push(format!("{place} says {text:?}, and nobody knows what that is"));
            }
            continue;
        };
        for (at, name) in names.iter().enumerate() {
            let agrees = match (shown.get(at), exact(name)) {
                (Some(shown), Some(exact)) => (shown.value - exact).abs() <= shown.half_unit * (1.0 + 1e-6),
                // a leg that has not traded in the bar has no return
                (None, None) => text == "—",
                _ => false,
            };
            compared += 1;
            if !agrees {
                wrong.push(format!("{place} says {text:?}, {name} is {:?}", exact(name)));
            }
        }
    }
    for (place, names) in IDENTITIES {
        let (group, name) = place.split_once(' ').ok_or("no group")?;
        if screen[group].get(name).is_none() {
            wrong.push(format!("{place} is not on the screen, though it should show {names:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}\nscreen {screen}\nrow {row}", wrong.join("\n"));
    println!("{compared} numbers compared");
    desk.finish().await
}
