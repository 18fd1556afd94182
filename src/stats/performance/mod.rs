//! Performance measures of a strategy's returns, and how far they can be trusted.
//!
//! Returns are fractions of a fixed capital over periods of equal length, oldest first. Ratios are per period.
//! To annualise one, multiply it once, at the end, by the square root of the periods per year.

mod block_bootstrap;
mod overfitting;
mod ratios;
mod sharpe_trust;
mod tail;

pub use block_bootstrap::{
    BlockBootstrapSpec, SharpeInterval, optimal_block_length, sharpe_interval, stationary_indices,
};
pub use overfitting::{Overfitting, OverfittingCount, overfitting_probability};
pub use ratios::{shape, sharpe, sortino, volatility};
pub use sharpe_trust::{deflated_sharpe, expected_maximum_sharpe, probabilistic_sharpe};
pub use tail::{expected_shortfall, value_at_risk};

use crate::Undefined;
use crate::sums::all_finite;

/// The returns, if there are at least `needed` and all are finite.
fn checked(returns: &[f64], needed: usize) -> Result<&[f64], Undefined> {
    if returns.len() < needed {
        return Err(Undefined::TooShort { needed, got: returns.len() });
    }
    if all_finite(returns) { Ok(returns) } else { Err(Undefined::NonFinite) }
}

fn finite(value: f64) -> Result<f64, Undefined> {
    // a variation below 1e-154 underflows when squared
    if value.is_finite() { Ok(value) } else { Err(Undefined::Constant) }
}
