//! A table written in any supported dialect reads back equal.

use crate::vendors::{bars, import};
use proptest::prelude::*;
use spreadscope_engine::transfer::timestamp;

const MINUTE: i64 = 60_000;
const DAY: i64 = 1_440 * MINUTE;

/// A bar: open time, open, high, low, close, volume.
type Written = (i64, [f64; 5]);

const NAMES: [&str; 6] = ["Date", "Open", "High", "Low", "Close", "Volume"];

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
    /// By a clock this many minutes ahead of UTC.
    Ahead(i64),
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Coding {
    Utf8,
    Utf16,
    /// Chinese column names.
    Gbk,
}

/// `日期`, `开盘`, `最高`, `最低`, `收盘`, `成交量` in GBK.
const CHINESE: [&[u8]; 6] = [
    b"\xc8\xd5\xc6\xda",
    b"\xbf\xaa\xc5\xcc",
    b"\xd7\xee\xb8\xdf",
    b"\xd7\xee\xb5\xcd",
    b"\xca\xd5\xc5\xcc",
    b"\xb3\xc9\xbd\xbb\xc1\xbf",
];

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
    coding: Coding,
    thousands: bool,
    above: &'static str,
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
        Dates::Ahead(-300),
        Dates::Ahead(330),
    ]);
    let separator = prop::sample::select(vec![',', ';', '\t', '|']);
    let flags = (any::<bool>(), any::<bool>(), prop::bool::weighted(0.8), any::<bool>());
    let codings = prop_oneof![2 => Just(Coding::Utf8), 1 => Just(Coding::Utf16), 1 => Just(Coding::Gbk)];
    let coding = (prop::sample::select(vec!["\n", "\r\n"]), any::<bool>(), codings);
    let above =
        prop::sample::select(vec!["", "", "https://www.example.org/ABCUSDT", "sep=", "# made by hand"]);
    (shape, dates, separator, flags, coding, (any::<bool>(), above)).prop_map(
        |(shape, dates, separator, flags, coding, (thousands, above))| {
            let (decimal_comma, quotes, header, newest_first) = flags;
            let (ending, mark, coding) = coding;
            // a comma cannot separate both cells and decimals, unless cells are quoted
            let decimal_comma = decimal_comma && separator != ',';
            let thousands = thousands && (quotes || separator != ',');
            // without a header nothing identifies a line above it
            let above = if header { above } else { "" };
            let coding = if shape == Shape::Table || coding == Coding::Utf16 { coding } else { Coding::Utf8 };
            let mark = mark && coding != Coding::Gbk;
            Dialect {
                shape,
                dates,
                separator,
                decimal_comma,
                quotes,
                header,
                newest_first,
                ending,
                mark,
                coding,
                thousands,
                above,
            }
        },
    )
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
    /// Returns the cells of the time; two if the time of day has its own.
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
            Dates::Ahead(minutes) => {
                // a day is written as its date
                let shown = if is_daily { millis } else { millis + minutes * MINUTE };
                let (sign, minutes) = (if minutes < 0 { '-' } else { '+' }, minutes.abs());
                let shown = &timestamp::format(shown)[..19];
                vec![format!("{shown}{sign}{:02}:{:02}", minutes / 60, minutes % 60)]
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
        self.coded(&text)
    }

    fn coded(&self, text: &str) -> Vec<u8> {
        let text = if self.mark { format!("\u{feff}{text}") } else { text.to_owned() };
        match self.coding {
            Coding::Utf8 => text.into_bytes(),
            Coding::Utf16 => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Coding::Gbk => {
                let mut bytes = text.into_bytes();
                for (name, chinese) in NAMES.iter().zip(CHINESE) {
                    let at = bytes.windows(name.len()).position(|part| part == name.as_bytes());
                    if let Some(at) = at.filter(|_| self.header) {
                        bytes.splice(at..at + name.len(), chinese.iter().copied());
                    }
                }
                bytes
            }
        }
    }

    /// Returns a number with `decimals` decimals; as short as possible if `None`.
    fn number(&self, number: f64, decimals: Option<usize>) -> String {
        let text = decimals.map_or_else(|| number.to_string(), |decimals| format!("{number:.decimals$}"));
        let (whole, fraction) =
            text.split_once('.').map_or((&text[..], None), |(whole, rest)| (whole, Some(rest)));
        let (point, between) = if self.decimal_comma { (',', '.') } else { ('.', ',') };
        let mut written = String::new();
        for (place, digit) in whole.chars().enumerate() {
            if self.thousands && place > 0 && (whole.len() - place).is_multiple_of(3) {
                written.push(between);
            }
            written.push(digit);
        }
        if let Some(fraction) = fraction {
            written.push(point);
            written.push_str(fraction);
        }
        written
    }

    fn parted(&self, cells: Vec<String>) -> String {
        let quoted = |cell: String| if self.quotes { format!("\"{cell}\"") } else { cell };
        let cells: Vec<String> = cells.into_iter().map(quoted).collect();
        format!("{}{}", cells.join(&self.separator.to_string()), self.ending)
    }

    fn above(&self) -> String {
        match self.above {
            "" => String::new(),
            "sep=" => format!("sep={}{}", self.separator, self.ending),
            line => format!("{line}{}", self.ending),
        }
    }

    fn table(&self, rows: &[Written]) -> String {
        // with thousands separators every price has its cents: 1.234 alone would be ambiguous
        let decimals = self.thousands.then_some(2);
        let times = if self.dates == Dates::TwoColumns { vec!["Date", "Time"] } else { vec!["Date"] };
        let names = times.into_iter().chain(NAMES[1..].iter().copied());
        let header = self.header.then(|| self.above() + &self.parted(names.map(str::to_owned).collect()));
        let is_daily = rows.iter().all(|(time, _)| time % DAY == 0);
        let rows = rows.iter().map(|(time, bar)| {
            let [prices @ .., volume] = bar;
            let prices = prices.iter().map(|price| self.number(*price, decimals));
            let volume = [self.number(*volume, None)];
            self.parted(self.time(*time, is_daily).into_iter().chain(prices).chain(volume).collect())
        });
        header.into_iter().chain(rows).collect()
    }

    fn json(&self, rows: &[Written]) -> String {
        let is_daily = rows.iter().all(|(time, _)| time % DAY == 0);
        let time = |millis: i64| {
            let text = self.time(millis, is_daily).remove(0);
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

    #[test]
    fn a_wide_table_in_any_dialect_comes_back_equal(
        (step, rows) in tables(),
        dialect in dialects(),
        names in prop::sample::subsequence(vec!["KO", "PEP", "BRK.B", "LAST", "ÖL", "Z", "Brent"], 2..7),
        two_levels in any::<bool>(),
    ) {
        let dialect = Dialect { header: true, coding: if dialect.coding == Coding::Gbk { Coding::Utf8 } else { dialect.coding }, ..dialect };
        // it takes at least five rows to show that a column called LAST moves like a market
        prop_assume!(rows.len() >= 5 || !names.contains(&"LAST"));
        // each market at its own price, which moves as prices do: a column called LAST might otherwise be a
        // close
        let price = |close: f64, at: usize| close % 10.0 + 1_000.0 * (at as f64 + 1.0);
        let is_daily = rows.iter().all(|(time, _)| time % DAY == 0);
        let dates = if dialect.dates == Dates::TwoColumns { Dates::Blank } else { dialect.dates };
        let dialect = Dialect { dates, shape: Shape::Table, ..dialect };
        let cells = |first: &str, others: Vec<String>| {
            dialect.parted(core::iter::once(first.to_owned()).chain(others).collect())
        };
        let owned = |name: &&str| (*name).to_owned();
        let mut text = dialect.above();
        if two_levels {
            text += &cells("", names.iter().map(|_| "Close".to_owned()).collect());
        }
        text += &cells("Date", names.iter().map(owned).collect());
        for (time, bar) in &rows {
            let closes = (0..names.len()).map(|at| dialect.number(price(bar[3], at), Some(2))).collect();
            text += &cells(&dialect.time(*time, is_daily)[0], closes);
        }
        let (files, report) = import("prices.txt", &dialect.coded(&text));
        prop_assert_eq!((report.rows, report.refusals.count), (rows.len() as u64, 0));
        for (at, name) in names.iter().enumerate() {
            let (found, held) = bars(&files, name);
            let held: Vec<(i64, f64)> = held.iter().map(|(time, bar)| (*time, (bar.close * 100.0).round())).collect();
            let expected: Vec<(i64, f64)> =
                rows.iter().map(|(time, bar)| (*time, (price(bar[3], at) * 100.0).round())).collect();
            prop_assert_eq!((found, held), (step, expected));
        }
    }

    #[test]
    fn trades_in_any_dialect_come_back_as_their_seconds(
        distances in prop::collection::vec((0_i64..1_500, 100_u32..900_000, 1_u32..90_000), 30..80),
        dialect in dialects(),
        in_micros in any::<bool>(),
    ) {
        let coding = if dialect.coding == Coding::Gbk { Coding::Utf8 } else { dialect.coding };
        let dates = match dialect.dates {
            kept @ (Dates::Iso | Dates::Millis | Dates::Micros) => kept,
            _ if in_micros => Dates::Micros,
            _ => Dates::Iso,
        };
        let dialect = Dialect { header: true, shape: Shape::Table, coding, dates, thousands: false, ..dialect };
        let (mut time, mut rows, mut seconds) = (1_704_067_200_000_i64, Vec::new(), std::collections::BTreeMap::new());
        for (id, (distance, cents, size)) in (1_000..).zip(distances) {
            time += distance;
            let (price, size) = (f64::from(cents) / 100.0, f64::from(size) / 1_000.0);
            let mut cells = vec![id.to_string()];
            cells.extend(dialect.time(time, false));
            cells.extend([dialect.number(price, None), dialect.number(size, None)]);
            rows.push(dialect.parted(cells));
            let second: &mut (f64, f64, u32) = seconds.entry(time / 1_000 * 1_000).or_insert((price, price, 0));
            *second = (second.0, price, second.2 + 1);
        }
        if dialect.newest_first {
            rows.reverse();
        }
        let header = dialect.parted(["id", "time", "price", "size"].map(str::to_owned).to_vec());
        let text = format!("{}{header}{}", dialect.above(), rows.concat());
        let (files, report) = import("ABCUSDT.txt", &dialect.coded(&text));
        prop_assert_eq!((report.rows, report.refusals.count), (rows.len() as u64, 0));
        // part of the first and the last second may be missing
        seconds.pop_first();
        seconds.pop_last();
        let (_, held) = bars(&files, "ABCUSDT");
        let held: Vec<_> = held.iter().map(|(time, bar)| (*time, (bar.open, bar.close, bar.trades))).collect();
        prop_assert_eq!(held, seconds.into_iter().collect::<Vec<_>>());
    }
}
