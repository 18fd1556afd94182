//! Each number's formula with the current values, its window, and its age.

use crate::view::numbers::calendar;
use crate::view::numbers::column::Column;
use crate::view::numbers::format;
use crate::view::numbers::words::Topic;
use crate::view::screen::model::Model;
use spreadscope_engine::analytics::cointegration::{HalfLife, Outcome, Report, Tests};
use spreadscope_engine::analytics::{LegRow, Row};
use spreadscope_engine::settings::PriceScale;
use spreadscope_engine::{Pair, Symbol};

/// How a number was computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worked {
    /// The formula with its values.
    pub formula: String,
    /// The window it was computed over, and when.
    pub basis: String,
}

/// Returns the working of `topic` on the last closed bar; `None` if there is no number yet.
pub fn worked(topic: Topic, model: &Model) -> Option<Worked> {
    match topic {
        Topic::Z | Topic::Spread | Topic::Hedge | Topic::Correlation | Topic::Alerts => {
            let row = model.last_row.as_ref()?;
            let (formula, window) = of_row(topic, row, model)?;
            Some(Worked { formula, basis: basis(model, window, row.open_time.0) })
        }
        Topic::HalfLife | Topic::EngleGranger | Topic::Adf => {
            let tests = model.tests.as_ref()?;
            let Outcome::Done(report) = &tests.outcome else { return None };
            let formula = of_report(topic, report)?;
            Some(Worked { formula, basis: basis(model, tests.bars, tests.open_time.0) + &carried(tests) })
        }
        Topic::Legs => {
            let row = model.last_row.as_ref()?;
            let Pair { y, x } = &model.settings.pair;
            let returns: Vec<String> = [(y, &row.y), (x, &row.x)]
                .into_iter()
                .filter_map(|(symbol, leg)| of_return(symbol, leg))
                .collect();
            let formula = (!returns.is_empty()).then(|| returns.join("; "))?;
            Some(Worked { formula, basis: basis(model, 1, row.open_time.0) })
        }
        Topic::Verdict | Topic::Feed => None,
    }
}

/// Returns a leg's return over the bar; `None` if nothing traded in it or in the one before.
fn of_return(symbol: &Symbol, leg: &LegRow) -> Option<String> {
    let (close, log_return) = leg.close.zip(leg.log_return)?;
    let before = close / log_return.exp();
    Some(format!(
        "{symbol}: ln({} / {}) = {}",
        format::price(close),
        format::price(before),
        format::basis_points(log_return)
    ))
}

fn of_row(topic: Topic, row: &Row, model: &Model) -> Option<(String, usize)> {
    let settings = &model.settings;
    let (y, x) = (row.y.close?, row.x.close?);
    let like_y = |value: f64| format::spread(value, model.spread_reference(y));
    let worked = match topic {
        Topic::Z => {
            let (spread, mean, std_dev) = (row.spread?, row.spread_mean?, row.spread_std_dev?);
            let z = format::signed(row.z.value()?, 2);
            let sd = format::significant(std_dev, 4);
            (format!("({} − ({})) / {sd} = {z}", like_y(spread), like_y(mean)), settings.z_window_bars)
        }
        Topic::Spread => {
            let spread = row.spread?;
            let (intercept, ratio) = line(row, model)?;
            let decimals = format::spread_decimals(model.spread_reference(y));
            let (price, factor): (fn(f64) -> String, f64) = match settings.price_scale {
                PriceScale::Levels => (format::price, x),
                PriceScale::Logs => (|price| format!("ln {}", format::price(price)), x.ln()),
            };
            let formula = format!(
                "{} − ({}) − {} × {} = {}",
                price(y),
                like_y(intercept),
                format::fixed(ratio, ratio_decimals(factor, decimals)),
                price(x),
                like_y(spread)
            );
            (formula, settings.hedge_window_bars)
        }
        Topic::Hedge => {
            let value = row.hedge_ratio.value()?;
            let ratio = format::significant(value, 6);
            let error = row.hedge_ratio_std_error.map_or_else(String::new, |error| {
                format!(" ± {} (standard error)", format::error_of(value, error))
            });
            let fit = row.r_squared.map_or_else(String::new, |r| format!(", R² {}", format::fixed(r, 3)));
            let name = match settings.price_scale {
                PriceScale::Levels => "ratio",
                PriceScale::Logs => "elasticity",
            };
            (format!("{name} = {ratio}{error}{fit}"), settings.hedge_window_bars)
        }
        Topic::Correlation => {
            let r = format::fixed(row.correlation.value()?, 3);
            (format!("r = {r} of the returns of both legs"), settings.correlation_window_bars)
        }
        _ => {
            let (threshold, calm) = (settings.z_threshold, settings.z_threshold - settings.z_hysteresis);
            let z = format::fixed(row.z.value()?.abs(), 2);
            (format!("|z| is {z}; fires at {threshold}, re-armed below {calm}"), settings.z_window_bars)
        }
    };
    Some(worked)
}

