//! The position that is followed: its form, its lines, its storage and its export.

use super::lines::price_to_tick;
use super::moment::Moment;
use super::{Reckoned, refusals};
use crate::view::numbers::calendar;
use crate::view::numbers::format::{self, ABSENT};
use crate::view::numbers::lines::{Line, line};
use crate::view::numbers::quantities::{money, quantity, signed_money};
use spreadscope_engine::analytics::position::{Position, Standing, ZLine};
use spreadscope_engine::base::typed::{TypedError, typed};
use spreadscope_engine::{Pair, UnixMillis};

/// A position as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PositionDraft {
    /// Units of y and of x, then their prices, then exit and stop in z.
    pub numbers: [String; 6],
}

impl PositionDraft {
    /// The names of the numbers, for controls.
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

    /// Returns the current trade as a draft, with prices in whole ticks; without units if the exchange would refuse
    /// them.
    pub fn of(reckoned: &Reckoned) -> Self {
        let [y, x] = [0, 1].map(|leg| {
            let price = reckoned.prices[leg];
            reckoned.rules.as_ref().map_or(price, |rules| rules[leg].priced(price))
        });
        let plain = |number: f64| format!("{number}");
        let [units_y, units_x] =
            reckoned.sizes().map_or_else(Default::default, |sizes| [sizes.units_y, sizes.units_x].map(plain));
        Self { numbers: [units_y, units_x, plain(y), plain(x), "0".to_owned(), "0".to_owned()] }
    }

    /// Returns the position typed: entered at `moment` with its z, or at an earlier time, whose z is not known.
    ///
    /// # Errors
    /// A sentence: which number cannot be used.
    pub fn read(
        &self,
        moment: &Moment,
        fee_bps: f64,
        entered: Option<UnixMillis>,
    ) -> Result<Position, String> {
        let pair = &moment.pair;
        if let Some(why) = pair.two_currencies() {
            return Err(why);
        }
        let mut numbers = [0.0; 6];
        for ((place, text), name) in self.numbers.iter().enumerate().zip(Self::NAMES) {
            numbers[place] = typed(text).map_err(|error| {
                let name = refusals::name_of(name, pair);
                match error {
                    TypedError::NotANumber => format!("{name} must be a number, was {text:?}."),
                    TypedError::TwoReadings { .. } => format!("{name} {text:?} {error}."),
                }
            })?;
        }
        if entered.is_some_and(|entered| entered > moment.time) {
            return Err("The time of entry is yet to come.".to_owned());
        }
        let [units_y, units_x, price_y, price_x, exit_z, stop_z] = numbers;
        if stop_z != 0.0 && stop_z <= exit_z {
            let [exit, stop] = [exit_z, stop_z].map(|z| format::fixed(z, 2));
            return Err(format!(
                "The stop must be farther from the mean than the exit at |z| {exit}, was {stop}."
            ));
        }
        let position = Position {
            pair: pair.clone(),
            units: [units_y, units_x],
            prices: [price_y, price_x],
            entered: entered.unwrap_or(moment.time),
            entry_z: moment.z.map(|z| z.z).filter(|_| entered.is_none()),
            fee_bps,
            exit_z,
            stop_z,
            line: Some(moment.line),
        };
        position.validate().map_err(|error| refusals::of_position(&error, pair))?;
        if let Some(z) = moment.z.filter(|z| stop_z > 0.0 && position.away(z.z) >= stop_z) {
            return Err(format!(
                "The stop at |z| {} is reached already: {}. Set one farther away, or 0 for none.",
                format::fixed(stop_z, 2),
                z.said()
            ));
        }
        Ok(position)
    }
}

/// Returns the heading of the position's part.
pub const fn heading(moment: &Moment) -> &'static str {
    if moment.tape.is_some() { "Position rehearsed" } else { "Position followed" }
}

/// Returns what entering a position is for.
pub fn invitation(moment: &Moment) -> String {
    match moment.tape {
        None => "Enter a trade that you have made elsewhere to follow its profit and loss here.".to_owned(),
        Some(prices) => {
            let ends =
                if prices == "replayed" { "It ends with the replay." } else { "It ends with this visit." };
            format!("Enter a trade to rehearse it at {prices} prices. {ends}")
        }
    }
}

