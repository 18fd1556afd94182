//! One moment: a number is the same wherever it is shown, to the last digit.

use serde_json::Value;
use spreadscope_e2e::browser::{Browser, Trouble};
use spreadscope_e2e::desk::Desk;
use spreadscope_e2e::downloads;
use spreadscope_e2e::turn::beside;
use spreadscope_exchange::Config;
use spreadscope_exchange::tape::synthetic;
use std::time::Duration;

/// Returns the texts on the screen.
const SCREEN: &str = "const text = element => element?.innerText.trim() ?? ''; \
    const pick = (selector, name, value) => Object.fromEntries([...document.querySelectorAll(selector)].map(found => [name(found), text(value(found))])); \
    return { \
        tiles: pick('[data-tile]', tile => tile.dataset.tile, tile => tile.querySelector('.tile-value')), \
        legs: pick('[data-stat]', cell => cell.dataset.leg + ' ' + cell.dataset.stat, cell => cell), \
        tests: pick('.tests-lines [data-line]', line => line.dataset.line, line => line.querySelector('dd')), \
        verdict: text(document.querySelector('.verdict-sentence')), \
        legends: pick('[data-chart] .chart-legend > div', entry => entry.closest('[data-chart]').dataset.chart + ' ' + text(entry.querySelector('dt')), entry => entry.querySelector('dd')), \
        tables: pick('[data-chart] .chart-table th', head => head.closest('[data-chart]').dataset.chart + ' ' + text(head), head => head.closest('table').querySelector('tbody tr').cells[head.cellIndex]), \
        shown: document.querySelector('[data-tile=z]').dataset.openTime, \
    }";

/// A number as shown, and half a unit of its last digit.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Written {
    value: f64,
    half_unit: f64,
}

/// Reads the number at the beginning of `text`: `+1,234.5`, `26×10⁻⁹`, `1.25k`.
fn written(text: &str) -> Option<Written> {
    let text = text.trim().replace('\u{2212}', "-");
    let number: String = text
        .chars()
        .take_while(|char| char.is_ascii_digit() || ['+', '-', '.', ','].contains(char))
        .collect();
    let rest = &text[number.len()..];
    let scale = match rest.chars().next() {
        Some('k') => 1e3,
        Some('M') => 1e6,
        Some('G') => 1e9,
        _ => rest.strip_prefix("×10").map_or(1.0, |power| 10_f64.powi(raised(power))),
    };
    let digits = number.replace(',', "");
    let decimals = digits.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let unit = 10_f64.powi(-i32::try_from(decimals).ok()?);
    Some(Written { value: digits.parse::<f64>().ok()? * scale, half_unit: unit * scale / 2.0 })
}

/// Returns the whole number in raised digits.
fn raised(text: &str) -> i32 {
    const DIGITS: &str = "⁰¹²³⁴⁵⁶⁷⁸⁹";
    let place = |char| DIGITS.chars().position(|digit| digit == char);
    let digits = text.trim_start_matches('⁻').chars().map_while(place);
    let value = digits.fold(0, |value, digit| value * 10 + i32::try_from(digit).unwrap_or(0));
    if text.starts_with('⁻') { -value } else { value }
}

#[test]
fn a_number_is_read_with_what_its_last_digit_leaves_open() {
    let read = |text| written(text).map(|Written { value, half_unit }| (value, half_unit));
    assert_eq!(read("\u{2212}1,234.50 USDT"), Some((-1_234.5, 0.005)));
    assert_eq!(read("26×10⁻⁹"), Some((26.0 * 1e-9, 1e-9 / 2.0)));
    assert_eq!(read("1.25k"), Some((1_250.0, 5.0)));
    assert_eq!(read("—"), None);
}

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
    let mut shown = Value::Null;
    loop {
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        let now = browser.script("return document.querySelector('[data-tile=z]').dataset.openTime").await?;
        if now == shown {
            break;
        }
        shown = now;
    }
    browser.click(".panel.tests .panel-head > button.quiet").await?;
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    Ok(())
}

/// Tiles, and the numbers they show.
const TILES: [(&str, &str); 6] = [
    ("z", "z_score"),
    ("spread", "spread"),
    ("hedge", "hedge_ratio"),
    ("correlation", "correlation_log_returns"),
    ("eg", "engle_granger_p_value"),
    ("half-life", "half_life_secs"),
];

