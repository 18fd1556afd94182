//! Engle-Granger over a moving window: how the evidence for cointegration changes over time.

use crate::cointegration::cointegrating_regression::CointegrationError;
use crate::cointegration::engle_granger::{EngleGrangerSpec, engle_granger};
use crate::unit_root::adf::LagChoice;
use crate::unit_root::error::UnitRootError;
use crate::unit_root::mackinnon::Trend;
use crate::{Observation, Reading, Undefined, WindowError};
use core::fmt;
use core::num::NonZeroUsize;

/// The test at one observation, on the window that ends with it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RollingCointegration {
    /// Slope of y on x.
    pub hedge_ratio: f64,
    /// t-statistic of the residual's level.
    pub statistic: f64,
    /// Asymptotic p-value of the null of no cointegration.
    pub p_value: f64,
    /// Lagged changes in the residual's regression.
    pub lags: usize,
}

/// Why a rolling test cannot be set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RollingEngleGrangerError {
    /// The window is too short for the regression or for the number of lags.
    Window(WindowError),
    /// Without a constant, the test has no critical values.
    NoConstant,
}

impl fmt::Display for RollingEngleGrangerError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Window(error) => error.fmt(formatter),
            Self::NoConstant => CointegrationError::NoConstant.fmt(formatter),
        }
    }
}

impl core::error::Error for RollingEngleGrangerError {}

/// [`engle_granger`] of y on x over the last `window` observations, at every `step`-th observation.
///
/// Steps are counted from the first observation, so the same observations are evaluated whatever has been fed
/// since. Every test is computed from scratch: its result depends only on the window.
///
/// # Source
/// As [`engle_granger`], which `tests/oracle` checks.
///
/// ```
/// use core::num::NonZeroUsize;
/// use spreadscope_stats::{EngleGrangerSpec, Observation, RollingEngleGranger, random::Congruential};
/// let every_tenth = NonZeroUsize::new(10).expect("ten is not zero");
/// let mut rolling = RollingEngleGranger::new(60, every_tenth, EngleGrangerSpec::default())?;
/// let mut evaluated = 0;
/// let mut error = Congruential::new(2);
/// for x in Congruential::new(1).path(1.0, 100.0).take(100) {
///     let y = 2.0 * x + error.centred();
///     if let Some(reading) = rolling.update(Observation { y, x }) {
///         evaluated += usize::from(reading.is_ready());
///     }
/// }
/// assert_eq!(evaluated, 5); // after 60, 70, 80, 90 and 100 bars
/// # Ok::<(), spreadscope_stats::RollingEngleGrangerError>(())
/// ```
#[derive(Debug, Clone)]
pub struct RollingEngleGranger {
    spec: EngleGrangerSpec,
    window: usize,
    step: NonZeroUsize,
    /// The window is the last `window` observations; older ones are dropped when twice as many have come.
    y: Vec<f64>,
    x: Vec<f64>,
    seen: usize,
}

impl RollingEngleGranger {
    /// Evaluates every `step`-th observation on a window of `window` observations.
    ///
    /// # Errors
    /// [`RollingEngleGrangerError`].
    pub fn new(
        window: usize,
        step: NonZeroUsize,
        spec: EngleGrangerSpec,
    ) -> Result<Self, RollingEngleGrangerError> {
        if spec.trend == Trend::None {
            return Err(RollingEngleGrangerError::NoConstant);
        }
        let lags = match spec.lags {
            LagChoice::Fixed(lags) => lags,
            LagChoice::Aic { max } | LagChoice::Bic { max } | LagChoice::TStat { max } => max.unwrap_or(0),
        };
        let min = (spec.trend.terms() + 4).max(lags.saturating_add(1).saturating_mul(2));
        if window < min {
            return Err(RollingEngleGrangerError::Window(WindowError { min, was: window }));
        }
        Ok(Self { spec, window, step, y: Vec::new(), x: Vec::new(), seen: 0 })
    }

    /// Feeds one observation; returns the result if this observation is one of those evaluated.
    pub fn update(&mut self, Observation { y, x }: Observation) -> Option<Reading<RollingCointegration>> {
        if self.y.len() == 2 * self.window {
            self.y.drain(..=self.window);
            self.x.drain(..=self.window);
        }
        self.y.push(y);
        self.x.push(x);
        self.seen += 1;
        self.seen.is_multiple_of(self.step.get()).then(|| self.evaluate())
    }