/// Returns what becomes of the `live` position at prices that are not live; `None` if there is nothing to say.
pub fn live_is_kept(live: Option<&Position>, moment: &Moment) -> Option<String> {
    let (prices, Pair { y, x }) = (moment.tape?, &live?.pair);
    Some(format!(
        "The position in {} / {} is followed at live prices only: {prices} ones neither value nor replace it.",
        y.base(),
        x.base()
    ))
}

/// Returns the standing of `position` at `moment`; `None` if its pair is not on the desk, has no prices, or if the
/// tape has not come to the entry.
pub(super) fn standing(position: &Position, moment: &Moment) -> Option<Standing> {
    if position.pair != moment.pair || is_to_come(position, moment) {
        return None;
    }
    Some(position.standing(moment.prices?, moment.z.map(|z| z.z), moment.time))
}

/// Returns `line` in words.
fn named(line: ZLine) -> String {
    format!("{} bars with {}", line.interval.as_str(), line.hedge_model.row().short)
}

/// Returns the line of the entry, if z is of another one now.
fn entered_by(position: &Position, moment: &Moment) -> Option<ZLine> {
    position.line.filter(|line| *line != moment.line)
}

/// Returns whether the tape is before the entry: it was played back.
fn is_to_come(position: &Position, moment: &Moment) -> bool {
    moment.tape.is_some() && moment.time < position.entered
}

/// Returns the position's lines; `entered` is its time of entry in the page's zone.
pub fn position_lines(position: &Position, moment: &Moment, entered: String) -> Vec<Line> {
    let pair = &position.pair;
    let standing = standing(position, moment);
    let show = |text: &dyn Fn(&Standing) -> String| standing.as_ref().map_or_else(|| ABSENT.to_owned(), text);
    let away = |z: Option<f64>| match z {
        None => ABSENT.to_owned(),
        Some(z) if z <= 0.0 => format!("reached, {} beyond", format::fixed(-z, 2)),
        Some(z) => format!("{} to go", format::fixed(z, 2)),
    };
    let of_bars = entered_by(position, moment)
        .map_or_else(String::new, |_| format!(" of {} bars", moment.line.interval.as_str()));
    let held = |standing: &Standing| {
        let secs = standing.held_millis as f64 / 1_000.0;
        let times = moment
            .half_life_secs
            .as_ref()
            .map(|half_life| format!(" = {} half-lives{of_bars}", format::fixed(secs / half_life, 1)));
        format!("{}{}", format::coarse_millis(standing.held_millis), times.unwrap_or_default())
    };
    let [quote_y, quote_x] = [&pair.y, &pair.x].map(|symbol| symbol.quote().unwrap_or_default());
    let currency = if quote_y == quote_x { quote_y } else { "" };
    let past = (standing.is_some() && !moment.is_current)
        .then(|| "at the last prices known: the feed is not live".to_owned());
    let z_of = standing.as_ref().and(moment.z).map(|z| match entered_by(position, moment) {
        None => format!("by {}", z.said()),
        Some(entry) => format!(
            "by {}, which is of {}; the position was entered by {}",
            z.said(),
            named(moment.line),
            named(entry)
        ),
    });
    let leg = |name: &str, leg: usize| {
        let rules = moment.rules.as_ref().ok().filter(|_| position.pair == moment.pair);
        let price = price_to_tick(position.prices[leg], rules.map(|rules| &rules[leg]));
        format!("{} {name} at {price}", quantity(position.units[leg], None))
    };
    let stop =
        if position.stop_z > 0.0 { show(&|standing| away(standing.to_stop_z)) } else { "none".to_owned() };
    vec![
        line("position-y", "Entry", leg(pair.y.base(), 0)),
        line("position-x", "", leg(pair.x.base(), 1)),
        Line {
            note: is_to_come(position, moment).then(|| "later than the place of the replay".to_owned()),
            ..line("position-entered", "Entered", entered)
        },
        Line {
            note: past,
            ..line("position-gross", "Gross", show(&|standing| signed_money(standing.gross, currency)))
        },
        line(
            "position-net",
            "Net of fees",
            show(&|standing| {
                format!("{} (fees {})", signed_money(standing.net(), currency), money(standing.fees, ""))
            }),
        ),
        Line { note: z_of, ..line("position-exit", "Exit in z", show(&|standing| away(standing.to_exit_z))) },
        line("position-stop", "Stop in z", stop),
        line("position-held", "Held", show(&held)),
    ]
}

