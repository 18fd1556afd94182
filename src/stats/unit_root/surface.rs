//! p-values and critical values from the response surfaces of `unit_root_table`.

use crate::unit_root::mackinnon::{CriticalValues, polynomial};
use crate::unit_root::table::Surface;
use statrs::distribution::{ContinuousCDF as _, Normal};

impl Surface {
    /// p-value of a statistic that enters the left-tail polynomial directly.
    pub(crate) fn p_value(&self, statistic: f64) -> f64 {
        self.p_value_by(statistic, statistic)
    }

    /// p-value of a statistic that enters the left-tail polynomial through the logarithm of its absolute value.
    pub(crate) fn p_value_by_log(&self, statistic: f64) -> f64 {
        self.p_value_by(statistic, statistic.abs().ln())
    }

    fn p_value_by(&self, statistic: f64, in_left_tail: f64) -> f64 {
        if statistic > self.highest {
            return 1.0;
        }
        if statistic < self.lowest {
            return 0.0;
        }
        let z = if statistic <= self.turn {
            polynomial(self.left, in_left_tail)
        } else {
            polynomial(&self.rest, statistic)
        };
        Normal::standard().cdf(z)
    }

    /// Critical values for a regression with `observations` observations.
    pub(crate) fn critical_values(&self, observations: usize) -> CriticalValues {
        let [one_percent, five_percent, ten_percent] =
            self.critical.map(|terms| polynomial(&terms, 1.0 / observations as f64));
        CriticalValues { one_percent, five_percent, ten_percent }
    }
}

#[cfg(test)]
mod tests {
    use crate::unit_root::table::{GLS_CONSTANT, GLS_LINEAR, RHO_CONSTANT, RHO_LINEAR, RHO_NONE, Surface};

    /// Largest drop of p as the statistic rises from `lowest` to a third of its size above zero.
    fn fall(p: &dyn Fn(f64) -> f64, lowest: f64) -> f64 {
        let path: Vec<f64> = (0..400).map(|step| p(lowest - f64::from(step) * lowest / 300.0)).collect();
        path.windows(2).map(|pair| pair[0] - pair[1]).fold(0.0, f64::max)
    }

    fn agrees(surface: &Surface, p: &dyn Fn(f64) -> f64) -> bool {
        let limits = surface.critical.map(|terms| terms[0]);
        limits
            .into_iter()
            .zip([0.01, 0.05, 0.1])
            .all(|(limit, level)| (p(limit) - level).abs() < 0.05 * level)
    }

    #[test]
    fn p_values_rise_with_the_statistic_and_agree_with_the_critical_values() {
        // without a constant, the two pieces do not meet: p drops where the left tail ends
        for (surface, step) in [(&RHO_NONE, 0.013), (&RHO_CONSTANT, 1e-3), (&RHO_LINEAR, 1e-3)] {
            let p = |statistic: f64| surface.p_value_by_log(statistic);
            assert!(fall(&p, -40.0) < step && agrees(surface, &p));
        }
        for (surface, step) in [(&GLS_CONSTANT, 0.016), (&GLS_LINEAR, 1e-3)] {
            let p = |statistic: f64| surface.p_value(statistic);
            assert!(fall(&p, -6.0) < step && agrees(surface, &p));
        }
        assert_eq!((GLS_LINEAR.p_value(-14.0), GLS_LINEAR.p_value(9.0)), (0.0, 1.0));
    }
}
