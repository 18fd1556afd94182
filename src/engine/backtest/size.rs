//! How many units of each leg a position has.

use super::rules::Sizing;
use crate::settings::PriceScale;

/// Units of y and of x for `notional` at these closes, without their signs.
///
/// On logarithms the ratio is an elasticity: money of x for money of y. Units would be wrong by the prices' ratio.
pub(super) fn units(
    sizing: Sizing,
    scale: PriceScale,
    notional: f64,
    ratio: f64,
    closes: [f64; 2],
) -> [f64; 2] {
    let [close_y, close_x] = closes;
    let y = notional / close_y;
    let hedge = match scale {
        PriceScale::Levels => ratio * y,
        PriceScale::Logs => ratio * notional / close_x,
    };
    match sizing {
        Sizing::HedgeRatio => [y, hedge],
        Sizing::DollarNeutral => [y, notional / close_x],
        Sizing::Gross => {
            let scale = notional / (y * close_y + hedge * close_x);
            [y * scale, hedge * scale]
        }
    }
}

/// Units of x beside `units_y` of y that are held already.
pub(super) fn rehedged(sizing: Sizing, scale: PriceScale, units_y: f64, ratio: f64, closes: [f64; 2]) -> f64 {
    let [close_y, close_x] = closes;
    match (sizing, scale) {
        (Sizing::DollarNeutral, _) => units_y * close_y / close_x,
        (_, PriceScale::Levels) => ratio * units_y,
        (_, PriceScale::Logs) => ratio * units_y * close_y / close_x,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_elasticity_is_a_ratio_of_money_and_not_of_units() {
        // trap "log beta used as units": 1 BTC against 0.8 ETH, moves of 1 % and 1.25 %: $0, and not +$590
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
