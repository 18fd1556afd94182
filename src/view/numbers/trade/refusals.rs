//! Why there is no trade, in the page's words.

use super::OptionField;
use crate::view::numbers::{format, quantities};
use spreadscope_engine::analytics::cost::CostError;
use spreadscope_engine::analytics::lots::LotError;
use spreadscope_engine::analytics::position::PositionError;
use spreadscope_engine::analytics::sizing::SizingError;
use spreadscope_engine::{Pair, Symbol};

/// Returns the page's name of a number, to begin a sentence with.
pub(super) fn name_of(number: &str, pair: &Pair) -> String {
    let (y, x) = (pair.y.base(), pair.x.base());
    match number {
        "notional" => OptionField::Notional.said().to_owned(),
        "price_y" => format!("The price of {y}"),
        "price_x" => format!("The price of {x}"),
        "units_y" => format!("Units of {y}"),
        "units_x" => format!("Units of {x}"),
        "money_y" => format!("The money of {y} at its price"),
        "money_x" => format!("The money of {x} at its price"),
        "spread_std_dev" => "The deviation of the spread".to_owned(),
        "fee_bps" => OptionField::Fee.said().to_owned(),
        "slippage_bps" => OptionField::Slippage.said().to_owned(),
        "exit_z" => "Exit at |z|".to_owned(),
        "stop_z" => "Stop at |z|".to_owned(),
        other => other.to_owned(),
    }
}

fn must_be(number: &str, wanted: &str, was: f64, pair: &Pair) -> String {
    let was = if was.is_finite() { format::exact(was) } else { "not a number".to_owned() };
    format!("{} must be {wanted}, was {was}.", name_of(number, pair))
}

/// Returns why there are no sizes.
pub(super) fn of_sizing(error: &SizingError, pair: &Pair) -> String {
    match *error {
        SizingError::Ratio(ratio) => format!(
            "No sizing: the hedge ratio is {}, and both legs would be on one side.",
            format::significant(ratio, 5)
        ),
        SizingError::NotPositive { name, was } => must_be(name, "above 0", was, pair),
        _ => format!("No sizing: {error}."),
    }
}

/// Returns why a round trip cannot be computed.
pub(super) fn of_cost(error: &CostError, pair: &Pair) -> String {
    match *error {
        CostError::NotPositive { name, was } => must_be(name, "above 0", was, pair),
        CostError::Negative { name, was } => must_be(name, "0 or more", was, pair),
        _ => format!("No cost: {error}."),
    }
}

/// Returns why the exchange would reject an order of `symbol`.
pub(super) fn of_lots(error: &LotError, symbol: &Symbol) -> String {
    let units = |units: f64| format!("{} {}", quantities::quantity(units, None), symbol.base());
    let money = |money: f64| quantities::money(money, symbol.quote().unwrap_or_default());
    let why = match *error {
        LotError::Quantity { quantity, least } => {
            format!("{} is below its smallest order, {}", units(quantity), units(least))
        }
        LotError::TooMuch { quantity, most } => {
            format!("{} is above its largest order, {}", units(quantity), units(most))
        }
        LotError::TooDear { money: value, most } => {
            format!("an order of {} is above its largest, {}", money(value), money(most))
        }
        LotError::Notional { money: value, least } => {
            format!("an order of {} is below its smallest, {}", money(value), money(least))
        }
        _ => error.to_string(),
    };
    format!("The exchange would not take {symbol}: {why}.")
}

/// Returns why a position cannot be followed.
pub(super) fn of_position(error: &PositionError, pair: &Pair) -> String {
    must_be(error.name, error.wanted, error.was, pair)
}

#[cfg(test)]
mod tests {
    use super::*;
    use spreadscope_engine::Settings;

    #[test]
    fn refusals_use_the_pages_words_and_signs() {
        let pair = Settings::default().pair;
        let ratio = of_sizing(&SizingError::Ratio(-2.123_456_789), &pair);
        assert_eq!(
            ratio,
            "No sizing: the hedge ratio is \u{2212}2.1235, and both legs would be on one side."
        );
        let flat = CostError::NotPositive { name: "spread_std_dev", was: 0.0 };
        assert_eq!(of_cost(&flat, &pair), "The deviation of the spread must be above 0, was 0.");
        let unknown = CostError::Negative { name: "slippage_bps", was: f64::NAN };
        assert_eq!(of_cost(&unknown, &pair), "Slippage a side in bps must be 0 or more, was not a number.");
        let stop = PositionError { name: "stop_z", wanted: "between 0 and 1000", was: -1.0 };
        assert_eq!(of_position(&stop, &pair), "Stop at |z| must be between 0 and 1000, was \u{2212}1.");
        let much = PositionError { name: "money_x", wanted: "at most 1,000,000,000", was: 1e300 };
        assert_eq!(
            of_position(&much, &pair),
            "The money of ETH at its price must be at most 1,000,000,000, was 1×10³⁰⁰."
        );
    }

    #[test]
    fn a_rejected_order_is_told_with_its_coin_and_currency() {
        let symbol = Settings::default().pair.y;
        let little = LotError::Quantity { quantity: 0.000_004, least: 0.000_01 };
        assert_eq!(
            of_lots(&little, &symbol),
            "The exchange would not take BTCUSDT: 0.000004 BTC is below its smallest order, 0.00001 BTC."
        );
        let cheap = LotError::Notional { money: 2.5, least: 5.0 };
        assert_eq!(
            of_lots(&cheap, &symbol),
            "The exchange would not take BTCUSDT: an order of 2.50 USDT is below its smallest, 5.00 USDT."
        );
        let much = LotError::TooMuch { quantity: 15.1e9, most: 9.0e9 };
        assert!(
            of_lots(&much, &symbol).contains("15,100,000,000 BTC is above its largest order, 9,000,000,000")
        );
    }
}