/// Lines of the tests, and the numbers they show.
const TESTS: [(&str, &str); 5] = [
    ("eg-p", "engle_granger_p_value"),
    ("statistic", "engle_granger_statistic"),
    ("half-life", "half_life_bars"),
    ("adf-p", "adf_p_value"),
    ("adf-statistic", "adf_statistic"),
];

/// Values of legends, and the numbers they show.
const LEGENDS: [(&str, &str); 11] = [
    ("price BTCUSDT", "y_close"),
    ("price ETHUSDT", "x_close"),
    ("zscore z", "z_score"),
    ("spread spread", "spread"),
    ("spread mean", "spread_mean"),
    ("spread s.d.", "spread_std_dev"),
    ("hedge OLS", "hedge_ratio"),
    ("hedge ± s.e.", "hedge_ratio_std_error"),
    ("correlation correlation", "correlation_log_returns"),
    ("volume BTCUSDT", "y_quote_volume"),
    ("volume ETHUSDT", "x_quote_volume"),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_the_same_wherever_it_stands() -> Result<(), Trouble> {
    let _turn = beside().await;
    let tape = synthetic::tape(&synthetic::Spec { seed: 1, history_hours: 25, live_hours: 6 });
    let desk = Desk::start("numbers", tape, Config::default()).await?;
    let folder = downloads::folder(&desk).await?;
    desk.open().await?;
    let whole = "return document.querySelector('[data-line=history] dd')?.innerText == 'complete' && !!document.querySelector('[data-tile=z]').dataset.value";
    desk.browser.until(30, "numbers of all the history", whole).await?;
    stand_still(&desk).await?;
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
    let tables = desk.browser.script(SCREEN).await?["tables"].take();
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

    let [y, x] = [&ticks[0], &ticks[1]].map(|ticks| ticks["rows"][0]["price"].as_f64());
    let number = |name: &str| match name {
        "newest price of y" => y,
        "newest price of x" => x,
        name => [&row[name], &exported[name], &adf["facts"][name]].into_iter().find_map(Value::as_f64),
    };
    let mut wrong = Vec::new();
    let mut compare = |place: String, text: &Value, name: &str, factor: f64| {
        let text = text.as_str().unwrap_or_default();
        let agrees = match (written(text), number(name)) {
            (Some(written), Some(exact)) => {
                (written.value - exact * factor).abs() <= written.half_unit * (1.0 + 1e-6)
            }
            // a leg that has not traded in the bar has no return
            (None, None) => text == "—",
            _ => false,
        };
        if !agrees {
            wrong.push(format!("{place} says {text:?}, {name} is {:?}", number(name)));
        }
    };
    for (tile, name) in TILES {
        compare(format!("tile {tile}"), &screen["tiles"][tile], name, 1.0);
    }
    for (line, name) in TESTS {
        compare(format!("tests' {line}"), &screen["tests"][line], name, 1.0);
    }
    for (entry, name) in LEGENDS {
        compare(format!("legend of {entry}"), &screen["legends"][entry], name, 1.0);
        compare(format!("table of {entry}"), &tables[entry], name, 1.0);
    }
    compare("legend of p".to_owned(), &screen["legends"]["pvalue p"], "engle_granger_p_value", 1.0);
    for leg in ["y", "x"] {
        let name = format!("newest price of {leg}");
        compare(format!("last of {leg}"), &screen["legs"][format!("{leg} last")], &name, 1.0);
        for (stat, column, factor) in [
            ("return", "log_return", 1e4),
            ("mean", "mean", 1.0),
            ("variance", "variance", 1.0),
            ("volatility", "volatility_log_return", 1e4),
        ] {
            let text = &screen["legs"][format!("{leg} {stat}")];
            compare(format!("{stat} of {leg}"), text, &format!("{leg}_{column}"), factor);
        }
    }
    let sentence = screen["verdict"].as_str().unwrap_or_default();
    let after = |word: &str| Value::from(sentence.split_once(word).map_or("", |(_, rest)| rest));
    compare("the verdict's z".to_owned(), &after("z "), "z_score", 1.0);
    assert!(wrong.is_empty(), "{}\nscreen {screen}\nrow {row}", wrong.join("\n"));
    desk.finish().await
}
