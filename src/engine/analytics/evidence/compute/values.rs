//! The values that go into a test's formula, for whoever shows how its number comes about.

use super::super::found::{Found, TestFound};
use super::super::{EvidenceKind, FitDirection, Group, PutIn};
use super::Compute;
use spreadscope_stats::{EngleGranger, LevelSlope, Series, Trend, level_slope};

impl Compute {
    /// The values behind `found`, the result of the test of `kind`; those that the test itself does not return
    /// are left out.
    pub(in crate::analytics::evidence) fn put_in(
        &mut self,
        kind: EvidenceKind,
        found: &Found,
    ) -> Vec<(PutIn, f64)> {
        let trend = self.trend();
        match (kind, *found) {
            (EvidenceKind::EngleGrangerYOnX | EvidenceKind::EngleGrangerXOnY, Found::Test(test)) => {
                let own =
                    (kind == EvidenceKind::EngleGrangerYOnX) == (self.direction() == FitDirection::YOnX);
                let fit = if own { self.fitted(Group::Together) } else { self.other_way() };
                fit.map_or_else(Vec::new, |fit| {
                    [of_fit(fit), of_level(fit.spread(), Trend::None, lags_of(&test))].concat()
                })
            }
            (EvidenceKind::PhillipsOuliaris, _) => {
                let fit = self.fitted(Group::Together);
                fit.map_or_else(Vec::new, |fit| {
                    [of_fit(fit), of_level(fit.spread(), Trend::None, 0)].concat()
                })
            }
            (EvidenceKind::Adf, Found::Test(test)) => {
                let residual = self.residual(kind.group());
                residual.map_or_else(|_| Vec::new(), |residual| of_level(residual, trend, lags_of(&test)))
            }
            (EvidenceKind::PhillipsPerron, _) => {
                let residual = self.residual(kind.group());
                residual.map_or_else(|_| Vec::new(), |residual| of_level(residual, trend, 0))
            }
            (EvidenceKind::HalfLife | EvidenceKind::OrnsteinUhlenbeck, _) => {
                let residual = self.residual(kind.group());
                let mut values =
                    residual.map_or_else(|_| Vec::new(), |residual| of_level(residual, Trend::Constant, 0));
                if let Some(&(_, slope)) = values.first() {
                    values.push((PutIn::Autocorrelation, 1.0 + slope));
                }
                values
            }
            (_, Found::Rank(_)) => self.eigenvalues().map_or_else(Vec::new, |(eigenvalues, rows)| {
                let names = [PutIn::Eigenvalue1, PutIn::Eigenvalue2];
                let values = names.into_iter().zip(eigenvalues.iter().copied());
                values.chain([(PutIn::Rows, rows as f64)]).collect()
            }),
            (EvidenceKind::Kpss, _) => {
                self.long_run_variance().map(|value| (PutIn::LongRunVariance, value)).into_iter().collect()
            }
            (_, Found::VarianceRatio { .. }) => self.variances().map_or_else(Vec::new, |[one, longer]| {
                vec![(PutIn::VarianceOfOneBar, one), (PutIn::VariancePerBar, longer)]
            }),
            (_, Found::MeanCrossings { expected_per_100_bars, .. }) => {
                vec![(PutIn::Autocorrelation, (core::f64::consts::PI * expected_per_100_bars / 100.0).cos())]
            }
            _ => Vec::new(),
        }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of lags")]
fn lags_of(test: &TestFound) -> usize {
    test.lags as usize
}

fn of_fit(fit: &EngleGranger) -> Vec<(PutIn, f64)> {
    vec![
        (PutIn::HedgeRatio, fit.hedge_ratio),
        (PutIn::HedgeRatioStdError, fit.hedge_ratio_std_error),
        (PutIn::Intercept, fit.intercept),
    ]
}

fn of_level(spread: Series<'_>, trend: Trend, lags: usize) -> Vec<(PutIn, f64)> {
    level_slope(spread, trend, lags).map_or_else(
        |_| Vec::new(),
        |LevelSlope { slope, std_error, observations }| {
            vec![(PutIn::Slope, slope), (PutIn::SlopeStdError, std_error), (PutIn::Rows, observations as f64)]
        },
    )
}
