//! Tables as files: CSV below a block of `#` lines, JSON, or one JSON object per line.
//!
//! CSV is RFC 4180; text that a spreadsheet would read as a formula is neutralised (CWE-1236). Numbers are
//! written in full, as the shortest text that reads back the same; absent values are empty in CSV and null in
//! JSON.

use core::fmt::Write as _;

/// One field of a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// A number; absent if it is not finite.
    Number(f64),
    /// A whole number.
    Whole(i64),
    /// Yes or no.
    Flag(bool),
    /// Text, from here or from outside.
    Text(String),
}

impl Cell {
    /// Returns a number if there is one.
    pub fn maybe(number: Option<f64>) -> Self {
        Self::Number(number.unwrap_or(f64::NAN))
    }

    /// Returns text of our own.
    pub fn word(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    /// Writes the field as JSON.
    pub fn json(&self, out: &mut String) {
        match self {
            Self::Number(number) if !number.is_finite() => out.push_str("null"),
            Self::Number(number) => push(out, number),
            Self::Whole(number) => push(out, number),
            Self::Flag(flag) => push(out, flag),
            Self::Text(text) => push_json_text(out, text),
        }
    }

    fn csv(&self, out: &mut String) {
        match self {
            Self::Number(number) if !number.is_finite() => {}
            Self::Number(number) => push(out, number),
            Self::Whole(number) => push(out, number),
            Self::Flag(flag) => push(out, flag),
            Self::Text(text) => push_csv_text(out, text),
        }
    }
}

fn push(out: &mut String, value: &dyn core::fmt::Display) {
    write!(out, "{value}").expect("Invariant: a String takes any text");
}

/// Writes text as a JSON string.
pub fn push_json_text(out: &mut String, text: &str) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            letter if letter.is_control() => {
                write!(out, "\\u{:04x}", u32::from(letter)).expect("Invariant: a String takes any text");
            }
            letter => out.push(letter),
        }
    }
    out.push('"');
}

/// Writes text, quoted if necessary, and never as a formula.
fn push_csv_text(out: &mut String, text: &str) {
    let formula = text.trim_start_matches(' ').starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\0']);
    if !formula && !text.contains(['"', ',', '\r', '\n']) {
        return out.push_str(text);
    }
    out.push('"');
    if formula {
        out.push('\'');
    }
    out.push_str(&text.replace('"', "\"\""));
    out.push('"');
}

/// A file format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// Comma-separated values.
    #[default]
    Csv,
    /// One JSON object: parameters and rows.
    Json,
    /// One JSON object per line: the parameters first, then the rows.
    Ndjson,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 3] = [Self::Csv, Self::Json, Self::Ndjson];

    /// Returns the extension of a file's name, which is also the choice's name in the form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Ndjson => "ndjson",
        }
    }

    /// Returns the format that [`Self::as_str`] names.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == text)
    }

    /// Returns the format's label.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::Json => "JSON",
            Self::Ndjson => "NDJSON",
        }
    }

    /// Returns the MIME type.
    pub const fn mime(self) -> &'static str {
        match self {
            Self::Csv => "text/csv;charset=utf-8",
            Self::Json => "application/json",
            Self::Ndjson => "application/x-ndjson",
        }
    }
}

/// A table being written; what has been written can be taken out in parts.
#[derive(Debug, Clone)]
pub struct Writer {
    format: Format,
    columns: Vec<&'static str>,
    text: String,
    first: bool,
}

