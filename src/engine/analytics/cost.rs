//! The cost of a round trip, in money, in units of the spread and in z, and its possible profit.

use super::sizing::Sizes;
use crate::settings::PriceScale;
use serde::{Deserialize, Serialize};

const BPS: f64 = 1e4;

/// What a fill pays; the backtest and a round trip share it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fill {
    /// Price per unit, slippage included.
    pub price: f64,
    /// Fee on the money paid at that price.
    pub fee: f64,
    /// Cost of slippage.
    pub slippage: f64,
}

/// A fill of signed `units` at the market's `price`: what is bought costs more by the slippage, what is sold brings
/// less.
pub fn fill(units: f64, price: f64, fee_bps: f64, slippage_bps: f64) -> Fill {
    let worse = slippage_bps / BPS;
    let paid = price * if units < 0.0 { 1.0 - worse } else { 1.0 + worse };
    Fill { price: paid, fee: units.abs() * paid * fee_bps / BPS, slippage: units.abs() * price * worse }
}

/// Trading costs of each fill of a pair, in basis points.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PairCosts {
    /// Fee.
    pub fee_bps: f64,
    /// Slippage: how much worse a fill is than the price used here; for y and for x.
    pub slippage_bps: [f64; 2],
}

/// The current state of the spread.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stretch {
    /// Price of y.
    pub price_y: f64,
    /// Price of x.
    pub price_x: f64,
    /// The scale on which the spread is computed.
    pub price_scale: PriceScale,
    /// Current z.
    pub z: f64,
    /// Standard deviation of the spread, in its units.
    pub spread_std_dev: f64,
    /// Half-life in seconds; `None` if reversion cannot be measured.
    pub half_life_secs: Option<f64>,
}

/// A round trip from the current z to the mean: entry and exit of both legs at current prices.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RoundTrip {
    /// Fees of four fills, in quote currency.
    pub fees: f64,
    /// Slippage of four fills, in quote currency.
    pub slippage: f64,
    /// Fees and slippage, in units of the spread.
    pub cost_in_spread: f64,
    /// Fees and slippage, in standard deviations of the spread: below this |z|, a round trip to the mean does
    /// not pay.
    pub cost_in_z: f64,
    /// Profit from here to the mean before costs, in quote currency, for the part of the position that the
    /// model's hedge covers.
    pub expected_move: f64,
    /// The fee per fill at which the round trip breaks even; negative if slippage alone exceeds the profit.
    pub break_even_fee_bps: f64,
    /// The time in which three quarters of the deviation are expected to be gone: two half-lives.
    pub expected_secs: Option<f64>,
}

impl RoundTrip {
    /// Fees and slippage together, in quote currency.
    pub fn cost(&self) -> f64 {
        self.fees + self.slippage
    }

    /// Profit at the mean after costs, in quote currency.
    pub fn net(&self) -> f64 {
        self.expected_move - self.cost()
    }

    /// Costs as a share of the profit before costs; above 1 the round trip does not pay.
    pub fn share_of_move(&self) -> f64 {
        self.cost() / self.expected_move
    }
}

/// Why a round trip cannot be computed.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CostError {
    /// A number that must be positive is not.
    #[error("{name} must be a positive number, was {was}")]
    NotPositive {
        /// Its name.
        name: &'static str,
        /// Its value.
        was: f64,
    },
    /// A number is negative or not known.
    #[error("{name} must be a number of at least 0, was {was}")]
    Negative {
        /// Its name.
        name: &'static str,
        /// Its value.
        was: f64,
    },
}

