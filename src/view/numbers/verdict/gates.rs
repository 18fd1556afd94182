//! The rules that keep a number from being acted on: one function each, with its words.

use crate::view::numbers::format;
use spreadscope_engine::analytics::Row;
use spreadscope_engine::analytics::cointegration::{Outcome, Report, Tests};
use spreadscope_engine::settings::HedgeKind;
use spreadscope_engine::settings::test_options::FitTerms;
use spreadscope_engine::{Interval, Settings};

/// An objection to a signal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objection {
    /// The objection as a clause.
    pub short: String,
    /// The objection as a sentence with its numbers.
    pub reason: String,
}

impl Objection {
    fn new(short: &str, reason: String) -> Self {
        Self { short: short.to_owned(), reason }
    }
}

/// Returns `ratio ± error`.
pub fn with_error(ratio: f64, error: f64) -> String {
    format!("{} ± {}", format::significant(ratio, 5), format::error_of(ratio, error))
}

/// Returns the objection to a hedge ratio that cannot be traded.
pub fn untradable(row: &Row, report: Option<&Report>, settings: &Settings) -> Option<Objection> {
    let ratio = row.hedge_ratio.value()?;
    let shown = format::significant(ratio, 5);
    if ratio <= 0.0 {
        let reason = format!("The hedge ratio is {shown}: both legs on one side are no pair trade.");
        return Some(Objection::new("ratio not above 0: no pair trade", reason));
    }
    if let Some(error) = row.hedge_ratio_std_error.filter(|error| *error >= ratio) {
        let reason = format!(
            "The hedge ratio is {}: its standard error is as large as itself.",
            with_error(ratio, error)
        );
        return Some(Objection::new("ratio within its error of 0", reason));
    }
    let fitted = report.filter(|_| settings.hedge_model == HedgeKind::Tls)?.hedge_ratio;
    (!(0.5..=2.0).contains(&(ratio / fitted))).then(|| {
        let fitted = format::significant(fitted, 5);
        let reason = format!(
            "Total least squares gives a ratio of {shown}, least squares {fitted}: the two prices hardly move together."
        );
        Objection::new("total least squares far from least squares", reason)
    })
}

/// Returns the objection to a half-life shorter than the bars of `interval`.
pub fn below_a_bar(bars: f64, interval: Interval) -> Option<Objection> {
    (bars < 1.0).then(|| {
        let shorter = if interval == Interval::OneSecond { "" } else { ": look at a shorter interval" };
        let short = format!("faster than the bars can show{shorter}");
        let reason = format!("The half-life is {} bars, {short}.", format::fixed(bars, 1));
        Objection { short, reason }
    })
}

/// Returns the objection to a bar that closed longer ago than its half-life.
pub fn outlived(age_secs: f64, half_life_secs: f64) -> Option<Objection> {
    (age_secs > half_life_secs).then(|| {
        let age = format::duration(age_secs);
        let reason = format!(
            "The bar closed {age} ago, longer than the half-life: half of what it showed may be gone."
        );
        Objection { short: format!("closed {age} ago, longer than the half-life"), reason }
    })
}

/// Returns the objection to a z about another line than the one that is tested: the ratio of the rolling line
/// and that of the fixed one differ by more than twice their errors.
pub fn two_lines(row: &Row, tested: &Report, bars: usize, settings: &Settings) -> Option<Objection> {
    let (ratio, error) = row.hedge_ratio.value().zip(row.hedge_ratio_std_error)?;
    let apart = (ratio - tested.hedge_ratio).abs() > 2.0 * error.hypot(tested.hedge_ratio_std_error);
    apart.then(|| {
        let reason = format!(
            "z is about the rolling line of {} bars (ratio {}), the tests about one fixed line through {bars} bars ({}): \
             they differ by more than their errors, so that what is tested is not what z shows.",
            settings.hedge_window_bars,
            with_error(ratio, error),
            with_error(tested.hedge_ratio, tested.hedge_ratio_std_error)
        );
        Objection::new("z is about another line than the tests", reason)
    })
}

/// Returns the settings under which z and the tests use one line: least squares through the last `bars`.
pub fn one_line(settings: &Settings, bars: usize) -> Settings {
    Settings {
        hedge_model: HedgeKind::Ols,
        hedge_window_bars: bars,
        test_lookback_bars: bars,
        test_terms: FitTerms::Constant,
        ..settings.clone()
    }
}