/// Returns intercept and ratio of the line behind the row's spread.
fn line(row: &Row, model: &Model) -> Option<(f64, f64)> {
    if model.settings.hedge_model.row().explains_its_bar {
        return row.intercept.zip(row.hedge_ratio.value());
    }
    let series = &model.series;
    let before = series.between(f64::NEG_INFINITY, row.open_time.as_f64());
    let numbers = |at: usize| [Column::Intercept, Column::HedgeRatio].map(|column| series.column(column)[at]);
    let known = before.rev().map(numbers).find(|line| line.iter().all(|number| number.is_finite()));
    known.map(|[intercept, ratio]| (intercept, ratio))
}

/// Returns how many decimals a ratio needs for its product with `x` to be right to `decimals`.
fn ratio_decimals(x: f64, decimals: usize) -> usize {
    let whole_digits = (0..12).take_while(|&power| x.abs() >= 10_f64.powi(power)).count();
    whole_digits + decimals
}

fn of_report(topic: Topic, report: &Report) -> Option<String> {
    let fixed = |value: f64| format::fixed(value, 3);
    Some(match topic {
        Topic::HalfLife => match &report.half_life {
            HalfLife::Reverting { bars, secs } => {
                // the report lacks b, but the half-life was computed from it
                let b = (-core::f64::consts::LN_2 / bars).exp_m1();
                format!(
                    "ln 2 / −ln(1 + ({})) = {} bars = {}",
                    format::significant(b, 3),
                    format::fixed(*bars, 1),
                    format::duration(*secs)
                )
            }
            HalfLife::None(reason) => format!("none: {reason}"),
        },
        Topic::EngleGranger => format!(
            "statistic {} against {} at 5 %: p {}, {} lags",
            fixed(report.statistic),
            fixed(report.engle_granger_critical.five_percent),
            format::p_value(report.engle_granger_p_value),
            report.lags
        ),
        Topic::Adf => format!(
            "statistic {} against {} at 5 %: p {}, {} lags",
            fixed(report.adf_statistic),
            fixed(report.adf_critical.five_percent),
            format::p_value(report.adf_p_value),
            report.adf_lags
        ),
        _ => return None,
    })
}

fn carried(tests: &Tests) -> String {
    format!("; {} of them without a trade in one leg", format::percent(tests.carried_share))
}

