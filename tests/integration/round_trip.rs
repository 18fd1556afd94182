//! A table that is written in any of the dialects that are read comes back equal.

use crate::vendors::{bars, import};
use proptest::prelude::*;
use spreadscope_engine::transfer::timestamp;

const MINUTE: i64 = 60_000;
const DAY: i64 = 1_440 * MINUTE;

/// A bar: open time, open, high, low, close, volume.
type Written = (i64, [f64; 5]);

#[derive(Debug, Clone, Copy, PartialEq)]
enum Dates {
    Iso,
    Blank,
    Seconds,
    Millis,
    Micros,
    Points,
    Bare,
    TwoColumns,
    Excel,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Shape {
    Table,
    Lines,
    Records,
    Arrays,
    Split,
    Columns,
}

#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a choice of a vendor's by itself")]
struct Dialect {
    shape: Shape,
    dates: Dates,
    separator: char,
    decimal_comma: bool,
    quotes: bool,
    header: bool,
    newest_first: bool,
    ending: &'static str,
    mark: bool,
    utf_16: bool,
}

fn dialects() -> impl Strategy<Value = Dialect> {
    let shape = prop_oneof![
        6 => Just(Shape::Table),
        1 => Just(Shape::Lines),
        1 => Just(Shape::Records),
        1 => Just(Shape::Arrays),
        1 => Just(Shape::Split),
        1 => Just(Shape::Columns),
    ];
    let dates = prop::sample::select(vec![
        Dates::Iso,
        Dates::Blank,
        Dates::Seconds,
        Dates::Millis,
        Dates::Micros,
        Dates::Points,
        Dates::Bare,
        Dates::TwoColumns,
        Dates::Excel,
    ]);
    let separator = prop::sample::select(vec![',', ';', '\t', '|']);
    let flags = (any::<bool>(), any::<bool>(), prop::bool::weighted(0.8), any::<bool>());
    let coding = (prop::sample::select(vec!["\n", "\r\n"]), any::<bool>(), any::<bool>());
    (shape, dates, separator, flags, coding).prop_map(|(shape, dates, separator, flags, coding)| {
        let (decimal_comma, quotes, header, newest_first) = flags;
        let (ending, mark, utf_16) = coding;
        // a comma cannot part cells and decimals, unless cells are in quotes
        let decimal_comma = decimal_comma && separator != ',';
        Dialect { shape, dates, separator, decimal_comma, quotes, header, newest_first, ending, mark, utf_16 }
    })
}

fn tables() -> impl Strategy<Value = (i64, Vec<Written>)> {
    let steps = prop::sample::select(vec![MINUTE, 5 * MINUTE, 60 * MINUTE, 240 * MINUTE, DAY]);
    let bar = (
        (500_u32..9_000_000, 0_u32..400, 0_u32..400),
        (0_u32..400, 0_u32..900_000, prop::bool::weighted(0.1)),
    );
    // 2001 to 2025
    (steps, 11_500_i64..20_000, prop::collection::vec(bar, 5..40)).prop_map(|(step, first_day, parts)| {
        let cents = |cents: u32| f64::from(cents) / 100.0;
        let rows = parts.into_iter().enumerate().filter_map(
            |(at, ((open, up, down), (move_by, volume, is_hole)))| {
                let close = open - 200 + move_by;
                let (high, low) = (open.max(close) + up, open.min(close) - down.min(open.min(close) - 1));
                let bar = [cents(open), cents(high), cents(low), cents(close), f64::from(volume)];
                let time = first_day * DAY + i64::try_from(at).unwrap() * step;
                (at < 4 || !is_hole).then_some((time, bar))
            },
        );
        (step, rows.collect())
    })
}

impl Dialect {
    /// The cells of the time; two where the time of day has one of its own.
    fn time(&self, millis: i64, is_daily: bool) -> Vec<String> {
        let iso = timestamp::format(millis);
        let (date, clock) = (&iso[..10], &iso[11..19]);
        match self.dates {
            Dates::Blank => vec![format!("{date} {clock}")],
            Dates::Seconds => vec![(millis / 1_000).to_string()],
            Dates::Millis => vec![millis.to_string()],
            Dates::Micros => vec![format!("{millis}000")],
            Dates::Points => vec![format!("{}.{}.{} {clock}", &date[8..], &date[5..7], &date[..4])],
            Dates::Bare => vec![format!("{} {}", date.replace('-', ""), clock.replace(':', ""))],
            Dates::TwoColumns if self.shape == Shape::Table => vec![date.to_owned(), clock.to_owned()],
            Dates::TwoColumns => vec![format!("{date}T{clock}")],
            Dates::Excel if self.shape == Shape::Table && is_daily => {
                vec![(millis / DAY + 25_569).to_string()]
            }
            Dates::Excel | Dates::Iso => vec![iso],
        }
    }

