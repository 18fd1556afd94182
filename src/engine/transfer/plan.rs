//! How a file is to be read: what its columns mean, whose prices they are, how long its bars are.

use super::calendar::Order;
use super::number::Decimal;
use super::text::Coding;
use super::times::Times;
use super::timestamp::UnixMicros;
use super::{names, step};
use crate::{Interval, Symbol, UnixMillis};
use serde::{Deserialize, Serialize};

pub use super::role::Role;

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// A bar.
    Bars,
    /// A trade, or an aggregate of trades at one price.
    Trades,
}

impl Kind {
    /// The roles that its columns can have, the needed ones first.
    pub const fn roles(self) -> &'static [Role] {
        match self {
            Self::Bars => &Role::OF_BARS,
            Self::Trades => &Role::OF_TRADES,
        }
    }

    const fn needed(self) -> &'static [Role] {
        match self {
            Self::Bars => &[Role::Time, Role::Close],
            Self::Trades => &[Role::Time, Role::Price],
        }
    }
}

/// A delimited table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// What stands between two cells; a blank stands for any number of them.
    pub delimiter: char,
    /// The first line of the header, from 1; 0 where there is none.
    pub header_line: u64,
    /// How many lines the header has.
    pub header_lines: u64,
    /// Lines before the first row, the header included.
    pub skipped_lines: u64,
    /// The decimal sign.
    pub decimal: Decimal,
    /// What the columns are called; empty where there is no header.
    pub names: Vec<String>,
    /// What the columns mean, from the left; `None` for one that is not used.
    pub columns: Vec<Option<Role>>,
}

impl Table {
    /// A table with commas and points, whose header is its first line.
    pub fn new(columns: Vec<Option<Role>>) -> Self {
        Self {
            delimiter: ',',
            header_line: 1,
            header_lines: 1,
            skipped_lines: 1,
            decimal: Decimal::Point,
            names: Vec::new(),
            columns,
        }
    }

    /// Whether there is a header.
    pub const fn has_header(&self) -> bool {
        self.header_line > 0
    }

    /// Where the column of `role` is.
    pub fn position(&self, role: Role) -> Option<usize> {
        self.columns.iter().position(|column| *column == Some(role))
    }
}

/// How rows are written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// A delimited table.
    Table(Table),
    /// One JSON object a line, whose members are the columns of a table.
    Objects {
        /// The names of the members.
        names: Vec<String>,
        /// What they mean.
        columns: Vec<Option<Role>>,
    },
    /// Rows within one JSON value.
    Document {
        /// Brackets that are open around a row.
        depth: usize,
        /// Rows are objects; arrays otherwise.
        of_objects: bool,
        /// The name of the list that holds the rows, where there are others.
        list: Option<String>,
        /// The lists are named after their markets.
        names_market: bool,
        /// The names of the members, after the row's own name where it has one; numbers for arrays.
        names: Vec<String>,
        /// What they mean.
        columns: Vec<Option<Role>>,
    },
    /// One JSON object a line, a trade: `{"symbol":…,"ts":…,"price":…,"size":…}`.
    Ndjson,
    /// Binance's stream frames, one a line, with or without the time of their receipt in front.
    Frames,
}

impl Form {
    /// Lines before the first row.
    pub const fn skipped_lines(&self) -> u64 {
        match self {
            Self::Table(table) => table.skipped_lines,
            _ => 0,
        }
    }

    /// What the columns are called; nothing where they have no names.
    pub fn names(&self) -> &[String] {
        match self {
            Self::Table(Table { names, .. }) | Self::Objects { names, .. } | Self::Document { names, .. } => {
                names
            }
            Self::Ndjson | Self::Frames => &[],
        }
    }

    /// What the column of `role` is called; `None` where there is none, or it has no name.
    pub fn name_of(&self, role: Role) -> Option<&str> {
        let at = self.columns()?.iter().position(|column| *column == Some(role))?;
        self.names().get(at).map(String::as_str)
    }

    /// The same form whose columns mean something else.
    #[must_use]
    pub(super) fn with_columns(self, columns: Vec<Option<Role>>) -> Self {
        match self {
            Self::Table(table) => Self::Table(Table { columns, ..table }),
            Self::Objects { names, .. } => Self::Objects { names, columns },
            Self::Document { depth, of_objects, list, names_market, names, .. } => {
                Self::Document { depth, of_objects, list, names_market, names, columns }
            }
            other => other,
        }
    }

    /// What the columns mean; `None` where rows have none.
    pub fn columns(&self) -> Option<&[Option<Role>]> {
        match self {
            Self::Table(Table { columns, .. })
            | Self::Objects { columns, .. }
            | Self::Document { columns, .. } => Some(columns),
            Self::Ndjson | Self::Frames => None,
        }
    }
}

/// One market of rows that hold several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Market {
    /// Its name.
    pub symbol: Symbol,
    /// What columns mean for it, by their places; what all markets share, such as the time, is the form's.
    pub columns: Vec<(Role, usize)>,
}

/// How a file is to be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// How rows are written.
    pub form: Form,
    /// What rows are.
    pub kind: Kind,
    /// The market of rows that do not name one.
    pub symbol: Option<Symbol>,
    /// The markets of a row that holds several; empty where it holds one. For bars alone.
    pub markets: Vec<Market>,
    /// Length of a bar in milliseconds; for bars alone.
    pub step_millis: Option<i64>,
    /// Times are milliseconds since this midnight.
    pub day: Option<UnixMicros>,
    /// A bar that is not in the file is one in which nothing traded; otherwise nothing is known of it.
    pub absent_is_empty: bool,
    /// The file holds all trades of this time, as its name says: from, and up to.
    pub covers: Option<(UnixMillis, UnixMillis)>,
    /// How times are read.
    pub times: Times,
    /// How the text is coded.
    pub coding: Coding,
}

