//! The side panels as lines of label and value.

use crate::view::feed::status;
use crate::view::numbers::calendar;
use crate::view::numbers::format::{self, ABSENT};
use crate::view::numbers::verdict::gates;
use crate::view::numbers::words::Topic;
use spreadscope_engine::analytics::Row;
use spreadscope_engine::analytics::cointegration::{CriticalValues, HalfLife, Outcome, Report, Tests};
use spreadscope_engine::messages::event::{Live, LiveLeg};
use spreadscope_engine::settings::Settings;
use spreadscope_engine::settings::test_options::FitTerms;
use spreadscope_engine::{Pair, Symbol};

/// A label and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The line's name for tests.
    pub key: &'static str,
    /// The label.
    pub label: String,
    /// The value.
    pub value: String,
    /// A remark, shown small below.
    pub note: Option<String>,
    /// The topic that explains it.
    pub topic: Option<Topic>,
}

pub(in crate::view) fn line(key: &'static str, label: impl Into<String>, value: impl Into<String>) -> Line {
    Line { key, label: label.into(), value: value.into(), note: None, topic: None }
}

/// Returns the lines of the test panel; the same ones before the tests have run, so that the layout stays
/// still.
pub fn of_tests(tests: Option<&Tests>, row: Option<&Row>, settings: &Settings, now_millis: i64) -> Vec<Line> {
    let report = tests.and_then(|tests| match &tests.outcome {
        Outcome::Done(report) => Some(report),
        _ => None,
    });
    let show = |text: fn(&Report) -> String| report.map_or_else(|| ABSENT.to_owned(), text);
    let plain = Line {
        topic: Some(Topic::Adf),
        ..line("adf-p", "ADF p (too optimistic)", show(|report| format::p_value(report.adf_p_value)))
    };
    let (value, note) = match report.map(|report| &report.half_life) {
        None => (ABSENT.to_owned(), String::new()),
        Some(HalfLife::Reverting { bars, secs }) => (
            format!("{} bars = {}", format::fixed(*bars, 1), format::duration(*secs)),
            "the time in which a deviation halves".to_owned(),
        ),
        Some(HalfLife::None(reason)) => ("none".to_owned(), reason.clone()),
    };
    // always a note, so that the lines below stay in place
    let half_life = Line { note: Some(note), ..line("half-life", "Half-life", value) };
    let sample = tests.map_or_else(
        || ABSENT.to_owned(),
        |tests| {
            let end = tests.open_time.0 + settings.interval.millis();
            let bars = if tests.bars == 1 { "bar" } else { "bars" };
            format!("{} {bars} to {} UTC", format::count(tests.bars as u64), calendar::dated(end, now_millis))
        },
    );
    let carried = tests.map_or_else(|| ABSENT.to_owned(), |tests| format::percent(tests.carried_share));
    vec![
        line("eg-p", "Engle-Granger p", show(|report| format::p_value(report.engle_granger_p_value))),
        line("statistic", "Statistic", show(|report| format::fixed(report.statistic, 3))),
        line("eg-critical", "Critical 1, 5, 10 %", show(|report| critical(&report.engle_granger_critical))),
        half_life,
        plain,
        line("adf-statistic", "ADF statistic", show(|report| format::fixed(report.adf_statistic, 3))),
        line("adf-critical", "ADF critical", show(|report| critical(&report.adf_critical))),
        line(
            "lags",
            "Lags",
            show(|report| {
                let Report { lags, adf_lags, lag_rule, .. } = report;
                format!("EG {lags}, ADF {adf_lags}, by {}", lag_rule.label())
            }),
        ),
        line("sample", "Sample", sample),
        line("carried", "Bars with a carried price", carried),
        fixed_line(tests, report, row, settings),
    ]
}

/// Returns the ratio of the one line through the sample, and how it differs from the rolling one behind z.
fn fixed_line(
    tests: Option<&Tests>,
    report: Option<&Report>,
    row: Option<&Row>,
    settings: &Settings,
) -> Line {
    let label = match report.map(|report| report.fit_terms) {
        Some(FitTerms::Linear) => "Ratio, fixed line and trend",
        Some(FitTerms::Constant) | None => "Ratio, fixed line",
    };
    let value = report.map_or_else(
        || ABSENT.to_owned(),
        |report| gates::with_error(report.hedge_ratio, report.hedge_ratio_std_error),
    );
    let apart = tests.zip(report).zip(row);
    let note = apart
        .and_then(|((tests, report), row)| gates::two_lines(row, report, tests.bars, settings))
        .map(|objection| objection.reason);
    Line { note, ..line("fit", label, value) }
}