/// Returns the window in bars and in time, the moment of its end, and its age.
fn basis(model: &Model, bars: usize, open_time: i64) -> String {
    let interval = model.settings.interval;
    let end = open_time + interval.millis();
    let length = format::duration(bars as f64 * interval.secs());
    let now = model.live.as_ref().and_then(|live| live.exchange_time);
    let age =
        now.map_or_else(String::new, |now| format!(", {} ago", format::span_millis((now.0 - end).max(0))));
    let noun = if bars == 1 { "bar" } else { "bars" };
    format!(
        "{} {noun} ({length}) to {} UTC{age}",
        format::count(bars as u64),
        calendar::dated(end, now.map_or(0, |now| now.0))
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::numbers::series::tests::row;
    use spreadscope_engine::Settings;
    use spreadscope_engine::analytics::Metric;
    use spreadscope_engine::settings::HedgeKind;

    fn model() -> Model {
        let mut model = Model::new(Settings::default());
        model.last_row = Some(row(0, 2.0));
        model
    }

    #[test]
    fn the_values_put_in_give_the_number() {
        let z = worked(Topic::Z, &model()).unwrap();
        assert_eq!(z.formula, "(+4.00 − (0.00)) / 2.000 = +2.00");
        assert_eq!(z.basis, "300 bars (5 min) to 2023-11-14 22:13:21 UTC");
        let mut true_row = model();
        true_row.last_row = Some(Row { spread: Some(2.0), ..row(0, 2.0) });
        let spread = worked(Topic::Spread, &true_row).unwrap();
        assert_eq!(spread.formula, "60,002.00 − (+8,000.00) − 20.000000 × 2,600.00 = +2.00");
        assert!(
            worked(Topic::Hedge, &model()).unwrap().formula.contains("± 0.10 (standard error), R² 0.900")
        );
    }

    #[test]
    fn a_ratio_of_logarithms_is_an_elasticity() {
        let said = |scale| {
            let mut model = model();
            model.settings.price_scale = scale;
            worked(Topic::Hedge, &model).unwrap().formula
        };
        assert!(said(PriceScale::Levels).starts_with("ratio = 20"), "{}", said(PriceScale::Levels));
        assert!(said(PriceScale::Logs).starts_with("elasticity = 20"), "{}", said(PriceScale::Logs));
    }

    #[test]
    fn a_model_that_follows_each_bar_is_shown_with_its_line_of_the_bar_before() {
        let mut model = model();
        model.settings.hedge_model = HedgeKind::Kalman;
        assert_eq!(worked(Topic::Spread, &model), None, "there is no bar before");
        let before = Row { hedge_ratio: Metric::Ready(19.5), intercept: Some(9_300.0), ..row(-2, 0.0) };
        let unknown = Row { hedge_ratio: Metric::Warming { seen: 1, needed: 2 }, ..row(-1, 0.0) };
        for row in [before, unknown, row(0, 2.0)] {
            model.series.put(&row);
        }
        let spread = worked(Topic::Spread, &model).unwrap();
        assert_eq!(spread.formula, "60,002.00 − (+9,300.00) − 19.500000 × 2,600.00 = +4.00");
    }

    #[test]
    fn what_is_left_off_a_ratio_does_not_show_in_the_spread() {
        let (x, ratio) = (2_703.36, 21.982_123_456_789);
        let decimals = ratio_decimals(x, 2);
        let shown = format!("{ratio:.decimals$}").parse::<f64>().unwrap();
        assert!((shown - ratio).abs() * x < 0.005);
    }

    #[test]
    fn a_legs_return_is_that_of_its_two_closes() {
        let mut model = model();
        let mut last = row(0, 2.0);
        last.y.close = Some(60_366.0);
        last.y.log_return = Some((60_366.0_f64 / 60_300.0).ln());
        model.last_row = Some(last);
        let legs = worked(Topic::Legs, &model).unwrap();
        assert_eq!(legs.formula, "BTCUSDT: ln(60,366.00 / 60,300.00) = +10.94 bp");
        assert_eq!(legs.basis, "1 bar (1.0 s) to 2023-11-14 22:13:21 UTC");
    }

    #[test]
    fn where_there_is_no_number_nothing_is_put_in() {
        let empty = Model::new(Settings::default());
        for topic in Topic::ALL {
            assert_eq!(worked(topic, &empty), None);
        }
        assert_eq!(worked(Topic::Correlation, &model()), None, "still warming");
        assert_eq!(worked(Topic::EngleGranger, &model()), None, "not run yet");
    }
}
