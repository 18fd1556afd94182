//! Position sizing: units and money of both legs for a trade against the sign of z.
//!
//! The notional is the money of the y leg, except when a trade is sized by its gross exposure. The backtest
//! uses the same functions.

use crate::base::words;
use crate::settings::PriceScale;
use serde::{Deserialize, Serialize};

/// How the two legs are weighted against each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Sizing {
    /// The notional of y, and x by the hedge ratio.
    #[default]
    HedgeRatio,
    /// The notional of y, and the same money of x.
    DollarNeutral,
    /// By the hedge ratio, scaled so that both legs together make the notional.
    Gross,
}

words!(Sizing, HedgeRatio = "hedge_ratio", DollarNeutral = "dollar_neutral", Gross = "gross");

/// The side of a spread trade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TradeSide {
    /// Buys y and sells x: the spread is low.
    Long,
    /// Sells y and buys x: the spread is high.
    Short,
}

impl TradeSide {
    /// The side that profits when z returns to 0; `None` if z is 0.
    pub fn against(z: f64) -> Option<Self> {
        match z {
            z if z > 0.0 => Some(Self::Short),
            z if z < 0.0 => Some(Self::Long),
            _ => None,
        }
    }

    /// 1 if y is bought, -1 if y is sold.
    pub const fn sign(self) -> f64 {
        match self {
            Self::Long => 1.0,
            Self::Short => -1.0,
        }
    }
}

/// The input for sizing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SizingInput {
    /// How the legs are weighted.
    pub sizing: Sizing,
    /// Money, in quote currency; [`Sizing`] says of which leg.
    pub notional: f64,
    /// Slope of y on x from the current model.
    pub hedge_ratio: f64,
    /// The scale of that slope: prices or their logarithms.
    pub price_scale: PriceScale,
    /// Price of y.
    pub price_y: f64,
    /// Price of x.
    pub price_x: f64,
    /// The side.
    pub side: TradeSide,
}

/// Signed units of both legs; negative ones are sold.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Sizes {
    /// Units of y.
    pub units_y: f64,
    /// Units of x.
    pub units_x: f64,
    /// Units of x that hedge one unit of y in the model. With logarithms the ratio is an elasticity, and this
    /// is its value at these prices: `ratio * price_y / price_x`.
    pub hedge_units: f64,
}

/// Why there are no sizes.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SizingError {
    /// Both legs would be on one side, which hedges nothing.
    #[error("the hedge ratio is {0}: both legs would be on one side, so there is nothing to hedge with")]
    Ratio(f64),
    /// A price or the notional is not a positive number.
    #[error("{name} must be a positive number, was {was}")]
    NotPositive {
        /// Its name.
        name: &'static str,
        /// Its value.
        was: f64,
    },
}

/// Sizes both legs for `input`.
///
/// # Errors
/// [`SizingError`] if the ratio is 0 or negative, or if a price or the notional is not a positive number.
pub fn size(input: &SizingInput) -> Result<Sizes, SizingError> {
    let SizingInput { sizing, notional, hedge_ratio, price_scale, price_y, price_x, side } = *input;
    for (name, was) in [("notional", notional), ("price_y", price_y), ("price_x", price_x)] {
        if !(was.is_finite() && was > 0.0) {
            return Err(SizingError::NotPositive { name, was });
        }
    }
    if !(hedge_ratio.is_finite() && hedge_ratio > 0.0) {
        return Err(SizingError::Ratio(hedge_ratio));
    }
    let hedge_units = match price_scale {
        PriceScale::Levels => hedge_ratio,
        PriceScale::Logs => hedge_ratio * price_y / price_x,
    };
    let [y, x] = units(sizing, price_scale, notional, hedge_ratio, [price_y, price_x]);
    let sign = side.sign();
    Ok(Sizes { units_y: sign * y, units_x: -sign * x, hedge_units })
}