impl Plan {
    /// A plan of which the form and the kind of rows are known.
    pub fn new(form: Form, kind: Kind) -> Self {
        Self {
            form,
            kind,
            symbol: None,
            markets: Vec::new(),
            step_millis: None,
            day: None,
            absent_is_empty: false,
            covers: None,
            times: Times::default(),
            coding: Coding::default(),
        }
    }

    /// Whether the column of the time says when bars closed.
    pub(super) fn has_closing_times(&self) -> bool {
        self.kind == Kind::Bars && self.form.name_of(Role::Time).is_some_and(names::is_close_time)
    }

    /// Why nothing can be read in this way; empty when it can.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let mut names_symbol = true;
        if let Some(columns) = self.form.columns() {
            let names_market = matches!(self.form, Form::Document { names_market: true, .. });
            names_symbol = columns.contains(&Some(Role::Symbol)) || !self.markets.is_empty() || names_market;
            let missing = |role: &&Role| {
                let of_markets =
                    self.markets.iter().all(|market| market.columns.iter().any(|(own, _)| own == *role));
                !columns.contains(&Some(**role)) && (self.markets.is_empty() || !of_markets)
            };
            // a date may stand in three columns
            let has_date = Role::OF_DATE.iter().all(|role| columns.contains(&Some(*role)));
            let missing = |role: &&Role| missing(role) && !(**role == Role::Time && has_date);
            for role in self.kind.needed().iter().filter(missing) {
                problems.push(format!("No column is the {}.", role.name()));
            }
            for role in self.kind.roles() {
                if columns.iter().filter(|column| **column == Some(*role)).count() > 1 {
                    problems.push(format!("Two columns are the {}.", role.name()));
                }
            }
        }
        if !names_symbol && self.symbol.is_none() {
            problems.push("The symbol is not known.".to_owned());
        }
        if self.times.order == Order::Ambiguous {
            problems.push(
                "The dates do not tell which of their numbers is the day: choose the order of day and month."
                    .to_owned(),
            );
        }
        match (self.kind, self.step_millis) {
            (Kind::Bars, None) => problems.push("The length of a bar is not known.".to_owned()),
            // in the wrong order days are months
            (Kind::Bars, Some(step)) if self.times.order != Order::Ambiguous && intervals(step).next().is_none() => problems.push(match step::words(step) {
                Some(apart) => format!("Its rows are about {apart} apart: bars longer than 1 d cannot be shown."),
                None if step < 1_000 => format!(
                    "Its rows are {step} ms apart: they are no bars, which are of 1 s and more, and of trades a column must be the size."
                ),
                None => format!(
                    "Bars of {} cannot be shown: the desk has bars of {}, and makes longer ones of shorter ones that fit.",
                    length_words(step),
                    Interval::ALL.map(|interval| length_words(interval.millis())).join(", ")
                ),
            }),
            _ => {}
        }
        problems
    }
}

/// The intervals that bars of `step_millis` can be shown at.
pub fn intervals(step_millis: i64) -> impl Iterator<Item = Interval> {
    Interval::ALL.into_iter().filter(move |interval| step_millis > 0 && interval.millis() % step_millis == 0)
}

/// A length of time in its largest whole unit: `1 s`, `15 m`, `1 d`.
pub fn length_words(millis: i64) -> String {
    let units = [(604_800_000, "w"), (86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1_000, "s")];
    let whole = units.iter().find(|(length, _)| millis >= *length && millis % length == 0);
    whole.map_or_else(|| format!("{millis} ms"), |(length, unit)| format!("{} {unit}", millis / length))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(columns: &[Option<Role>], step_millis: Option<i64>) -> Plan {
        let columns = columns.to_vec();
        Plan {
            symbol: Symbol::new("BTCUSDT").ok(),
            step_millis,
            ..Plan::new(Form::Table(Table::new(columns)), Kind::Bars)
        }
    }

    #[test]
    fn what_is_missing_is_said() {
        let good = plan(&[Some(Role::Time), None, Some(Role::Close)], Some(60_000));
        assert_eq!(good.problems(), Vec::<String>::new());
        let mut bad = plan(&[Some(Role::Close), Some(Role::Close)], None);
        bad.symbol = None;
        assert_eq!(
            bad.problems(),
            [
                "No column is the time.",
                "Two columns are the close.",
                "The symbol is not known.",
                "The length of a bar is not known."
            ]
        );
    }

    #[test]
    fn bars_are_shown_at_every_interval_that_they_fit_into() {
        let shown = |step| intervals(step).map(Interval::as_str).collect::<Vec<_>>();
        assert_eq!(shown(1_000), ["1s", "1m", "5m", "15m", "1h", "4h", "1d"]);
        assert_eq!(shown(900_000), ["15m", "1h", "4h", "1d"]);
        assert_eq!(shown(7_200_000), ["4h", "1d"]);
        assert_eq!(shown(86_400_000), ["1d"]);
        let week = plan(&[Some(Role::Time), Some(Role::Close)], Some(604_800_000)).problems();
        assert!(week[0].starts_with("Bars of 1 w cannot be shown"), "{week:?}");
        let ticks = plan(&[Some(Role::Time), Some(Role::Close)], Some(730)).problems();
        assert!(ticks[0].starts_with("Its rows are 730 ms apart: they are no bars"), "{ticks:?}");
        assert_eq!(length_words(1_500), "1500 ms");
        assert_eq!(length_words(10_800_000), "3 h");
    }
}
