//! A position that the user has taken elsewhere and follows here. It is recorded, never placed.

use super::cost;
use super::sizing::TradeSide;
use crate::base::number;
use crate::settings::HedgeKind;
use crate::{Interval, Pair, Settings, Symbol, UnixMillis};

/// Most money of a leg, and of a notional.
pub const MOST_MONEY: f64 = 1e9;
/// The highest price: more than any market's, in any currency.
const HIGHEST_PRICE: f64 = 1e12;
/// Most units of a leg: more than there are of any coin.
const MOST_UNITS: f64 = 1e18;

/// The line by which z is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ZLine {
    /// The length of its bars.
    pub interval: Interval,
    /// The model of its hedge ratio.
    pub hedge_model: HedgeKind,
}

impl ZLine {
    /// The line of `settings`.
    pub const fn of(settings: &Settings) -> Self {
        Self { interval: settings.interval, hedge_model: settings.hedge_model }
    }
}

/// A position as the user entered it.
#[derive(Debug, Clone, PartialEq)]
pub struct Position {
    /// Its two legs.
    pub pair: Pair,
    /// Signed units of y and of x.
    pub units: [f64; 2],
    /// Entry prices of y and of x.
    pub prices: [f64; 2],
    /// Entry time, exchange time.
    pub entered: UnixMillis,
    /// z at entry, if known.
    pub entry_z: Option<f64>,
    /// Fee per fill, basis points.
    pub fee_bps: f64,
    /// |z| at which to exit; 0 is the mean.
    pub exit_z: f64,
    /// |z| at which to stop out; 0 for never.
    pub stop_z: f64,
    /// The line on the screen at the entry; `None` for a position stored before that was kept.
    pub line: Option<ZLine>,
}

/// How a position is doing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// Profit and loss of both legs, in quote currency, before fees.
    pub gross: f64,
    /// Fees of the entry, and of an exit at current prices, in quote currency.
    pub fees: f64,
    /// z still to go to the exit; negative beyond it; `None` if z is unknown.
    pub to_exit_z: Option<f64>,
    /// z still to go to the stop; negative beyond it; `None` without a stop.
    pub to_stop_z: Option<f64>,
    /// Milliseconds since the entry.
    pub held_millis: i64,
}

impl Standing {
    /// Profit and loss after fees, in quote currency.
    pub fn net(&self) -> f64 {
        self.gross - self.fees
    }
}

/// Why a position cannot be followed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{name} must be {wanted}, was {was}")]
pub struct PositionError {
    /// The field.
    pub name: &'static str,
    /// The requirement.
    pub wanted: &'static str,
    /// The value given.
    pub was: f64,
}

impl Position {
    /// Checks every number.
    ///
    /// # Errors
    /// [`PositionError`] for the first field that cannot be used.
    pub fn validate(&self) -> Result<(), PositionError> {
        let wrong = |name, wanted, was| Err(PositionError { name, wanted, was });
        for (name, units) in [("units_y", self.units[0]), ("units_x", self.units[1])] {
            if !units.is_finite() || units == 0.0 {
                return wrong(name, "a number other than 0", units);
            }
            if units.abs() > MOST_UNITS {
                return wrong(name, "at most 10^18, bought or sold", units);
            }
        }
        if self.units[0].signum() == self.units[1].signum() {
            let wanted =
                "of the opposite sign to those of the other leg (z says nothing about two legs on one side)";
            return wrong("units_x", wanted, self.units[1]);
        }
        for (name, price) in [("price_y", self.prices[0]), ("price_x", self.prices[1])] {
            if !(price.is_finite() && price > 0.0) {
                return wrong(name, "a positive number", price);
            }
            if price > HIGHEST_PRICE {
                return wrong(name, "at most 10^12", price);
            }
        }
        for (name, leg) in [("money_y", 0), ("money_x", 1)] {
            let money = self.units[leg].abs() * self.prices[leg];
            if money > MOST_MONEY {
                return wrong(name, "at most 1,000,000,000", money);
            }
        }
        for (name, value) in [("fee_bps", self.fee_bps), ("exit_z", self.exit_z), ("stop_z", self.stop_z)] {
            if !(0.0..=1_000.0).contains(&value) {
                return wrong(name, "between 0 and 1000", value);
            }
        }
        Ok(())
    }

    /// The position as text, for storage and messages.
    pub fn store(&self) -> String {
        let Self { pair, units, prices, entered, entry_z, fee_bps, exit_z, stop_z, line } = self;
        let entry_z = entry_z.map(|z| z.to_string()).unwrap_or_default();
        let line = line.map(|ZLine { interval, hedge_model }| {
            format!("~{}~{}", interval.as_str(), hedge_model.as_str())
        });
        let line = line.unwrap_or_default();
        format!(
            "{}~{}~{}~{}~{}~{}~{}~{entry_z}~{fee_bps}~{exit_z}~{stop_z}{line}",
            pair.y, pair.x, units[0], units[1], prices[0], prices[1], entered.0
        )
    }

    /// Reads the text from [`Self::store`]; `None` if it cannot be used.
    pub fn restore(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('~').collect();
        let [y, x, units_y, units_x, price_y, price_x, entered, entry_z, fee, exit, stop, ref line @ ..] =
            parts[..]
        else {
            return None;
        };
        let line = match *line {
            [] => None,
            [interval, model] => {
                Some(ZLine { interval: Interval::parse(interval)?, hedge_model: HedgeKind::parse(model)? })
            }
            _ => return None,
        };
        let number = number::parse;
        let position = Self {
            pair: Pair { y: Symbol::new(y).ok()?, x: Symbol::new(x).ok()? },
            units: [number(units_y)?, number(units_x)?],
            prices: [number(price_y)?, number(price_x)?],
            entered: UnixMillis(entered.parse().ok()?),
            entry_z: if entry_z.is_empty() { None } else { Some(number(entry_z)?) },
            fee_bps: number(fee)?,
            exit_z: number(exit)?,
            stop_z: number(stop)?,
            line,
        };
        position.validate().ok().map(|()| position)
    }

