//! The Dickey-Fuller regression with a break, for all break dates at once.
//!
//! Constant, trend and lagged changes are the same for every break date: they are made orthonormal once, and
//! projected out of level and target. What remains for each break is a regression on its one or two columns and
//! the level. All inner products that it needs are sums over the rows after the break, which follow from one
//! another by adding a row.

use crate::sample::Sample;
use crate::sums::dot;
use crate::unit_root::zivot_andrews::BreakIn;
use core::ops::Range;

/// A column's square below this share of its original is rounding error: the column depends on the others.
const DEPENDENT: f64 = 1e-10;

/// The regression without a break.
#[derive(Debug)]
pub(crate) struct BreakSearch {
    /// Orthonormal columns, then the residuals of level and target on them.
    columns: Vec<Vec<f64>>,
    /// Inner products of the last two.
    products: Products,
    lags: usize,
}

/// A break and the level's t-statistic with it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Break {
    pub(crate) t: f64,
    /// Index of the last observation before the break.
    pub(crate) break_after: usize,
}

/// Why there is no t-statistic.
enum Unjudged {
    /// The break's columns depend on the others: this break does not exist.
    Break,
    /// Level or target depend on the others.
    Series,
}

impl BreakSearch {
    /// `None` if the columns are dependent, or if level or target depend on them.
    pub(crate) fn new(sample: &Sample, lags: usize) -> Option<Self> {
        let Sample { levels, changes, .. } = sample;
        let rows = changes.len() - lags;
        let trend = (0..rows).map(|row| row as f64 - (rows - 1) as f64 / 2.0).collect();
        let lagged = (1..=lags).map(|lag| changes[lags - lag..][..rows].to_vec());
        let common = [vec![1.0; rows], trend].into_iter().chain(lagged);
        let mut columns: Vec<Vec<f64>> = Vec::with_capacity(lags + 4);
        for column in common {
            let mut column = less_projections(column, &columns)?;
            let norm = dot(&column, &column).sqrt();
            for value in &mut column {
                *value /= norm;
            }
            columns.push(column);
        }
        let level = less_projections(levels[lags..][..rows].to_vec(), &columns)?;
        let target = less_projections(changes[lags..].to_vec(), &columns)?;
        if sample.is_rounding(&level) || sample.is_rounding(&target) {
            return None;
        }
        let products =
            Products { xx: dot(&level, &level), xz: dot(&level, &target), zz: dot(&target, &target) };
        columns.extend([level, target]);
        Some(Self { columns, products, lags })
    }

    /// The break with the smallest t-statistic among those after the observations `after`, numbered from 0; the
    /// earliest of equals. `None` if there is no valid break, or if one leaves nothing unexplained.
    pub(crate) fn smallest(&self, break_in: BreakIn, after: Range<usize>) -> Option<Break> {
        let rows = self.columns[0].len();
        let breaks = if break_in == BreakIn::Both { 2 } else { 1 };
        let freedom = (rows - (self.columns.len() - 1 + breaks)) as f64;
        // a break of slope already shows in the row of the last observation before it
        let ahead = self.lags + usize::from(break_in == BreakIn::Trend);
        // sums of each column over the rows from `row` on, plain and weighted by 1, 2, 3, …
        let mut sums = vec![0.0; self.columns.len()];
        let mut weighted = vec![0.0; self.columns.len()];
        let mut row = rows;
        let mut smallest: Option<Break> = None;
        for break_after in after.rev() {
            while row > break_after - ahead {
                row -= 1;
                for ((sum, weighted), column) in sums.iter_mut().zip(&mut weighted).zip(&self.columns) {
                    *sum += column[row];
                    *weighted += *sum;
                }
            }
            match self.products.with_break(break_in, rows - row, &sums, &weighted) {
                Ok(products) => {
                    let t = products.t(freedom);
                    if smallest.is_none_or(|found| t <= found.t) {
                        smallest = Some(Break { t, break_after });
                    }
                }
                Err(Unjudged::Break) => {}
                Err(Unjudged::Series) => return None,
            }
        }
        smallest
    }
}

/// Inner products of the level x and the target z.
#[derive(Debug, Clone, Copy)]
struct Products {
    xx: f64,
    xz: f64,
    zz: f64,
}

impl Products {
    /// Projects out the break's columns, which are 1 or 1, 2, 3, … over the last `length` rows.
    fn with_break(
        self,
        break_in: BreakIn,
        length: usize,
        sums: &[f64],
        weighted: &[f64],
    ) -> Result<Self, Unjudged> {
        let m = length as f64;
        let step = || BreakColumn::new(m, sums);
        let ramp = || BreakColumn::new(m * (m + 1.0) * (2.0 * m + 1.0) / 6.0, weighted);
        let left = match break_in {
            BreakIn::Level => self.less(&step()?),
            BreakIn::Trend => self.less(&ramp()?),
            BreakIn::Both => {
                let step = step()?;
                let common = sums.len() - 2;
                let shared = m * (m + 1.0) / 2.0 - dot(&sums[..common], &weighted[..common]);
                self.less(&step).less(&ramp()?.less(&step, shared)?)
            }
        };
        let unexplained = left.zz - left.xz * left.xz / left.xx;
        if left.xx <= DEPENDENT * self.xx || unexplained <= DEPENDENT * self.zz {
            return Err(Unjudged::Series);
        }
        Ok(left)
    }

    fn less(self, column: &BreakColumn) -> Self {
        let BreakColumn { squared, level, target, .. } = column;
        Self {
            xx: self.xx - level * level / squared,
            xz: self.xz - level * target / squared,
            zz: self.zz - target * target / squared,
        }
    }

    /// t-statistic of the level in the regression of the target.
    fn t(self, freedom: f64) -> f64 {
        let slope = self.xz / self.xx;
        slope / ((self.zz - slope * self.xz) / freedom / self.xx).sqrt()
    }
}

/// A column of the break, with the common columns projected out.
struct BreakColumn {
    /// Its square before the projection.
    whole: f64,
    /// Its square after the projection.
    squared: f64,
    /// Its product with the level.
    level: f64,
    /// Its product with the target.
    target: f64,
}

impl BreakColumn {
    /// `products`: with the common columns, the level and the target.
    fn new(whole: f64, products: &[f64]) -> Result<Self, Unjudged> {
        let (common, others) = products.split_at(products.len() - 2);
        Self { whole, squared: whole - dot(common, common), level: others[0], target: others[1] }.judged()
    }

    /// Projects out another column, with which its product is `shared`.
    fn less(self, other: &Self, shared: f64) -> Result<Self, Unjudged> {
        let weight = shared / other.squared;
        Self {
            squared: self.squared - weight * shared,
            level: self.level - weight * other.level,
            target: self.target - weight * other.target,
            ..self
        }
        .judged()
    }

    fn judged(self) -> Result<Self, Unjudged> {
        if self.squared > DEPENDENT * self.whole { Ok(self) } else { Err(Unjudged::Break) }
    }
}

/// The column with orthonormal ones projected out; `None` if only rounding error is left.
fn less_projections(mut column: Vec<f64>, orthonormal: &[Vec<f64>]) -> Option<Vec<f64>> {
    let whole = dot(&column, &column).sqrt();
    // the second round removes the rounding error of the first
    for _ in 0..2 {
        for other in orthonormal {
            let weight = dot(&column, other);
            column.iter_mut().zip(other).for_each(|(value, other)| *value -= weight * other);
        }
    }
    (dot(&column, &column).sqrt() > DEPENDENT * whole).then_some(column)
}
