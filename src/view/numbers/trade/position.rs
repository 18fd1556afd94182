//! The position that is followed: its form, its lines, its storage and its export.

use super::Reckoned;
use super::lines::quantity;
use crate::view::numbers::calendar;
use crate::view::numbers::format::{self, ABSENT};
use crate::view::numbers::lines::{Line, line};
use crate::view::screen::model::Model;
use spreadscope_engine::analytics::cointegration::{HalfLife, Outcome};
use spreadscope_engine::analytics::position::{Position, Standing};
use spreadscope_engine::{Pair, UnixMillis};

/// A position as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PositionDraft {
    /// Units of y and of x, then their prices, then exit and stop in z.
    pub numbers: [String; 6],
}

impl PositionDraft {
    /// The names of the numbers, for controls and messages.
    pub const NAMES: [&str; 6] = ["units_y", "units_x", "price_y", "price_x", "exit_z", "stop_z"];

    /// Returns the labels of the numbers for `pair`.
    pub fn labels(pair: &Pair) -> [String; 6] {
        let (y, x) = (pair.y.base(), pair.x.base());
        [
            format!("Units of {y}, − if sold"),
            format!("Units of {x}, − if sold"),
            format!("Price of {y}"),
            format!("Price of {x}"),
            "Exit at |z|".to_owned(),
            "Stop at |z|, 0 for none".to_owned(),
        ]
    }

    /// Returns the current trade as a draft.
    pub fn of(reckoned: &Reckoned) -> Self {
        let sizes = reckoned.rounded.as_ref().unwrap_or(&reckoned.exact);
        let [y, x] = reckoned.prices;
        let plain = |number: f64| format!("{number}");
        Self {
            numbers: [
                plain(sizes.units_y),
                plain(sizes.units_x),
                plain(y),
                plain(x),
                "0".to_owned(),
                "0".to_owned(),
            ],
        }
    }

    /// Returns the position typed, entered at `now` with the current z.
    ///
    /// # Errors
    /// A sentence: which number cannot be used.
    pub fn read(&self, model: &Model, fee_bps: f64, now: UnixMillis) -> Result<Position, String> {
        let mut numbers = [0.0; 6];
        for ((place, text), name) in self.numbers.iter().enumerate().zip(Self::NAMES) {
            let plain = text.trim().replace(',', "").replace('\u{2212}', "-");
            let number = plain.parse().ok().filter(|number: &f64| number.is_finite());
            numbers[place] = number.ok_or_else(|| format!("{name} must be a number, was {text:?}"))?;
        }
        let [units_y, units_x, price_y, price_x, exit_z, stop_z] = numbers;
        let position = Position {
            pair: model.settings.pair.clone(),
            units: [units_y, units_x],
            prices: [price_y, price_x],
            entered: model.live.as_ref().and_then(|live| live.exchange_time).unwrap_or(now),
            entry_z: z_now(model),
            fee_bps,
            exit_z,
            stop_z,
        };
        position.validate().map_err(|error| error.to_string())?;
        Ok(position)
    }
}

fn z_now(model: &Model) -> Option<f64> {
    let closed = || model.last_row.as_ref().and_then(|row| row.z.ready());
    model.live.as_ref().and_then(|live| live.z).or_else(closed)
}

fn prices_now(model: &Model) -> Option<[f64; 2]> {
    let row = model.last_row.as_ref();
    let live = model.live.as_ref();
    let y = live.and_then(|live| live.y.last).or_else(|| row?.y.close)?;
    let x = live.and_then(|live| live.x.last).or_else(|| row?.x.close)?;
    Some([y, x])
}

/// Returns the standing of `position` in `model` at `now`; `None` if its pair is not on the desk or has no
/// prices.
pub(super) fn standing(position: &Position, model: &Model, now: UnixMillis) -> Option<Standing> {
    if position.pair != model.settings.pair {
        return None;
    }
    let now = model.live.as_ref().and_then(|live| live.exchange_time).unwrap_or(now);
    Some(position.standing(prices_now(model)?, z_now(model), now))
}

/// Returns the position's lines.
pub fn position_lines(position: &Position, model: &Model, now: UnixMillis) -> Vec<Line> {
    let pair = &position.pair;
    let standing = standing(position, model, now);
    let show = |text: &dyn Fn(&Standing) -> String| standing.as_ref().map_or_else(|| ABSENT.to_owned(), text);
    let away = |z: Option<f64>| match z {
        None => ABSENT.to_owned(),
        Some(z) if z <= 0.0 => format!("reached, {} beyond", format::fixed(-z, 2)),
        Some(z) => format!("{} to go", format::fixed(z, 2)),
    };
    let half_life = model.tests.as_ref().and_then(|tests| match &tests.outcome {
        Outcome::Done(report) => match report.half_life {
            HalfLife::Reverting { secs, .. } => Some(secs),
            HalfLife::None(_) => None,
        },
        Outcome::Warming { .. } | Outcome::Undefined(_) => None,
    });
    let held = |standing: &Standing| {
        let secs = standing.held_millis as f64 / 1_000.0;
        let times =
            half_life.map(|half_life| format!(" = {} half-lives", format::fixed(secs / half_life, 1)));
        format!("{}{}", format::coarse_millis(standing.held_millis), times.unwrap_or_default())
    };
    let leg = |name: &str, leg: usize| {
        format!("{} {name} at {}", quantity(position.units[leg]), format::price(position.prices[leg]))
    };
    let stop =
        if position.stop_z > 0.0 { show(&|standing| away(standing.to_stop_z)) } else { "none".to_owned() };
    vec![
        line("position-y", "Entry", leg(pair.y.base(), 0)),
        line("position-x", "", leg(pair.x.base(), 1)),
        line("position-gross", "Gross", show(&|standing| format::signed(standing.gross, 2))),
        line(
            "position-net",
            "Net of fees",
            show(&|standing| {
                let fees = format::fixed(standing.fees, 2);
                format!("{} (fees {fees})", format::signed(standing.net(), 2))
            }),
        ),
        line("position-exit", "Exit in z", show(&|standing| away(standing.to_exit_z))),
        line("position-stop", "Stop in z", stop),
        line("position-held", "Held", show(&held)),
    ]
}