/// Returns the position and its standing as a table of one row.
pub fn csv(position: &Position, moment: &Moment) -> String {
    let standing = standing(position, moment);
    let maybe = |number: Option<f64>| number.map(|number| number.to_string()).unwrap_or_default();
    let Position { pair, units, prices, entered, entry_z, fee_bps, exit_z, stop_z, line } = position;
    let of_line = |word: fn(ZLine) -> &'static str| line.map(word).unwrap_or_default().to_owned();
    let names = "y,x,entered,units_y,units_x,price_y,price_x,entry_z,fee_bps,exit_z,stop_z,gross,fees,net,\
                 to_exit_z,to_stop_z,held_secs,prices,entry_interval,entry_model,z_interval,z_model";
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
        moment.tape.unwrap_or("live").to_owned(),
        of_line(|line| line.interval.as_str()),
        of_line(|line| line.hedge_model.as_str()),
        moment.line.interval.as_str().to_owned(),
        moment.line.hedge_model.as_str().to_owned(),
    ];
    format!("{names}\n{}\n", row.join(","))
}

#[cfg(test)]
mod tests {
    use super::super::reckoned::tests::{at, model};
    use super::*;
    use crate::view::numbers::trade::{TradeOptions, reckon};
    use crate::view::screen::model::Model;

    fn draft() -> PositionDraft {
        PositionDraft::of(&reckon(&at(&model()), &TradeOptions::default()).unwrap())
    }

    fn noted() -> Position {
        draft().read(&at(&model()), 10.0, None).unwrap()
    }

    #[test]
    fn the_trade_of_now_can_be_noted_kept_and_read_again() {
        let position = noted();
        assert_eq!((position.units, position.entry_z), ([-0.2, 4.0], Some(2.5)));
        assert_eq!(position.entered, UnixMillis(65_000), "the exchange's time");
        assert_eq!(Position::restore(&position.store()), Some(position.clone()));
        let unknown = Position { entry_z: None, ..position };
        assert_eq!(Position::restore(&unknown.store()), Some(unknown));
        for text in ["", "BTCUSDT~ETHUSDT~0~4~1~1~0~~1~0~0", "BTCUSDT~ETHUSDT~NaN~4~1~1~0~~1~0~0"] {
            assert_eq!(Position::restore(text), None, "{text}");
        }
    }

    #[test]
    fn a_position_of_earlier_has_its_own_time_and_no_z_and_none_is_of_the_future() {
        let earlier = draft().read(&at(&model()), 10.0, Some(UnixMillis(5_000))).unwrap();
        assert_eq!((earlier.entered, earlier.entry_z), (UnixMillis(5_000), None));
        let shown = position_lines(&earlier, &at(&model()), "00:00:05".to_owned());
        assert!(shown.iter().any(|line| line.key == "position-entered" && line.value == "00:00:05"));
        assert!(shown.iter().any(|line| line.key == "position-held" && line.value == "1 min"), "{shown:?}");
        let said = draft().read(&at(&model()), 10.0, Some(UnixMillis(65_001))).unwrap_err();
        assert_eq!(said, "The time of entry is yet to come.");
    }

    #[test]
    fn a_refused_order_fills_in_prices_alone() {
        let mut model = model();
        model.quotes = Some(Box::new(super::super::reckoned::tests::quotes(&model, 9_000.0)));
        let draft = PositionDraft::of(&reckon(&at(&model), &TradeOptions::default()).unwrap());
        assert_eq!(draft.numbers[..3], [String::new(), String::new(), "50000".to_owned()]);
    }

    #[test]
    fn a_number_that_cannot_be_used_is_named() {
        let mut draft = draft();
        draft.numbers[2] = "dear".to_owned();
        let said = draft.read(&at(&model()), 10.0, None).unwrap_err();
        assert_eq!(said, "The price of BTC must be a number, was \"dear\".");
        draft.numbers[2] = "-5".to_owned();
        let said = draft.read(&at(&model()), 10.0, None).unwrap_err();
        assert_eq!(said, "The price of BTC must be a positive number, was \u{2212}5.");
        (draft.numbers[2], draft.numbers[4], draft.numbers[5]) =
            ("50000".to_owned(), "1".to_owned(), "0.5".to_owned());
        let said = draft.read(&at(&model()), 10.0, None).unwrap_err();
        assert_eq!(said, "The stop must be farther from the mean than the exit at |z| 1.00, was 0.50.");
        draft.numbers[5] = "2.5".to_owned();
        assert_eq!(
            draft.read(&at(&model()), 10.0, None).unwrap_err(),
            "The stop at |z| 2.50 is reached already: z 2.50 at the last close. Set one farther away, or 0 for none."
        );
        draft.numbers[5] = "2.6".to_owned();
        assert!(draft.read(&at(&model()), 10.0, None).is_ok());
    }

