//! How a table is written: what stands above its rows, what parts its cells, how its numbers and dates look.

use super::calendar;
use super::calendar::Order;
use super::lines::ENDS;
use super::number;
use super::number::Decimal;
use super::plan::Table;
use super::signs::Signs;
use super::times;
use super::times::{Numbers, Times};
use super::zone::{Clock, Zone};
use super::{columns, csv, head, heading, lines, names, plan, quotes, said_zone, timestamp};
use crate::UnixMillis;
use std::borrow::Cow;

/// Rows that a table is judged by.
pub(super) const ROWS_JUDGED: usize = 200;

/// A line of the table: its number and its cells.
pub(super) type Line<'a> = (u64, Vec<Cow<'a, str>>);

/// A table of which the writing is known, and not what its columns mean.
#[derive(Debug)]
pub(super) struct Dialect<'a> {
    /// How it is written; without columns.
    pub table: Table,
    /// Its header, line by line.
    pub header: Vec<Vec<Cow<'a, str>>>,
    /// Its first rows.
    pub rows: Vec<Line<'a>>,
    /// The column of the time and how it is read, if any looks like one.
    pub time: Option<usize>,
    /// How times are read.
    pub times: Times,
}

/// The lines of `text` that may be rows, with their numbers.
pub(super) fn candidates(text: &str) -> impl Iterator<Item = (u64, &str)> + Clone {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    quotes::rows(text).filter(|(_, line)| !head::is_blank(line))
}

/// Makes out how the table in `text` is written; `set`: what the user says of its separator and of the lines above
/// its rows.
pub(super) fn find<'a>(text: &'a str, latest: UnixMillis, of_day: bool, set: Option<&Table>) -> Dialect<'a> {
    let mut lines: Vec<(u64, &str)> = candidates(text).take(ROWS_JUDGED + 20).collect();
    let said = lines.first().and_then(|(_, line)| separator(line));
    if said.is_some() {
        lines.remove(0);
    }
    // the last line may be cut
    if lines.len() > 2 && !text.ends_with(ENDS) {
        lines.pop();
    }
    let judged: Vec<&str> = lines.iter().map(|(_, line)| *line).take(40).collect();
    let delimiter = set.map(|set| set.delimiter).or(said).unwrap_or_else(|| csv::delimiter(&judged));
    let all: Vec<Line<'_>> = lines
        .iter()
        .filter_map(|(number, line)| Some((*number, csv::cells(line, delimiter).ok()?)))
        .collect();
    let width = commonest_width(&all);
    let mut times = Times { latest, ..Times::default() };
    let time = time_column(&all, width, &mut times, of_day);
    let is_row = |cells: &[Cow<'_, str>]| match time {
        _ if of_day => cells.first().is_some_and(|cell| timestamp::parse_of_day(cell, 0).is_ok()),
        Some(at) => cells.get(at).is_some_and(|cell| looks_like_time(cell, &times)),
        None => cells.iter().any(|cell| is_number(cell)),
    };
    let above = match set {
        Some(set) => said_above(text, &all, set),
        None => Above::found(text, &all, is_row, delimiter, width, time),
    };
    let Above { mut header, header_line, first, row_line } = above;
    let header_lines = match set {
        Some(set) if header_line > 0 => set.header_lines.max(1),
        _ if header_line == 0 => 0,
        _ => row_line.saturating_sub(header_line),
    };
    let rows: Vec<Line<'_>> = all.into_iter().skip(first).take(ROWS_JUDGED).collect();
    // a row without a time tells nothing of the others
    let timed = rows.iter().filter(|(_, cells)| is_row(cells)).count();
    let rows: Vec<Line<'_>> = match time {
        Some(_) if timed * 2 >= rows.len() => rows.into_iter().filter(|(_, cells)| is_row(cells)).collect(),
        _ => rows,
    };
    if let ([names], Some(time)) = (&mut header[..], time)
        && is_without_row_names(names, time, &rows)
    {
        names.insert(0, Cow::Borrowed(""));
    }
    let cells = rows.iter().flat_map(|(_, cells)| {
        let other = cells.iter().enumerate().filter(|(at, _)| Some(*at) != time);
        other.map(|(_, cell)| cell.as_ref())
    });
    let decimal = Signs::of(cells).decimal(delimiter);
    let table = Table {
        delimiter,
        header_line,
        header_lines,
        skipped_lines: row_line.saturating_sub(1),
        decimal,
        names: Vec::new(),
        columns: Vec::new(),
    };
    if let Some(at) = time {
        let column: Vec<&str> = rows.iter().filter_map(|(_, cells)| Some(cells.get(at)?.as_ref())).collect();
        let latest = latest.0.saturating_mul(1_000);
        times.order = Order::of(&column, latest);
        // a later one may tell
        if times.order == Order::Ambiguous {
            let cells = |line| csv::cells(line, delimiter).ok().and_then(|cells| cells.into_iter().nth(at));
            let all: Vec<Cow<'_, str>> =
                candidates(text).skip(first).filter_map(|(_, line)| cells(line)).collect();
            times.order = Order::of(&all.iter().map(AsRef::as_ref).collect::<Vec<&str>>(), latest);
        }
    }
    Dialect { table, header, rows, time, times }
}

