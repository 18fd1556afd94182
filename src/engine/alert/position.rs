//! The numbers of the followed position that rules can watch, at the close of a bar.

use super::{Inputs, Quantity};
use crate::analytics::Metric;
use crate::analytics::position::Position;

/// The number `quantity` of `position` at the bar of `inputs`, or why there is none.
pub(super) fn reading(quantity: Quantity, position: Option<&Position>, inputs: &Inputs<'_>) -> Metric {
    match number(quantity, position, inputs) {
        Ok(number) => Metric::Ready(number),
        Err(reason) => Metric::Undefined(reason.to_owned()),
    }
}

fn number(quantity: Quantity, position: Option<&Position>, inputs: &Inputs<'_>) -> Result<f64, &'static str> {
    let ready = |quantity| inputs.reading(quantity).ready();
    let position = position.ok_or("no position is followed")?;
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