    #[test]
    fn a_replay_has_a_position_of_its_own_and_leaves_the_live_one_alone() {
        let (live, model) = (noted(), model());
        assert_eq!(live_is_kept(Some(&live), &at(&model)), None);
        let replayed = Moment::of(&model, UnixMillis(9_999_000), true);
        assert_eq!(
            live_is_kept(Some(&live), &replayed).unwrap(),
            "The position in BTC / ETH is followed at live prices only: replayed ones neither value nor replace it."
        );
        assert_eq!((heading(&replayed), live_is_kept(None, &replayed)), ("Position rehearsed", None));
        assert!(invitation(&replayed).ends_with("at replayed prices. It ends with the replay."));
        let mut recorded = model.clone();
        recorded.settings.source = spreadscope_engine::settings::Source::Recording;
        recorded.live.as_mut().unwrap().exchange_time = None;
        let moment = Moment::of(&recorded, UnixMillis(9_999_000), false);
        let closed = recorded.last_row.as_ref().unwrap().open_time + recorded.settings.interval.millis();
        assert_eq!(
            (moment.tape, moment.time),
            (Some("recorded"), closed),
            "the tape's time, not the computer's"
        );
        let entered = PositionDraft { ..draft() }.read(&moment, 10.0, None).unwrap();
        assert_eq!(entered.entered, closed);
        // played back to before the entry
        let later = Position { entered: closed + 1, ..entered };
        let shown = position_lines(&later, &moment, String::new());
        let line = |key: &str| shown.iter().find(|line| line.key == key).unwrap();
        assert_eq!(line("position-gross").value, ABSENT);
        assert_eq!(line("position-entered").note.as_deref(), Some("later than the place of the replay"));
    }

    #[test]
    fn its_lines_follow_the_prices_and_its_table_has_a_field_for_each_name() {
        let (position, mut model) = (noted(), model());
        let row = model.last_row.as_mut().unwrap();
        row.y.close = Some(49_900.0);
        row.z = spreadscope_engine::analytics::Metric::Ready(1.0);
        let line = |key: &str, model: &Model| {
            let shown = position_lines(&position, &at(model), String::new());
            let line = shown.into_iter().find(|line| line.key == key).unwrap();
            (line.value, line.note.unwrap_or_default())
        };
        assert_eq!(line("position-gross", &model), ("+20.00 USDT".to_owned(), String::new()));
        assert_eq!(
            line("position-exit", &model),
            ("1.00 to go".to_owned(), "by z 1.00 at the last close".to_owned())
        );
        assert_eq!(line("position-stop", &model).0, "none");
        let table = csv(&position, &at(&model));
        let fields: Vec<usize> = table.lines().map(|line| line.split(',').count()).collect();
        assert_eq!(fields, [22, 22], "{table}");
        assert!(
            table.lines().next().is_some_and(|names| names.contains(",prices,entry_interval,"))
                && table.ends_with(",live,1s,ols,1s,ols\n"),
            "{table}"
        );
        // z of another line than at the entry
        model.settings.interval = spreadscope_engine::Interval::OneMinute;
        assert_eq!(
            line("position-exit", &model).1,
            "by z 1.00 at the last close, which is of 1m bars with OLS; the position was entered by 1s bars with OLS"
        );
        assert!(csv(&position, &at(&model)).ends_with(",live,1s,ols,1m,ols\n"));
        // part of the history gives no z, and a feed that has stopped no current price
        model.filling = true;
        assert_eq!(line("position-exit", &model), (ABSENT.to_owned(), String::new()));
        model.live = None;
        assert!(line("position-gross", &model).1.contains("the feed is not live"));
        model.settings.pair.x = spreadscope_engine::Symbol::new("SOLUSDT").unwrap();
        assert_eq!(standing(&position, &at(&model)), None, "its pair is not on the desk");
    }
}
