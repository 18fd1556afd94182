//! The inspector's views: what the page and its engine hold, as facts and rows, for the eye and as JSON.

use crate::view::alert::{log, words};
use crate::view::export::{origin_word, parameters};
use crate::view::format;
use crate::view::gaps::gaps;
use crate::view::model::Model;
use crate::view::route::{Route, View};
use crate::view::series::{Column, Series};
use crate::view::status;
use crate::view::table::{self, Cell};
use spreadscope_engine::UnixMillis;
use spreadscope_engine::alert::{Quantity, RuleId};
use spreadscope_engine::tests_report::{CriticalValues, HalfLife, Outcome, Tests};

/// Rows that a view shows.
pub const ROWS: usize = 100;

/// A name and its value.
pub type FactLine = (&'static str, Cell);

/// What a view shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Its title.
    pub title: String,
    /// What it is, in a sentence.
    pub about: String,
    /// Single values.
    pub facts: Vec<FactLine>,
    /// The names of the columns.
    pub columns: Vec<&'static str>,
    /// The rows, newest first.
    pub rows: Vec<Vec<Cell>>,
}

impl Page {
    /// The view as JSON, as it was at `now`.
    pub fn json(&self, route: &Route, now: UnixMillis) -> String {
        let mut out = String::from("{\"view\":");
        table::push_json_text(&mut out, &route.path());
        out.push_str(",\"at\":");
        table::push_json_text(&mut out, &format::iso(now.0));
        out.push_str(",\n\"facts\":");
        table::object(&mut out, &self.facts);
        out.push_str(",\n\"rows\":");
        rows_json(&mut out, &self.columns, &self.rows);
        out.push_str("}\n");
        out
    }
}

