//! What a file gives before it is taken: its rows as bars per market, checked against each other.
//!
//! Nothing of it reaches the desk until the file has been read to its end.

use super::plan::{Kind, Plan};
use super::recorded::Recorded;
use super::row::{self, Content, Row};
use super::timestamp::UnixMicros;
use crate::Symbol;
use crate::bars::Traded;

/// Bars of all markets of one file; beyond that they are made longer.
const MOST_BARS: usize = 200_000;
/// Markets of one file.
const MOST_SYMBOLS: usize = 32;
/// A row further than this from the one before it has a damaged time.
const FURTHEST_MILLIS: i64 = 366 * 86_400_000;
/// Trades without ids are put in order by their time, and those of one microsecond by their place in the file.
const TIES: u64 = 1_024;

/// One market of the file.
#[derive(Debug)]
struct Leg {
    symbol: Symbol,
    /// Length of the file's bars, milliseconds.
    step_millis: i64,
    recorded: Recorded,
    /// First and last time in the file, milliseconds.
    span: Option<(i64, i64)>,
    last_millis: i64,
    last_id: Option<u64>,
    missing_ids: u64,
    /// From here on no trade was missed.
    whole_from: i64,
    tie: (UnixMicros, u64),
}

/// The file so far.
#[derive(Debug)]
pub struct Staging {
    plan: Plan,
    legs: Vec<Leg>,
    /// The text that the last row named its market by, and where that is.
    last: Option<(String, usize)>,
    rows: u64,
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
    /// Length of the file's own bars where they were made longer to save room, milliseconds.
    pub lengthened_from: Option<i64>,
}

impl Staging {
    /// Nothing yet, of a file that is read by `plan`, which has no problems.
    pub fn new(plan: Plan) -> Self {
        Self { plan, legs: Vec::new(), last: None, rows: 0 }
    }

