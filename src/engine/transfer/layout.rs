//! How the rows of a file are written and what they are, by its first lines.

use super::plan::{Form, Kind, Role, Table};
use super::{columns, csv, members, reader};
use std::borrow::Cow;

/// Rows that a table is judged by.
pub(super) const ROWS_JUDGED: usize = 200;

/// What the first lines look like.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Layout {
    pub(super) form: Form,
    pub(super) kind: Kind,
    /// What the columns mean for x, where rows hold a bar of each leg; those of the form are what they mean for y.
    pub(super) x_columns: Option<Vec<Option<Role>>>,
}

impl Layout {
    fn of(form: Form, kind: Kind) -> Self {
        Self { form, kind, x_columns: None }
    }
}

/// What columns mean by their names.
struct Named {
    kind: Kind,
    columns: Vec<Option<Role>>,
    x_columns: Option<Vec<Option<Role>>>,
}

/// The lines of `text` that may be rows, with their numbers.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (u64, &str)> + Clone {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let numbered = (1..).zip(text.lines());
    numbered.filter(|(_, line)| !reader::is_blank(line))
}

/// Makes out how the rows of `text` are written.
///
/// `of_day`: times are milliseconds since midnight. `has_pair`: the head of the file names two markets.
pub(super) fn find(text: &str, of_day: bool, has_pair: bool) -> Layout {
    // a recording may begin with the address that it was made from
    for (_, line) in lines(text).take(5) {
        let start = line.trim_start();
        if start.contains("{\"stream\":") || start.contains("\"e\":\"trade\"") {
            return Layout::of(Form::Frames, Kind::Trades);
        }
        if start.starts_with(['{', '[']) {
            let trades = || Layout::of(Form::Ndjson, Kind::Trades);
            return bars_in_json(start, has_pair).unwrap_or_else(trades);
        }
    }
    table(text, of_day, has_pair)
}

/// Bars as JSON, one a line; `None` where `line` is none of them.
fn bars_in_json(line: &str, has_pair: bool) -> Option<Layout> {
    let names = members::names(line)?;
    // a recorder may put the last close beside its trade
    if columns::has_trade(&names) {
        return None;
    }
    let Named { kind, columns, x_columns } = by_name(&names, has_pair)?;
    (kind == Kind::Bars).then_some(Layout { form: Form::Objects { names, columns }, kind, x_columns })
}

fn table(text: &str, of_day: bool, has_pair: bool) -> Layout {
    let first: Vec<&str> = lines(text).take(20).map(|(_, line)| line).collect();
    let delimiter = csv::delimiter(&first);
    let mut rows = lines(text).filter_map(|(_, line)| csv::cells(line, delimiter).ok()).take(ROWS_JUDGED);
    let Some(first) = rows.next() else {
        let table = Table { delimiter, has_header: false, columns: Vec::new() };
        return Layout::of(Form::Table(table), Kind::Bars);
    };
    let has_number = first.iter().any(|cell| cell.parse::<f64>().is_ok_and(f64::is_finite));
    // columns with other names are not what they look like
    let found = if has_number {
        let rows: Vec<Vec<Cow<'_, str>>> = core::iter::once(first.clone()).chain(rows).collect();
        // the last line may be cut
        let whole = rows.len().saturating_sub(usize::from(rows.len() > 1));
        let found = columns::by_content(&rows[..whole], of_day);
        found.map(|(kind, columns)| Named { kind, columns, x_columns: None })
    } else {
        by_name(&first, has_pair)
    };
    // the user says what the columns mean
    let unknown = || Named { kind: Kind::Bars, columns: columns::time_alone(&first), x_columns: None };
    let Named { kind, columns, x_columns } = found.unwrap_or_else(unknown);
    Layout { form: Form::Table(Table { delimiter, has_header: !has_number, columns }), kind, x_columns }
}

/// Reads the names of columns; those of both legs only where it is known which markets these are.
fn by_name<S: AsRef<str>>(names: &[S], has_pair: bool) -> Option<Named> {
    if let Some((kind, columns)) = columns::by_name(names) {
        return Some(Named { kind, columns, x_columns: None });
    }
    let [y, x] = columns::of_legs(names).filter(|_| has_pair)?;
    Some(Named { kind: Kind::Bars, columns: y, x_columns: Some(x) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_bars_or_trades_by_the_names_of_their_members() {
        let bars = [r#"{"symbol":"X1","open_time":1,"close":2}"#, r#"[{"t":1,"time":1,"c":"2"},"#];
        for line in bars {
            let Layout { form, kind, .. } = find(line, false, true);
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
            assert_eq!(find(line, false, true), Layout::of(Form::Ndjson, Kind::Trades), "{line}");
        }
    }

    #[test]
    fn bars_of_both_legs_are_none_unless_the_pair_is_known() {
        let (csv, json) = ("time,y_close,x_close\n1,2,3\n", r#"{"time":1,"y_close":2,"x_close":3}"#);
        let x = Some(vec![Some(Role::Time), None, Some(Role::Close)]);
        for text in [csv, json] {
            let found = find(text, false, true);
            assert_eq!(found.form.columns().unwrap()[1], Some(Role::Close));
            assert_eq!(found.x_columns, x, "{text}");
            assert_eq!(find(text, false, false).x_columns, None);
        }
        assert_eq!(find(csv, false, false).form.columns().unwrap(), [Some(Role::Time), None, None]);
        assert_eq!(find(json, false, false).form, Form::Ndjson);
    }
}
