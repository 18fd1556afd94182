//! What a file gives before it is taken: its rows as bars per market, checked against each other.
//!
//! Nothing of it reaches the desk until the file has been read to its end.

mod ends;
mod leg;
mod runs;

use super::limits::Limits;
use super::market_name;
use super::plan::{Kind, Plan};
use super::recorded::Recorded;
use super::row::{Content, Row};
use crate::Symbol;
use leg::{Leg, iso};

/// Markets of one file.
const MOST_SYMBOLS: usize = 2_000;
/// A row further than this from the one before it has a damaged time.
const FURTHEST_MILLIS: i64 = 366 * 86_400_000;
/// The file so far.
#[derive(Debug)]
pub struct Staging {
    plan: Plan,
    /// Most bars of all markets.
    most_bars: usize,
    legs: Vec<Leg>,
    /// The text that the last row named its market by, and where that is.
    last: Option<(String, usize)>,
    rows: u64,
    repeated: u64,
    misfits: u64,
    /// The row under way has been counted.
    is_counted: bool,
    until_look: u64,
}

/// One market of a file that has been read to its end.
#[derive(Debug)]
pub struct Staged {
    /// The market.
    pub symbol: Symbol,
    /// Its bars.
    pub recorded: Recorded,
    /// Trade ids that are not in the file.
    pub missing_ids: u64,
    /// Trade ids follow no other, and say nothing of holes.
    pub sparse_ids: bool,
    /// Length of the file's own bars where they were made longer to save room, milliseconds.
    pub lengthened_from: Option<i64>,
}

impl Staging {
    /// Nothing yet, of a file that is read by `plan`, which has no problems.
    pub fn new(plan: Plan, limits: Limits) -> Self {
        Self {
            plan,
            most_bars: limits.of_a_file,
            legs: Vec::new(),
            last: None,
            rows: 0,
            repeated: 0,
            misfits: 0,
            is_counted: false,
            until_look: 0,
        }
    }

    /// Rows taken.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Rows whose bar has come twice.
    pub fn repeated(&self) -> u64 {
        self.repeated
    }

    /// Bars that open at no boundary of their length.
    pub fn misfits(&self) -> u64 {
        self.misfits
    }

    /// What is taken from now on is of another row: one that holds several markets counts once.
    pub fn begin_row(&mut self) {
        self.is_counted = false;
    }

    /// Takes a row, or what it holds of one market.
    ///
    /// # Errors
    /// Why it is refused, for the user.
    pub fn take(&mut self, row: &Row<'_>) -> Result<(), String> {
        let at = self.leg_of(row.symbol.as_deref())?;
        if row.content == Content::Unpriced {
            return Ok(());
        }
        let leg = &mut self.legs[at];
        let millis = row.time.div_euclid(1_000);
        if let Content::Book { half_spread_bps } = row.content {
            leg.book(millis, half_spread_bps);
            self.save_room();
            return Ok(());
        }
        if self.plan.kind == Kind::Trades
            && leg.span.is_some()
            && millis.abs_diff(leg.last_millis) > FURTHEST_MILLIS.unsigned_abs()
        {
            return Err(format!("time {} is more than a year from the row before it", iso(millis)));
        }
        let fits = self.plan.step_millis.is_none_or(|step| millis.rem_euclid(step) == 0);
        self.misfits += u64::from(!fits && matches!(row.content, Content::Bar(_)));
        match &row.content {
            Content::Bar(traded) => self.repeated += u64::from(leg.bar(millis, traded.as_ref())?),
            Content::Missing | Content::Unpriced | Content::Book { .. } => {}
            Content::Trade { traded, ids } => leg.trade(row.time, *traded, *ids)?,
        }
        leg.last_millis = millis;
        let (first, last) = leg.span.unwrap_or((millis, millis));
        leg.span = Some((first.min(millis), last.max(millis)));
        self.rows += u64::from(!core::mem::replace(&mut self.is_counted, true));
        self.save_room();
        Ok(())
    }

    fn leg_of(&mut self, text: Option<&str>) -> Result<usize, String> {
        let key = text.unwrap_or_default();
        if let Some((last, at)) = &self.last
            && last == key
        {
            return Ok(*at);
        }
        let symbol = match text {
            Some(text) => market_name::symbol(text)?,
            None => self.plan.symbol.clone().ok_or("the row does not name its symbol")?,
        };
        let known = self.legs.iter().position(|leg| leg.symbol == symbol);
        let at = match known {
            Some(at) => at,
            None if self.legs.len() == MOST_SYMBOLS => {
                return Err(format!("{symbol} is one symbol too many: a file may have {MOST_SYMBOLS}"));
            }
            None => {
                self.legs.push(Leg::new(symbol, self.plan.step_millis.unwrap_or(1_000)));
                self.legs.len() - 1
            }
        };
        self.last = Some((key.to_owned(), at));
        Ok(at)
    }

