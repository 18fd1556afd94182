//! The numbers of the followed position that rules can watch, at the close of a bar.

use super::{Inputs, Quantity};
use crate::analytics::Metric;
use crate::analytics::position::Position;
use crate::settings::Source;

/// The reason if there is no position.
pub(super) const NONE: &str = "no position is followed";

/// The positions that rules watch: each at prices of its own kind.
#[derive(Debug, Clone, Default)]
pub(super) struct Positions {
    /// Taken in the market.
    pub(super) live: Option<Position>,
    /// Entered at recorded, replayed or made-up prices.
    pub(super) rehearsed: Option<Position>,
}

impl Positions {
    /// The position at prices of `source`, or why there is none.
    pub(super) fn at(&self, source: &Source) -> Result<&Position, &'static str> {
        let Self { live, rehearsed } = self;
        match (source.is_live(), live, rehearsed) {
            (true, Some(position), _) | (false, _, Some(position)) => Ok(position),
            (false, Some(_), None) => Err("the followed position is live, and these prices are not"),
            (true, None, _) | (false, None, None) => Err(NONE),
        }
    }
}

/// The number `quantity` of `position` at the bar of `inputs`, or why there is none.
pub(super) fn reading(
    quantity: Quantity,
    position: Result<&Position, &'static str>,
    inputs: &Inputs<'_>,
) -> Metric {
    match number(quantity, position, inputs) {
        Ok(number) => Metric::Ready(number),
        Err(reason) => Metric::Undefined(reason.to_owned()),
    }
}

fn number(
    quantity: Quantity,
    position: Result<&Position, &'static str>,
    inputs: &Inputs<'_>,
) -> Result<f64, &'static str> {
    let ready = |quantity| inputs.reading(quantity).ready();
    let position = position?;
    if position.pair != *inputs.pair() {
        return Err("the followed position is in another pair");
    }
    if inputs.time() < position.entered {
        return Err("the position was entered later");
    }
    let prices = ready(Quantity::PriceY).zip(ready(Quantity::PriceX));
    let (y, x) = prices.ok_or("a leg has no fresh price in this bar")?;
    let standing = position.standing([y, x], ready(Quantity::Z), inputs.time());
    match quantity {
        Quantity::PositionToStopZ if position.stop_z == 0.0 => Err("the position has no stop"),
        Quantity::PositionToStopZ => standing.to_stop_z.ok_or("there is no z in this bar"),
        Quantity::PositionHalfLives => {
            let half_life = ready(Quantity::HalfLifeSecs).ok_or("no half-life can be measured")?;
            Ok(standing.held_millis as f64 / 1_000.0 / half_life)
        }
        Quantity::PositionNet => Ok(standing.net()),
        _ => Err("it is no number of the position"),
    }
}