/// Units of y and of x for `notional` at these prices, without signs.
///
/// With logarithms the ratio is an elasticity: money of x for money of y. As units, it would be wrong by the
/// ratio of the prices.
pub(crate) fn units(
    sizing: Sizing,
    scale: PriceScale,
    notional: f64,
    ratio: f64,
    prices: [f64; 2],
) -> [f64; 2] {
    let [price_y, price_x] = prices;
    let y = notional / price_y;
    let hedge = match scale {
        PriceScale::Levels => ratio * y,
        PriceScale::Logs => ratio * notional / price_x,
    };
    match sizing {
        Sizing::HedgeRatio => [y, hedge],
        Sizing::DollarNeutral => [y, notional / price_x],
        Sizing::Gross => {
            let scale = notional / (y * price_y + hedge * price_x);
            [y * scale, hedge * scale]
        }
    }
}

/// Units of x that hedge `units_y` of y already held.
pub(crate) fn rehedged_x(
    sizing: Sizing,
    scale: PriceScale,
    units_y: f64,
    ratio: f64,
    prices: [f64; 2],
) -> f64 {
    let [price_y, price_x] = prices;
    match (sizing, scale) {
        (Sizing::DollarNeutral, _) => units_y * price_y / price_x,
        (_, PriceScale::Levels) => ratio * units_y,
        (_, PriceScale::Logs) => ratio * units_y * price_y / price_x,
    }
}

impl Sizes {
    /// Money of y and of x at these prices, signed like the units.
    pub fn money(&self, price_y: f64, price_x: f64) -> [f64; 2] {
        [self.units_y * price_y, self.units_x * price_x]
    }

    /// Gross exposure: money of both legs together, without sign.
    pub fn gross(&self, price_y: f64, price_x: f64) -> f64 {
        self.money(price_y, price_x).iter().map(|money| money.abs()).sum()
    }

    /// Net exposure: money of both legs together, with sign; moves with the market as a whole.
    pub fn net(&self, price_y: f64, price_x: f64) -> f64 {
        self.money(price_y, price_x).iter().sum()
    }

    /// Units of x that the position lacks relative to the model, signed; negative ones are to be sold.
    pub fn unhedged_x(&self) -> f64 {
        self.lacking_x(self.hedge_units)
    }

    /// Units of x that rounding left open, signed like [`Self::unhedged_x`]: those that `exact` has for the y that is
    /// left.
    pub fn rounded_away_x(&self, exact: &Self) -> f64 {
        self.lacking_x(-exact.units_x / exact.units_y)
    }