    /// Makes the bars longer when there are too many.
    fn save_room(&mut self) {
        self.until_look = self.until_look.wrapping_add(1);
        if self.until_look.is_multiple_of(1_024) {
            while self.legs.iter().map(Leg::room).sum::<usize>() > self.most_bars {
                let largest = self.legs.iter_mut().max_by_key(|leg| leg.room());
                if !largest.is_some_and(Leg::coarsen) {
                    break;
                }
            }
        }
    }

    /// Ends the file.
    ///
    /// # Errors
    /// When it cannot be taken after all, for the user.
    pub fn finish(self) -> Result<Vec<Staged>, String> {
        let Self { plan, legs, .. } = self;
        // a market of which every row was refused is none of the file's
        legs.into_iter().filter(|leg| leg.span.is_some()).map(|leg| leg.finish(&plan)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Interval;
    use crate::UnixMillis;
    use crate::transfer::plan::Form;
    use crate::transfer::traded::of_size;

    const T0: i64 = 1_700_006_400_000;

    fn plan(kind: Kind) -> Plan {
        Plan {
            symbol: Symbol::new("BTCUSDT").ok(),
            step_millis: (kind == Kind::Bars).then_some(60_000),
            ..Plan::new(Form::Ndjson, kind)
        }
    }

    fn trade(millis: i64, price: f64, ids: Option<(u64, u64)>) -> Row<'static> {
        let content = Content::Trade { traded: of_size(price, 1.0, None), ids };
        Row { symbol: None, time: (T0 + millis) * 1_000, content }
    }

    fn bar(minute: i64, price: Option<f64>) -> Row<'static> {
        let content = Content::Bar(price.map(|price| of_size(price, 1.0, None)));
        Row { symbol: None, time: (T0 + minute * 60_000) * 1_000, content }
    }

    /// A bar in a word: its close, `empty`, or `?` where nothing is known.
    fn closes(staged: &Staged, interval: Interval, count: i64) -> Vec<String> {
        let bars = staged.recorded.bars(interval).unwrap();
        (0..count)
            .map(|at| bars.get(UnixMillis(T0 + at * interval.millis())))
            .map(|bar| match (bar.known(), bar.traded) {
                (true, Some(traded)) => traded.close.to_string(),
                (true, None) => "empty".to_owned(),
                (false, _) => "?".to_owned(),
            })
            .collect()
    }

    #[test]
    fn a_hole_in_the_ids_leaves_its_seconds_unknown_and_the_ends_may_be_cut() {
        let mut staging = Staging::new(plan(Kind::Trades), Limits::PAGE);
        for (millis, price, id) in [
            (500, 1.0, 1),
            (1_100, 2.0, 2),
            (1_900, 3.0, 3),
            (4_000, 4.0, 4),
            (5_500, 5.0, 9),
            (7_000, 6.0, 10),
            (8_500, 7.0, 11),
        ] {
            staging.take(&trade(millis, price, Some((id, id)))).unwrap();
        }
        let staged = staging.finish().unwrap().remove(0);
        assert_eq!(staged.missing_ids, 4);
        assert_eq!(
            closes(&staged, Interval::OneSecond, 9),
            ["?", "3", "empty", "empty", "?", "?", "empty", "6", "?"]
        );
    }

    #[test]
    fn a_file_that_covers_a_day_by_its_name_has_whole_ends() {
        let covers = Some((UnixMillis(T0), UnixMillis(T0 + 60_000)));
        let mut staging = Staging::new(Plan { covers, ..plan(Kind::Trades) }, Limits::PAGE);
        for (millis, id) in [(500, 1), (30_000, 2), (58_500, 3)] {
            staging.take(&trade(millis, 1.0, Some((id, id)))).unwrap();
        }
        let staged = staging.finish().unwrap().remove(0);
        assert_eq!(closes(&staged, Interval::OneMinute, 2), ["1", "?"]);
    }

    #[test]
    fn ids_come_once_and_times_stay_near() {
        let mut staging = Staging::new(plan(Kind::Trades), Limits::PAGE);
        staging.take(&trade(0, 1.0, Some((5, 7)))).unwrap();
        assert_eq!(staging.take(&trade(0, 1.0, Some((7, 8)))).unwrap_err(), "trade id 7 has come before");
        assert_eq!(
            staging.take(&trade(400 * 86_400_000, 1.0, Some((8, 8)))).unwrap_err(),
            "time 2024-12-19T00:00:00.000Z is more than a year from the row before it"
        );
        assert_eq!(staging.rows(), 1);
    }

