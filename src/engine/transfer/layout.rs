//! How the rows of a file are written and what they are, by its first lines.

use super::closes::Closes;
use super::dialect;
use super::dialect::Dialect;
use super::plan::{Form, Kind, Market, Role, Table};
use super::times::Times;
use super::wide;
use super::wide::Wide;
use super::{columns, json_layout, number, parts, volumes};
use crate::{Pair, Symbol, UnixMillis};
use std::borrow::Cow;

/// What the first lines look like.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Layout {
    pub(super) form: Form,
    pub(super) kind: Kind,
    /// The markets of a row that holds several.
    pub(super) markets: Vec<Market>,
    /// The one market that is named above the rows.
    pub(super) symbol: Option<Symbol>,
    pub(super) times: Times,
}

impl Layout {
    pub(super) fn of(form: Form, kind: Kind, latest: UnixMillis) -> Self {
        let times = Times { latest, ..Times::default() };
        Self { form, kind, markets: Vec::new(), symbol: None, times }
    }
}

/// Makes out how the rows of `text` are written.
///
/// `of_day`: times are milliseconds since midnight. `pair`: the markets that the head of the file names.
pub(super) fn find(text: &str, of_day: bool, pair: Option<&Pair>, latest: UnixMillis) -> Layout {
    // a recording may begin with the address that it was made from
    for (_, line) in dialect::candidates(text).take(5) {
        let start = line.trim_start();
        if start.contains("{\"stream\":") || start.contains("\"e\":\"trade\"") {
            return Layout::of(Form::Frames, Kind::Trades, latest);
        }
        if start.starts_with(['{', '[']) {
            return json_layout::find(text, start, pair, latest);
        }
    }
    table(text, of_day, pair, latest, None)
}

/// Makes out what the columns of a table mean; `set`: what the user says of how it is written.
pub(super) fn table(
    text: &str,
    of_day: bool,
    pair: Option<&Pair>,
    latest: UnixMillis,
    set: Option<&Table>,
) -> Layout {
    let mut dialect = dialect::find(text, latest, of_day, set);
    let (names, symbols) = names(&dialect);
    let rows: Vec<Vec<Cow<'_, str>>> = dialect.rows.iter().map(|(_, cells)| cells.clone()).collect();
    let cells =
        Cells { rows: &rows, time: dialect.time, times: &dialect.times, decimal: dialect.table.decimal };
    let mut found = meaning(&cells, &names, symbols.as_deref(), of_day, pair);
    // dates in one column, times of day in another
    if let Some(at) = dialect::time_of_day(&dialect, &names) {
        for column in found.columns.iter_mut().filter(|column| **column == Some(Role::Time)) {
            *column = None;
        }
        if let (Some(date), true) = (dialect.time, found.columns.len() > at) {
            found.columns[date] = Some(Role::Time);
            found.columns[at] = Some(Role::TimeOfDay);
            dialect.times.clock_digits = dialect::clock_digits(&dialect, at);
        }
    } else if let Some(time) = dialect.time {
        // what is called the time may not be one
        let named = found.columns.iter().position(|column| *column == Some(Role::Time));
        let is_time = |at: usize| {
            dialect
                .rows
                .iter()
                .take(20)
                .all(|(_, cells)| cells.get(at).is_some_and(|cell| dialect.times.read(cell).is_ok()))
        };
        let is_price =
            names.get(time).and_then(|name| super::names::role_of(name)).is_some_and(Role::is_number);
        // of two times the one at which a bar opens is told by its place in front
        let is_of_close = named
            .filter(|named| time < *named)
            .and_then(|named| names.get(named))
            .is_some_and(|name| super::names::is_close_time(name));
        let named_is_none = is_of_close || named.is_none_or(|named| !is_time(named));
        if named_is_none && is_time(time) && !is_price && found.columns.len() > time {
            if let Some(named) = named {
                found.columns[named] = None;
            }
            found.columns[time] = Some(Role::Time);
        }
    }
    put_parts(&dialect, &names, &mut found.columns);
    // trades have a time of day
    if found.kind == Kind::Trades && only_dates(&dialect) && !found.columns.contains(&Some(Role::TimeOfDay)) {
        found.kind = Kind::Bars;
        for (at, column) in found.columns.iter_mut().enumerate() {
            *column = match *column {
                Some(Role::Price) => Some(Role::Close),
                Some(Role::Size) if names.get(at).is_some_and(|name| volumes::is_quote(name)) => {
                    Some(Role::QuoteVolume)
                }
                Some(Role::Size) => Some(Role::Volume),
                other => other.filter(|role| Kind::Bars.roles().contains(role)),
            };
        }
    }
    leave_out_numbers(&dialect, &names, &mut found.columns);
    dialect.table.names = names;
    dialect.table.columns = found.columns;
    let form = Form::Table(dialect.table);
    Layout { form, kind: found.kind, markets: found.markets, symbol: found.symbol, times: dialect.times }
}

