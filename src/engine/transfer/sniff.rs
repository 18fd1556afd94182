//! What a file is, by its first lines, and what the first rows say.

use super::dialect::{ROWS_JUDGED, candidates};
use super::layout;
use super::layout::Layout;
use super::lines::ENDS;
use super::opening::Opening;
use super::order::Order;
use super::plan::{Form, Kind, Plan, Role, intervals, length_words};
use super::reader::{Raw, Reader};
use super::refusal::quoted;
use super::row::{Content, Row};
use super::text::Coding;
use super::times::{Moment, Numbers, Times};
use super::zone::{Clock, Zone};
use super::{
    apart, autumn, columns, document, file_name, head, members, names, notes, orders, said_zone, step, ticks,
};
use crate::{Interval, UnixMillis};
use serde::{Deserialize, Serialize};

mod numbers;

pub(super) use numbers::{first_signs, with_units};

/// Rows shown before a file is taken.
const ROWS_SHOWN: usize = 12;

/// A row as it stands in the file and as it is read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// Its line, from 1.
    pub line: u64,
    /// Its cells; the whole line where it is no table.
    pub cells: Vec<String>,
    /// What is read, or why it is refused.
    pub read: Result<ReadRow, String>,
}

/// A row as it is read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReadRow {
    /// The market that the row names.
    pub symbol: Option<String>,
    /// When.
    pub time: UnixMillis,
    /// Whether anything is known of the bar.
    pub known: bool,
    /// Open, high, low and close; a trade has one price. `None` where nothing traded.
    pub prices: Option<[f64; 4]>,
    /// Base volume.
    pub volume: f64,
}

impl ReadRow {
    fn of(row: &Row<'_>) -> Self {
        let (prices, volume) = match &row.content {
            Content::Bar(Some(bar)) => (Some([bar.open, bar.high, bar.low, bar.close]), bar.volume.value()),
            Content::Bar(None) | Content::Missing | Content::Unpriced | Content::Book { .. } => (None, 0.0),
            Content::Trade { traded, .. } => (Some([traded.close; 4]), traded.volume.value()),
        };
        Self {
            symbol: row.symbol.as_deref().map(str::to_owned),
            time: UnixMillis(row.time.div_euclid(1_000)),
            known: !matches!(row.content, Content::Missing | Content::Unpriced),
            prices,
            volume,
        }
    }
}

/// What is known of a file before it is taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Preview {
    /// How it will be read; the user may change it.
    pub plan: Plan,
    /// Names of the columns, or their numbers.
    pub columns: Vec<String>,
    /// The first rows.
    pub rows: Vec<Sample>,
    /// Why it cannot be read in this way; empty when it can.
    pub problems: Vec<String>,
    /// What else should be known.
    pub notes: Vec<String>,
    /// What a file of ours says that its rows were made with: names and values.
    pub parameters: Vec<(String, String)>,
    /// Other tables of the archive: `stocks.zip/KO.csv` opens one of them.
    pub others: Vec<String>,
}