fn rows_json(out: &mut String, columns: &[&'static str], rows: &[Vec<Cell>]) {
    out.push('[');
    for (place, row) in rows.iter().enumerate() {
        out.push_str(if place == 0 { "\n" } else { ",\n" });
        let members: Vec<FactLine> = columns.iter().copied().zip(row.iter().cloned()).collect();
        table::object(out, &members);
    }
    out.push_str("\n]");
}

/// A field for the eye: numbers with ten digits, what is absent as a dash.
pub fn text(cell: &Cell) -> String {
    match cell {
        Cell::Number(number) if number.fract() == 0.0 && number.abs() < 1e15 => format::fixed(*number, 0),
        Cell::Number(number) => format::significant(*number, 10),
        Cell::Whole(number) => number.to_string(),
        Cell::Flag(flag) => flag.to_string(),
        Cell::Text(text) => text.clone(),
    }
}

/// The view of `view` on `model`.
pub fn page(view: &View, model: &Model) -> Page {
    match view {
        View::Ticks(symbol) => ticks(symbol.as_str(), model),
        View::Spread => spread(model),
        View::Adf => adf(model),
        View::ZScoreAlert => z_score_alert(model),
        View::Feed => feed(model),
    }
}

fn time(millis: i64) -> Cell {
    Cell::Text(format::iso(millis))
}

fn count(number: u64) -> Cell {
    Cell::Whole(i64::try_from(number).unwrap_or(i64::MAX))
}

fn maybe_whole(number: Option<i64>) -> Cell {
    number.map_or(Cell::Number(f64::NAN), Cell::Whole)
}

fn ticks(symbol: &str, model: &Model) -> Page {
    let columns = vec!["trade_id", "trade_time", "price", "size", "taker", "lag_ms"];
    let leg = model
        .inspection
        .as_ref()
        .and_then(|inspection| inspection.ticks.iter().find(|leg| leg.symbol.as_str() == symbol));
    let title = format!("Ticks of {symbol}");
    let Some(leg) = leg else {
        let about = if model.settings.pair.leg_of(symbol).is_some() {
            "Asking the engine…".to_owned()
        } else {
            format!(
                "{symbol} is not one of the two legs, {} and {}.",
                model.settings.pair.y, model.settings.pair.x
            )
        };
        return Page { title, about, facts: Vec::new(), columns, rows: Vec::new() };
    };
    let rows = leg.trades.iter().rev().take(ROWS).map(|trade| {
        vec![
            count(trade.trade_id),
            time(trade.trade_time.0),
            Cell::Number(trade.price),
            Cell::Number(trade.size),
            Cell::word(if trade.buyer_is_maker { "sold" } else { "bought" }),
            Cell::Whole(trade.event_time.since(trade.trade_time)),
        ]
    });
    Page {
        title,
        about: "Raw trades as they came, the newest first; lag is from the match to its message.".to_owned(),
        facts: vec![
            ("symbol", Cell::word(symbol)),
            ("kept", count(leg.kept as u64)),
            ("shown", count(leg.trades.len().min(ROWS) as u64)),
        ],
        columns,
        rows: rows.collect(),
    }
}

fn spread(model: &Model) -> Page {
    let series = &model.series;
    let shown = [
        Column::YClose,
        Column::XClose,
        Column::HedgeRatio,
        Column::HedgeRatioStdError,
        Column::Intercept,
        Column::Spread,
        Column::SpreadMean,
        Column::SpreadStdDev,
        Column::Z,
        Column::Correlation,
    ];
    let mut columns = vec!["open_time", "y_origin", "x_origin"];
    columns.extend(shown.map(Column::name));
    let rows = (0..series.len()).rev().take(ROWS).map(|row| {
        let mut cells = vec![open_time(series, row)];
        cells.extend(series.origins()[row].map(|origin| Cell::word(origin_word(origin))));
        cells.extend(shown.map(|column| Cell::Number(series.column(column)[row])));
        cells
    });
    let live = model.live.as_ref();
    let mut facts =
        parameters(&model.settings, live.and_then(|live| live.exchange_time).map_or(0, |time| time.0));
    facts.drain(..2);
    facts.extend([
        ("bars", count(series.len() as u64)),
        ("spread_now", Cell::maybe(live.and_then(|live| live.spread))),
        ("z_score_now", Cell::maybe(live.and_then(|live| live.z))),
    ]);
    Page {
        title: "Spread and z-score".to_owned(),
        about: "Closed bars, the newest first, with the regression of the same bar.".to_owned(),
        facts,
        columns,
        rows: rows.collect(),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, below 2^53")]
fn open_time(series: &Series, row: usize) -> Cell {
    time(series.times()[row] as i64)
}

fn adf(model: &Model) -> Page {
    Page {
        title: "Unit root and cointegration".to_owned(),
        about: "The tests on the last closed bars. Judge by the Engle-Granger p-value.".to_owned(),
        facts: model.tests.as_ref().map(|tests| of_tests(tests, model)).unwrap_or_default(),
        columns: Vec::new(),
        rows: Vec::new(),
    }
}

fn of_tests(tests: &Tests, model: &Model) -> Vec<FactLine> {
    let mut facts = vec![
        ("last_bar", time(tests.open_time.0)),
        ("interval", Cell::word(model.settings.interval.as_str())),
        ("bars", count(tests.bars as u64)),
        ("carried_share", Cell::Number(tests.carried_share)),
    ];
    match &tests.outcome {
        Outcome::Warming { seen, needed } => {
            facts.push(("outcome", Cell::Text(format!("warming: {seen} of {needed} bars"))));
        }
        Outcome::Undefined(reason) => facts.push(("outcome", Cell::Text(format!("undefined: {reason}")))),
        Outcome::Done(report) => {
            let CriticalValues { one_percent, five_percent, ten_percent } = report.adf_critical;
            let engle_granger = report.engle_granger_critical;
            facts.extend([
                ("stationary_at_5_percent", Cell::Flag(report.engle_granger_p_value < 0.05)),
                ("engle_granger_statistic", Cell::Number(report.statistic)),
                ("engle_granger_p_value", Cell::Number(report.engle_granger_p_value)),
                ("engle_granger_lags", count(report.lags as u64)),
                ("engle_granger_critical_1_percent", Cell::Number(engle_granger.one_percent)),
                ("engle_granger_critical_5_percent", Cell::Number(engle_granger.five_percent)),
                ("engle_granger_critical_10_percent", Cell::Number(engle_granger.ten_percent)),
                ("adf_statistic", Cell::Number(report.adf_statistic)),
                ("adf_p_value", Cell::Number(report.adf_p_value)),
                ("adf_lags", count(report.adf_lags as u64)),
                ("adf_observations", count(report.observations as u64)),
                ("adf_critical_1_percent", Cell::Number(one_percent)),
                ("adf_critical_5_percent", Cell::Number(five_percent)),
                ("adf_critical_10_percent", Cell::Number(ten_percent)),
                ("hedge_ratio", Cell::Number(report.hedge_ratio)),
                ("hedge_ratio_std_error", Cell::Number(report.hedge_ratio_std_error)),
                ("intercept", Cell::Number(report.intercept)),
            ]);
            match &report.half_life {
                HalfLife::Reverting { bars, secs } => facts.extend([
                    ("half_life_bars", Cell::Number(*bars)),
                    ("half_life_secs", Cell::Number(*secs)),
                ]),
                HalfLife::None(reason) => facts.push(("half_life", Cell::Text(format!("none: {reason}")))),
            }
        }
    }
    facts
}

fn z_score_alert(model: &Model) -> Page {
    let settings = &model.settings;
    let z = model.last_row.as_ref().and_then(|row| row.z.ready());
    let state = match z {
        None => "no z-score on a full window",
        Some(z) if z >= settings.z_threshold => "above",
        Some(z) if z <= -settings.z_threshold => "below",
        Some(_) => "inside",
    };
    let on_z = model.alerts.iter().filter(|alert| alert.quantity == Quantity::Z);
    let rows = on_z.take(ROWS).map(|alert| {
        vec![
            time(alert.time.0),
            Cell::Text(alert.name.clone()),
            Cell::word(log::occasion(alert.occasion)),
            Cell::word(words::direction(alert.direction)),
            Cell::maybe(alert.value),
            Cell::Number(alert.threshold),
            Cell::maybe(alert.snapshot.spread),
            Cell::maybe(alert.snapshot.hedge_ratio),
        ]
    });
    let why = model.rules.iter().find(|rule| rule.id == RuleId::SETTINGS).and_then(|rule| {
        let state = model.rule_states.iter().find(|state| state.rule == rule.id)?;
        Some(words::reason(rule, state, &settings.pair))
    });
    Page {
        title: "z-score alerts".to_owned(),
        about: "An alert is a crossing from inside, once, on a closed bar.".to_owned(),
        facts: vec![
            ("z_score", Cell::maybe(z)),
            ("z_score_now", Cell::maybe(model.live.as_ref().and_then(|live| live.z))),
            ("state", Cell::word(state)),
            ("why_not_fired", Cell::Text(why.unwrap_or_default())),
            ("threshold", Cell::Number(settings.z_threshold)),
            ("hysteresis", Cell::Number(settings.z_hysteresis)),
            ("cooldown_secs", count(settings.alert_cooldown_secs as u64)),
            ("alerts", count(model.alerts.len() as u64)),
        ],
        columns: vec![
            "time",
            "rule_name",
            "occasion",
            "direction",
            "z_score",
            "threshold",
            "spread",
            "hedge_ratio",
        ],
        rows: rows.collect(),
    }
}

fn feed(model: &Model) -> Page {
    let gaps = gaps(&model.series, 0..model.series.len());
    let rows = gaps.iter().rev().take(ROWS).map(|gap| {
        vec![
            time(gap.from),
            time(gap.to),
            count(gap.bars as u64),
            Cell::word(gap.leg),
            Cell::word(origin_word(gap.origin)),
        ]
    });
    Page {
        title: "Feed".to_owned(),
        about: "The connection and what came over it; below, the bars of which nothing is known.".to_owned(),
        facts: of_feed(model),
        columns: vec!["from", "to", "bars", "leg", "kind"],
        rows: rows.collect(),
    }
}

fn of_feed(model: &Model) -> Vec<FactLine> {
    let Some(live) = &model.live else { return Vec::new() };
    let feed = &live.feed;
    vec![
        ("phase", Cell::word(status::phase_name(&feed.phase))),
        ("phase_in_words", Cell::Text(status::phase_label(&feed.phase))),
        ("source", Cell::word(&feed.source)),
        ("host", Cell::word(&feed.host)),
        ("history", Cell::Text(status::backfill_label(&feed.backfill))),
        ("connected_ms", maybe_whole(feed.connected_millis)),
        ("reconnects", count(u64::from(feed.reconnects))),
        ("clock_skew_ms", maybe_whole(feed.clock_skew_millis)),
        ("frames_per_sec", Cell::Number(feed.frames_per_sec)),
        ("frames", count(feed.frames)),
        ("trades", count(feed.trades)),
        ("duplicates", count(feed.duplicates)),
        ("reordered", count(feed.reordered)),
        ("missing_trades", count(feed.missing)),
        ("rejected_frames", count(feed.rejected)),
        ("last_rejection", Cell::word(feed.last_rejection.as_deref().unwrap_or("none"))),
        ("y_last_trade_age_ms", maybe_whole(live.y.age_millis)),
        ("x_last_trade_age_ms", maybe_whole(live.x.age_millis)),
        ("exchange_time", live.exchange_time.map_or(Cell::Number(f64::NAN), |at| time(at.0))),
    ]
}

/// Everything that a report of a fault needs, as JSON: settings, feed, tests, gaps and notices.
pub fn diagnostics(model: &Model, browser: &str, notices: &[String], now: UnixMillis) -> String {
    let mut out = String::from("{\"settings\":");
    table::object(&mut out, &parameters(&model.settings, now.0));
    out.push_str(",\n\"browser\":");
    table::push_json_text(&mut out, browser);
    let Page { facts, columns, rows, .. } = feed(model);
    out.push_str(",\n\"feed\":");
    table::object(&mut out, &facts);
    out.push_str(",\n\"gaps\":");
    rows_json(&mut out, &columns, &rows);
    out.push_str(",\n\"tests\":");
    table::object(&mut out, &adf(model).facts);
    out.push_str(",\n\"alerts\":");
    table::object(&mut out, &z_score_alert(model).facts);
    out.push_str(",\n\"bars\":");
    count(model.series.len() as u64).json(&mut out);
    out.push_str(",\n\"notices\":[");
    for (place, notice) in notices.iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        table::push_json_text(&mut out, notice);
    }
    out.push_str("]}\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::series::tests::row;
    use spreadscope_engine::event::{Inspection, LegTicks, Origin};
    use spreadscope_engine::{Settings, Symbol, Trade};

    fn model(rows: i64) -> Model {
        let mut model = Model::new(Settings::default());
        for second in 0..rows {
            let mut row = row(second, second as f64);
            if (20..23).contains(&second) {
                row.x.origin = Origin::Missing;
                row.x.close = None;
            }
            if second == 23 {
                row.x.origin = Origin::Outage;
            }
            model.series.put(&row);
        }
        model
    }

    fn views() -> [View; 5] {
        let ticks = View::Ticks(Symbol::new("BTCUSDT").unwrap());
        [ticks, View::Spread, View::Adf, View::ZScoreAlert, View::Feed]
    }

    #[test]
    fn every_view_is_json_with_and_without_data() {
        for model in [model(0), model(300)] {
            for view in views() {
                let page = page(&view, &model);
                assert!(page.rows.iter().all(|row| row.len() == page.columns.len()), "{view:?}");
                assert!(page.rows.len() <= ROWS);
                let text = page.json(&Route::Inspect(view.clone()), UnixMillis(0));
                let value: serde_json::Value = serde_json::from_str(&text).unwrap();
                assert_eq!(value["view"], Route::Inspect(view).path());
                assert_eq!(value["rows"].as_array().unwrap().len(), page.rows.len());
            }
        }
    }

    #[test]
    fn ticks_are_those_of_the_symbol_newest_first() {
        let mut model = model(1);
        let trade = |trade_id| Trade {
            trade_id,
            trade_time: UnixMillis(1_700_000_000_000),
            event_time: UnixMillis(1_700_000_000_004),
            price: 60_000.5,
            size: 0.25,
            buyer_is_maker: false,
        };
        let leg = |name: &str, ids: [u64; 2]| LegTicks {
            symbol: Symbol::new(name).unwrap(),
            kept: 9,
            trades: ids.map(trade).to_vec(),
        };
        let ticks = [leg("BTCUSDT", [1, 2]), leg("ETHUSDT", [3, 4])];
        model.inspection = Some(Box::new(Inspection { asked: 2, ticks }));
        let shown = page(&views()[0], &model);
        let texts: Vec<Vec<String>> = shown.rows.iter().map(|row| row.iter().map(text).collect()).collect();
        assert_eq!(
            texts[0],
            ["2", "2023-11-14T22:13:20.000Z", "60,000.50000", "0.2500000000", "bought", "4"]
        );
        let other = View::Ticks(Symbol::new("SOLUSDT").unwrap());
        assert!(page(&other, &model).about.starts_with("SOLUSDT is not one of the two legs"));
    }

    #[test]
    fn a_report_of_a_fault_is_json_whatever_the_browser_says() {
        let text = diagnostics(&model(60), "Agent \"x\"\\", &["one\ntwo".to_owned()], UnixMillis(0));
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["browser"], "Agent \"x\"\\");
        assert_eq!(value["notices"][0], "one\ntwo");
        assert_eq!(value["settings"]["y"], "BTCUSDT");
        assert_eq!(value["gaps"].as_array().unwrap().len(), 2);
    }
}