fn critical(values: &CriticalValues) -> String {
    [values.one_percent, values.five_percent, values.ten_percent]
        .map(|value| format::fixed(value, 2))
        .join("  ")
}

/// Returns the lines of the feed panel.
pub fn of_feed(live: Option<&Live>, pair: &Pair) -> Vec<Line> {
    let empty = Live {
        exchange_time: None,
        y: LiveLeg::default(),
        x: LiveLeg::default(),
        spread: None,
        z: None,
        feed: spreadscope_engine::connection::FeedStatus::default(),
    };
    let live = live.unwrap_or(&empty);
    let feed = &live.feed;
    let text_or_absent = |text: &str| if text.is_empty() { ABSENT.to_owned() } else { text.to_owned() };
    let age = |symbol: &Symbol, leg: &LiveLeg| {
        let age = leg.age_millis.map_or_else(|| ABSENT.to_owned(), format::span_millis);
        line("age", format!("{} age", symbol.base()), age)
    };
    vec![
        line("source", "Source", text_or_absent(&feed.source)),
        line("host", "Host", text_or_absent(host_name(&feed.host))),
        age(&pair.y, &live.y),
        age(&pair.x, &live.x),
        line(
            "skew",
            "Clock skew",
            feed.clock_skew_millis.map_or_else(|| ABSENT.to_owned(), format::span_millis),
        ),
        line(
            "connected",
            "Connected",
            feed.connected_millis.map_or_else(|| ABSENT.to_owned(), format::coarse_millis),
        ),
        line("frames", "Frames/s", format::fixed(feed.frames_per_sec, 1)),
        line("trades", "Trades", format::count(feed.trades)),
        line("reconnects", "Reconnects", format::count(u64::from(feed.reconnects))),
        line("duplicates", "Duplicates", format::count(feed.duplicates)),
        line("reordered", "Reordered", format::count(feed.reordered)),
        line("missing", "Missing trades", format::count(feed.missing)),
        line("rejected", "Rejected", format::count(feed.rejected)),
        line("history", "History", status::backfill_label(&feed.backfill)),
    ]
}

fn host_name(origin: &str) -> &str {
    let host = origin.split_once("://").map_or(origin, |(_, rest)| rest);
    host.split('/').next().unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use spreadscope_engine::UnixMillis;

    #[test]
    fn the_same_lines_stand_there_before_and_after_the_tests() {
        let settings = Settings::default();
        let warming = Tests {
            open_time: UnixMillis(0),
            bars: 20,
            carried_share: 0.25,
            epps: Vec::new(),
            outcome: Outcome::Warming { seen: 20, needed: 60 },
        };
        let keys = |tests: Option<&Tests>| -> Vec<&'static str> {
            of_tests(tests, None, &settings, 0).into_iter().map(|line| line.key).collect()
        };
        assert_eq!(keys(None), keys(Some(&warming)));
        let lines = of_tests(Some(&warming), None, &settings, 0);
        let sample = |bars: usize| {
            let lines = of_tests(Some(&Tests { bars, ..warming.clone() }), None, &settings, 0);
            lines.into_iter().find(|line| line.key == "sample").unwrap().value
        };
        assert!(sample(1).starts_with("1 bar to ") && sample(20).starts_with("20 bars to "));
        let carried = lines.iter().find(|line| line.key == "carried").unwrap();
        assert_eq!(carried.value, "25 %");
    }

    #[test]
    fn a_feed_that_has_not_spoken_shows_no_invented_numbers() {
        let lines = of_feed(None, &Settings::default().pair);
        let value = |key| lines.iter().find(|line| line.key == key).map(|line| line.value.clone());
        assert_eq!(value("skew").as_deref(), Some(ABSENT));
        assert_eq!(value("age").as_deref(), Some(ABSENT));
    }

    #[test]
    fn the_host_stands_without_its_scheme() {
        assert_eq!(host_name("wss://data-stream.binance.vision:443/ws"), "data-stream.binance.vision:443");
        assert_eq!(host_name(""), "");
    }
}
