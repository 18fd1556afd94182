//! Sizes rounded to the exchange's rules: lots, ticks and the minimum order value.

use super::sizing::Sizes;
use crate::binance::book::LotRules;

/// Why the exchange would reject an order of a leg.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum LotError {
    /// Nothing is left after rounding, or less than the minimum quantity.
    #[error("{quantity} is below the minimum quantity of {least}")]
    Quantity {
        /// The quantity asked for.
        quantity: f64,
        /// The exchange's minimum.
        least: f64,
    },
    /// More than the exchange takes in one order.
    #[error("{quantity} is above the maximum quantity of {most}")]
    TooMuch {
        /// The quantity asked for.
        quantity: f64,
        /// The exchange's maximum.
        most: f64,
    },
    /// Above the maximum order value.
    #[error("an order of {money} is above the maximum order value of {most}")]
    TooDear {
        /// Value of the order, quote currency.
        money: f64,
        /// The exchange's maximum, quote currency.
        most: f64,
    },
    /// Below the minimum order value.
    #[error("an order of {money} is below the minimum order value of {least}")]
    Notional {
        /// Value of the order, quote currency.
        money: f64,
        /// The exchange's minimum, quote currency.
        least: f64,
    },
}

impl LotRules {
    /// The largest quantity in whole lots that does not exceed `units` in size, with the sign of `units`.
    ///
    /// # Errors
    /// [`LotError`] if the exchange would reject it at `price`.
    pub fn rounded(&self, units: f64, price: f64) -> Result<f64, LotError> {
        let quantity = floor_to(units.abs(), self.lot_step);
        if quantity <= 0.0 || quantity < self.least_quantity {
            let least = if self.least_quantity > 0.0 { self.least_quantity } else { self.lot_step };
            return Err(LotError::Quantity { quantity: units.abs(), least });
        }
        if self.most_quantity > 0.0 && quantity > self.most_quantity {
            return Err(LotError::TooMuch { quantity, most: self.most_quantity });
        }
        let money = quantity * price;
        if money < self.least_notional {
            return Err(LotError::Notional { money, least: self.least_notional });
        }
        if self.most_notional > 0.0 && money > self.most_notional {
            return Err(LotError::TooDear { money, most: self.most_notional });
        }
        Ok(quantity.copysign(units))
    }

    /// The largest quantity of one market order, if `units` are more.
    pub fn most_at_market(&self, units: f64) -> Option<f64> {
        Some(self.most_market_quantity).filter(|most| *most > 0.0 && units.abs() > *most)
    }

    /// `price` rounded to the nearest tick.
    pub fn priced(&self, price: f64) -> f64 {
        if self.tick > 0.0 { steps_of((price / self.tick).round(), self.tick) } else { price }
    }

    /// Decimals of a quantity in whole lots; `None` without a lot size.
    pub fn lot_decimals(&self) -> Option<usize> {
        decimals_of(self.lot_step)
    }

    /// Decimals of a price in whole ticks; `None` without a tick size.
    pub fn tick_decimals(&self) -> Option<usize> {
        decimals_of(self.tick)
    }
}

/// Both legs rounded down to lots, by the rules of y and of x: y first, then x for the y that is left, or coarse lots
/// of y would leave x without its counterpart.
///
/// # Errors
/// The leg, 0 for y, and its [`LotError`].
pub fn rounded(sizes: &Sizes, prices: [f64; 2], rules: &[LotRules; 2]) -> Result<Sizes, (usize, LotError)> {
    let round = |leg: usize, units: f64| rules[leg].rounded(units, prices[leg]).map_err(|error| (leg, error));
    let units_y = round(0, sizes.units_y)?;
    let units_x = round(1, sizes.units_x * (units_y / sizes.units_y))?;
    Ok(Sizes { units_y, units_x, ..*sizes })
}

/// Decimals that write `step` in full; `None` if it is not positive.
fn decimals_of(step: f64) -> Option<usize> {
    if !(step.is_finite() && step > 0.0) {
        return None;
    }
    // the shortest text that reads back the same, without an exponent
    let text = step.to_string();
    Some(text.split_once('.').map_or(0, |(_, fraction)| fraction.len()))
}

/// The largest multiple of `step` that is at most `value`; a value that is a multiple up to rounding error
/// stays.
fn floor_to(value: f64, step: f64) -> f64 {
    if step <= 0.0 {
        return value;
    }
    let steps = value / step;
    let nearest = steps.round();
    let whole = if (steps - nearest).abs() < 1e-9 * nearest.max(1.0) { nearest } else { steps.floor() };
    steps_of(whole, step)
}