/// Returns the position and its standing as a table of one row.
pub fn csv(position: &Position, model: &Model, now: UnixMillis) -> String {
    let standing = standing(position, model, now);
    let maybe = |number: Option<f64>| number.map(|number| number.to_string()).unwrap_or_default();
    let Position { pair, units, prices, entered, entry_z, fee_bps, exit_z, stop_z } = position;
    let names = "y,x,entered,units_y,units_x,price_y,price_x,entry_z,fee_bps,exit_z,stop_z,gross,fees,net,\
                 to_exit_z,to_stop_z,held_secs";
    let row = [
        pair.y.to_string(),
        pair.x.to_string(),
        calendar::iso(entered.0),
        units[0].to_string(),
        units[1].to_string(),
        prices[0].to_string(),
        prices[1].to_string(),
        maybe(*entry_z),
        fee_bps.to_string(),
        exit_z.to_string(),
        stop_z.to_string(),
        maybe(standing.map(|standing| standing.gross)),
        maybe(standing.map(|standing| standing.fees)),
        maybe(standing.map(|standing| standing.net())),
        maybe(standing.and_then(|standing| standing.to_exit_z)),
        maybe(standing.and_then(|standing| standing.to_stop_z)),
        maybe(standing.map(|standing| standing.held_millis as f64 / 1_000.0)),
    ];
    format!("{names}\n{}\n", row.join(","))
}

#[cfg(test)]
mod tests {
    use super::super::reckoned::tests::model;
    use super::*;
    use crate::view::numbers::trade::{TradeOptions, reckon};

    fn noted() -> Position {
        let model = model();
        let trade = reckon(&model, &TradeOptions::default()).unwrap();
        PositionDraft::of(&trade).read(&model, 10.0, UnixMillis(5_000)).unwrap()
    }

    #[test]
    fn the_trade_of_now_can_be_noted_kept_and_read_again() {
        let position = noted();
        assert_eq!((position.units, position.entry_z), ([-0.2, 4.0], Some(2.5)));
        assert_eq!(Position::restore(&position.store()), Some(position.clone()));
        let unknown = Position { entry_z: None, ..position };
        assert_eq!(Position::restore(&unknown.store()), Some(unknown));
        for text in ["", "BTCUSDT~ETHUSDT~0~4~1~1~0~~1~0~0", "BTCUSDT~ETHUSDT~NaN~4~1~1~0~~1~0~0"] {
            assert_eq!(Position::restore(text), None, "{text}");
        }
    }

    #[test]
    fn a_number_that_cannot_be_used_is_named() {
        let mut draft = PositionDraft::of(&reckon(&model(), &TradeOptions::default()).unwrap());
        draft.numbers[2] = "dear".to_owned();
        let said = draft.read(&model(), 10.0, UnixMillis(0)).unwrap_err();
        assert_eq!(said, "price_y must be a number, was \"dear\"");
        draft.numbers[2] = "-5".to_owned();
        let said = draft.read(&model(), 10.0, UnixMillis(0)).unwrap_err();
        assert_eq!(said, "price_y must be a positive number, was -5");
    }

    #[test]
    fn its_lines_follow_the_prices_and_its_table_has_a_field_for_each_name() {
        let (position, mut model) = (noted(), model());
        let row = model.last_row.as_mut().unwrap();
        row.y.close = Some(49_900.0);
        row.z = spreadscope_engine::analytics::Metric::Ready(1.0);
        let shown = position_lines(&position, &model, UnixMillis(65_000));
        let value = |key: &str| shown.iter().find(|line| line.key == key).unwrap().value.clone();
        assert_eq!(value("position-gross"), "+20.00");
        assert_eq!(value("position-exit"), "1.00 to go");
        assert_eq!(value("position-stop"), "none");
        let table = csv(&position, &model, UnixMillis(65_000));
        let fields: Vec<usize> = table.lines().map(|line| line.split(',').count()).collect();
        assert_eq!(fields, [17, 17], "{table}");
        model.settings.pair.x = spreadscope_engine::Symbol::new("SOLUSDT").unwrap();
        assert_eq!(standing(&position, &model, UnixMillis(0)), None, "its pair is not on the desk");
    }
}
