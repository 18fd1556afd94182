//! What a file is, by its first lines, and what the first rows say.

use super::layout;
use super::layout::{Layout, ROWS_JUDGED, lines};
use super::plan::{Kind, OtherLeg, Plan, Role};
use super::reader::Reader;
use super::row::{Content, Row};
use super::{file_name, head};
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
            Content::Bar(None) | Content::Missing => (None, 0.0),
            Content::Trade { traded, .. } => (Some([traded.close; 4]), traded.volume.value()),
        };
        Self {
            symbol: row.symbol.as_deref().map(str::to_owned),
            time: UnixMillis(row.time.div_euclid(1_000)),
            known: row.content != Content::Missing,
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
}

/// Makes out how a file is to be read; `names` are its name within an archive, if any, and its own.
pub fn plan(text: &str, names: &[&str]) -> Plan {
    let told = file_name::read(names);
    let head = head::read(text);
    let Layout { form, kind, x_columns } = layout::find(text, told.day.is_some(), head.pair.is_some());
    let (symbol, other_leg) = match head.pair.zip(x_columns) {
        Some((pair, columns)) => (Some(pair.y), Some(OtherLeg { symbol: pair.x, columns })),
        None => (told.symbol, None),
    };
    let mut plan = Plan {
        form,
        kind,
        symbol,
        other_leg,
        step_millis: None,
        // a day is read from the name for times that are no dates of their own
        day: told.day.filter(|_| kind == Kind::Bars),
        // one who writes milliseconds of a day leaves out the minutes in which nothing traded
        absent_is_empty: told.day.is_some(),
        covers: told.covers.filter(|_| kind == Kind::Trades),
    };
    if kind == Kind::Bars {
        plan.step_millis = told
            .step_millis
            .or_else(|| head.interval.map(Interval::millis))
            .or_else(|| least_distance(text, &plan));
    }
    plan
}

/// The least distance of two bars of the first lines.
fn least_distance(text: &str, plan: &Plan) -> Option<i64> {
    let reader = Reader::new(plan);
    let times = lines(text).skip(usize::from(reader.has_header())).take(ROWS_JUDGED);
    let time_of = |line| {
        let mut time = None;
        let read = reader.read(line, |row| {
            time = Some(row.time.div_euclid(1_000));
            Ok(())
        });
        read.ok().and(time)
    };
    let mut times: Vec<i64> = times.filter_map(|(_, line)| time_of(line)).collect();
    times.sort_unstable();
    times.windows(2).map(|pair| pair[1] - pair[0]).filter(|distance| *distance > 0).min()
}

/// Shows the first lines as `plan` has them read. `whole`: the text is all of the file.
pub fn preview(text: &str, plan: Plan, whole: bool) -> Preview {
    let reader = Reader::new(&plan);
    let mut lines = lines(text).peekable();
    let header = lines.next_if(|_| reader.has_header()).map(|(_, line)| reader.cells(line));
    let mut rows: Vec<Sample> = Vec::new();
    while let Some((number, line)) = lines.next() {
        // a line that the slice has cut is not shown
        if rows.len() >= ROWS_SHOWN || (lines.peek().is_none() && !whole && !text.ends_with('\n')) {
            break;
        }
        let mut readings = Vec::new();
        let read = reader.read(line, |row| {
            readings.push(Ok(Reading::of(row)));
            Ok(())
        });
        if let Err(reason) = read {
            readings = vec![Err(reason)];
        }
        let sample = |reading| Sample { line: number, cells: reader.cells(line), reading };
        rows.extend(readings.into_iter().map(sample));
    }
    rows.truncate(ROWS_SHOWN);
    let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let numbered = (1..=width).map(|number| format!("column {number}")).collect();
    let columns = header.or_else(|| reader.names()).unwrap_or(numbered);
    let names_symbol =
        rows.iter().any(|row| row.reading.as_ref().is_ok_and(|reading| reading.symbol.is_some()));
    let mut problems = plan.problems();
    if rows.is_empty() {
        problems.push("There is no row in it.".to_owned());
    } else if rows.iter().all(|row| row.reading.is_err()) && problems.is_empty() {
        problems.push("None of the first rows can be read in this way.".to_owned());
    } else if plan.form.columns().is_none() && plan.symbol.is_none() && !names_symbol {
        problems.push("The symbol is not known.".to_owned());
    }
    let mut notes = notes(&plan);
    let parameters = head::read(text).parameters;
    if parameters.iter().any(|(name, _)| name == "hedge_model") {
        notes.push(
            "It says which model and windows it was made with: the desk takes them with it.".to_owned(),
        );
    }
    Preview { plan, columns, rows, problems, notes, parameters }
}

/// What the file does not say, and what is made of that.
fn notes(plan: &Plan) -> Vec<String> {
    let mut notes = Vec::new();
    let has = |role| plan.form.columns().is_none_or(|columns| columns.contains(&Some(role)));
    if let Some((first, other)) = plan.symbol.as_ref().zip(plan.other_leg.as_ref()) {
        notes.push(format!("A row holds a bar of {first} and one of {}.", other.symbol));
    }
    match plan.kind {
        Kind::Bars => {
            if !(has(Role::Open) && has(Role::High) && has(Role::Low)) {
                notes.push("Without open, high and low, the close stands for them.".to_owned());
            }
            if !has(Role::Volume) {
                notes.push("There is no volume: it is shown as 0.".to_owned());
            }
            if !has(Role::Trades) {
                notes.push("The number of trades is not known: it is shown as 0.".to_owned());
            }
        }
        Kind::Trades => {
            let ids = has(Role::TradeId) || (has(Role::FirstTradeId) && has(Role::LastTradeId));
            if !ids {
                notes.push("Without trade ids a hole cannot be told from a time without trades.".to_owned());
            }
        }
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transfer::plan::Form;

    fn look(name: &str, text: &str) -> Preview {
        preview(text, plan(text, &[name]), true)
    }

    #[test]
    fn a_table_is_read_by_its_header_and_its_name() {
        let text = "# daily\ndate,close,open,high,low\n2024-08-08,2,1,3,0.5\n2024-08-09,x,1,1,1\n2024-08-10,1,1,1,1\n2024-08-11,1,1,1,1\n";
        let Preview { plan, columns, rows, problems, notes, parameters: _ } = look("BTCUSDT.csv", text);
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
