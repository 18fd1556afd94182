//! The results of a scan, with p-values corrected for their number.

use super::pair_test::{Known, PairTest, Untested};
use serde::{Deserialize, Serialize};
use spreadscope_stats::{PValueError, benjamini_hochberg, benjamini_yekutieli};

/// A pair and its corrected p-values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scanned {
    /// Its numbers.
    pub test: PairTest,
    /// q by Benjamini and Hochberg, among all pairs tested.
    pub q_bh: f64,
    /// q by Benjamini and Yekutieli, among all pairs tested.
    pub q_by: f64,
    /// q by Benjamini and Hochberg, among all pairs tested on their first two thirds.
    pub selection_q_bh: Known,
}

/// The results of a scan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// All pairs tested; the p-values are corrected for their number.
    pub pairs: Vec<Scanned>,
    /// Pairs that cannot be tested.
    pub untested: Vec<Untested>,
    /// Pairs that a cancelled scan did not reach.
    pub left: usize,
}

impl Report {
    /// Corrects the p-values of `tests` for their number.
    pub(super) fn new(tests: &[PairTest], untested: &[Untested], left: usize) -> Self {
        let known = "Invariant: the test's p-values are between 0 and 1";
        let corrected = |correct: fn(&[f64]) -> Result<Vec<f64>, PValueError>, values: &[f64]| {
            correct(values).expect(known)
        };
        let p_values: Vec<f64> = tests.iter().map(|test| test.p_value).collect();
        let (bh, by) = (corrected(benjamini_hochberg, &p_values), corrected(benjamini_yekutieli, &p_values));
        let selected: Vec<f64> =
            tests.iter().filter_map(|test| test.selection_p_value.as_ref().ok().copied()).collect();
        let mut of_selection = corrected(benjamini_hochberg, &selected).into_iter();
        let pairs = tests.iter().zip(bh).zip(by).map(|((test, q_bh), q_by)| Scanned {
            test: test.clone(),
            q_bh,
            q_by,
            selection_q_bh: test.selection_p_value.clone().map(|_| {
                of_selection.next().expect("Invariant: each p-value of a selection has been corrected")
            }),
        });
        Self { pairs: pairs.collect(), untested: untested.to_vec(), left }
    }

    /// Number of pairs tested, for which the p-values are corrected.
    pub fn tested(&self) -> usize {
        self.pairs.len()
    }
}
