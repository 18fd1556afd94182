//! One row of a file, read and checked: a bar, a known empty bar, or a trade.

use super::billionths;
use super::columns::buyer_is_maker;
use super::contracts;
use super::number;
use super::number::{Decimal, positive};
use super::parts;
use super::plan::Form;
use super::plan::{Kind, Plan, Role};
use super::refusal::quoted;
use super::signs::Signs;
use super::times::{Moment, Times};
use super::timestamp;
use super::timestamp::UnixMicros;
use super::traded;
use super::zone::Clock;
use crate::Symbol;
use crate::bars::Origin;
use crate::bars::{Bar, DecimalSum, Traded};
use core::cell::Cell;
use std::borrow::Cow;

/// A row.
#[derive(Debug, Clone, PartialEq)]
pub struct Row<'a> {
    /// The market, if the row names it.
    pub symbol: Option<Cow<'a, str>>,
    /// When the bar opened or the trade was made.
    pub time: UnixMicros,
    /// What it says.
    pub content: Content,
}

/// What a row says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Content {
    /// A bar; `None` when nothing traded in it.
    Bar(Option<Traded>),
    /// A bar of which the file says that nothing is known.
    Missing,
    /// A bar whose price is left out: `null`, `NA`, `.`, nothing.
    Unpriced,
    /// The best bid and ask.
    Book {
        /// Half their distance, in bps of the mid price.
        half_spread_bps: f64,
    },
    /// A trade, or several at one price, with the first and the last id where they are known.
    Trade {
        /// Price and sums.
        traded: Traded,
        /// The first and the last id.
        ids: Option<(u64, u64)>,
    },
}

/// Reads rows of a table.
#[derive(Debug)]
pub struct TableReader {
    at: [Option<usize>; Role::COUNT],
    kind: Kind,
    day: Option<UnixMicros>,
    times: Times,
    clock: Clock,
    decimal: Decimal,
    step_millis: Option<i64>,
    /// What a unit of size is worth in the quote, where sizes count contracts.
    contract: Option<f64>,
    /// Whole numbers are prices in billionths.
    in_billionths: bool,
    /// The market of every row.
    symbol: Option<Symbol>,
    /// Bars of which a price or the volume is left out.
    lacking: Cell<u64>,
    /// What prices and sums of a table say of the decimal sign; none where it is known.
    signs: Option<Cell<Signs>>,
}

impl TableReader {
    /// A reader of a table with these columns as `plan` has it.
    pub fn new(plan: &Plan, columns: &[Option<Role>]) -> Self {
        let mut at = [None; Role::COUNT];
        for (position, role) in columns.iter().enumerate() {
            if let Some(role) = role {
                at[*role as usize].get_or_insert(position);
            }
        }
        let decimal = match &plan.form {
            Form::Table(table) => table.decimal,
            _ => Decimal::Point,
        };
        let (times, step_millis) = (plan.times.clone(), plan.step_millis);
        // a plan whose zone is unknown has a problem, and is not started
        let clock = Clock::of(&times.zone).unwrap_or(Clock::utc());
        Self {
            at,
            kind: plan.kind,
            day: plan.day,
            times,
            clock,
            decimal,
            step_millis,
            contract: contracts::worth(plan),
            in_billionths: billionths::may_be_in(plan),
            symbol: None,
            lacking: Cell::new(0),
            signs: matches!(plan.form, Form::Table(_)).then(Cell::default),
        }
    }

    /// The reader of one of several markets of a row: its rows are of `symbol`, and so are its refusals.
    #[must_use]
    pub fn of(mut self, symbol: Symbol, columns: &[(Role, usize)]) -> Self {
        for (role, place) in columns {
            self.at[*role as usize] = Some(*place);
        }
        Self { symbol: Some(symbol), ..self }
    }