/// What stands above the rows.
struct Above<'a> {
    header: Vec<Vec<Cow<'a, str>>>,
    header_line: u64,
    /// The place of the first row among all lines, and its number.
    first: usize,
    row_line: u64,
}

impl<'a> Above<'a> {
    fn found(
        text: &'a str,
        all: &[Line<'a>],
        is_row: impl Fn(&[Cow<'a, str>]) -> bool,
        delimiter: char,
        width: usize,
        time: Option<usize>,
    ) -> Self {
        // a header may stand alone
        let below_header = || {
            let header = all.iter().position(|(_, cells)| columns::by_name(cells).is_some());
            header.map_or(usize::from(all.len() > 1).min(all.len()), |header| header + 1)
        };
        let first = heading::first_row(all, time, width, is_row).unwrap_or_else(below_header);
        // above a header there may be lines about the file: parted from it, or with a date
        let belongs = |at: usize| {
            let (number, cells) = &all[at];
            let is_date = |cell: &Cow<'_, str>| {
                cell.contains(['-', '/', '.']) && calendar::parse(cell, Order::NotNeeded).is_some()
            };
            let is_about = said_zone::of_line(&cells.join(" ")).is_some()
                || at + 1 < first && (number + 1 < all[at + 1].0 || cells.iter().any(is_date));
            // names that stand there twice are read once
            let is_twice = at + 1 < first && heading::is_same(cells, &all[at + 1].1);
            let is_data = at + 1 < first && heading::is_data(cells, time);
            cells.len() > 1 && cells.len().abs_diff(width) <= 1 && !is_about && !is_twice && !is_data
        };
        let mut begin = first;
        while begin > 0 && first - begin < 3 && belongs(begin - 1) {
            begin -= 1;
        }
        // a single line of names beside a single column
        if begin == first && width == 1 && first > 0 {
            begin = first - 1;
        }
        let mut header: Vec<Vec<Cow<'_, str>>> =
            all[begin..first].iter().map(|(_, cells)| cells.clone()).collect();
        if let Some((at, cells)) = broken_header(&all[..first], delimiter, width) {
            (begin, header) = (at, vec![cells]);
        }
        let mut header_line = all.get(begin).filter(|_| begin < first).map_or(0, |(number, _)| *number);
        let below = || all.last().filter(|_| first > 0).map_or(0, |(number, _)| number + 1);
        let row_line = all.get(first).map_or_else(below, |(number, _)| *number);
        if header.is_empty()
            && let Some((number, cells)) = remark(text, row_line, delimiter, width)
        {
            header_line = number;
            header = vec![cells];
        }
        Self { header, header_line, first, row_line }
    }
}

/// A header whose names hold line ends, as one that is copied from a page: the place of its first line, and its names.
fn broken_header<'a>(
    above: &[Line<'a>],
    delimiter: char,
    width: usize,
) -> Option<(usize, Vec<Cow<'a, str>>)> {
    const MOST_LINES: usize = 8;
    let is_whole = |cells: &[Cow<'_, str>]| cells.len() == width && columns::by_name(cells).is_some();
    let places = (0..above.len().saturating_sub(1)).rev().take(MOST_LINES);
    places.into_iter().find_map(|begin| {
        let lines = &above[begin..];
        // each line but the first goes on with the cell that the one before has begun
        let mut joined: Vec<Cow<'a, str>> = lines[0].1.clone();
        for (_, cells) in &lines[1..] {
            let (first, rest) = cells.split_first()?;
            if let Some(last) = joined.last_mut() {
                *last = Cow::Owned(format!("{last} {first}").trim().to_owned());
            }
            joined.extend(rest.iter().cloned());
        }
        let is_broken = lines.iter().all(|(_, cells)| cells.len() < width);
        (is_broken && delimiter != ' ' && is_whole(&joined)).then_some((begin, joined))
    })
}

/// What the user says that stands above the rows.
fn said_above<'a>(text: &'a str, all: &[Line<'a>], set: &Table) -> Above<'a> {
    let skipped = set.skipped_lines.max(set.header_line);
    let first = all.iter().position(|(number, _)| *number > skipped).unwrap_or(all.len());
    let lines = (1..).zip(lines::of(text)).skip_while(|(number, _)| *number < set.header_line);
    let lines = lines.take(usize::try_from(set.header_lines.max(1)).unwrap_or(1));
    let cells = |line: &'a str| csv::cells(line.trim_start_matches(['\u{feff}', '#']), set.delimiter).ok();
    let header =
        if set.header_line == 0 { Vec::new() } else { lines.filter_map(|(_, line)| cells(line)).collect() };
    Above { header, header_line: set.header_line, first, row_line: skipped + 1 }
}

/// Excel's line `sep=;`.
pub(super) fn separator(line: &str) -> Option<char> {
    let line = line.trim().trim_matches('"');
    let (name, sign) = line.split_at_checked(4)?;
    let sign = sign.chars().next().unwrap_or('\t');
    name.eq_ignore_ascii_case("sep=").then_some(sign)
}

/// A header that stands in a remark right above the first row.
fn remark(text: &str, row_line: u64, delimiter: char, width: usize) -> Option<(u64, Vec<Cow<'_, str>>)> {
    let number = row_line.checked_sub(1).filter(|number| *number > 0)?;
    let line = lines::of(text).nth(usize::try_from(number).ok()? - 1)?;
    let cells = csv::cells(line.trim_start().strip_prefix('#')?.trim_start(), delimiter).ok()?;
    (cells.len() == width && columns::by_name(&cells).is_some()).then_some((number, cells))
}

/// Whether a header has one name too few because R leaves out that of the row names, which stand in front.
fn is_without_row_names(names: &[Cow<'_, str>], time: usize, rows: &[Line<'_>]) -> bool {
    let is_time = |name: &str| names::role_of(name) == Some(plan::Role::Time);
    let is_named = |at: usize| names.get(at).is_some_and(|name| is_time(name));
    // a sign behind the last cell makes an empty one
    let is_one_more = |(_, cells): &Line<'_>| {
        cells.len() == names.len() + 1 && cells.last().is_some_and(|cell| !cell.is_empty())
    };
    let fits = match time.checked_sub(1) {
        Some(before) => is_named(before) && !is_named(time),
        None => !names.iter().any(|name| is_time(name)),
    };
    fits && !rows.is_empty() && rows.iter().all(is_one_more)
}

fn commonest_width(lines: &[Line<'_>]) -> usize {
    let mut widths: Vec<usize> = lines.iter().map(|(_, cells)| cells.len()).collect();
    widths.sort_unstable();
    let runs = widths.chunk_by(|one, next| one == next);
    runs.max_by_key(|run| (run.len(), run[0])).map_or(0, |run| run[0])
}

pub(super) fn is_number(cell: &str) -> bool {
    number::parse(cell, Decimal::Point).or_else(|| number::parse(cell, Decimal::Comma)).is_some()
}

fn looks_like_time(cell: &str, times: &Times) -> bool {
    times.read(cell).is_ok() && !(cell.len() < 6 && times.numbers != Numbers::ExcelDays)
}

/// The column in which most cells are times: a date rather than a number, the first of equals.
fn time_column(lines: &[Line<'_>], width: usize, times: &mut Times, _of_day: bool) -> Option<usize> {
    let share = |holds: &dyn Fn(&str) -> bool, at: usize| {
        let cells = lines.iter().filter_map(|(_, cells)| cells.get(at));
        cells.filter(|cell| holds(cell)).count()
    };
    let needed = lines.len().div_ceil(2).max(1);
    let find = |holds: &dyn Fn(&str) -> bool| (0..width).find(|at| share(holds, *at) >= needed);
    let found = find(&|cell| looks_like_time(cell, times));
    if found.is_some() {
        return found;
    }
    // the name of a zone behind each time
    let named = (0..width).find_map(|at| {
        let mut cells = lines.iter().filter_map(|(_, cells)| cells.get(at));
        let zone = Zone::Named(
            cells.next_back()?.rsplit_once(' ').filter(|(_, name)| name.contains('/'))?.1.to_owned(),
        );
        Clock::of(&zone).ok()?;
        let with_zone = Times { zone, ..times.clone() };
        (share(&|cell| looks_like_time(cell, &with_zone), at) >= needed).then_some((at, with_zone))
    });
    if let Some((at, with_zone)) = named {
        *times = with_zone;
        return Some(at);
    }
    // 013124: the month of six digits
    let of_month = Times { order: Order::MonthFirst, ..times.clone() };
    if let Some(at) = find(&|cell| cell.len() < 16 && looks_like_time(cell, &of_month)) {
        return Some(at);
    }
    // a price that is near 45,000 is no day: those are in the first column, or in the second and in their order; some of
    // them are of a year that a number is taken for
    let latest = times.latest;
    let days = |at: usize| {
        let days: Vec<i64> =
            lines.iter().filter_map(|(_, cells)| times::excel_day(cells.get(at)?, latest)).collect();
        let in_order = days.is_sorted() || days.is_sorted_by(|one, next| one >= next);
        // earlier ones under the name of a time, each a few days from the one before
        let is_named = || {
            let first = lines.first().and_then(|(_, cells)| cells.get(at));
            first.is_some_and(|name| names::role_of(name) == Some(plan::Role::Time))
        };
        let are_near =
            || days.len() > 2 && days.windows(2).all(|pair| (1..=10).contains(&pair[0].abs_diff(pair[1])));
        let are_early =
            || days.iter().all(|day| times::is_day_of_excel(*day)) && in_order && is_named() && are_near();
        let is_plausible = days.iter().any(|day| times::is_plausible_day(*day)) || are_early();
        days.len() >= needed && (at == 0 || in_order) && is_plausible
    };
    let found = (0..width.min(2)).find(|at| days(*at));
    if found.is_some() {
        times.numbers = Numbers::ExcelDays;
    }
    found
}

/// [`times::clock_digits`] of a column.
pub(super) fn clock_digits(dialect: &Dialect<'_>, at: usize) -> Option<u8> {
    times::clock_digits(dialect.rows.iter().filter_map(|(_, cells)| cells.get(at).map(AsRef::as_ref)))
}

/// The column with the time of day beside one with dates alone.
pub(super) fn time_of_day(dialect: &Dialect<'_>, names: &[String]) -> Option<usize> {
    let date = dialect.time?;
    let dates_alone = dialect.rows.iter().all(|(_, cells)| {
        let written = cells.get(date).and_then(|cell| calendar::parse(cell, Order::NotNeeded));
        written.is_some_and(|written| !written.has_clock)
    });
    let width = dialect.rows.first().map_or(0, |(_, cells)| cells.len());
    // a damaged one costs its row
    let most = |holds: &dyn Fn(&str) -> bool, at: usize| {
        let held = dialect.rows.iter().filter(|(_, cells)| cells.get(at).is_some_and(|cell| holds(cell)));
        held.count() * 20 >= dialect.rows.len() * 19
    };
    let holds = |at: usize| {
        let times = Times { clock_digits: clock_digits(dialect, at), ..Times::default() };
        most(&|cell| times.time_of_day(cell).is_some(), at)
    };
    let with_colons = |at: usize| most(&|cell| cell.contains(':'), at);
    let named = |at: usize| {
        let name = names.get(at).map_or("", String::as_str);
        matches!(names::role_of(name), Some(plan::Role::Time | plan::Role::TimeOfDay))
    };
    let found = (0..width).find(|&at| at != date && holds(at) && (with_colons(at) || named(at)));
    found.filter(|_| dates_alone && !dialect.rows.is_empty())
}