/// Leaves out a column of names that holds numbers: these are places in a list, and no markets.
fn leave_out_numbers(dialect: &Dialect<'_>, names: &[String], columns: &mut [Option<Role>]) {
    let is_number = |cell: &Cow<'_, str>| cell.trim().bytes().all(|byte| byte.is_ascii_digit());
    for (at, column) in columns.iter_mut().enumerate().filter(|(_, column)| **column == Some(Role::Symbol)) {
        let is_name = names.get(at).is_some_and(|name| super::names::plain(name)[0] == "name");
        if is_name && dialect.rows.iter().all(|(_, cells)| cells.get(at).is_some_and(is_number)) {
            *column = None;
        }
    }
}

/// Leaves out the parts of a date beside a whole time, and puts an hour to dates that have none.
fn put_parts(dialect: &Dialect<'_>, names: &[String], columns: &mut [Option<Role>]) {
    if columns.contains(&Some(Role::Time)) {
        for column in columns.iter_mut() {
            *column = column.filter(|role| !Role::OF_DATE.contains(role) && !Role::OF_CLOCK.contains(role));
        }
        let plain: Vec<Vec<String>> = names.iter().map(|name| super::names::plain(name)).collect();
        let found = parts::of_clock(&plain);
        let holds_hours = |at: usize| {
            dialect.rows.iter().all(|(_, cells)| cells.get(at).is_some_and(|cell| parts::is_hour(cell)))
        };
        let is_free = |columns: &[Option<Role>], at: usize| columns.get(at).is_some_and(Option::is_none);
        let fits = found.first().is_some_and(|(_, hour)| is_free(columns, *hour) && holds_hours(*hour));
        if fits && only_dates(dialect) && !columns.contains(&Some(Role::TimeOfDay)) {
            for (role, at) in found {
                if is_free(columns, at) {
                    columns[at] = Some(role);
                }
            }
        }
    }
}

/// What columns mean.
#[derive(Debug)]
pub(super) struct Meaning {
    pub(super) kind: Kind,
    pub(super) columns: Vec<Option<Role>>,
    pub(super) markets: Vec<Market>,
    pub(super) symbol: Option<Symbol>,
}

/// The cells that columns are judged by.
#[derive(Debug)]
pub(super) struct Cells<'a, S> {
    pub(super) rows: &'a [Vec<S>],
    /// The column of the time, if any looks like one.
    pub(super) time: Option<usize>,
    pub(super) times: &'a Times,
    pub(super) decimal: number::Decimal,
}

impl Meaning {
    pub(super) fn of((kind, columns): (Kind, Vec<Option<Role>>)) -> Self {
        Self { kind, columns, markets: Vec::new(), symbol: None }
    }

    /// Several markets; one alone is the file's.
    fn of_markets(Wide { shared, mut markets }: Wide) -> Self {
        if markets.len() > 1 {
            return Self { kind: Kind::Bars, columns: shared, markets, symbol: None };
        }
        let mut columns = shared;
        let only = markets.pop();
        for (role, at) in only.iter().flat_map(|market| &market.columns) {
            columns[*at] = Some(*role);
        }
        Self { kind: Kind::Bars, columns, markets: Vec::new(), symbol: only.map(|market| market.symbol) }
    }
}