/// Returns the numbers of bars that could serve both if [`two_lines`] differ: those of the tests, and of the
/// rolling line.
pub fn ways_to_one_line(row: &Row, tests: &Tests, settings: &Settings) -> Vec<usize> {
    let Outcome::Done(report) = &tests.outcome else { return Vec::new() };
    if two_lines(row, report, tests.bars, settings).is_none() {
        return Vec::new();
    }
    let windows = [settings.test_lookback_bars, settings.hedge_window_bars];
    windows.into_iter().filter(|bars| one_line(settings, *bars).validate().is_ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{HALF_LIFE, report, tests_of};
    use super::*;
    use crate::view::numbers::series::tests::row;
    use spreadscope_engine::analytics::Metric;

    fn of(ratio: f64, error: f64) -> Row {
        Row { hedge_ratio: Metric::Ready(ratio), hedge_ratio_std_error: Some(error), ..row(0, 2.0) }
    }

    #[test]
    fn a_ratio_that_cannot_be_held_is_named() {
        let settings = Settings::default();
        let short = |row: &Row| untradable(row, None, &settings).map(|objection| objection.short);
        assert_eq!(short(&of(20.0, 0.5)), None);
        assert_eq!(short(&of(-0.3, 0.1)).as_deref(), Some("ratio not above 0: no pair trade"));
        assert_eq!(short(&of(0.3, 0.3)).as_deref(), Some("ratio within its error of 0"));
        let totals = Settings { hedge_model: HedgeKind::Tls, ..settings.clone() };
        let fitted = report(0.01, HALF_LIFE);
        assert_eq!(untradable(&of(20.0, 0.5), Some(&fitted), &totals), None);
        let far = untradable(&of(48.0, 0.5), Some(&fitted), &totals).unwrap();
        assert!(far.reason.contains("48.000") && far.reason.contains("16.000"), "{far:?}");
        assert_eq!(untradable(&of(48.0, 0.5), Some(&fitted), &settings), None, "of another model");
    }

    #[test]
    fn a_half_life_below_one_bar_asks_for_shorter_bars_where_there_are_some() {
        assert_eq!(below_a_bar(1.0, Interval::OneMinute), None);
        let minutes = below_a_bar(0.2, Interval::FiveMinutes).unwrap();
        assert_eq!(minutes.short, "faster than the bars can show: look at a shorter interval");
        assert_eq!(below_a_bar(0.2, Interval::OneSecond).unwrap().short, "faster than the bars can show");
    }

    #[test]
    fn a_bar_outlives_its_message_after_one_half_life() {
        assert_eq!(outlived(63.0, 63.0), None);
        assert_eq!(outlived(240.0, 63.0).unwrap().short, "closed 4 min ago, longer than the half-life");
    }

    #[test]
    fn two_lines_that_differ_by_more_than_their_errors_are_named_both() {
        let (settings, fitted) = (Settings::default(), report(0.01, HALF_LIFE));
        assert_eq!(two_lines(&of(16.2, 0.1), &fitted, 900, &settings), None);
        let told = two_lines(&of(30.1, 3.1), &fitted, 900, &settings).unwrap().reason;
        assert!(told.contains("30.100 ± 3.1") && told.contains("16.000 ± 0.10"), "{told}");
        let unknown = Row { hedge_ratio_std_error: None, ..of(30.1, 3.1) };
        assert_eq!(two_lines(&unknown, &fitted, 900, &settings), None);
    }

    #[test]
    fn either_window_can_serve_both_lines_and_only_where_they_differ() {
        let settings = Settings { hedge_model: HedgeKind::Kalman, ..Settings::default() };
        let tests = tests_of(report(0.01, HALF_LIFE));
        assert!(ways_to_one_line(&of(16.2, 0.1), &tests, &settings).is_empty());
        let ways = ways_to_one_line(&of(30.1, 3.1), &tests, &settings);
        assert_eq!(ways, [settings.test_lookback_bars, settings.hedge_window_bars]);
        for bars in ways {
            let one = one_line(&settings, bars);
            assert_eq!((one.hedge_window_bars, one.test_lookback_bars), (bars, bars));
            assert_eq!((one.hedge_model, one.test_terms), (HedgeKind::Ols, FitTerms::Constant));
        }
        let short = Settings { hedge_window_bars: 20, ..settings };
        assert_eq!(ways_to_one_line(&of(30.1, 3.1), &tests, &short), [short.test_lookback_bars]);
    }
}