    /// Reads one row.
    ///
    /// # Errors
    /// The column that is absent or cannot be, with what it was.
    pub fn read<'c>(&'c self, cells: &'c [Cow<'_, str>]) -> Result<Row<'c>, String> {
        self.row(cells).map_err(|reason| match &self.symbol {
            Some(symbol) => format!("{symbol}: {reason}"),
            None => reason,
        })
    }

    /// The time of a row as it stands there.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub(super) fn moment(&self, cells: &[Cow<'_, str>]) -> Result<Moment, String> {
        Cells { reader: self, cells }.moment()
    }

    /// The text in the column of `role`.
    pub(super) fn text_of<'c>(&self, cells: &'c [Cow<'_, str>], role: Role) -> Option<&'c str> {
        cells.get(self.at[role as usize]?).map(AsRef::as_ref)
    }

    /// Bars so far of which a price beside the close, or the volume, is left out.
    pub(super) const fn lacking(&self) -> u64 {
        self.lacking.get()
    }

    /// What prices and sums so far say of the decimal sign.
    pub(super) fn signs(&self) -> Signs {
        self.signs.as_ref().map_or_else(Signs::default, Cell::get)
    }

    /// Takes note of how a number is written.
    fn note_sign(&self, text: &str) {
        if let Some(cell) = &self.signs {
            let mut signs = cell.get();
            signs.take(text);
            cell.set(signs);
        }
    }

    /// Whether cells look like no row: there is no time among them, nor a damaged one.
    pub(super) fn is_foreign(&self, cells: &[Cow<'_, str>]) -> bool {
        let Some(at) = self.at[Role::Time as usize].filter(|_| self.day.is_none()) else { return false };
        let Some(cell) = cells.get(at) else { return true };
        let is_number_alone =
            cells.len() == 1 && cell.len() < 8 && cell.bytes().all(|byte| byte.is_ascii_digit());
        let is_word = |letter: char| letter.is_alphabetic() && !matches!(letter, 'T' | 'Z');
        let has_digit = cell.bytes().any(|byte| byte.is_ascii_digit());
        self.times.read(cell).is_err() && (!has_digit || is_number_alone || cell.contains(is_word))
    }

    fn row<'c>(&'c self, cells: &'c [Cow<'_, str>]) -> Result<Row<'c>, String> {
        let row = Cells { reader: self, cells };
        let time = row.time()?;
        let content = match self.kind {
            Kind::Bars => row.bar()?,
            Kind::Trades => row.trade()?,
        };
        let symbol = match &self.symbol {
            Some(symbol) => Some(symbol.as_str()),
            None => row.optional(Role::Symbol)?.filter(|name| !is_no_name(name)),
        };
        Ok(Row { symbol: symbol.map(Cow::Borrowed), time, content })
    }
}

/// Whether a text stands for no name at all; NA, in capitals, is a market.
fn is_no_name(text: &str) -> bool {
    let is_word = text.chars().all(char::is_uppercase);
    text.is_empty() || (!is_word && number::is_absent(text))
}

struct Cells<'r, 'c> {
    reader: &'r TableReader,
    cells: &'c [Cow<'c, str>],
}

