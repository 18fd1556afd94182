//! What is computed: the newest bars of the pair, and the tests on them.

use super::{FactLine, Page, ROWS, Table, count, evidence, time};
use crate::view::files::export::parameters;
use crate::view::files::table::Cell;
use crate::view::numbers::column::{Column, LegColumn};
use crate::view::numbers::series::Series;
use crate::view::screen::model::Model;
use spreadscope_engine::analytics::cointegration::{CriticalValues, HalfLife, Outcome, Tests};

/// Returns `/analytics/spread`: the newest closed bars with spread and z-score.
pub(super) fn spread(model: &Model) -> Page {
    let series = &model.series;
    let shown = [
        Column::Y(LegColumn::Close),
        Column::X(LegColumn::Close),
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
        cells.extend(series.origins()[row].map(|origin| Cell::word(origin.as_str())));
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
        tables: vec![Table { rows: rows.collect(), ..Table::rows(columns) }],
    }
}

#[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, below 2^53")]
fn open_time(series: &Series, row: usize) -> Cell {
    time(series.times()[row] as i64)
}

/// Returns `/analytics/adf`: the tests.
pub(super) fn adf(model: &Model) -> Page {
    Page {
        title: "Unit root and cointegration".to_owned(),
        about:
            "The tests on the last closed bars, and the whole evidence. Judge by the Engle-Granger p-value."
                .to_owned(),
        facts: model.tests.as_ref().map(|tests| of_tests(tests, model)).unwrap_or_default(),
        tables: evidence::table(model.evidence.as_deref()).into_iter().collect(),
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
