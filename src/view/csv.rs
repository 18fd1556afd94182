//! Tables as CSV: RFC 4180 below a block of `#` lines that say how the numbers came about.

use crate::view::format;
use core::fmt::Write as _;
use spreadscope_engine::Settings;

/// A CSV file in the making.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Csv {
    text: String,
    fresh_line: bool,
}

impl Csv {
    /// A table whose `#` lines are `parameters`, name and value, and whose header is `columns`.
    pub fn new(parameters: &[(&str, String)], columns: &[&str]) -> Self {
        let mut csv = Self { text: String::new(), fresh_line: true };
        for (name, value) in parameters {
            // a line break in a value would end the comment
            let value: String =
                value.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
            csv.push(&format!("# {name}: {value}\r\n"));
        }
        for column in columns {
            csv.word(column);
        }
        csv.end_row();
        csv
    }

    /// Adds a number in full: the shortest text that reads back the same; empty when it is not finite.
    pub fn number(&mut self, value: f64) {
        self.separate();
        if value.is_finite() {
            self.push_display(value);
        }
    }

    /// Adds a whole number.
    pub fn whole(&mut self, value: i64) {
        self.separate();
        self.push_display(value);
    }

    /// Adds a text of this program's own, such as an ISO time.
    pub fn word(&mut self, text: &str) {
        debug_assert!(
            !text.contains(['"', ',', '\r', '\n']) && !text.starts_with(['=', '+', '-', '@']),
            "Invariant: our own words need no quotes"
        );
        self.separate();
        self.push(text);
    }

    /// Adds a text from outside: quoted, and kept from being taken for a formula by a spreadsheet.
    pub fn foreign(&mut self, text: &str) {
        self.separate();
        let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { "'" } else { "" };
        self.push(&format!("\"{guard}{}\"", text.replace('"', "\"\"")));
    }

    /// Ends the row.
    pub fn end_row(&mut self) {
        self.push("\r\n");
        self.fresh_line = true;
    }

    /// The whole file.
    pub fn finish(self) -> String {
        self.text
    }

    fn separate(&mut self) {
        if !core::mem::replace(&mut self.fresh_line, false) {
            self.text.push(',');
        }
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn push_display(&mut self, value: impl core::fmt::Display) {
        write!(self.text, "{value}").expect("Invariant: a String takes any text");
    }
}

/// What a table's numbers were computed with, for its `#` lines.
pub fn parameters(settings: &Settings, made_millis: i64) -> Vec<(&'static str, String)> {
    let Settings { source, pair, interval, .. } = settings;
    vec![
        ("made_by", format!("Spreadscope {}", env!("CARGO_PKG_VERSION"))),
        ("made_at", format::iso(made_millis)),
        ("source", source.label().to_owned()),
        ("y", pair.y.to_string()),
        ("x", pair.x.to_string()),
        ("interval", interval.as_str().to_owned()),
        ("hedge_window_bars", settings.hedge_window_bars.to_string()),
        ("z_window_bars", settings.z_window_bars.to_string()),
        ("correlation_window_bars", settings.correlation_window_bars.to_string()),
        ("test_lookback_bars", settings.test_lookback_bars.to_string()),
        ("max_carried_bars", settings.max_carried_bars.to_string()),
        ("z_threshold", settings.z_threshold.to_string()),
        ("z_hysteresis", settings.z_hysteresis.to_string()),
        ("alert_cooldown_secs", settings.alert_cooldown_secs.to_string()),
    ]
}

/// A file name that says what is in it: `spreadscope-analytics-BTCUSDT-ETHUSDT-1s-20261124T140322Z.csv`.
pub fn file_name(what: &str, settings: &Settings, made_millis: i64) -> String {
    let Settings { pair, interval, .. } = settings;
    format!(
        "spreadscope-{what}-{}-{}-{}-{}.csv",
        pair.y,
        pair.x,
        interval.as_str(),
        format::stamp(made_millis)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_stands_below_its_parameters() {
        let mut csv = Csv::new(&[("y", "BTCUSDT".into()), ("note", "a\nb".into())], &["time", "z"]);
        csv.word("2026-11-24T00:00:00.000Z");
        csv.number(-0.1);
        csv.end_row();
        csv.whole(7);
        csv.number(f64::NAN);
        csv.end_row();
        assert_eq!(
            csv.finish(),
            "# y: BTCUSDT\r\n# note: a b\r\ntime,z\r\n2026-11-24T00:00:00.000Z,-0.1\r\n7,\r\n"
        );
    }

    #[test]
    fn numbers_read_back_to_the_bit() {
        for value in [1.0 / 3.0, 1e-17, -67_187.123_456_789, f64::MIN_POSITIVE, f64::MAX] {
            let mut csv = Csv::new(&[], &["v"]);
            csv.number(value);
            let text = csv.finish();
            let cell = text.strip_prefix("v\r\n").unwrap();
            assert_eq!(cell.parse::<f64>().unwrap().to_bits(), value.to_bits(), "{cell}");
        }
    }

    #[test]
    fn a_text_from_outside_cannot_become_a_formula_or_leave_its_field() {
        let mut csv = Csv::new(&[], &["t"]);
        csv.foreign("=HYPERLINK(\"evil\")");
        csv.foreign("a,b");
        assert_eq!(csv.finish(), "t\r\n\"'=HYPERLINK(\"\"evil\"\")\",\"a,b\"");
    }

    #[test]
    fn the_file_name_says_pair_interval_and_time() {
        assert_eq!(
            file_name("analytics", &Settings::default(), 0),
            "spreadscope-analytics-BTCUSDT-ETHUSDT-1s-19700101T000000Z.csv"
        );
    }
}
