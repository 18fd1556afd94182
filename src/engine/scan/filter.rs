//! Filters for the results of a scan: conditions on pairs that have been tested and corrected. They do not
//! change any q.

use super::report::Scanned;
use serde::{Deserialize, Serialize};

/// Which q-value is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Correction {
    /// By Benjamini and Hochberg.
    #[default]
    Hochberg,
    /// By Benjamini and Yekutieli, which holds under any dependence between the tests.
    Yekutieli,
}

impl Correction {
    /// The q-value of a pair.
    pub fn q(self, pair: &Scanned) -> f64 {
        match self {
            Self::Hochberg => pair.q_bh,
            Self::Yekutieli => pair.q_by,
        }
    }
}

/// Conditions, of which `None` is off. An undefined number meets no condition.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Filter {
    /// Which q-value is used.
    pub correction: Correction,
    /// q must be below this.
    pub most_q: Option<f64>,
    /// p on the last third must be below this.
    pub most_confirmed_p: Option<f64>,
    /// Shortest and longest half-life, bars.
    pub half_life_bars: Option<(f64, f64)>,
    /// Lowest correlation.
    pub least_correlation: Option<f64>,
    /// Fewest crossings.
    pub least_crossings: Option<usize>,
    /// Lowest |z|.
    pub least_z: Option<f64>,
    /// Lowest quote volume per day of the leg with less of it.
    pub least_volume_per_day: Option<f64>,
    /// Only pairs whose trades buy one leg and sell the other.
    pub opposite_legs: bool,
}

impl Filter {
    /// Whether a pair meets all conditions.
    pub fn takes(&self, pair: &Scanned) -> bool {
        let test = &pair.test;
        self.most_q.is_none_or(|most| self.correction.q(pair) < most)
            && holds(self.most_confirmed_p, &test.confirmed_p_value, |p, most| p < most)
            && holds(self.half_life_bars, &test.half_life_bars, |bars, (least, most)| {
                (least..=most).contains(&bars)
            })
            && holds(self.least_correlation, &test.correlation, |correlation, least| correlation >= least)
            && holds(self.least_crossings, &test.crossings, |crossings, least| crossings >= least)
            && holds(self.least_z, &test.z_now, |z, least| z.abs() >= least)
            && holds(self.least_volume_per_day, &test.weaker_volume_per_day, |volume, least| volume >= least)
            && (!self.opposite_legs || test.hedge_ratio > 0.0)
    }
}

fn holds<T: Copy, L: Copy>(
    limit: Option<L>,
    value: &Result<T, String>,
    within: impl Fn(T, L) -> bool,
) -> bool {
    limit.is_none_or(|limit| value.as_ref().is_ok_and(|value| within(*value, limit)))
}

#[cfg(test)]
mod tests {
    use super::super::oracle::markets;
    use super::super::{Scan, Spec};
    use super::*;

    fn pairs() -> Vec<Scanned> {
        let mut scan = Scan::new(markets(), Spec::default());
        scan.work(usize::MAX);
        scan.report().pairs
    }

    #[test]
    fn a_filter_takes_pairs_away_and_leaves_their_q_as_it_was() {
        let pairs = pairs();
        let shown = |filter: &Filter| {
            let taken: Vec<&Scanned> = pairs.iter().filter(|pair| filter.takes(pair)).collect();
            let names: Vec<String> =
                taken.iter().map(|pair| format!("{}{}", pair.test.pair.y, pair.test.pair.x)).collect();
            names
        };
        assert_eq!(shown(&Filter::default()).len(), 45);
        let found = Filter { most_q: Some(0.05), ..Filter::default() };
        assert_eq!(shown(&found), ["AG"]);
        assert!(
            shown(&Filter { correction: Correction::Yekutieli, most_q: Some(0.05), ..Filter::default() })
                .is_empty()
        );
        let reverting = shown(&Filter { half_life_bars: Some((0.0, 1e9)), ..Filter::default() });
        assert_eq!(reverting.len(), 14);
        let found_q = pairs.iter().find(|pair| found.takes(pair)).unwrap().q_bh;
        assert!(shown(&Filter { most_q: Some(found_q), ..Filter::default() }).is_empty(), "q < itself");
        let strict = Filter {
            half_life_bars: Some((4.0, 8.0)),
            least_correlation: Some(0.5),
            least_crossings: Some(20),
            least_volume_per_day: Some(1.0),
            opposite_legs: true,
            ..found
        };
        assert_eq!(shown(&strict), ["AG"]);
        assert!(shown(&Filter { least_z: Some(100.0), ..Filter::default() }).is_empty());
        assert!(shown(&Filter { most_confirmed_p: Some(0.0), ..Filter::default() }).is_empty());
        assert!(shown(&Filter { opposite_legs: true, ..Filter::default() }).len() < 45);
    }
}