    /// Rows taken.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Takes a row.
    ///
    /// # Errors
    /// Why it is refused, for the user.
    pub fn take(&mut self, row: &Row<'_>) -> Result<(), String> {
        let at = self.leg_of(row.symbol.as_deref())?;
        let leg = &mut self.legs[at];
        let millis = row.time.div_euclid(1_000);
        if leg.span.is_some() && millis.abs_diff(leg.last_millis) > FURTHEST_MILLIS.unsigned_abs() {
            return Err(format!("time {} is more than a year from the row before it", iso(millis)));
        }
        match &row.content {
            Content::Bar(traded) => leg.bar(millis, traded.as_ref())?,
            Content::Trade { traded, ids } => leg.trade(row.time, *traded, *ids)?,
        }
        leg.last_millis = millis;
        let (first, last) = leg.span.unwrap_or((millis, millis));
        leg.span = Some((first.min(millis), last.max(millis)));
        self.rows += 1;
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
            Some(text) => row::symbol(text)?,
            None => self.plan.symbol.clone().ok_or("the row does not name its symbol")?,
        };
        let known = self.legs.iter().position(|leg| leg.symbol == symbol);
        let at = match known {
            Some(at) => at,
            None if self.legs.len() == MOST_SYMBOLS => {
                return Err(format!("{symbol} would be one more than {MOST_SYMBOLS} symbols in one file"));
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
        if self.rows.is_multiple_of(1_024) {
            while self.legs.iter().map(|leg| leg.recorded.len()).sum::<usize>() > MOST_BARS {
                let largest = self.legs.iter_mut().max_by_key(|leg| leg.recorded.len());
                if !largest.is_some_and(|leg| leg.recorded.coarsen()) {
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

impl Leg {
    fn new(symbol: Symbol, step_millis: i64) -> Self {
        Self {
            symbol,
            step_millis,
            recorded: Recorded::new(step_millis),
            span: None,
            last_millis: 0,
            last_id: None,
            missing_ids: 0,
            whole_from: i64::MIN,
            tie: (0, 0),
        }
    }

    fn bar(&mut self, open_time: i64, traded: Option<&Traded>) -> Result<(), String> {
        // the recording's own bars may have become longer since
        let step = self.step_millis;
        if open_time.rem_euclid(step) != 0 {
            let length = super::plan::length_words(step);
            return Err(format!("time {} is not on a boundary of {length}", iso(open_time)));
        }
        if self.recorded.known().contains(open_time, open_time + step) {
            return Err(format!("time {} has come before", iso(open_time)));
        }
        self.recorded.know(open_time, open_time + step)?;
        if let Some(traded) = traded {
            self.recorded.add(open_time, traded);
        }
        Ok(())
    }

    fn trade(&mut self, time: UnixMicros, mut traded: Traded, ids: Option<(u64, u64)>) -> Result<(), String> {
        let millis = time.div_euclid(1_000);
        let (first, last) = if let Some((first, last)) = ids {
            self.follow(millis, first, last)?;
            (first, last)
        } else {
            let tie = if self.tie.0 == time { (self.tie.1 + 1).min(TIES - 1) } else { 0 };
            self.tie = (time, tie);
            let order = time.unsigned_abs() * TIES + tie;
            (order, order)
        };
        (traded.first_trade_id, traded.last_trade_id) = (Some(first), Some(last));
        self.recorded.add(millis, &traded);
        Ok(())
    }

    /// Checks ids against the last one; a hole between them ends what is known, until the second after it.
    fn follow(&mut self, millis: i64, first: u64, last: u64) -> Result<(), String> {
        if let Some(before) = self.last_id {
            if first <= before {
                return Err(format!("trade id {first} does not follow {before}, the highest before it"));
            }
            if first > before + 1 {
                self.missing_ids = self.missing_ids.saturating_add(first - before - 1);
                let from = self.first_whole_second();
                self.recorded.know(from, second(self.last_millis))?;
                self.whole_from = second(millis) + 1_000;
            }
        }
        self.last_id = Some(last);
        Ok(())
    }

    /// The first second since the last hole of which no trade was missed.
    fn first_whole_second(&self) -> i64 {
        // the file may begin in the middle of a second
        self.span.map_or(0, |(first, _)| second(first) + 1_000).max(self.whole_from)
    }

    fn finish(mut self, plan: &Plan) -> Result<Staged, String> {
        let (first, last) = self.span.expect("Invariant: a market without rows is left out");
        match plan.kind {
            Kind::Bars if plan.absent_is_empty => {
                if let Some((from, to)) = self.recorded.known().hull() {
                    self.recorded.know(from, to)?;
                }
            }
            Kind::Bars => {}
            Kind::Trades => {
                let inside = plan.covers.filter(|(from, to)| from.0 <= first && last < to.0);
                let from = self.first_whole_second();
                let to = second(last);
                match inside {
                    Some((begin, end)) => self.cover(begin.0, end.0, first)?,
                    None => self.recorded.know(from, to)?,
                }
                self.recorded.drop_partial();
                if self.last_id.is_none() {
                    self.recorded.forget_ids();
                }
            }
        }
        let Self { symbol, recorded, missing_ids, step_millis, .. } = self;
        let lengthened_from = (recorded.step_millis() != step_millis).then_some(step_millis);
        Ok(Staged { symbol, recorded, missing_ids, lengthened_from })
    }

    /// The file holds all trades from `begin` to `end`: its first and last seconds are whole.
    fn cover(&mut self, begin: i64, end: i64, first: i64) -> Result<(), String> {
        if self.missing_ids == 0 {
            return self.recorded.know(begin, end);
        }
        self.recorded.know(self.whole_from, end)?;
        // the second that it begins with is whole unless the first hole is in it
        if self.recorded.known().contains(second(first) + 1_000, second(first) + 2_000) {
            self.recorded.know(begin, second(first) + 1_000)?;
        }
        Ok(())
    }
}

fn second(millis: i64) -> i64 {
    millis.div_euclid(1_000) * 1_000
}

/// A time as a message shows it.
fn iso(millis: i64) -> String {
    super::timestamp::format(millis)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Interval;
    use crate::UnixMillis;
    use crate::transfer::plan::Form;
    use crate::transfer::row::traded;

    const T0: i64 = 1_700_006_400_000;

    fn plan(kind: Kind) -> Plan {
        Plan {
            form: Form::Ndjson,
            kind,
            symbol: Symbol::new("BTCUSDT").ok(),
            step_millis: (kind == Kind::Bars).then_some(60_000),
            day: None,
            absent_is_empty: false,
            covers: None,
        }
    }

    fn trade(millis: i64, price: f64, ids: Option<(u64, u64)>) -> Row<'static> {
        let content = Content::Trade { traded: traded(price, 1.0, None), ids };
        Row { symbol: None, time: (T0 + millis) * 1_000, content }
    }

    fn bar(minute: i64, price: Option<f64>) -> Row<'static> {
        let content = Content::Bar(price.map(|price| traded(price, 1.0, None)));
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
        let mut staging = Staging::new(plan(Kind::Trades));
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
        let mut staging = Staging::new(Plan { covers, ..plan(Kind::Trades) });
        for (millis, id) in [(500, 1), (30_000, 2), (58_500, 3)] {
            staging.take(&trade(millis, 1.0, Some((id, id)))).unwrap();
        }
        let staged = staging.finish().unwrap().remove(0);
        assert_eq!(closes(&staged, Interval::OneMinute, 2), ["1", "?"]);
    }

    #[test]
    fn ids_must_rise_and_times_stay_near() {
        let mut staging = Staging::new(plan(Kind::Trades));
        staging.take(&trade(0, 1.0, Some((5, 7)))).unwrap();
        assert_eq!(
            staging.take(&trade(0, 1.0, Some((7, 8)))).unwrap_err(),
            "trade id 7 does not follow 7, the highest before it"
        );
        assert_eq!(
            staging.take(&trade(400 * 86_400_000, 1.0, Some((8, 8)))).unwrap_err(),
            "time 2024-12-19T00:00:00.000Z is more than a year from the row before it"
        );
        assert_eq!(staging.rows(), 1);
    }

    #[test]
    fn trades_without_ids_are_in_the_order_of_their_times_and_then_of_the_file() {
        let mut staging = Staging::new(plan(Kind::Trades));
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
    fn bars_come_once_on_their_boundary_in_any_order() {
        let mut staging = Staging::new(plan(Kind::Bars));
        for row in [bar(3, Some(3.0)), bar(1, Some(1.0)), bar(0, None)] {
            staging.take(&row).unwrap();
        }
        assert_eq!(
            staging.take(&bar(0, Some(1.0))).unwrap_err(),
            "time 2023-11-15T00:00:00.000Z has come before"
        );
        let odd = Row { time: bar(5, None).time + 1_000_000, ..bar(5, None) };
        assert_eq!(
            staging.take(&odd).unwrap_err(),
            "time 2023-11-15T00:05:01.000Z is not on a boundary of 1 m"
        );
        let staged = staging.finish().unwrap().remove(0);
        assert_eq!(closes(&staged, Interval::OneMinute, 4), ["empty", "1", "?", "3"]);
    }

    #[test]
    fn bars_that_are_absent_are_empty_where_the_plan_says_so() {
        let mut staging = Staging::new(Plan { absent_is_empty: true, ..plan(Kind::Bars) });
        for minute in [0, 3] {
            staging.take(&bar(minute, Some(1.0))).unwrap();
        }
        let staged = staging.finish().unwrap().remove(0);
        assert_eq!(closes(&staged, Interval::OneMinute, 4), ["1", "empty", "empty", "1"]);
    }

    #[test]
    fn too_many_bars_become_longer_ones() {
        let mut staging = Staging::new(plan(Kind::Trades));
        let count = i64::try_from(MOST_BARS).unwrap() + 10_000;
        for second in 0..count {
            let id = second.unsigned_abs() + 1;
            staging.take(&trade(second * 1_000, 1.0, Some((id, id)))).unwrap();
            assert!(staging.legs[0].recorded.len() <= MOST_BARS + 1_024);
        }
        let staged = staging.finish().unwrap().remove(0);
        assert_eq!(staged.recorded.step_millis(), 60_000);
        assert_eq!(staged.recorded.traded().nth(1).unwrap().1.trades, 60);
    }

    #[test]
    fn a_file_has_so_many_symbols_and_no_more() {
        let mut staging = Staging::new(plan(Kind::Trades));
        for name in 0..MOST_SYMBOLS {
            let row = Row { symbol: Some(format!("A{name:02}").into()), ..trade(0, 1.0, None) };
            staging.take(&row).unwrap();
        }
        let row = Row { symbol: Some("btc/usdt".into()), ..trade(0, 1.0, None) };
        assert_eq!(staging.take(&row).unwrap_err(), "BTCUSDT would be one more than 32 symbols in one file");
        let row = Row { symbol: Some("a-07".into()), ..trade(0, 1.0, None) };
        assert!(staging.take(&row).is_ok());
    }
}