/// The round trip of `sizes` from `stretch` to the mean under `costs`.
///
/// One unit of the spread is worth the units of y; with logarithms, the money of y. That much is earned when
/// the spread moves by 1 and the legs are weighted as in the model. Gains and losses from other weights follow
/// the market rather than the spread, and are not included.
///
/// # Errors
/// [`CostError`] if prices or the deviation are not positive, or costs are negative or unknown.
pub fn round_trip(sizes: &Sizes, stretch: &Stretch, costs: &PairCosts) -> Result<RoundTrip, CostError> {
    let Stretch { price_y, price_x, price_scale, z, spread_std_dev, half_life_secs } = *stretch;
    let worth = match price_scale {
        PriceScale::Levels => sizes.units_y.abs(),
        PriceScale::Logs => sizes.units_y.abs() * price_y,
    };
    let positive = [
        ("price_y", price_y),
        ("price_x", price_x),
        ("spread_std_dev", spread_std_dev),
        ("units_y", sizes.units_y.abs()),
    ];
    if let Some((name, was)) = positive.into_iter().find(|(_, was)| !(was.is_finite() && *was > 0.0)) {
        return Err(CostError::NotPositive { name, was });
    }
    let [slip_y, slip_x] = costs.slippage_bps;
    let at_least_0 = [("fee_bps", costs.fee_bps), ("slippage_bps", slip_y), ("slippage_bps", slip_x)];
    if let Some((name, was)) = at_least_0.into_iter().find(|(_, was)| !(was.is_finite() && *was >= 0.0)) {
        return Err(CostError::Negative { name, was });
    }
    let legs = [(sizes.units_y, price_y, slip_y), (sizes.units_x, price_x, slip_x)];
    // each leg in and out
    let fills = legs.into_iter().flat_map(|(units, price, slippage_bps)| {
        [units, -units].map(|units| fill(units, price, costs.fee_bps, slippage_bps))
    });
    let (fees, slippage) =
        fills.fold((0.0, 0.0), |(fees, slippage), fill| (fees + fill.fee, slippage + fill.slippage));
    let turnover = 2.0 * sizes.gross(price_y, price_x);
    let cost_in_spread = (fees + slippage) / worth;
    let expected_move = z.abs() * spread_std_dev * worth;
    Ok(RoundTrip {
        fees,
        slippage,
        cost_in_spread,
        cost_in_z: cost_in_spread / spread_std_dev,
        expected_move,
        break_even_fee_bps: (expected_move - slippage) / (turnover / BPS),
        expected_secs: half_life_secs.map(|secs| 2.0 * secs),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes() -> Sizes {
        Sizes { units_y: -0.2, units_x: 4.0, hedge_units: 20.0 }
    }

    fn stretch() -> Stretch {
        Stretch {
            price_y: 50_000.0,
            price_x: 2_000.0,
            price_scale: PriceScale::Levels,
            z: 2.5,
            spread_std_dev: 40.0,
            half_life_secs: Some(30.0),
        }
    }

    #[test]
    fn a_round_trip_costs_and_earns_what_a_calculator_gives() {
        let costs = PairCosts { fee_bps: 10.0, slippage_bps: [1.0, 2.0] };
        let trip = round_trip(&sizes(), &stretch(), &costs).unwrap();
        let near =
            |got: f64, expected: f64| assert!((got / expected - 1.0).abs() < 1e-12, "{got} {expected}");
        // 10,000 and 8,000 of money, in and out: 36,000 × 0.001
        near(trip.fees, 36.0);
        // 20,000 × 0.0001 + 16,000 × 0.0002
        near(trip.slippage, 5.2);
        // 41.2 over 0.2 units of y; then over a deviation of 40
        near(trip.cost_in_spread, 206.0);
        near(trip.cost_in_z, 5.15);
        // 2.5 × 40 × 0.2
        near(trip.expected_move, 20.0);
        near(trip.net(), -21.2);
        near(trip.share_of_move(), 2.06);
        // (20 - 5.2) / 3.6
        near(trip.break_even_fee_bps, 14.8 / 3.6);
        assert_eq!(trip.expected_secs, Some(60.0));
    }

    #[test]
    fn a_fill_pays_its_fee_on_the_price_that_slippage_gives() {
        let bought = fill(2.0, 100.0, 10.0, 50.0);
        // 100 × 1.005; 201 × 0.001; 200 × 0.005
        assert!((bought.price - 100.5).abs() < 1e-12 && (bought.fee - 0.201).abs() < 1e-15, "{bought:?}");
        assert!((bought.slippage - 1.0).abs() < 1e-15);
        let sold = fill(-2.0, 100.0, 10.0, 50.0);
        assert!((sold.price - 99.5).abs() < 1e-12 && (sold.fee - 0.199).abs() < 1e-15, "{sold:?}");
    }

    #[test]
    fn at_the_break_even_fee_nothing_is_left() {
        let costs = PairCosts { fee_bps: 10.0, slippage_bps: [1.0, 2.0] };
        let fee_bps = round_trip(&sizes(), &stretch(), &costs).unwrap().break_even_fee_bps;
        let even = round_trip(&sizes(), &stretch(), &PairCosts { fee_bps, ..costs }).unwrap();
        assert!(even.net().abs() < 1e-12 && (even.cost_in_z - 2.5).abs() < 1e-12, "{even:?}");
        let dear = PairCosts { fee_bps: 0.0, slippage_bps: [20.0, 20.0] };
        assert!(round_trip(&sizes(), &stretch(), &dear).unwrap().break_even_fee_bps < 0.0);
    }

    #[test]
    fn a_spread_of_logarithms_is_worth_the_money_of_y() {
        let logs = Stretch { price_scale: PriceScale::Logs, spread_std_dev: 0.001, ..stretch() };
        let trip = round_trip(&sizes(), &logs, &PairCosts { fee_bps: 1.0, slippage_bps: [0.0; 2] }).unwrap();
        // 2.5 × 0.001 × 10,000; 36,000 × 0.0001 = 3.6
        assert!((trip.expected_move - 25.0).abs() < 1e-9 && (trip.cost_in_spread - 0.000_36).abs() < 1e-15);
        assert!((trip.cost_in_z - 0.36).abs() < 1e-12);
    }

    #[test]
    fn what_cannot_be_reckoned_is_named_with_its_value() {
        let costs = PairCosts { fee_bps: 10.0, slippage_bps: [1.0, f64::NAN] };
        let said = round_trip(&sizes(), &stretch(), &costs).unwrap_err().to_string();
        assert_eq!(said, "slippage_bps must be a number of at least 0, was NaN");
        let flat = Stretch { spread_std_dev: 0.0, ..stretch() };
        let said = round_trip(&sizes(), &flat, &PairCosts { fee_bps: 1.0, slippage_bps: [0.0; 2] });
        assert_eq!(said.unwrap_err().to_string(), "spread_std_dev must be a positive number, was 0");
    }
}
