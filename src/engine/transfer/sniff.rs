//! What a file is, by its first lines, and what the first rows say.

use super::dialect::candidates;
use super::layout;
use super::layout::Layout;
use super::lines::ENDS;
use super::opening::Opening;
use super::plan::{Form, Kind, Plan, intervals, length_words};
use super::reader::{Raw, Reader};
use super::refusal::quoted;
use super::row::{Content, Row};
use super::text::Coding;
use super::times::{Moment, Numbers, Times};
use super::zone::Clock;
use super::{apart, document, file_name, head, members, names, notes, step};
use crate::{Interval, UnixMillis};
use serde::{Deserialize, Serialize};

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
    pub reading: Result<Reading, String>,
}

/// A row as it is read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reading {
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

impl Reading {
    fn of(row: &Row<'_>) -> Self {
        let (prices, volume) = match &row.content {
            Content::Bar(Some(bar)) => (Some([bar.open, bar.high, bar.low, bar.close]), bar.volume.value()),
            Content::Bar(None) | Content::Missing | Content::Unpriced => (None, 0.0),
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
    let told = file_name::read(file_names);
    let head = head::read(text);
    let latest = now + 86_400_000;
    let Layout { form, kind, markets, symbol, times } =
        layout::find(text, told.day.is_some(), head.pair.as_ref(), latest);
    let mut plan = Plan {
        symbol: symbol.or(told.symbol),
        markets,
        // a day is read from the name for times that are no dates of their own
        day: told.day.filter(|_| kind == Kind::Bars),
        // one who writes milliseconds of a day leaves out the minutes in which nothing traded
        absent_is_empty: told.day.is_some(),
        covers: told.covers.filter(|_| kind == Kind::Trades),
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
    if kind == Kind::Bars {
        let said = told.step_millis.or_else(|| head.interval.map(Interval::millis));
        let moments = moments(text, &plan);
        let found = step::find(&moments).map(|found| found.millis);
        let fits = |said: i64| found.is_none_or(|found| found % said == 0);
        plan.step_millis = said.filter(|said| fits(*said)).or(found);
        plan.times.opening = opening(&moments, plan.step_millis);
    }
    plan
}

/// A plan that the user has changed: where the columns are to be found anew, they are; where times or columns are read
/// in another way, bars have the length that these times agree on, unless the user has set another.
pub fn again(text: &str, plan: Plan, found: &Plan) -> Plan {
    let mut plan = anew(text, plan);
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
    plan.times.opening = opening(&moments, plan.step_millis);
    plan
}

fn opening(moments: &[Moment], step_millis: Option<i64>) -> Opening {
    step_millis.map_or_else(Opening::default, |step| Opening::of(moments, step))
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
            if plan
                .step_millis
                .is_some_and(|step| step > 0 && row.time.div_euclid(1_000).rem_euclid(step) != 0)
            {
                odd.push(number);
            }
            times.push(row.time.div_euclid(1_000));
            readings.push(Ok(Reading::of(row)));
            Ok(())
        });
        match read {
            Err(reason) => readings.push(Err(reason)),
            Ok(0) if matches!(raw, Raw::Value(_)) => return true,
            Ok(_) => {}
        }
        if found.len() < ROWS_SHOWN {
            let sample = |reading| Sample { line: number, cells: reader.cells(raw), reading };
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
    let names_symbol =
        rows.iter().any(|row| row.reading.as_ref().is_ok_and(|reading| reading.symbol.is_some()));
    let mut problems = plan.problems();
    problems.extend(Clock::of(&plan.times.zone).err());
    let refused = rows.iter().map(|row| row.reading.as_ref().err()).collect::<Option<Vec<_>>>();
    if rows.is_empty() {
        problems = vec!["There is no row in it.".to_owned()];
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
    if let Some(said) = members::message(text).filter(|_| !problems.is_empty()) {
        problems.insert(0, format!("It holds a message in place of rows: {}.", quoted(&said)));
    }
    let mut notes = notes::of_plan(&plan);
    notes.extend(notes::of_doubt(&plan, &rows));
    notes.extend(notes::of_unused(&plan, &columns, &rows));
    let shown = plan.step_millis.filter(|step| plan.kind == Kind::Bars && intervals(*step).next().is_some());
    if let (Some(first), Some(step)) = (odd.first(), shown) {
        notes.push(format!(
            "{} of the first {judged} rows do not fit bars of {} and will be refused, the first in line {first}.",
            odd.len(),
            length_words(step)
        ));
    }
    times.sort_unstable();
    times.dedup();
    notes.extend(shown.and_then(|step| apart::sentence(&times, step)));
    let parameters = head::read(text).parameters;
    if parameters.iter().any(|(name, _)| name == "hedge_model") {
        notes.push(
            "It says which model and windows it was made with: the desk takes them with it.".to_owned(),
        );
    }
    Preview { plan, columns, rows, problems, notes, parameters, others: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_800_000_000_000);

    fn plan(text: &str, names: &[&str]) -> Plan {
        super::plan(text, names, Coding::Utf8, NOW)
    }

    fn look(name: &str, text: &str) -> Preview {
        preview(text, plan(text, &[name]), true)
    }

    #[test]
    fn a_table_is_read_by_its_header_and_its_name() {
        let text = "# daily\ndate,close,open,high,low\n2024-08-08,2,1,3,0.5\n2024-08-09,x,1,1,1\n2024-08-10,1,1,1,1\n2024-08-11,1,1,1,1\n";
        let Preview { plan, columns, rows, problems, notes, .. } = look("BTCUSDT.csv", text);
        assert_eq!((plan.kind, plan.step_millis), (Kind::Bars, Some(86_400_000)));
        assert_eq!(plan.symbol.unwrap().as_str(), "BTCUSDT");
        assert_eq!(columns, ["date", "close", "open", "high", "low"]);
        let prices = rows[0].reading.as_ref().unwrap().prices;
        assert_eq!((rows[0].line, prices), (3, Some([1.0, 3.0, 0.5, 2.0])));
        assert_eq!(rows[1].reading, Err("close must be a positive decimal, was \"x\"".into()));
        assert_eq!((problems.len(), notes.len()), (0, 2), "{problems:?} {notes:?}");
    }

    #[test]
    fn json_and_frames_are_told_apart() {
        let trade = r#"{"symbol":"btcusdt","ts":"2024-08-08T23:54:15.342Z","price":1,"size":2}"#;
        let seen = look("x.ndjson", trade);
        assert_eq!((seen.plan.form, seen.problems.len(), seen.rows.len()), (Form::Ndjson, 0, 1));
        let nameless = trade.replace("symbol", "coin");
        assert_eq!(look("my recording.ndjson", &nameless).problems, ["The symbol is not known."]);
        let frame = "wss://host <-> 1\n1633998512.0: {\"stream\":\"a@depth\",\"data\":{}}\n";
        assert_eq!(look("x", frame).plan.form, Form::Frames);
    }

    #[test]
    fn rows_of_both_legs_are_shown_once_for_each() {
        let head = "# y: BTCUSDT\n# x: ETHUSDT\n# interval: 1m\n";
        let text =
            format!("{head}time,y_close,x_close,x_origin\n2024-08-08,2,,missing\n2024-08-09,0,1,live\n");
        let Preview { plan, rows, problems, notes, .. } = look("a.csv", &text);
        assert_eq!((plan.step_millis, problems.len()), (Some(60_000), 0), "{problems:?}");
        assert_eq!(notes[0], "A row holds a bar of BTCUSDT and one of ETHUSDT.");
        let seen: Vec<(u64, Result<_, _>)> = rows
            .into_iter()
            .map(|row| (row.line, row.reading.map(|read| (read.symbol.unwrap(), read.known))))
            .collect();
        let refused = "BTCUSDT: close must be a positive decimal, was \"0\"".to_owned();
        let expected = [
            (5, Ok(("BTCUSDT".to_owned(), true))),
            (5, Ok(("ETHUSDT".to_owned(), false))),
            (6, Ok(("ETHUSDT".to_owned(), true))),
            (6, Err(refused)),
        ];
        assert_eq!(seen, expected);
    }

    #[test]
    fn what_is_no_table_of_prices_is_shown_with_its_problem() {
        let seen = look("notes.txt", "dear diary\ntoday it rained\n");
        assert_eq!(seen.problems[0], "No column is the time.");
        assert_eq!(seen.rows[0].cells, ["today it rained"]);
        assert_eq!(look("BTCUSDT.csv", "").problems.last().unwrap(), "There is no row in it.");
    }

    #[test]
    fn a_line_that_the_slice_has_cut_is_not_judged() {
        let text = "1605499846,15993.5,0.026472\n1605499846,15994.96,0.2\n160549";
        let seen = preview(text, plan(text, &["BTCUSDT.csv"]), false);
        assert_eq!((seen.plan.kind, seen.rows.len()), (Kind::Trades, 2));
    }
}