    #[test]
    fn trades_without_ids_are_in_the_order_of_their_times_and_then_of_the_file() {
        let mut staging = Staging::new(plan(Kind::Trades), Limits::PAGE);
        for (millis, price) in
            [(0, 9.0), (1_500, 1.0), (1_200, 2.0), (1_200, 3.0), (1_500, 4.0), (3_000, 9.0)]
        {
            staging.take(&trade(millis, price, None)).unwrap();
        }
        let staged = staging.finish().unwrap().remove(0);
        let (_, second) = staged.recorded.traded().next().unwrap();
        assert_eq!((second.open, second.trades, second.first_trade_id), (2.0, 4, None));
        assert_eq!(closes(&staged, Interval::OneSecond, 4), ["?", "4", "empty", "?"]);
    }

    #[test]
    fn series_of_ids_that_take_turns_are_in_the_order_of_their_times() {
        let ids = [1, 901, 2, 902, 3, 903, 4, 904];
        let rows: Vec<(i64, u64)> = (0..).map(|at| at * 300 + 100).zip(ids).collect();
        for rows in [rows.clone(), rows.into_iter().rev().collect()] {
            let mut staging = Staging::new(plan(Kind::Trades), Limits::PAGE);
            for (millis, id) in rows {
                staging.take(&trade(millis, millis as f64, Some((id, id)))).unwrap();
            }
            let staged = staging.finish().unwrap().remove(0);
            let (_, second) = staged.recorded.traded().next().unwrap();
            assert_eq!((second.open, second.close, second.trades), (1_000.0, 1_900.0, 4));
            assert_eq!(second.first_trade_id, None, "the ids say nothing of the order");
        }
    }

    #[test]
    fn bars_come_once_on_their_boundary_in_any_order() {
        let mut staging = Staging::new(plan(Kind::Bars), Limits::PAGE);
        for row in [bar(3, Some(3.0)), bar(1, Some(1.0)), bar(0, None)] {
            staging.take(&row).unwrap();
        }
        staging.take(&bar(3, Some(4.0))).unwrap();
        assert_eq!(staging.repeated(), 1);
        let odd = Row { time: bar(5, None).time + 1_000_000, ..bar(5, None) };
        assert_eq!(
            staging.take(&odd).unwrap_err(),
            "time 2023-11-15T00:05:01.000Z is not on a boundary of 1 m"
        );
        let staged = staging.finish().unwrap().remove(0);
        assert_eq!(closes(&staged, Interval::OneMinute, 4), ["empty", "1", "?", "4"]);
    }

    #[test]
    fn bars_that_are_absent_are_empty_where_the_plan_says_so() {
        let mut staging = Staging::new(Plan { absent_is_empty: true, ..plan(Kind::Bars) }, Limits::PAGE);
        for minute in [0, 3] {
            staging.take(&bar(minute, Some(1.0))).unwrap();
        }
        let staged = staging.finish().unwrap().remove(0);
        assert_eq!(closes(&staged, Interval::OneMinute, 4), ["1", "empty", "empty", "1"]);
    }

    #[test]
    fn too_many_bars_become_longer_ones() {
        let limits = Limits { of_a_file: 5_000, ..Limits::PAGE };
        let staged = |limits: Limits| {
            let mut staging = Staging::new(plan(Kind::Trades), limits);
            for second in 0..8_000_i64 {
                let id = second.unsigned_abs() + 1;
                staging.take(&trade(second * 1_000, 1.0, Some((id, id)))).unwrap();
                assert!(staging.legs[0].recorded.len() <= limits.of_a_file.saturating_add(1_024));
            }
            staging.finish().unwrap().remove(0)
        };
        let whole = staged(Limits::PROGRAM);
        assert_eq!((whole.recorded.step_millis(), whole.recorded.len()), (1_000, 7_998));
        let staged = staged(limits);
        assert_eq!((staged.recorded.step_millis(), staged.lengthened_from), (60_000, Some(1_000)));
        assert_eq!(staged.recorded.traded().nth(1).unwrap().1.trades, 60);
    }

    #[test]
    fn a_file_has_so_many_symbols_and_no_more() {
        let mut staging = Staging::new(plan(Kind::Trades), Limits::PAGE);
        for name in 0..MOST_SYMBOLS {
            let row = Row { symbol: Some(format!("A{name:04}").into()), ..trade(0, 1.0, None) };
            staging.take(&row).unwrap();
        }
        let row = Row { symbol: Some("btc/usdt".into()), ..trade(0, 1.0, None) };
        assert_eq!(staging.take(&row).unwrap_err(), "BTCUSDT is one symbol too many: a file may have 2000");
        let row = Row { symbol: Some("a0007".into()), ..trade(0, 1.0, None) };
        assert!(staging.take(&row).is_ok());
    }
}