/// Makes out how a file is to be read; `file_names` are its name within an archive, if any, and its own; `now`: no time in it
/// is more than a day later.
pub fn plan(text: &str, file_names: &[&str], coding: Coding, now: UnixMillis) -> Plan {
    let named = file_name::read(file_names);
    let head = head::read(text);
    let latest = now + 86_400_000;
    let Layout { form, kind, markets, symbol, times } =
        layout::find(text, named.day.is_some(), head.pair.as_ref(), latest);
    let mut plan = Plan {
        symbol: symbol.or(named.symbol),
        markets,
        // a day is read from the name for times that are no dates of their own
        day: named.day.filter(|_| kind == Kind::Bars),
        // one who writes milliseconds of a day leaves out the minutes in which nothing traded
        absent_is_empty: named.day.is_some(),
        covers: named.covers.filter(|_| kind == Kind::Trades),
        times,
        coding,
        ..Plan::new(form, kind)
    };
    // Korean and Japanese that are read as Chinese would be markets that nobody knows
    if let (Coding::Gbk, Form::Table(table)) = (coding, &plan.form)
        && table.names.iter().all(|name| names::role_of(name).is_none())
    {
        plan.markets.clear();
    }
    if !plan.times.order.is_set() && !matches!(plan.form, Form::Table(_)) {
        plan.times.order = order(text, &plan);
    }
    if let (Zone::Utc, Some(zone)) =
        (&plan.times.zone, plan.form.name_of(Role::Time).and_then(Zone::in_brackets))
    {
        plan.times.zone = zone;
    }
    if plan.times.zone == Zone::Utc
        && plan.day.is_none()
        && let Some(zone) = said_zone::of(text, &plan)
    {
        plan.times.zone = zone;
    }
    if kind == Kind::Bars {
        let named_millis = named.step_millis.or_else(|| head.interval.map(Interval::millis));
        let mut times = moments(text, &plan);
        let found = step::find(&times).map(|found| found.millis);
        let fits = |millis: i64| found.is_none_or(|found| found % millis == 0);
        plan.step_millis = named_millis.filter(|millis| fits(*millis)).or(found);
        if let Some(of_trades) = ticks::plan(&plan, &times, plan.step_millis) {
            return Plan { covers: named.covers, ..of_trades };
        }
        let zone =
            plan.step_millis.filter(|_| may_tell_zone(&plan)).and_then(|step| autumn::zone(&times, step));
        if let Some(zone) = zone {
            plan.times.zone = zone;
            times = moments(text, &plan);
        }
        plan.times.opening = opening(text, &times, &plan);
    }
    plan
}

/// A plan that the user has changed: where the columns are to be found anew, they are; where times or columns are read
/// in another way, bars have the length that these times agree on, unless the user has set another.
pub fn again(text: &str, plan: Plan, found: &Plan) -> Plan {
    let mut plan = anew(text, plan);
    if !plan.times.order.is_set() {
        plan.times.order = order(text, &plan);
    }
    if plan.kind != Kind::Bars {
        return plan;
    }
    let moments = moments(text, &plan);
    let reads_otherwise = plan.times != found.times || plan.form != found.form;
    let is_set = plan.step_millis.is_some() && plan.step_millis != found.step_millis;
    if reads_otherwise
        && !is_set
        && let Some(step) = step::find(&moments)
    {
        plan.step_millis = Some(step.millis);
    }
    plan.times.opening = opening(text, &moments, &plan);
    plan
}

/// The same plan with dates in the order that a row behind `text` tells; `later`: the text with those rows.
pub(super) fn with_later_order(text: &str, later: &str, plan: Plan) -> Plan {
    let order = order(later, &plan);
    if !order.is_set() {
        return plan;
    }
    let known = Plan { times: Times { order, ..plan.times.clone() }, ..plan.clone() };
    again(text, known, &plan)
}

/// Whether an hour that comes twice tells the zone: where no other is known, and rows follow each other in time.
pub(super) fn may_tell_zone(plan: &Plan) -> bool {
    let names_market = plan.form.columns().is_none_or(|columns| columns.contains(&Some(Role::Symbol)));
    plan.kind == Kind::Bars && plan.times.zone == Zone::Utc && plan.day.is_none() && !names_market
}

/// Whether the times of the first rows name no zone themselves.
pub(super) fn are_floating(text: &str, plan: &Plan) -> bool {
    autumn::are_floating(&moments(text, plan))
}

fn opening(text: &str, moments: &[Moment], plan: &Plan) -> Opening {
    let Some(step) = plan.step_millis else { return Opening::default() };
    let found = Opening::of(moments, step);
    let is_of_close = plan.has_closing_times() || has_hours_to_24(text, plan);
    if is_of_close { found.of_closes(moments, step) } else { found }
}

