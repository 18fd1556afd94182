//! The names of the values that go into a test's formula.

use serde::{Deserialize, Serialize};

/// A value in a formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PutIn {
    /// The slope of the fit between the legs.
    HedgeRatio,
    /// Its standard error.
    HedgeRatioStdError,
    /// The intercept of that fit.
    Intercept,
    /// b, the coefficient of the level in a Dickey-Fuller regression.
    Slope,
    /// Its standard error.
    SlopeStdError,
    /// Rows of the regression, T.
    Rows,
    /// The largest eigenvalue, λ(1).
    Eigenvalue1,
    /// The second eigenvalue, λ(2).
    Eigenvalue2,
    /// The long-run variance, λ².
    LongRunVariance,
    /// Variance of the changes over one bar.
    VarianceOfOneBar,
    /// Variance of the changes over the longer step, per bar.
    VariancePerBar,
    /// The first autocorrelation, ρ.
    Autocorrelation,
}