/// `count` steps. A step is a decimal fraction such as 0.00001, whose inverse is whole even though the step is
/// not exact.
fn steps_of(count: f64, step: f64) -> f64 {
    let per_unit = (1.0 / step).round();
    if step < 1.0 && (per_unit * step - 1.0).abs() < 1e-9 { count / per_unit } else { count * step }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> LotRules {
        LotRules {
            lot_step: 0.00001,
            least_quantity: 0.00001,
            most_quantity: 9_000.0,
            tick: 0.01,
            least_notional: 5.0,
            most_notional: 9_000_000.0,
            most_market_quantity: 120.0,
        }
    }

    #[test]
    fn quantities_go_down_to_the_lot_and_prices_to_the_nearest_tick() {
        assert_eq!(rules().rounded(0.123_456_789, 50_000.0), Ok(0.12345));
        assert_eq!(rules().rounded(-0.123_456_789, 50_000.0), Ok(-0.12345));
        // 3 × 0.1 is slightly above 0.3, and 0.3 / 0.1 slightly below 3
        let tenths = LotRules { lot_step: 0.1, ..LotRules::default() };
        assert_eq!(tenths.rounded(0.3, 1.0), Ok(0.3));
        assert_eq!(tenths.rounded(0.7, 1.0), Ok(0.7));
        let thousands = LotRules { lot_step: 1_000.0, ..LotRules::default() };
        assert_eq!(thousands.rounded(12_345.0, 1.0), Ok(12_000.0));
        assert_eq!(rules().priced(50_000.004_9), 50_000.0);
        assert_eq!(rules().priced(50_000.016), 50_000.02);
        assert_eq!(LotRules::default().priced(1.234_567), 1.234_567);
    }

    #[test]
    fn lots_and_ticks_have_as_many_decimals_as_their_steps() {
        assert_eq!((rules().lot_decimals(), rules().tick_decimals()), (Some(5), Some(2)));
        let shib = LotRules { lot_step: 1.0, tick: 0.000_000_01, ..LotRules::default() };
        assert_eq!((shib.lot_decimals(), shib.tick_decimals()), (Some(0), Some(8)));
        assert_eq!(LotRules::default().lot_decimals(), None);
    }

    #[test]
    fn what_the_exchange_would_not_take_is_said_with_its_limit() {
        let said = |units, price| rules().rounded(units, price).unwrap_err().to_string();
        assert_eq!(said(0.000_004, 50_000.0), "0.000004 is below the minimum quantity of 0.00001");
        assert_eq!(said(0.00005, 50_000.0), "an order of 2.5 is below the minimum order value of 5");
        assert_eq!(said(9_001.0, 1.0), "9001 is above the maximum quantity of 9000");
        assert_eq!(said(200.0, 50_000.0), "an order of 10000000 is above the maximum order value of 9000000");
        assert_eq!((rules().most_at_market(-121.0), rules().most_at_market(120.0)), (Some(120.0), None));
        assert_eq!(LotRules::default().most_at_market(1e9), None);
    }

    #[test]
    fn rounding_leaves_a_rest_unhedged() {
        let sizes = Sizes { units_y: 0.2, units_x: -4.03, hedge_units: 20.15 };
        let coarse = LotRules { lot_step: 0.1, ..LotRules::default() };
        let rounded = rounded(&sizes, [50_000.0, 2_000.0], &[rules(), coarse]).unwrap();
        assert_eq!((rounded.units_y, rounded.units_x), (0.2, -4.0));
        assert!((rounded.unhedged_x() + 0.03).abs() < 1e-12, "0.03 of x remain to be sold");
        // 0.2 of y become 0.1, and x is that of 0.1
        let coarse_y = LotRules { lot_step: 0.1, ..LotRules::default() };
        let uneven = Sizes { units_y: 0.19, units_x: -3.8, hedge_units: 20.0 };
        let halved = super::rounded(&uneven, [50_000.0, 2_000.0], &[coarse_y, rules()]).unwrap();
        assert_eq!((halved.units_y, halved.units_x, halved.unhedged_x()), (0.1, -2.0, 0.0));
        let tiny = Sizes { units_x: -0.04, ..sizes };
        let refused = super::rounded(&tiny, [50_000.0, 2_000.0], &[rules(), coarse]);
        assert!(matches!(refused, Err((1, LotError::Quantity { .. }))));
    }
}
