//! How returns of a strategy are judged, and how far the judgement can be trusted.
//!
//! Returns are fractions of one capital over periods of one length, oldest first. Ratios are per period: who wants
//! them per year multiplies by the root of periods in a year, once, at the end.

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

/// The returns, if there are `needed` of them and all are numbers.
fn checked(returns: &[f64], needed: usize) -> Result<&[f64], Undefined> {
    if returns.len() < needed {
        return Err(Undefined::TooShort { needed, got: returns.len() });
    }
    if all_finite(returns) { Ok(returns) } else { Err(Undefined::NonFinite) }
}

fn finite(value: f64) -> Result<f64, Undefined> {
    // what varies by less than 1e-154 has a square that is no longer a number
    if value.is_finite() { Ok(value) } else { Err(Undefined::Constant) }
}