    /// Units of x that the position lacks if one unit of y takes `x_per_y` of the other side.
    fn lacking_x(&self, x_per_y: f64) -> f64 {
        let rest = -x_per_y * self.units_y - self.units_x;
        // two numbers that are equal but for rounding leave nothing
        if rest.abs() <= 1e-12 * self.units_x.abs() { 0.0 } else { rest }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(sizing: Sizing) -> SizingInput {
        SizingInput {
            sizing,
            notional: 10_000.0,
            hedge_ratio: 20.0,
            price_scale: PriceScale::Levels,
            price_y: 50_000.0,
            price_x: 2_000.0,
            side: TradeSide::Long,
        }
    }

    #[test]
    fn each_way_of_sizing_gives_the_units_that_a_calculator_gives() {
        let by_ratio = size(&input(Sizing::HedgeRatio)).unwrap();
        assert_eq!((by_ratio.units_y, by_ratio.units_x), (0.2, -4.0));
        assert_eq!(by_ratio.money(50_000.0, 2_000.0), [10_000.0, -8_000.0]);
        assert_eq!((by_ratio.gross(50_000.0, 2_000.0), by_ratio.net(50_000.0, 2_000.0)), (18_000.0, 2_000.0));
        assert_eq!(by_ratio.unhedged_x(), 0.0);
        let neutral = size(&input(Sizing::DollarNeutral)).unwrap();
        assert_eq!((neutral.units_y, neutral.units_x), (0.2, -5.0));
        assert_eq!((neutral.net(50_000.0, 2_000.0), neutral.unhedged_x()), (0.0, 1.0));
        // what rounding leaves is apart from what this sizing leaves
        assert_eq!(neutral.rounded_away_x(&neutral), 0.0);
        let rounded = Sizes { units_y: 0.1, units_x: -2.4, ..neutral };
        assert!((rounded.rounded_away_x(&neutral) + 0.1).abs() < 1e-12, "2.5 of x for 0.1 of y");
        // 10,000 / (50,000 + 20 × 2,000) of y
        let gross = size(&input(Sizing::Gross)).unwrap();
        assert!((gross.units_y - 1.0 / 9.0).abs() < 1e-15 && (gross.units_x + 20.0 / 9.0).abs() < 1e-14);
        assert!((gross.gross(50_000.0, 2_000.0) - 10_000.0).abs() < 1e-9);
    }

    #[test]
    fn a_ratio_of_logarithms_is_an_elasticity() {
        let logs =
            SizingInput { price_scale: PriceScale::Logs, hedge_ratio: 0.9, ..input(Sizing::HedgeRatio) };
        let sizes = size(&logs).unwrap();
        // 0.9 × 10,000 of x
        assert!((sizes.units_x + 4.5).abs() < 1e-12, "{sizes:?}");
        assert!((sizes.hedge_units - 22.5).abs() < 1e-12);
        // whatever the prices, rounding noise is no rest
        for price_y in [50_000.0, 60_257.64, 0.000_012_31, 97_113.7] {
            for sizing in [Sizing::HedgeRatio, Sizing::Gross] {
                let sizes = size(&SizingInput { price_y, price_x: 2_697.93, sizing, ..logs }).unwrap();
                assert_eq!(sizes.unhedged_x(), 0.0, "{price_y} {sizing:?}");
            }
        }
        let gross = size(&SizingInput { sizing: Sizing::Gross, ..logs }).unwrap();
        assert!((gross.gross(50_000.0, 2_000.0) - 10_000.0).abs() < 1e-9);
    }

    #[test]
    fn a_high_spread_is_sold_and_a_low_one_bought() {
        assert_eq!(TradeSide::against(2.4), Some(TradeSide::Short));
        assert_eq!(TradeSide::against(-2.4), Some(TradeSide::Long));
        assert_eq!((TradeSide::against(0.0), TradeSide::against(f64::NAN)), (None, None));
        let short = size(&SizingInput { side: TradeSide::Short, ..input(Sizing::HedgeRatio) }).unwrap();
        assert_eq!((short.units_y, short.units_x), (-0.2, 4.0));
    }

    #[test]
    fn without_a_positive_ratio_there_is_no_size_and_the_reason_names_it() {
        for hedge_ratio in [0.0, -1.5, f64::NAN] {
            let refused = size(&SizingInput { hedge_ratio, ..input(Sizing::DollarNeutral) });
            assert!(matches!(refused, Err(SizingError::Ratio(_))), "{refused:?}");
        }
        let refused = size(&SizingInput { hedge_ratio: -1.5, ..input(Sizing::HedgeRatio) }).unwrap_err();
        assert!(refused.to_string().starts_with("the hedge ratio is -1.5: "));
        let poor = size(&SizingInput { notional: 0.0, ..input(Sizing::Gross) }).unwrap_err();
        assert_eq!(poor.to_string(), "notional must be a positive number, was 0");
    }

    #[test]
    fn an_elasticity_is_a_ratio_of_money_and_not_of_units() {
        // trap "log beta used as units": 1 BTC against 0.8 ETH, moves of 1 % and 1.25 %: $0, not +$590
        let closes = [60_000.0, 1_000.0];
        let [y, x] = units(Sizing::HedgeRatio, PriceScale::Logs, closes[0], 0.8, closes);
        assert_eq!((y, x), (1.0, 48.0));
        let moved = y * closes[0] * 0.01 - x * closes[1] * 0.0125;
        assert!(moved.abs() < 1e-9, "{moved}");
        let wrong = closes[0] * 0.01 - 0.8 * closes[1] * 0.0125;
        assert!((wrong - 590.0).abs() < 1e-9, "{wrong}");
    }

    #[test]
    fn gross_is_the_notional_of_both_legs_together() {
        let [y, x] = units(Sizing::Gross, PriceScale::Levels, 1_000.0, 4.0, [100.0, 20.0]);
        assert!((y * 100.0 + x * 20.0 - 1_000.0).abs() < 1e-9);
        assert!((x / y - 4.0).abs() < 1e-12);
    }
}