    fn write(&self, rows: &[Written]) -> Vec<u8> {
        let mut rows: Vec<Written> = rows.to_vec();
        if self.newest_first {
            rows.reverse();
        }
        let text = match self.shape {
            Shape::Table => self.table(&rows),
            _ => self.json(&rows),
        };
        let text = if self.mark { format!("\u{feff}{text}") } else { text };
        if self.utf_16 {
            return text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        }
        text.into_bytes()
    }

    fn table(&self, rows: &[Written]) -> String {
        let parted = |cells: Vec<String>| {
            let quoted = |cell: String| if self.quotes { format!("\"{cell}\"") } else { cell };
            let cells: Vec<String> = cells.into_iter().map(quoted).collect();
            format!("{}{}", cells.join(&self.separator.to_string()), self.ending)
        };
        let number = |number: f64| {
            let text = number.to_string();
            if self.decimal_comma { text.replace('.', ",") } else { text }
        };
        let times = if self.dates == Dates::TwoColumns { vec!["Date", "Time"] } else { vec!["Date"] };
        let names = times.into_iter().chain(["Open", "High", "Low", "Close", "Volume"]);
        let header = self.header.then(|| parted(names.map(str::to_owned).collect()));
        let is_daily = rows.iter().all(|(time, _)| time % DAY == 0);
        let rows = rows.iter().map(|(time, bar)| {
            parted(
                self.time(*time, is_daily)
                    .into_iter()
                    .chain(bar.iter().map(|value| number(*value)))
                    .collect(),
            )
        });
        header.into_iter().chain(rows).collect()
    }

    fn json(&self, rows: &[Written]) -> String {
        let time = |millis: i64| {
            let text = self.time(millis, false).remove(0);
            if text.bytes().all(|byte| byte.is_ascii_digit()) { text } else { format!("\"{text}\"") }
        };
        let values = |bar: &[f64; 5]| bar.map(|value| value.to_string());
        let object = |(millis, bar): &Written| {
            let [o, h, l, c, v] = values(bar);
            format!(
                r#"{{"time":{},"open":{o},"high":{h},"low":{l},"close":{c},"volume":{v}}}"#,
                time(*millis)
            )
        };
        let list =
            |of: &dyn Fn(&Written) -> String, sign: &str| rows.iter().map(of).collect::<Vec<_>>().join(sign);
        match self.shape {
            Shape::Lines => list(&object, self.ending),
            Shape::Records => format!("[{}]", list(&object, if self.quotes { ",\n " } else { "," })),
            Shape::Table | Shape::Arrays => {
                format!(
                    "[{}]",
                    list(&|(millis, bar)| format!("[{},{}]", time(*millis), values(bar).join(",")), ",")
                )
            }
            Shape::Split => format!(
                r#"{{"columns":["open","high","low","close","volume"],"index":[{}],"data":[{}]}}"#,
                list(&|(millis, _)| time(*millis), ","),
                list(&|(_, bar)| format!("[{}]", values(bar).join(",")), ",")
            ),
            Shape::Columns => {
                let fields =
                    ["open", "high", "low", "close", "volume"].iter().enumerate().map(|(at, name)| {
                        format!(r#""{name}":[{}]"#, list(&|(_, bar)| bar[at].to_string(), ","))
                    });
                let fields: Vec<String> = fields.collect();
                format!(r#"{{"time":[{}],{}}}"#, list(&|(millis, _)| time(*millis), ","), fields.join(","))
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_table_in_any_dialect_comes_back_equal((step, rows) in tables(), dialect in dialects()) {
        let (files, report) = import("ABCUSDT.txt", &dialect.write(&rows));
        prop_assert_eq!((report.rows, report.refusals.count), (rows.len() as u64, 0));
        let (found, held) = bars(&files, "ABCUSDT");
        let held: Vec<Written> = held
            .iter()
            .map(|(time, bar)| (*time, [bar.open, bar.high, bar.low, bar.close, bar.volume.value()]))
            .collect();
        prop_assert_eq!((found, held), (step, rows));
    }
}