impl Writer {
    /// Starts a table below its parameters, as names and values.
    pub fn new(format: Format, parameters: &[(&'static str, Cell)], columns: &[&'static str]) -> Self {
        let mut writer = Self { format, columns: columns.to_vec(), text: String::new(), first: true };
        let text = &mut writer.text;
        match format {
            Format::Csv => {
                for (name, value) in parameters {
                    let mut line = String::new();
                    value.csv(&mut line);
                    // a line break in a value would end the comment
                    let line: String =
                        line.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
                    for part in ["# ", *name, ": ", &line, "\r\n"] {
                        text.push_str(part);
                    }
                }
                text.push_str(&columns.join(","));
                text.push_str("\r\n");
            }
            Format::Json => {
                text.push_str("{\"parameters\":");
                object(text, parameters);
                text.push_str(",\n\"rows\":[");
            }
            Format::Ndjson if parameters.is_empty() => {}
            Format::Ndjson => {
                text.push_str("{\"parameters\":");
                object(text, parameters);
                text.push_str("}\n");
            }
        }
        writer
    }

    /// Adds a row with one cell per column.
    pub fn row(&mut self, cells: &[Cell]) {
        debug_assert_eq!(cells.len(), self.columns.len(), "Invariant: a cell for each column");
        let first = core::mem::replace(&mut self.first, false);
        match self.format {
            Format::Csv => {
                for (place, cell) in cells.iter().enumerate() {
                    if place > 0 {
                        self.text.push(',');
                    }
                    cell.csv(&mut self.text);
                }
                self.text.push_str("\r\n");
            }
            Format::Json | Format::Ndjson => {
                if self.format == Format::Json {
                    self.text.push_str(if first { "\n" } else { ",\n" });
                }
                self.text.push('{');
                for (place, (name, cell)) in self.columns.iter().zip(cells).enumerate() {
                    member(&mut self.text, place, name, cell);
                }
                self.text.push('}');
                if self.format == Format::Ndjson {
                    self.text.push('\n');
                }
            }
        }
    }

    /// Takes what has been written so far.
    pub fn take(&mut self) -> String {
        core::mem::take(&mut self.text)
    }

    /// Ends the table and returns the rest of it.
    pub fn finish(mut self) -> String {
        if self.format == Format::Json {
            self.text.push_str("\n]}\n");
        }
        self.text
    }
}

fn member(out: &mut String, place: usize, name: &str, cell: &Cell) {
    if place > 0 {
        out.push(',');
    }
    push_json_text(out, name);
    out.push(':');
    cell.json(out);
}

/// Writes names and values as a JSON object.
pub fn object(out: &mut String, members: &[(&'static str, Cell)]) {
    out.push('{');
    for (place, (name, cell)) in members.iter().enumerate() {
        member(out, place, name, cell);
    }
    out.push('}');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    fn whole(format: Format, parameters: &[(&'static str, Cell)], rows: &[Vec<Cell>]) -> String {
        let mut writer = Writer::new(format, parameters, &["name", "v"]);
        let mut text = String::new();
        for row in rows {
            writer.row(row);
            text.push_str(&writer.take());
        }
        text + &writer.finish()
    }

    fn rows() -> Vec<Vec<Cell>> {
        vec![vec![Cell::word("a"), Cell::Number(-0.1)], vec![Cell::word("b"), Cell::Number(f64::NAN)]]
    }

    #[test]
    fn a_csv_table_stands_below_its_parameters() {
        let parameters = [("y", Cell::word("BTCUSDT")), ("note", Cell::word("a\nb"))];
        assert_eq!(
            whole(Format::Csv, &parameters, &rows()),
            "# y: BTCUSDT\r\n# note: \"a b\"\r\nname,v\r\na,-0.1\r\nb,\r\n"
        );
    }

    #[test]
    fn json_holds_the_same() {
        let parameters = [("bars", Cell::Whole(2)), ("live", Cell::Flag(true))];
        let text = whole(Format::Json, &parameters, &rows());
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            value,
            serde_json::json!({"parameters": {"bars": 2, "live": true},
                "rows": [{"name": "a", "v": -0.1}, {"name": "b", "v": null}]})
        );
        let empty: Value = serde_json::from_str(&whole(Format::Json, &[], &[])).unwrap();
        assert_eq!(empty["rows"], serde_json::json!([]));
        let lines = whole(Format::Ndjson, &parameters, &rows());
        let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines[0]["parameters"]["bars"], 2);
        assert_eq!(lines[2], serde_json::json!({"name": "b", "v": null}));
        assert!(whole(Format::Ndjson, &[], &rows()).starts_with("{\"name\":\"a\""));
    }

    #[test]
    fn a_text_from_outside_cannot_become_a_formula_or_leave_its_field() {
        let cell = |text: &str| {
            let mut out = String::new();
            Cell::word(text).csv(&mut out);
            out
        };
        assert_eq!(cell("=HYPERLINK(\"evil\")"), "\"'=HYPERLINK(\"\"evil\"\")\"");
        assert_eq!(cell("  @SUM(A1)"), "\"'  @SUM(A1)\"");
        assert_eq!(cell("a,b"), "\"a,b\"");
        assert_eq!(cell("2026-11-24T00:00:00.000Z"), "2026-11-24T00:00:00.000Z");
        let mut number = String::new();
        Cell::Number(-2.25).csv(&mut number);
        assert_eq!(number, "-2.25", "a number stays one");
    }

    proptest! {
        #[test]
        fn any_text_and_any_number_read_back(text: String, number: f64) {
            let row = vec![Cell::Text(text.clone()), Cell::Number(number)];
            let line = whole(Format::Ndjson, &[], std::slice::from_ref(&row));
            prop_assert_eq!(line.matches('\n').count(), 1);
            let value: Value = serde_json::from_str(&line).unwrap();
            prop_assert_eq!(value["name"].as_str(), Some(text.as_str()));
            let mut csv = String::new();
            row[1].csv(&mut csv);
            if number.is_finite() {
                prop_assert_eq!(csv.parse::<f64>().unwrap().to_bits(), number.to_bits());
            }
            let mut field = String::new();
            row[0].csv(&mut field);
            prop_assert!(!field.starts_with(['=', '+', '-', '@', '\t']));
        }
    }
}
