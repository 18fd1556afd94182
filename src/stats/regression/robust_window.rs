//! The robust lines over a sliding window, whose observations are all kept.

use crate::estimator::reading;
use crate::hedge::model::by_std_error;
use crate::regression::theil_sen::theil_sen_with;
use crate::{
    Estimator, HedgeError, HedgeFit, HedgeMethod, Observation, Reading, Robust, Undefined, WindowError, huber,
};
use std::collections::VecDeque;

/// Fewest observations for a line with standard errors.
const FEWEST: usize = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Huber,
    TheilSen,
}

/// Huber's or the Theil-Sen line over the last observations, refitted at intervals.
#[derive(Debug, Clone)]
pub(crate) struct RobustWindow {
    kind: Kind,
    robust: Robust,
    y: VecDeque<f64>,
    x: VecDeque<f64>,
    fit: Option<Result<HedgeFit, Undefined>>,
    /// Observations since the last fit.
    age: usize,
    slopes: Vec<f64>,
}

impl RobustWindow {
    pub(crate) fn huber(robust: Robust) -> Result<Self, HedgeError> {
        Self::new(Kind::Huber, robust, HedgeMethod::LONGEST_HUBER)
    }

    pub(crate) fn theil_sen(robust: Robust) -> Result<Self, HedgeError> {
        Self::new(Kind::TheilSen, robust, HedgeMethod::LONGEST_THEIL_SEN)
    }

    fn new(kind: Kind, robust: Robust, max: usize) -> Result<Self, HedgeError> {
        if robust.window < FEWEST {
            return Err(HedgeError::Window(WindowError { min: FEWEST, was: robust.window }));
        }
        if robust.window > max {
            return Err(HedgeError::WindowTooLong { max, was: robust.window });
        }
        if robust.refit_every == 0 {
            return Err(HedgeError::RefitEvery);
        }
        let (y, x) = (VecDeque::new(), VecDeque::new());
        Ok(Self { kind, robust, y, x, fit: None, age: 0, slopes: Vec::new() })
    }

    fn refit(&mut self) -> Result<HedgeFit, Undefined> {
        let (y, x) = (self.y.make_contiguous(), self.x.make_contiguous());
        match self.kind {
            Kind::Huber => huber(y, x).map(|fit| by_std_error(fit.slope, fit.intercept, fit.slope_std_error)),
            Kind::TheilSen => theil_sen_with(y, x, &mut self.slopes).map(|fit| HedgeFit {
                hedge_ratio: fit.slope,
                intercept: fit.intercept,
                std_error: None,
                interval: fit.slope_interval,
                spread: None,
            }),
        }
    }
}

impl Estimator for RobustWindow {
    type Input = Observation;
    type Output = HedgeFit;

    fn update(&mut self, Observation { y, x }: Observation) -> Reading<HedgeFit> {
        let Robust { window, refit_every } = self.robust;
        if self.y.len() == window {
            self.y.pop_front();
            self.x.pop_front();
        }
        self.y.push_back(y);
        self.x.push_back(x);
        let seen = self.y.len();
        self.age += 1;
        // a window that is still filling changes as much with fewer observations; its last fit is made in any case, from
        // which on those of the sliding window are counted
        let every = if seen < window { (refit_every * seen / window).max(1) } else { refit_every };
        let due = self.age >= every || seen + 1 == window || !matches!(self.fit, Some(Ok(_)));
        reading(seen, FEWEST, window, || {
            if due {
                self.fit = Some(self.refit());
                self.age = 0;
            }
            self.fit.expect("Invariant: fitted when due")
        })
    }

    fn reset(&mut self) {
        self.y.clear();
        self.x.clear();
        self.fit = None;
        self.age = 0;
    }

    fn window(&self) -> usize {
        self.robust.window
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract;

    #[test]
    fn between_two_fits_the_line_stands() {
        let walk = contract::walk(120);
        let mut model = RobustWindow::theil_sen(Robust { window: 10, refit_every: 4 }).unwrap();
        let mut ratios = Vec::new();
        for at in 0..40 {
            let now = model.update(Observation { y: walk[at + 60], x: walk[at] });
            if now.is_ready() {
                ratios.push(now.value().unwrap().hedge_ratio);
            }
        }
        let changes: Vec<usize> = (1..ratios.len()).filter(|&at| ratios[at] != ratios[at - 1]).collect();
        assert!(changes.windows(2).all(|pair| (pair[1] - pair[0]) % 4 == 0), "{changes:?}");
        assert!(changes.len() >= 5, "{changes:?}");
    }

    /// A fit at each observation of a long window that fills costs more than all others together.
    #[test]
    fn a_window_that_fills_is_fitted_about_as_often_as_one_that_slides() {
        let walk = contract::walk(1_300);
        let mut model = RobustWindow::theil_sen(Robust { window: 300, refit_every: 10 }).unwrap();
        let mut ratios = Vec::new();
        for at in 0..600 {
            let now = model.update(Observation { y: walk[at + 650], x: walk[at] });
            ratios.push(now.value().map(|fit| fit.hedge_ratio));
            if at == 298 || at == 308 {
                let from = (at + 1_usize).saturating_sub(300);
                let fit = crate::theil_sen(&walk[from + 650..=at + 650], &walk[from..=at]).unwrap();
                assert_eq!(ratios[at], Some(fit.slope), "a fit of all {} so far", at + 1);
            }
        }
        let fits = |of: core::ops::Range<usize>| of.filter(|&at| ratios[at] != ratios[at - 1]).count();
        assert!(ratios[2].is_some() && (60..140).contains(&fits(3..300)), "{} fits", fits(3..300));
        assert!(fits(300..600) <= 30, "{} fits", fits(300..600));
    }

    #[test]
    fn a_bad_value_is_said_while_it_is_in_the_window() {
        let mut model = RobustWindow::huber(Robust { window: 5, refit_every: 3 }).unwrap();
        for at in 0..8_u32 {
            model.update(Observation { y: f64::from(at * at), x: f64::from(at) });
        }
        let mut after = Vec::new();
        for at in 8..20_u32 {
            let y = if at == 8 { f64::NAN } else { f64::from(at * at % 50) };
            after.push(model.update(Observation { y, x: f64::from(at) }));
        }
        assert!(after[2..5].iter().all(|now| *now == Reading::Undefined(Undefined::NonFinite)), "{after:?}");
        assert!(after[5..].iter().all(Reading::is_ready), "{after:?}");
    }
}
