//! The words of each quantity that a rule can watch, one row each.

use crate::view::numbers::format;
use spreadscope_engine::Pair;
use spreadscope_engine::alert::Quantity;

/// The unit of a quantity.
#[derive(Clone, Copy, PartialEq)]
enum Unit {
    Number,
    QuoteY,
    QuoteX,
    BaseY,
    BaseX,
    /// Written as a duration, with its own units.
    Seconds,
}

/// Name, unit and format of a quantity; `{y}` and `{x}` in a name stand for the legs' coins.
struct Words(&'static str, Unit, fn(f64) -> String);

const fn words(quantity: Quantity) -> Words {
    use Unit::{BaseX, BaseY, Number, QuoteX, QuoteY, Seconds};
    match quantity {
        Quantity::Z => Words("z", Number, hundredths),
        Quantity::Spread => Words("Spread", Number, spread),
        Quantity::HedgeRatio => Words("Hedge ratio", Number, |value| format::significant(value, 5)),
        Quantity::Correlation => Words("Correlation", Number, |value| format::fixed(value, 3)),
        Quantity::EngleGrangerP => Words("EG p-value", Number, format::p_value),
        Quantity::HalfLifeSecs => Words("Half-life", Seconds, format::duration),
        Quantity::PriceY => Words("{y} price", QuoteY, format::price),
        Quantity::PriceX => Words("{x} price", QuoteX, format::price),
        Quantity::VolumeY => Words("{y} volume", BaseY, format::amount),
        Quantity::VolumeX => Words("{x} volume", BaseX, format::amount),
        Quantity::FeedSilenceSecs => Words("Feed silence", Seconds, format::duration),
        Quantity::JohansenRank => Words("Johansen rank", Number, whole),
        Quantity::KpssP => Words("KPSS p-value", Number, format::p_value),
        Quantity::Hurst => Words("Hurst exponent", Number, |value| format::fixed(value, 2)),
        Quantity::HalfLifeHighSecs => Words("Half-life, upper bound", Seconds, format::duration),
        Quantity::BreakP => Words("Break p-value", Number, format::p_value),
        Quantity::ScanEntered => Words("Pairs that enter the scan", Number, whole),
        Quantity::ScanLeft => Words("Pairs that leave the scan", Number, whole),
        Quantity::PositionNet => Words("Position, net", QuoteY, hundredths),
        Quantity::PositionToStopZ => Words("Position, z to its stop", Number, hundredths),
        Quantity::PositionHalfLives => {
            Words("Position, half-lives held", Number, |value| format::fixed(value, 1))
        }
    }
}

fn hundredths(value: f64) -> String {
    format::signed(value, 2)
}

fn whole(value: f64) -> String {
    format::fixed(value, 0)
}

fn spread(value: f64) -> String {
    format::signed(value, format::decimals_for(value, 5).min(4))
}

/// Returns a quantity's name, with the legs of `pair`.
pub fn name(quantity: Quantity, pair: &Pair) -> String {
    words(quantity).0.replace("{y}", pair.y.base()).replace("{x}", pair.x.base())
}

/// Returns a quantity's name whatever the pair: its legs are y and x.
pub fn of_any_pair(quantity: Quantity) -> String {
    words(quantity).0.replace("{y}", "y").replace("{x}", "x")
}

/// Returns a quantity's unit, with the legs of `pair`; empty if it has none.
pub fn unit(quantity: Quantity, pair: &Pair) -> &str {
    match words(quantity).1 {
        Unit::Number => "",
        Unit::QuoteY => pair.y.quote().unwrap_or_default(),
        Unit::QuoteX => pair.x.quote().unwrap_or_default(),
        Unit::BaseY => pair.y.base(),
        Unit::BaseX => pair.x.base(),
        Unit::Seconds => "s",
    }
}

/// Returns a measured value with its unit.
pub fn value(quantity: Quantity, value: f64, pair: &Pair) -> String {
    let Words(_, in_unit, write) = words(quantity);
    let unit = if in_unit == Unit::Seconds { "" } else { unit(quantity, pair) };
    with_unit(write(value), unit)
}

/// Returns a limit as the user wrote it, with its unit.
pub fn limit(quantity: Quantity, value: f64, pair: &Pair) -> String {
    with_unit(format::exact(value), unit(quantity, pair))
}

fn with_unit(number: String, unit: &str) -> String {
    if unit.is_empty() { number } else { format!("{number} {unit}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use spreadscope_engine::Settings;

    #[test]
    fn prices_and_volumes_have_the_units_of_their_legs() {
        let pair = Settings::default().pair;
        assert_eq!(value(Quantity::PriceX, 2_701.5, &pair), "2,701.50 USDT");
        assert_eq!(limit(Quantity::PriceY, 60_000.0, &pair), "60,000 USDT");
        assert_eq!(value(Quantity::VolumeY, 12.5, &pair), "12.50 BTC");
        assert_eq!(limit(Quantity::HalfLifeSecs, 300.0, &pair), "300 s");
        assert_eq!(value(Quantity::Z, -2.0, &pair), "\u{2212}2.00");
        assert_eq!(name(Quantity::VolumeX, &pair), "ETH volume");
    }
}
