//! Which columns of a table hold prices, and so are the closes of the markets that they are named after.

use super::bar_columns;
use super::indicators::is_indicator;
use super::layout::Cells;
use super::market_name;
use super::names;
use super::number;
use super::plan::{Kind, Market, Role};
use super::quantities;
use super::wide;
use super::wide::Wide;
use std::collections::BTreeSet;

/// Prices differ from row to row by less than this share in the middle of all rows; volumes do not.
const MOST_MOVED: f64 = 0.15;
/// Rows that tell how a column moves.
const FEWEST_ROWS: usize = 5;

/// The columns of a table whose names are known.
#[derive(Debug)]
pub(super) struct Closes<'a, S> {
    cells: &'a Cells<'a, S>,
    names: &'a [String],
    time: usize,
}

impl<'a, S: AsRef<str>> Closes<'a, S> {
    pub(super) const fn new(cells: &'a Cells<'a, S>, names: &'a [String], time: usize) -> Self {
        Self { cells, names, time }
    }

    /// The numbers of a column; `None` for a cell that is none. A market that came later has nothing in the first rows.
    fn numbers(&self, at: usize) -> impl Iterator<Item = Option<f64>> + '_ {
        let cells = self.cells.rows.iter().filter_map(move |row| row.get(at)).map(AsRef::as_ref);
        cells.filter(|cell| !number::is_absent(cell)).map(|cell| number::parse(cell, self.cells.decimal))
    }

    fn count(&self, at: usize, holds: impl Fn(Option<f64>) -> bool) -> usize {
        self.numbers(at).filter(|number| holds(*number)).count()
    }

    fn prices(&self, at: usize) -> usize {
        self.count(at, |number| number.is_some_and(|number| number > 0.0))
    }

    fn words(&self, at: usize) -> usize {
        self.count(at, |number| number.is_none())
    }

    fn others(&self, at: usize) -> usize {
        self.count(at, |number| number.is_some_and(|number| number <= 0.0))
    }

    /// Whether a column may hold prices: oil has been below 0 for days, and a spread is for half of them.
    fn is_price(&self, at: usize) -> bool {
        let (prices, words, others) = (self.prices(at), self.words(at), self.others(at));
        words + 9 * others <= prices
            || (prices >= FEWEST_ROWS && words + 2 * others <= prices && self.moves_as_a_price(at))
    }

    /// A second column of dates, or one with the times of day.
    fn is_date(&self, at: usize) -> bool {
        let Cells { rows, times, decimal, .. } = self.cells;
        let mut cells = rows.iter().filter_map(|row| row.get(at)).map(AsRef::as_ref);
        !rows.is_empty()
            && cells.all(|cell| number::parse(cell, *decimal).is_none() && times.read(cell).is_ok())
    }

    /// The columns that are judged by what stands in them: those with the name of no field. A capital letter is a market.
    fn judged(&self) -> Vec<usize> {
        let is_letter = |name: &str| name.len() == 1 && name.chars().all(char::is_uppercase);
        let is_judged = |at: &usize| {
            let name = &self.names[*at];
            *at != self.time
                && (names::role_of(name).is_none() || is_letter(name))
                && !names::is_measure(name)
                && !quantities::is_field(name)
                && !self.is_date(*at)
        };
        (0..self.names.len()).filter(is_judged).collect()
    }

    /// A table in which every column of prices is a market: words, returns and scores are none, and a table in which
    /// these are more than the prices is none of closes.
    pub(super) fn of_all(&self) -> Option<Wide> {
        let others = quantities::others(self.names);
        let mut judged = self.judged();
        judged.retain(|at| !others.contains(at));
        if !others.is_empty() && judged.iter().filter(|at| self.is_price(**at)).count() <= others.len() {
            return None;
        }
        let is_of_words = |at: &usize| self.words(*at) > self.prices(*at) + self.others(*at);
        let (words, numbers): (Vec<usize>, Vec<usize>) = judged.into_iter().partition(is_of_words);
        let (good, bad): (Vec<usize>, Vec<usize>) = numbers.iter().partition(|at| self.is_price(**at));
        // words may name the market of each row: under such a name, or beside dates that come twice
        let name_market = |at: &usize| names::role_of(&self.names[*at]) == Some(Role::Symbol);
        let has_market = (0..self.names.len()).any(|at| is_of_words(&at) && name_market(&at));
        let may_be_words = words.is_empty() || (self.has_each_time_once() && !good.is_empty());
        let of_prices = may_be_words && !has_market && bad.len() <= good.len();
        let is_one = |at: usize| good.contains(&at) || self.is_left_to_names(at);
        of_prices.then(|| wide::of_closes(self.names, self.time, |at| is_one(at) && self.is_price(at)))?
    }

    /// A column with the name of a field, which is a market where it is written as one.
    fn is_left_to_names(&self, at: usize) -> bool {
        names::role_of(&self.names[at]).is_some()
    }

    /// The prices of one market whose columns have names that are not known, or some of them.
    pub(super) fn of_bar(&self) -> Option<Vec<(Role, usize)>> {
        let is_written_as_market = |name: &str| {
            name.chars().all(|letter| {
                letter.is_ascii_uppercase() || letter.is_ascii_digit() || ".-^=".contains(letter)
            })
        };
        let may_be = |at: &usize| {
            let name = &self.names[*at];
            let role = names::role_of(name);
            *at != self.time
                && !name.is_empty()
                && role.is_none_or(Role::is_price)
                && (role.is_some() || !is_written_as_market(name))
                && !names::is_measure(name)
                && !quantities::is_field(name)
        };
        let places: Vec<usize> = (0..self.names.len()).filter(may_be).collect();
        // a damaged cell costs its row
        let numeric = |at: &usize| self.prices(*at) > 0 && self.words(*at) * 20 <= self.prices(*at);
        let places: Vec<usize> = places.into_iter().filter(numeric).collect();
        let Cells { rows, times, decimal, .. } = self.cells;
        let timed: Vec<(i64, Vec<f64>)> = rows
            .iter()
            .filter_map(|row| {
                let time = times.read(row.get(self.time)?.as_ref()).ok()?.local;
                let price = |at: &usize| number::parse(row.get(*at)?.as_ref(), *decimal);
                let prices: Vec<f64> = places.iter().map(price).collect::<Option<_>>()?;
                prices.iter().all(|price| *price > 0.0).then_some((time, prices))
            })
            .collect();
        let are_most = timed.len() * 2 >= rows.len();
        bar_columns::find(&timed, &places, &|at| names::role_of(&self.names[at])).filter(|_| are_most)
    }

    fn has_each_time_once(&self) -> bool {
        let times: Vec<&str> =
            self.cells.rows.iter().filter_map(|row| row.get(self.time)).map(AsRef::as_ref).collect();
        times.iter().collect::<BTreeSet<_>>().len() == times.len()
    }

    /// A table in which a market is called as a price is, beside other markets: `Date,LAST,KO`, `Date,Gold,Price`.
    pub(super) fn beside(&self, kind: Kind, columns: &[Option<Role>]) -> Option<Wide> {
        let is_time = |role: Role| matches!(role, Role::Time | Role::TimeOfDay);
        let roles = columns.iter().enumerate().filter_map(|(at, role)| Some((at, (*role)?)));
        let fields: Vec<(usize, Role)> = roles.filter(|(_, role)| !is_time(*role)).collect();
        let in_capitals = |at: usize| !self.names[at].contains(char::is_lowercase);
        let begins_so = |at: usize| self.names[at].starts_with(char::is_uppercase);
        let others: Vec<usize> =
            self.judged().into_iter().filter(|at| fields.iter().all(|(field, _)| field != at)).collect();
        let of_markets = match (kind, &fields[..]) {
            (Kind::Bars, [(close, Role::Close)]) => {
                // a name in small letters is a field, unless all others are written as markets are
                let is_market = |at: &usize| in_capitals(*at) || (begins_so(*close) && begins_so(*at));
                !others.is_empty() && others.iter().all(is_market)
            }
            // of trades all names are written alike
            (Kind::Trades, [(one, _), (other, _)]) => {
                in_capitals(*one) && in_capitals(*other) && !in_capitals(self.time)
            }
            _ => false,
        };
        // beside several markets the price of one in another way is none
        let is_market = |at: &usize| others.len() < 2 || !quantities::is_field(&self.names[*at]);
        let named = fields.iter().map(|(at, _)| *at).filter(is_market);
        let mut places: Vec<usize> = named.chain(others.iter().copied()).collect();
        places.sort_unstable();
        let is_market =
            |at: &usize| self.is_price(*at) && self.moves_as_a_price(*at) && !is_indicator(&self.names[*at]);
        if !of_markets || !places.iter().all(is_market) {
            return None;
        }
        let mut markets: Vec<Market> = Vec::new();
        for at in places {
            let symbol = market_name::symbol(&self.names[at]).ok()?;
            if markets.iter().any(|market| market.symbol == symbol) {
                return None;
            }
            markets.push(Market { symbol, columns: vec![(Role::Close, at)] });
        }
        let mut shared = vec![None; self.names.len()];
        *shared.get_mut(self.time)? = Some(Role::Time);
        Some(Wide { shared, markets })
    }

    fn moves_as_a_price(&self, at: usize) -> bool {
        let numbers: Vec<f64> = self.numbers(at).flatten().filter(|number| *number > 0.0).collect();
        let mut moves: Vec<f64> = numbers.windows(2).map(|pair| (pair[1] / pair[0]).ln().abs()).collect();
        moves.sort_by(f64::total_cmp);
        numbers.len() >= FEWEST_ROWS && moves.get(moves.len() / 2).is_some_and(|moved| *moved < MOST_MOVED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transfer::columns;
    use crate::transfer::number::Decimal;
    use crate::transfer::times::Times;

    fn markets(header: &str, row: impl Fn(u32) -> String) -> Option<String> {
        let names: Vec<String> = header.split(',').map(str::to_owned).collect();
        let rows: Vec<Vec<String>> = (0..12)
            .map(|at| format!("2024-01-{:02},{}", at + 1, row(at)).split(',').map(str::to_owned).collect())
            .collect();
        let cells = Cells { rows: &rows, time: Some(0), times: &Times::default(), decimal: Decimal::Point };
        let (kind, columns) = columns::by_name(&names).unwrap();
        let wide = Closes::new(&cells, &names, 0).beside(kind, &columns)?;
        Some(wide.markets.iter().map(|market| market.symbol.as_str()).collect::<Vec<_>>().join(","))
    }

    #[test]
    fn a_market_may_be_called_as_a_price_is() {
        let two = |at: u32| format!("{},{}", 100 + at % 3, 60 + at % 2);
        for (header, found) in [
            ("Date,LAST,KO", "LAST,KO"),
            ("Date,KO,RATE", "KO,RATE"),
            ("Date,Gold,Price", "GOLD,PRICE"),
            ("date,close,KO", "CLOSE,KO"),
            ("Date,SIZE,PRICE", "SIZE,PRICE"),
            ("Date,LAST,MA", "LAST,MA"),
            ("Date,LAST,C", "LAST,C"),
        ] {
            assert_eq!(markets(header, two).as_deref(), Some(found), "{header}");
        }
        for header in
            ["Date,Close,SMA20", "date,close,ema_50", "DATE,PRICE,SIZE", "Date,Price,Size", "Date,Last,Bid"]
        {
            assert_eq!(markets(header, two), None, "{header}");
        }
        let erratic = |at: u32| format!("{},{}", 100 + at % 3, (at * 7_919) % 1_000 + 1);
        assert_eq!(markets("Date,CLOSE,UNITS", erratic), None, "what jumps is no price");
        assert_eq!(markets("Date,Close,Note", |at| format!("{at},x")), None);
    }
}