/// Whether hours count from 1 to 24, and so say when they end.
fn has_hours_to_24(text: &str, plan: &Plan) -> bool {
    let hours = texts(text, plan, Role::Hour);
    let is_hour = |hour: u8| hours.iter().any(|text| text.trim().parse() == Ok(hour));
    is_hour(24) && !is_hour(0)
}

/// The order of the dates of the first rows.
fn order(text: &str, plan: &Plan) -> Order {
    let cells = texts(text, plan, Role::Time);
    let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
    Order::of(&cells, plan.times.latest.0.saturating_mul(1_000))
}

/// What stands in the column of `role` in the first rows.
fn texts(text: &str, plan: &Plan, role: Role) -> Vec<String> {
    let reader = Reader::new(plan);
    let mut cells = Vec::new();
    rows(text, plan, |_, row| {
        cells.extend(reader.text_of(row, role));
        true
    });
    cells
}

/// Finds the columns of a table that has none: the user has said something else of how it is written.
fn anew(text: &str, plan: Plan) -> Plan {
    let Form::Table(set) = &plan.form else { return plan };
    if !set.columns.is_empty() {
        return plan;
    }
    let pair = head::read(text).pair;
    let found = layout::table(text, plan.day.is_some(), pair.as_ref(), plan.times.latest, Some(set));
    let Layout { form, kind, markets, symbol, times } = found;
    let order = if plan.times.order.is_set() { plan.times.order } else { times.order };
    let numbers = if plan.times.numbers == Numbers::Plausible { times.numbers } else { plan.times.numbers };
    let symbol = plan.symbol.or(symbol);
    Plan { form, kind, markets, symbol, times: Times { numbers, order, ..plan.times }, ..plan }
}

/// The times of the first rows, before they are put on a boundary.
fn moments(text: &str, plan: &Plan) -> Vec<Moment> {
    let plan = Plan { step_millis: None, ..plan.clone() };
    let reader = Reader::new(&plan);
    let mut found = Vec::new();
    rows(text, &plan, |_, row| {
        if let Ok(moment) = reader.moment(row) {
            found.push(moment);
        }
        true
    });
    found
}

