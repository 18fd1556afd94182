//! Two markets' bars on one clock: each leg's last price at a bar's close, and how old it is.

use crate::UnixMillis;
use crate::bars::Origin;
use crate::bars::{Bar, Traded};

/// One leg at the close of a bar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AlignedLeg {
    /// Where the bar comes from.
    pub origin: Origin,
    /// The trades of this bar; `None` if there were none or the bar is unknown.
    pub traded: Option<Traded>,
    /// Last price, from this bar or an earlier one; `None` if unknown.
    pub close: Option<f64>,
    /// Bars since the one that the price is from.
    pub carried_bars: u32,
}

/// Both legs at the close of a bar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AlignedRow {
    /// When the bar opened.
    pub open_time: UnixMillis,
    /// The dependent leg.
    pub y: AlignedLeg,
    /// The explanatory leg.
    pub x: AlignedLeg,
}

impl AlignedRow {
    /// Both closes; `None` if one is unknown or carried for more than `max_carried_bars`.
    pub fn closes(&self, max_carried_bars: usize) -> Option<(f64, f64)> {
        let fresh = |leg: &AlignedLeg| leg.close.filter(|_| leg.carried_bars as usize <= max_carried_bars);
        fresh(&self.y).zip(fresh(&self.x))
    }

    /// Whether a leg's price is carried from an earlier bar.
    pub fn carried(&self) -> bool {
        self.y.carried_bars > 0 || self.x.carried_bars > 0
    }
}

/// Carries one leg's last price over the bars in which nothing traded.
#[derive(Debug, Clone, Copy, Default)]
pub struct Carry {
    last: Option<f64>,
    bars: u32,
}

impl Carry {
    /// The leg at the close of `bar`, which follows the last bar given.
    pub fn next(&mut self, bar: Bar) -> AlignedLeg {
        let traded = bar.traded.filter(|_| bar.known());
        self.bars = self.bars.saturating_add(1);
        match (bar.known(), traded) {
            (true, Some(traded)) => *self = Self { last: Some(traded.close), bars: 0 },
            (true, None) => {}
            // a missing bar is unknown, so nothing is carried across it
            (false, _) => *self = Self::default(),
        }
        AlignedLeg { origin: bar.origin, traded, close: self.last, carried_bars: self.bars }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Trade;

    fn bar(origin: Origin, price: Option<f64>) -> Bar {
        let time = UnixMillis(1_700_000_000_000);
        let traded = price.map(|price| {
            Traded::from(&Trade {
                trade_id: 1,
                trade_time: time,
                event_time: time,
                price,
                size: 1.0,
                buyer_is_maker: false,
            })
        });
        Bar { origin, traded }
    }

    #[test]
    fn a_price_is_carried_over_empty_bars_and_not_over_missing_ones() {
        let mut carry = Carry::default();
        let legs = [
            carry.next(bar(Origin::Live, None)),
            carry.next(bar(Origin::History, Some(7.0))),
            carry.next(bar(Origin::Live, None)),
            carry.next(bar(Origin::Live, None)),
            carry.next(bar(Origin::Missing, Some(8.0))),
            carry.next(bar(Origin::Live, None)),
        ];
        let seen: Vec<_> = legs.iter().map(|leg| leg.close.map(|close| (close, leg.carried_bars))).collect();
        assert_eq!(seen, [None, Some((7.0, 0)), Some((7.0, 1)), Some((7.0, 2)), None, None]);
        assert_eq!(legs[4].traded, None);
    }

    #[test]
    fn a_price_too_old_takes_no_part() {
        let mut y = Carry::default();
        y.next(bar(Origin::Live, Some(2.0)));
        let stale = y.next(bar(Origin::Live, None));
        let fresh = Carry::default().next(bar(Origin::Live, Some(3.0)));
        let row = AlignedRow { open_time: UnixMillis(0), y: stale, x: fresh };
        assert_eq!(row.closes(1), Some((2.0, 3.0)));
        assert_eq!(row.closes(0), None);
    }
}