impl<'c> Cells<'_, 'c> {
    /// The cell of `role`; `None` when the table has no such column.
    fn optional(&self, role: Role) -> Result<Option<&'c str>, String> {
        let Some(at) = self.reader.at[role as usize] else { return Ok(None) };
        match self.cells.get(at) {
            Some(cell) => Ok(Some(cell)),
            None => Err(format!(
                "{} must be in column {}, and the line has {}",
                role.name(),
                at + 1,
                self.cells.len()
            )),
        }
    }

    fn moment(&self) -> Result<Moment, String> {
        let TableReader { day, times, .. } = self.reader;
        if let Some(day) = day {
            let micros = timestamp::parse_of_day(self.text(Role::Time)?, *day)?;
            return Ok(Moment::floating(micros));
        }
        let text = match self.optional(Role::Time)? {
            Some(text) => Cow::Borrowed(text),
            None if self.reader.at[Role::Year as usize].is_some() => {
                Cow::Owned(parts::date(|role| self.text(role))?)
            }
            None => return Err(format!("{} is in no column", Role::Time.name())),
        };
        times.refuse_doubtful(&text)?;
        let date = match self.optional(Role::TimeOfDay)? {
            Some(clock) => times.read_both(&text, clock)?,
            None => times.read(&text)?,
        };
        let moment = parts::with_clock(date, |role| self.optional(role))?;
        Ok(self.reader.clock.settle(moment, self.optional(Role::Symbol)?.unwrap_or_default()))
    }

    fn time(&self) -> Result<UnixMicros, String> {
        let TableReader { times, step_millis, .. } = self.reader;
        let moment = self.moment()?;
        Ok(match step_millis {
            Some(step) => times.opening.place(moment, *step) * 1_000,
            None => moment.micros,
        })
    }

    fn text(&self, role: Role) -> Result<&'c str, String> {
        self.optional(role)?.ok_or_else(|| format!("{} is in no column", role.name()))
    }

    fn price(&self, role: Role) -> Result<Option<f64>, String> {
        let is_absent =
            |text: &&str| number::is_absent(text) || (self.reader.in_billionths && billionths::is_none(text));
        let text = self.optional(role)?.filter(|text| !is_absent(text));
        text.map(|text| self.positive(role, text)).transpose()
    }

    fn positive(&self, role: Role, text: &str) -> Result<f64, String> {
        self.reader.note_sign(text);
        let number = positive(role, text, self.reader.decimal)?;
        let may_be_billionths = self.reader.in_billionths && role.is_price();
        Ok(if may_be_billionths { billionths::price(text, number) } else { number })
    }

    fn sum(&self, role: Role) -> Result<DecimalSum, String> {
        let text = self.optional(role)?.filter(|text| !number::is_absent(text));
        let Some(text) = text else { return Ok(DecimalSum::default()) };
        self.reader.note_sign(text);
        match number::parse_sum(text, self.reader.decimal) {
            Some(number) if number >= 0.0 => Ok(DecimalSum::of(number)),
            _ => Err(format!("{} must be a decimal of 0 or more, was {}", role.name(), quoted(text))),
        }
    }

    fn id(&self, role: Role) -> Result<Option<u64>, String> {
        let text = self.optional(role)?.filter(|text| !number::is_absent(text));
        let whole = |text| number::id(text).or_else(|| number::counted(text, self.reader.decimal));
        let refusal = |text| format!("{} must be a whole number, was {}", role.name(), quoted(text));
        text.map(|text| whole(text).ok_or_else(|| refusal(text))).transpose()
    }

    fn bar(&self) -> Result<Content, String> {
        let close = self.text(Role::Close)?;
        match self.optional(Role::Origin)?.and_then(Origin::parse) {
            Some(origin) if !(Bar { origin, traded: None }).known() => return Ok(Content::Missing),
            // no trade came before it that could give it a price
            Some(_) if close.is_empty() => return Ok(Content::Bar(None)),
            _ if number::is_absent(close) => return Ok(Content::Unpriced),
            _ if self.reader.in_billionths && billionths::is_none(close) => return Ok(Content::Unpriced),
            _ => {}
        }
        let close = self.positive(Role::Close, close)?;
        let open = self.price(Role::Open)?.unwrap_or(close);
        let high = self.price(Role::High)?.unwrap_or(open.max(close));
        let low = self.price(Role::Low)?.unwrap_or(open.min(close));
        if high < open.max(close).max(low) {
            return Err(format!("high {high} is below another price of its bar"));
        }
        if low > open.min(close) {
            return Err(format!("low {low} is above another price of its bar"));
        }
        let trades = self.id(Role::Trades)?;
        let fits = |trades| {
            u32::try_from(trades).ok().ok_or_else(|| format!("trades must be below 2^32, was {trades}"))
        };
        let trades = trades.map(fits).transpose()?;
        let traded = Traded {
            open,
            high,
            low,
            close,
            volume: self.sum(Role::Volume)?,
            quote_volume: self.sum(Role::QuoteVolume)?,
            taker_base: self.sum(Role::TakerBase)?,
            taker_quote: self.sum(Role::TakerQuote)?,
            trades: trades.unwrap_or(0),
            first_trade_id: None,
            last_trade_id: None,
        };
        let is_left_out = |role| matches!(self.optional(role), Ok(Some(text)) if number::is_absent(text));
        let lacks = [Role::Open, Role::High, Role::Low, Role::Volume].into_iter().any(is_left_out);
        self.reader.lacking.set(self.reader.lacking.get() + u64::from(lacks));
        // the exchange repeats the close before in a bar in which nothing traded
        let is_empty = trades == Some(0) && traded.volume == DecimalSum::ZERO && high == low;
        Ok(Content::Bar((!is_empty).then_some(traded)))
    }

    fn trade(&self) -> Result<Content, String> {
        let price = self.positive(Role::Price, self.text(Role::Price)?)?;
        // some write the size of a sale with a minus, and some write none
        let written = self.optional(Role::Size)?.map(str::trim);
        let sold = written.and_then(|written| written.strip_prefix(['-', '\u{2212}']));
        let size = sold.or(written).map_or(Ok(0.0), |written| self.positive(Role::Size, written))?;
        let maker = self.optional(Role::BuyerIsMaker)?.and_then(buyer_is_maker).or(sold.map(|_| true));
        let mut traded = match self.reader.contract {
            Some(worth) => traded::of_contracts(price, size * worth, maker),
            None => traded::of_size(price, size, maker),
        };
        let (first, last) = (self.id(Role::FirstTradeId)?, self.id(Role::LastTradeId)?);
        let ids = match first.zip(last) {
            Some((first, last)) => {
                let more = last.checked_sub(first).and_then(|more| u32::try_from(more).ok());
                let more = more.filter(|more| *more < u32::MAX);
                let more =
                    more.ok_or_else(|| format!("last trade id {last} does not follow first {first}"))?;
                traded.trades = more + 1;
                Some((first, last))
            }
            None => self.id(Role::TradeId)?.map(|id| (id, id)),
        };
        Ok(Content::Trade { traded, ids })
    }
}

#[cfg(test)]
mod tests;