/// Gives the rows of the text to `on_row` with their numbers, until that says that it has enough.
fn rows(text: &str, plan: &Plan, mut on_row: impl FnMut(u64, Raw<'_>) -> bool) {
    if let Form::Document { depth, of_objects, .. } = plan.form {
        let (mut number, mut goes_on) = (0, true);
        document::Values::new(depth, of_objects).push(text.as_bytes(), |value| {
            number += 1;
            goes_on = goes_on && on_row(number, Raw::Value(value));
        });
        return;
    }
    let skipped = plan.form.skipped_lines();
    for (number, line) in candidates(text).filter(|(number, _)| *number > skipped) {
        if !on_row(number, Raw::Line(line)) {
            break;
        }
    }
}

/// Whether an object of the first lines has the price and the size of a trade.
fn is_of_trades(text: &str) -> bool {
    let names = candidates(text).take(ROWS_JUDGED).filter_map(|(_, line)| members::names(line));
    names.into_iter().any(|names| columns::has_trade(&names))
}

/// Shows the first lines as `plan` has them read. `whole`: the text is all of the file.
pub fn preview(text: &str, plan: Plan, whole: bool) -> Preview {
    let reader = Reader::new(&plan);
    let mut found: Vec<Sample> = Vec::new();
    let mut odd = Vec::new();
    let last = candidates(text).last().map(|(number, _)| number);
    let (mut judged, mut times) = (0, Vec::new());
    rows(text, &plan, |number, raw| {
        // a line that the slice has cut is not shown
        let is_cut = matches!(raw, Raw::Line(_)) && last == Some(number) && !whole && !text.ends_with(ENDS);
        if is_cut {
            return false;
        }
        judged += 1;
        let mut readings = Vec::new();
        let read = reader.read(raw, |row| {
            if matches!(row.content, Content::Book { .. }) {
                return Ok(());
            }
            if plan
                .step_millis
                .is_some_and(|step| step > 0 && row.time.div_euclid(1_000).rem_euclid(step) != 0)
            {
                odd.push(number);
            }
            times.push(row.time.div_euclid(1_000));
            readings.push(Ok(ReadRow::of(row)));
            Ok(())
        });
        match read {
            Err(reason) => readings.push(Err(reason)),
            Ok(0) if matches!(raw, Raw::Value(_)) => return true,
            Ok(_) => {}
        }
        if found.len() < ROWS_SHOWN {
            let sample = |read| Sample { line: number, cells: reader.cells(raw), read };
            found.extend(readings.into_iter().map(sample));
        }
        true
    });
    let mut rows = found;
    odd.dedup();
    rows.truncate(ROWS_SHOWN);
    let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    // a header may be shorter than the rows
    let mut columns = reader.names().unwrap_or_default();
    columns.extend((columns.len() + 1..=width).map(|number| format!("column {number}")));
    let names_symbol = rows.iter().any(|row| row.read.as_ref().is_ok_and(|read| read.symbol.is_some()));
    let mut problems = plan.problems();
    problems.extend(Clock::of(&plan.times.zone).err());
    let refused = rows.iter().map(|row| row.read.as_ref().err()).collect::<Option<Vec<_>>>();
    if rows.is_empty() {
        problems = vec!["There is no row in it.".to_owned()];
    } else if refused.is_some() && plan.form == Form::Ndjson && !is_of_trades(text) {
        problems = vec![
            "No list in its JSON holds rows: each must have a time and a close, or a time, a price and a size.".to_owned(),
        ];
    } else if let Some(reason) = refused.as_ref().and_then(|reasons| reasons.first())
        && !problems.iter().any(|problem| problem.starts_with("No column"))
    {
        problems.push(format!(
            "None of the first rows can be read in this way; the first, in line {}: {reason}.",
            rows[0].line
        ));
    } else if plan.form.columns().is_none() && plan.symbol.is_none() && !names_symbol {
        problems.push("The symbol is not known.".to_owned());
    }
    let cells: Vec<&[String]> = rows.iter().map(|row| &row.cells[..]).collect();
    if let Some(refusal) = orders::refusal(&reader.names().unwrap_or_default(), &cells, text) {
        problems = vec![refusal];
    }
    if let Some(said) = members::message(text).filter(|_| !problems.is_empty()) {
        problems.insert(0, format!("It holds a message in place of rows: {}.", quoted(&said)));
    }
    let mut notes = notes::of_plan(&plan);
    notes.extend(notes::of_doubt(&plan, &rows));
    notes.extend(notes::of_excel(&plan, &rows));
    notes.extend(notes::of_closes(&plan, &columns));
    notes.extend(notes::of_unused(&plan, &columns, &rows));
    let shown = plan.step_millis.filter(|step| plan.kind == Kind::Bars && intervals(*step).next().is_some());
    if let (Some(first), Some(step)) = (odd.first(), shown) {
        let length = length_words(step);
        notes.push(match odd.len() {
            1 => format!("1 of the first {judged} rows does not fit bars of {length} and will be refused: line {first}."),
            more => format!(
                "{more} of the first {judged} rows do not fit bars of {length} and will be refused, the first in line {first}."
            ),
        });
    }
    times.sort_unstable();
    times.dedup();
    notes.extend(shown.and_then(|step| apart::sentence(&times, step)));
    if let (Some(step), Zone::Named(name)) = (shown, &plan.times.zone) {
        notes.extend(autumn::note(&moments(text, &plan), step, name));
    }
    let parameters = head::read(text).parameters;
    if parameters.iter().any(|(name, _)| name == "hedge_model") {
        notes.push(
            "It says which model and windows it was made with: the desk takes them with it.".to_owned(),
        );
    }
    Preview { plan, columns, rows, problems, notes, parameters, others: Vec::new() }
}

#[cfg(test)]
mod tests;