/// The names of the columns, and whose they are where a header of several lines says so.
fn names(dialect: &Dialect<'_>) -> (Vec<String>, Option<Vec<Option<Symbol>>>) {
    let texts = |cells: &[Cow<'_, str>]| {
        cells.iter().map(|cell| cell.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    };
    match &dialect.header[..] {
        [] => (Vec::new(), None),
        [only] => (texts(only), None),
        several => match wide::levels(several, dialect.time) {
            Some((names, symbols)) => (names, symbols.iter().any(Option::is_some).then_some(symbols)),
            _ => (texts(&several[several.len() - 1]), None),
        },
    }
}

/// What the columns mean, by their names where they have any, or by what stands in them.
pub(super) fn meaning<S: AsRef<str>>(
    cells: &Cells<'_, S>,
    names: &[String],
    symbols: Option<&[Option<Symbol>]>,
    of_day: bool,
    pair: Option<&Pair>,
) -> Meaning {
    let Cells { rows, time: found_time, times, decimal } = *cells;
    let time = found_time.unwrap_or(0);
    if names.is_empty() {
        let found = columns::by_content(rows, of_day, times, decimal);
        let width = rows.first().map_or(0, Vec::len);
        let alone =
            || (Kind::Bars, (0..width).map(|at| (found_time == Some(at)).then_some(Role::Time)).collect());
        return Meaning::of(found.unwrap_or_else(alone));
    }
    if let Some(found) = symbols.and_then(|symbols| wide::by_market(names, symbols, time)) {
        return Meaning::of_markets(found);
    }
    if let Some(found) = wide::in_brackets(names, time) {
        return Meaning::of_markets(found);
    }
    let closes = Closes::new(cells, names, time);
    if let Some((kind, columns)) = columns::by_name(names) {
        let beside = closes.beside(kind, &columns).filter(|_| found_time.is_some());
        return beside.map_or_else(|| Meaning::of((kind, columns)), Meaning::of_markets);
    }
    if let Some(found) = of_legs(names, pair) {
        return Meaning::of_markets(found);
    }
    // which markets the legs of a table of ours are is told by its head alone
    let of_ours = columns::of_legs(names).is_some();
    if let Some(found) = wide::in_names(names, time).filter(|_| !of_ours) {
        return Meaning::of_markets(found);
    }
    let plain: Vec<Vec<String>> = names.iter().map(|name| super::names::plain(name)).collect();
    let date = parts::of_date(&plain).filter(|_| found_time.is_none());
    let bar = if found_time.is_some() && !of_ours { closes.of_bar() } else { None };
    if let Some(roles) = bar {
        let mut columns = columns::time_alone(names);
        columns[time] = Some(Role::Time);
        for (role, at) in roles {
            columns[at] = Some(role);
        }
        for (at, name) in names.iter().enumerate() {
            let sum = super::names::role_of(name).filter(|role| role.is_number() && !role.is_price());
            if let Some(role) = sum.filter(|role| columns[at].is_none() && !columns.contains(&Some(*role))) {
                columns[at] = Some(role);
            }
        }
        return Meaning::of((Kind::Bars, columns));
    }
    if (found_time.is_some() || date.is_some())
        && let Some(mut found) = closes.of_all().filter(|_| !of_ours)
    {
        if let Some(date) = date {
            found.shared.fill(None);
            for (role, at) in date {
                found.shared[at] = Some(role);
                found.markets.retain(|market| market.columns.iter().all(|(_, place)| *place != at));
            }
        }
        return Meaning::of_markets(found);
    }
    let mut columns = columns::time_alone(names);
    if let Some(column) = columns.get_mut(time).filter(|_| found_time.is_some()) {
        *column = Some(Role::Time);
    }
    Meaning::of((Kind::Bars, columns))
}

/// Reads names of both legs as our own tables have them, where it is known which markets these are.
pub(super) fn of_legs(names: &[String], pair: Option<&Pair>) -> Option<Wide> {
    let pair = pair?;
    let [y, x] = columns::of_legs(names)?;
    let time = y.iter().position(|role| *role == Some(Role::Time))?;
    let own = |roles: Vec<Option<Role>>| {
        let placed = roles.into_iter().enumerate().filter_map(|(at, role)| Some((role?, at)));
        placed.filter(|(role, _)| *role != Role::Time).collect()
    };
    let mut shared = vec![None; names.len()];
    shared[time] = Some(Role::Time);
    let markets = vec![
        Market { symbol: pair.y.clone(), columns: own(y) },
        Market { symbol: pair.x.clone(), columns: own(x) },
    ];
    Some(Wide { shared, markets })
}

fn only_dates(dialect: &Dialect<'_>) -> bool {
    let Some(time) = dialect.time else { return false };
    let mut cells = dialect.rows.iter().filter_map(|(_, cells)| cells.get(time));
    !dialect.rows.is_empty()
        && cells.all(|cell| {
            let written = super::calendar::parse(cell, super::calendar::Order::NotNeeded);
            written.is_some_and(|written| !written.has_clock) && cell.len() < 12
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LATEST: UnixMillis = UnixMillis(1_800_000_000_000);

    fn pair() -> Pair {
        Pair { y: Symbol::new("BTCUSDT").unwrap(), x: Symbol::new("ETHUSDT").unwrap() }
    }

    #[test]
    fn objects_are_bars_or_trades_by_the_names_of_their_members() {
        let bars = [r#"{"symbol":"X1","open_time":1,"close":2}"#, r#"[{"t":1,"time":1,"c":"2"},"#];
        for line in bars {
            let Layout { form, kind, .. } = find(line, false, Some(&pair()), LATEST);
            assert!(matches!(form, Form::Objects { .. }) && kind == Kind::Bars, "{line}");
        }
        let trades = [
            r#"{"symbol":"X1","ts":1,"price":2,"size":1,"close":3}"#,
            r#"{"s":"X1","T":1,"p":"1","q":"1","t":7}"#,
            r#"{"coin":"X1"}"#,
            "[[1,2,3]]",
            "{",
        ];
        for line in trades {
            assert_eq!(
                find(line, false, None, LATEST),
                Layout::of(Form::Ndjson, Kind::Trades, LATEST),
                "{line}"
            );
        }
    }

    #[test]
    fn bars_of_both_legs_are_those_of_the_pair_that_the_head_names() {
        let (csv, json) = ("time,y_close,x_close\n2024-01-01,2,3\n", r#"{"time":1,"y_close":2,"x_close":3}"#);
        for text in [csv, json] {
            let Layout { form, markets, .. } = find(text, false, Some(&pair()), LATEST);
            assert_eq!(form.columns().unwrap(), [Some(Role::Time), None, None]);
            let closes: Vec<(&str, &[(Role, usize)])> =
                markets.iter().map(|market| (market.symbol.as_str(), &market.columns[..])).collect();
            assert_eq!(closes, [("BTCUSDT", &[(Role::Close, 1)][..]), ("ETHUSDT", &[(Role::Close, 2)][..])]);
        }
        assert_eq!(find(json, false, None, LATEST).form, Form::Ndjson);
    }
}