    /// The side, by the sign of y.
    pub fn side(&self) -> TradeSide {
        if self.units[0] < 0.0 { TradeSide::Short } else { TradeSide::Long }
    }

    /// How far `z` is from the mean on the side of the entry: a short spread is closed when z has come down.
    pub fn away(&self, z: f64) -> f64 {
        -self.side().sign() * z
    }

    /// How it is doing at `prices` and `z` at exchange time `now`.
    pub fn standing(&self, prices: [f64; 2], z: Option<f64>, now: UnixMillis) -> Standing {
        let legs = [0, 1].map(|leg| self.units[leg] * (prices[leg] - self.prices[leg]));
        // the exit is at the prices themselves
        let fee = |leg: usize, price: f64| cost::fill(self.units[leg], price, self.fee_bps, 0.0).fee;
        let away = z.map(|z| self.away(z));
        Standing {
            gross: legs[0] + legs[1],
            fees: [0, 1].map(|leg| fee(leg, self.prices[leg]) + fee(leg, prices[leg])).iter().sum(),
            to_exit_z: away.map(|away| away - self.exit_z),
            to_stop_z: away.filter(|_| self.stop_z > 0.0).map(|away| self.stop_z - away),
            held_millis: now.since(self.entered).max(0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Settings;

    fn short() -> Position {
        Position {
            pair: Settings::default().pair,
            units: [-0.2, 4.0],
            prices: [50_000.0, 2_000.0],
            entered: UnixMillis(1_000),
            entry_z: Some(2.5),
            fee_bps: 10.0,
            exit_z: 0.5,
            stop_z: 4.0,
            line: Some(ZLine { interval: Interval::OneMinute, hedge_model: HedgeKind::Kalman }),
        }
    }

    #[test]
    fn a_sold_spread_earns_when_y_falls_against_x() {
        let standing = short().standing([49_900.0, 2_001.0], Some(1.2), UnixMillis(61_000));
        // 0.2 × 100 + 4 × 1
        assert!((standing.gross - 24.0).abs() < 1e-9, "{standing:?}");
        // (10,000 + 8,000 + 9,980 + 8,004) × 0.001
        assert!((standing.fees - 35.984).abs() < 1e-9 && (standing.net() + 11.984).abs() < 1e-9);
        assert!((standing.to_exit_z.unwrap() - 0.7).abs() < 1e-12);
        assert!((standing.to_stop_z.unwrap() - 2.8).abs() < 1e-12);
        assert_eq!(standing.held_millis, 60_000);
    }

    #[test]
    fn a_bought_spread_is_left_from_below() {
        let long = Position { units: [0.2, -4.0], stop_z: 0.0, ..short() };
        let standing = long.standing([50_000.0, 2_000.0], Some(-1.2), UnixMillis(0));
        assert!((standing.to_exit_z.unwrap() - 0.7).abs() < 1e-12);
        assert_eq!((standing.to_stop_z, standing.gross, standing.held_millis), (None, 0.0, 0));
        assert_eq!(long.standing([1.0, 1.0], None, UnixMillis(0)).to_exit_z, None);
    }

    #[test]
    fn a_position_comes_back_as_it_was_stored_and_damaged_text_is_none() {
        let of_before = Position { line: None, ..short() };
        assert!(of_before.store().ends_with("~0.5~4"), "{}", of_before.store());
        for position in [short(), of_before, Position { entry_z: None, stop_z: 0.0, ..short() }] {
            assert_eq!(Position::restore(&position.store()), Some(position));
        }
        let text = short().store();
        for damaged in ["", "~~~~~~~~~~", &text[1..], &text[..text.len() - 4], &text.replace("-0.2", "0")] {
            let read = Position::restore(damaged);
            assert!(read.as_ref().is_none_or(|position| position.validate().is_ok()), "{damaged}: {read:?}");
        }
        for unknown in ["-0.2", "1m", "kalman"] {
            assert_eq!(Position::restore(&text.replace(unknown, "0")), None, "{unknown}");
        }
    }

    #[test]
    fn a_position_that_cannot_be_followed_is_refused_with_its_field() {
        assert_eq!(short().validate(), Ok(()));
        let said = |position: Position| position.validate().unwrap_err().to_string();
        let flat = said(Position { units: [0.0, 4.0], ..short() });
        assert_eq!(flat, "units_y must be a number other than 0, was 0");
        let free = said(Position { prices: [50_000.0, f64::NAN], ..short() });
        assert_eq!(free, "price_x must be a positive number, was NaN");
        let one_side = said(Position { units: [0.2, 4.0], ..short() });
        assert!(one_side.starts_with("units_x must be of the opposite sign"), "{one_side}");
        let much = said(Position { units: [-0.2, 1e300], ..short() });
        assert!(much.starts_with("units_x must be at most 10^18"), "{much}");
        let dear = said(Position { prices: [1e308, 2_000.0], ..short() });
        assert!(dear.starts_with("price_y must be at most 10^12"), "{dear}");
        assert_eq!(
            said(Position { units: [-0.2, 1e6], ..short() }),
            "money_x must be at most 1,000,000,000, was 2000000000"
        );
        assert_eq!(Position { units: [-20_000.0, 500_000.0], ..short() }.validate(), Ok(()));
        assert_eq!(said(Position { fee_bps: -1.0, ..short() }), "fee_bps must be between 0 and 1000, was -1");
    }
}