    fn evaluate(&self) -> Reading<RollingCointegration> {
        let Self { spec, window, seen, .. } = self;
        if seen < window {
            return Reading::Warming { seen: *seen, needed: *window };
        }
        let from = self.y.len() - window;
        match engle_granger(&self.y[from..], &self.x[from..], spec) {
            Ok(found) => Reading::Ready(RollingCointegration {
                hedge_ratio: found.hedge_ratio,
                statistic: found.statistic,
                p_value: found.p_value,
                lags: found.lags,
            }),
            Err(error) => Reading::Undefined(undefined(error, *window)),
        }
    }

    /// Returns to the initial state.
    pub fn reset(&mut self) {
        self.y.clear();
        self.x.clear();
        self.seen = 0;
    }
}

fn undefined(error: CointegrationError, window: usize) -> Undefined {
    match error {
        CointegrationError::Regression(reason)
        | CointegrationError::Residual(UnitRootError::Undefined(reason)) => reason,
        CointegrationError::Collinear => Undefined::ScaledCopy,
        CointegrationError::Residual(_)
        | CointegrationError::Lengths { .. }
        | CointegrationError::Bandwidth { .. }
        | CointegrationError::NoConstant => {
            unreachable!("Invariant: a window of {window} has room for the lags and a trend with a constant")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract;

    fn rolling(window: usize, step: usize) -> RollingEngleGranger {
        RollingEngleGranger::new(window, NonZeroUsize::new(step).unwrap(), EngleGrangerSpec::default())
            .unwrap()
    }

    #[test]
    fn each_evaluated_bar_is_the_test_of_its_window() {
        let walk = contract::walk(800);
        let (y, x) = (&walk[..400], &walk[400..]);
        let mut rolling = rolling(90, 7);
        let mut ready = 0;
        for at in 0..400 {
            let reading = rolling.update(Observation { y: y[at], x: x[at] });
            assert_eq!(reading.is_some(), (at + 1) % 7 == 0, "{at}");
            match reading {
                Some(Reading::Ready(got)) => {
                    let window = at + 1 - 90..=at;
                    let expected =
                        engle_granger(&y[window.clone()], &x[window], &EngleGrangerSpec::default()).unwrap();
                    assert_eq!((got.statistic, got.p_value), (expected.statistic, expected.p_value), "{at}");
                    ready += 1;
                }
                Some(other) => assert_eq!(other, Reading::Warming { seen: at + 1, needed: 90 }),
                None => {}
            }
        }
        assert_eq!(ready, 400 / 7 - 90 / 7);
        rolling.reset();
        assert_eq!(rolling.seen, 0);
        assert_eq!(rolling.update(Observation { y: 1.0, x: 1.0 }), None);
    }

    #[test]
    fn a_bad_bar_is_undefined_while_it_is_in_the_window_and_then_forgotten() {
        let walk = contract::walk(400);
        let mut rolling = rolling(50, 1);
        for at in 0..150 {
            let x = if at == 60 { f64::NAN } else { walk[at + 200] };
            let reading = rolling.update(Observation { y: walk[at], x }).unwrap();
            let bad = Reading::Undefined(Undefined::NonFinite);
            assert_eq!(reading == bad, (60..110).contains(&at), "{at}: {reading:?}");
        }
    }

    #[test]
    fn what_cannot_be_asked_for_is_refused_by_kind() {
        let step = NonZeroUsize::MIN;
        let fixed = |lags| EngleGrangerSpec { lags: LagChoice::Fixed(lags), ..EngleGrangerSpec::default() };
        let short = |min, was| RollingEngleGrangerError::Window(WindowError { min, was });
        let refused = |window, spec| RollingEngleGranger::new(window, step, spec).unwrap_err();
        assert_eq!(refused(4, fixed(0)), short(5, 4));
        assert_eq!(refused(21, fixed(10)), short(22, 21));
        assert_eq!(refused(100, fixed(usize::MAX)), short(usize::MAX, 100));
        let bare = EngleGrangerSpec { trend: Trend::None, ..fixed(0) };
        assert_eq!(refused(100, bare), RollingEngleGrangerError::NoConstant);
        // the shortest window accepted has room for the lags it was accepted with
        let mut shortest = RollingEngleGranger::new(22, step, fixed(10)).unwrap();
        for value in contract::walk(60) {
            let reading = shortest.update(Observation { y: value, x: value * value }).unwrap();
            assert!(!matches!(reading, Reading::Provisional { .. }));
        }
    }
}
