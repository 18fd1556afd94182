//! The same bars as written by vendors and people: dates, numbers, JSON of every shape, headers, file names.

use crate::files::Files;
use crate::vendors::{bars, date, import};
use spreadscope_engine::transfer::timestamp;
use std::fmt::Write as _;

const DAY: i64 = 86_400_000;
const HEADER: &str = "Date,Open,High,Low,Close,Volume\n";

/// Fourteen days of a made-up market: enough that a date shows which of its numbers is the day.
fn days() -> Vec<(i64, [f64; 5])> {
    (0..14_i32)
        .map(|at| {
            let open = 1_010.5 + 3.25 * f64::from(at % 5);
            let first = timestamp::midnight(2024, 1, 8).unwrap() / 1_000;
            (
                first + i64::from(at) * DAY,
                [open, open + 9.75, open - 4.5, open + 2.25, 80_040.0 + f64::from(at)],
            )
        })
        .collect()
}

fn written(header: &str, mut row: impl FnMut(&str, [f64; 5]) -> String) -> String {
    let mut text = header.to_owned();
    for (time, numbers) in days() {
        writeln!(text, "{}", row(&timestamp::format(time)[..10], numbers)).unwrap();
    }
    text
}

fn with_dates(of: impl Fn(&str) -> String) -> String {
    written(HEADER, |day, [o, h, l, c, v]| format!("{},{o},{h},{l},{c},{v}", of(day)))
}

/// Imports a file and expects it to contain all of the days.
fn expect_days(what: &str, name: &str, symbol: &str, text: &[u8]) {
    let (files, report) = import(name, text);
    assert_eq!((report.rows, report.refusals.count), (14, 0), "{what}: {:?}", report.refusals.first);
    let (step, held) = bars(&files, symbol);
    assert_eq!(step, DAY, "{what}");
    let seen: Vec<(i64, [f64; 5])> = held
        .iter()
        .map(|(time, bar)| (*time, [bar.open, bar.high, bar.low, bar.close, bar.volume.value()]))
        .collect();
    assert_eq!(seen, days(), "{what}");
}

#[test]
fn dates_in_every_writing_are_the_same_days() {
    type Write<'a> = &'a dyn Fn(&str) -> String;
    let part = |day: &str| (day[..4].to_owned(), day[5..7].to_owned(), day[8..].to_owned());
    let seconds = |day: &str| timestamp::parse(day).unwrap() / 1_000_000;
    let with: [(&str, Write<'_>); 19] = [
        ("ISO with an offset", &|day| format!("{day}T00:00:00+0000")),
        ("UTC by name", &|day| format!("{day} 00:00:00 UTC")),
        ("nanoseconds", &|day| format!("{day}T00:00:00.000000000")),
        ("the close in New York by an abbreviation", &|day| format!("{day} 16:00:00 EST")),
        ("a zone in brackets", &|day| format!("{day}T00:00:00Z[UTC]")),
        ("slashes, the day first", &|day| {
            let (y, m, d) = part(day);
            format!("{d}/{m}/{y}")
        }),
        ("slashes, the month first", &|day| {
            let (y, m, d) = part(day);
            format!("{m}/{d}/{y} 0:00")
        }),
        ("two digits of the year", &|day| {
            let (y, m, d) = part(day);
            format!("{d}.{m}.{}", &y[2..])
        }),
        ("hyphens, the day first", &|day| {
            let (y, m, d) = part(day);
            format!("{d}-{m}-{y}")
        }),
        ("AM and PM", &|day| {
            let (y, m, d) = part(day);
            format!("{m}/{d}/{y} 12:00:00 AM")
        }),
        ("no sign at all", &|day| day.replace('-', "")),
        ("no sign at all, with a time", &|day| format!("{}T000000", day.replace('-', ""))),
        ("words", &|day| format!("\"Jan {}, 2024\"", &day[8..])),
        ("words, the day first", &|day| format!("{} January 2024", &day[8..])),
        ("capitals", &|day| format!("{}JAN2024", &day[8..])),
        ("Chinese", &|day| {
            let (y, m, d) = part(day);
            format!("{y}年{m}月{d}日")
        }),
        ("seconds with a point", &|day| format!("{}.0", seconds(day))),
        ("nanoseconds since 1970", &|day| format!("{}000000000", seconds(day))),
        ("Excel's days", &|day| (seconds(day) / 86_400 + 25_569).to_string()),
    ];
    for (what, of) in with {
        expect_days(what, "ABCUSDT.csv", "ABCUSDT", with_dates(of).as_bytes());
    }
}

#[test]
fn numbers_in_every_writing_are_the_same_numbers() {
    let thousands = |number: f64, sign: &str| {
        let text = number.to_string();
        let whole = text.split('.').next().unwrap().len();
        if whole < 4 { text } else { format!("{}{sign}{}", &text[..whole - 3], &text[whole - 3..]) }
    };
    let german = |number: f64| thousands(number, "_").replace('.', ",").replace('_', ".");
    let french = |number: f64| thousands(number, "\u{202f}").replace('.', ",");
    let american = |number: f64| format!("\"${}\"", thousands(number, ","));
    let swiss = |number: f64| thousands(number, "'");
    let of = |header: &str, sign: &str, number: &dyn Fn(f64) -> String| {
        written(header, |day, numbers| format!("{day}{sign}{}", numbers.map(number).join(sign)))
    };
    let semicolons = HEADER.replace(',', ";");
    let cases = [
        ("German", of(&semicolons, ";", &german)),
        ("French", of(&semicolons, ";", &french)),
        ("American", of(HEADER, ",", &american)),
        ("Swiss", of(HEADER, ",", &swiss)),
        ("tabs and decimal commas", of(&HEADER.replace(',', "\t"), "\t", &german)),
        ("bars", of(&HEADER.replace(',', "|"), "|", &|number| number.to_string())),
        ("powers of ten", of(HEADER, ",", &|number| format!("{number:e}"))),
        ("a currency behind", of(HEADER, ",", &|number| format!("{number} USD"))),
        (
            "a sign at the end of the line",
            of(&HEADER.replace('\n', ",\n"), ",", &|number| number.to_string()).replace("\n2", ",\n2"),
        ),
    ];
    for (what, text) in cases {
        expect_days(what, "ABCUSDT.csv", "ABCUSDT", text.as_bytes());
    }
}

/// Returns the days as lists of each field, joined.
fn lists(write: impl Fn(&str, &str) -> String) -> String {
    let time: Vec<String> = days().iter().map(|(time, _)| (time / 1_000).to_string()).collect();
    let fields = ["open", "high", "low", "close", "volume"].iter().enumerate().map(|(at, name)| {
        let values: Vec<String> = days().iter().map(|(_, numbers)| numbers[at].to_string()).collect();
        write(name, &values.join(","))
    });
    core::iter::once(write("time", &time.join(","))).chain(fields).collect::<Vec<_>>().join(",")
}

#[test]
#[expect(clippy::too_many_lines, reason = "a list of shapes, each with its rows")]
fn json_in_every_shape_is_the_same_bars() {
    let millis = |day: &str| timestamp::parse(day).unwrap() / 1_000;
    let joined = |row: &dyn Fn(&str, [f64; 5]) -> String| {
        let rows = days().into_iter().map(|(time, numbers)| row(&timestamp::format(time)[..10], numbers));
        rows.collect::<Vec<_>>().join(",")
    };
    let object = |[o, h, l, c, v]: [f64; 5]| {
        format!(r#"{{"open":{o},"high":{h},"low":{l},"close":{c},"volume":{v}}}"#)
    };
    let rows = joined(&|_, [o, h, l, c, v]| format!("[{o},{h},{l},{c},{v}]"));
    let arrays =
        joined(&|day, [o, h, l, c, v]| format!(r#"[{},"{o}","{h}","{l}","{c}","{v}"]"#, millis(day)));
    let index = joined(&|day, _| millis(day).to_string());
    let keyed = |at: usize| {
        joined(&move |day, numbers| {
            format!(r#""{}":{}"#, timestamp::parse(day).unwrap() / 1_000, numbers[at])
        })
    };
    let numbered = |of: &dyn Fn(usize, i64, [f64; 5]) -> String| {
        let values = days()
            .into_iter()
            .enumerate()
            .map(|(at, (time, numbers))| format!(r#""{at}":{}"#, of(at, time, numbers)));
        values.collect::<Vec<_>>().join(",")
    };
    let names = r#""open","high","low","close","volume""#;
    let fields = ["open", "high", "low", "close", "volume"];
    let cases = [
        ("arrays under a key", format!(r#"{{"code":"0","msg":"","data":[{arrays}]}}"#)),
        ("arrays under any key", format!(r#"{{"myHistory":[{arrays}]}}"#)),
        ("arrays under two keys", format!(r#"{{"error":[],"result":{{"ABCUSDT":[{arrays}],"last":1}}}}"#)),
        (
            "objects under a key",
            format!(
                r#"{{"candles":[{}]}}"#,
                joined(&|day, numbers| {
                    object(numbers).replacen('{', &format!(r#"{{"start":"{}","#, millis(day) / 1_000), 1)
                })
            ),
        ),
        (
            "pandas' records",
            format!(
                "[{}]",
                joined(&|day, numbers| object(numbers).replacen('{', &format!(r#"{{"date":"{day}","#), 1))
            ),
        ),
        (
            "pandas' index",
            format!("{{{}}}", joined(&|day, numbers| format!(r#""{}":{}"#, millis(day), object(numbers)))),
        ),
        ("pandas' split", format!(r#"{{"columns":[{names}],"index":[{index}],"data":[{rows}]}}"#)),
        (
            "pandas' tight",
            format!(r#"{{"index":[{index}],"columns":[{names}],"data":[{rows}],"index_names":["date"]}}"#),
        ),
        (
            "pandas' columns",
            format!(
                "{{{}}}",
                (0..5)
                    .map(|at| format!(r#""{}":{{{}}}"#, fields[at], keyed(at)))
                    .collect::<Vec<_>>()
                    .join(",")
            ),
        ),
        (
            "pandas' columns, rows numbered",
            format!(
                r#"{{"date":{{{}}},{}}}"#,
                numbered(&|_, time, _| time.to_string()),
                (0..5)
                    .map(|field| format!(
                        r#""{}":{{{}}}"#,
                        fields[field],
                        numbered(&|_, _, numbers| numbers[field].to_string())
                    ))
                    .collect::<Vec<_>>()
                    .join(",")
            ),
        ),
        (
            "pandas' table",
            format!(
                r#"{{"schema":{{"fields":[{{"name":"date"}}]}},"data":[{}]}}"#,
                joined(&|day, numbers| {
                    object(numbers).replacen('{', &format!(r#"{{"date":"{day}T00:00:00.000","#), 1)
                })
            ),
        ),
        (
            "lists by name",
            format!("{{\"s\":\"ok\",{}}}", lists(|name, values| format!(r#""{name}":[{values}]"#))),
        ),
        (
            "lists by letter",
            format!("{{{}}}", lists(|name, values| format!(r#""{}":[{values}]"#, &name[..1]))),
        ),
        (
            "lists below others",
            format!(
                r#"{{"chart":{{"result":[{{"meta":{{"currency":"USD"}},{}}}],"error":null}}}}"#,
                lists(|name, values| format!(r#""{name}":[{values}]"#)).replacen(
                    "\"time\"",
                    "\"timestamp\"",
                    1
                )
            ),
        ),
        (
            "names beside rows",
            format!(
                r#"{{"dataset":{{"column_names":["Date",{names}],"data":[{}]}}}}"#,
                joined(&|day, [o, h, l, c, v]| { format!(r#"["{day}",{o},{h},{l},{c},{v}]"#) })
            ),
        ),
        (
            "objects a line",
            joined(&|day, numbers| object(numbers).replacen('{', &format!(r#"{{"t":{},"#, millis(day)), 1))
                .replace("},", "}\n"),
        ),
    ];
    for (what, text) in cases {
        expect_days(what, "ABCUSDT.json", "ABCUSDT", text.as_bytes());
        if text.lines().count() == 1 {
            let spread = text.replace(",\"", ",\n  \"").replace("],[", "],\n[").replace('[', "[\n");
            expect_days(&format!("{what}, on many lines"), "ABCUSDT.json", "ABCUSDT", spread.as_bytes());
        }
    }
}

#[test]
fn json_by_columns_is_read_beyond_what_a_file_is_judged_by() {
    let count = 9_000_i64;
    let list = |of: &dyn Fn(i64) -> String| (0..count).map(of).collect::<Vec<_>>().join(",");
    let text = format!(
        r#"{{"t":[{}],"c":[{}],"o":[{}],"symbol":"ETH-USD"}}"#,
        list(&|at| (1_704_067_200 + at * 60).to_string()),
        list(&|at| format!("{}.5", 100 + at % 7)),
        list(&|at| format!("{}.25", 100 + at % 7)),
    );
    let (files, report) = import("download.json", text.as_bytes());
    assert_eq!((report.rows, report.refusals.count), (9_000, 0));
    let (step, held) = bars(&files, "ETHUSD");
    assert_eq!((step, held.len(), held[8_999].1.close), (60_000, 9_000, 104.5));
    assert_eq!(date(held[8_999].0), "2024-01-07T05:59");
}

#[test]
fn headers_of_several_lines_name_fields_and_markets() {
    let rows = |of: &dyn Fn(&str, [f64; 5]) -> String| written("", |day, numbers| of(day, numbers));
    let closes = rows(&|day, [o, _, _, c, _]| format!("{day},{c},{o}"));
    let pairs = rows(&|day, [o, _, _, c, v]| format!("{day},{c},{v},{o},{v}"));
    let cases = [
        (",Close,\n,KO,PEP\nDate,,\n", &closes),
        ("Ticker,KO,PEP\nPrice,Close,Close\nDate,,\n", &closes),
        ("Date,\"('Close', 'KO')\",\"('Close', 'PEP')\"\n", &closes),
        ("Date,KO Close,PEP Close\n", &closes),
        ("Date,KO (USD),PEP (USD)\n", &closes),
        ("Date,KO,,PEP,\n,Close,Volume,Close,Volume\n", &pairs),
        (",KO,KO.1,PEP,PEP.1\nDate,Close,Volume,Close,Volume\n", &pairs),
        ("Attributes,Close,Volume,Close,Volume\nSymbols,KO,KO,PEP,PEP\nDate,,,,\n", &pairs),
    ];
    for (header, rows) in cases {
        let (files, report) = import("download.csv", format!("{header}{rows}").as_bytes());
        assert_eq!((report.rows, report.refusals.count, report.legs.len()), (14, 0, 2), "{header}");
        for (symbol, last) in [("KO", days()[13].1[3]), ("PEP", days()[13].1[0])] {
            let (step, held) = bars(&files, symbol);
            assert_eq!((step, held.len(), held[13].1.close), (DAY, 14, last), "{header}");
        }
    }
    let units =
        written("Date,Open,High,Low,Close,Volume\n,USD,USD,USD,USD,lots\n", |day, [o, h, l, c, v]| {
            format!("{day},{o},{h},{l},{c},{v}")
        });
    expect_days("a line of units", "WTI.csv", "WTI", units.as_bytes());
    let above = format!("Title: Cola\nSource,somewhere\nFrom,2024-01-08\n\n{}", with_dates(str::to_owned));
    expect_days("a title", "KO.csv", "KO", above.as_bytes());
}

#[test]
fn a_column_that_is_no_price_costs_a_wide_table_nothing() {
    let text = written("Date,Brent,WTI,Gas,Spread\n", |day, [o, h, l, _, _]| {
        let spread = if day.ends_with(['1', '3', '5', '7', '9']) { -1.5 } else { 0.5 };
        format!("{day},{o},{h},{l},{spread}")
    });
    let (_, report) = import("oil.csv", text.as_bytes());
    let order: Vec<&str> = report.legs.iter().map(|leg| leg.summary.symbol.as_str()).collect();
    assert_eq!((report.refusals.count, order), (0, vec!["BRENT", "WTI", "GAS"]));
    let returns = written("Date,A1,B1,C1\n", |day, _| {
        let sign = if day.ends_with(['1', '3', '5', '7', '9']) { "-" } else { "" };
        format!("{day},{sign}0.01,{sign}0.02,0.03")
    });
    let preview = Files::new().open("returns.csv", returns.into_bytes()).unwrap();
    assert_eq!(preview.problems[0], "No column is the close.");
}

#[test]
fn letters_are_markets_unless_they_are_the_fields_of_a_bar() {
    let text = written("Date,A,C,F,O,BRK.B\n", |day, [o, h, l, c, v]| format!("{day},{o},{h},{l},{c},{v}"));
    let (_, report) = import("stocks.csv", text.as_bytes());
    let order: Vec<&str> = report.legs.iter().map(|leg| leg.summary.symbol.as_str()).collect();
    assert_eq!(order, ["A", "C", "F", "O", "BRK.B"]);
    let text = written("T,O,H,L,C,V\n", |day, [o, h, l, c, v]| format!("{day},{o},{h},{l},{c},{v}"));
    expect_days("letters", "A.csv", "A", text.as_bytes());
}

#[test]
fn names_of_files_tell_the_market() {
    let cases = [
        ("A.csv", "A"),
        ("BRK-B.csv", "BRK-B"),
        ("^GSPC.csv", "^GSPC"),
        ("^spx_d.csv", "^SPX"),
        ("EURUSD=X.csv", "EURUSD=X"),
        ("BTC-USD.csv", "BTCUSD"),
        ("ETH_USD Binance Historical Data.csv", "ETHUSD"),
        ("PETR4 Dados Históricos.csv", "PETR4"),
        ("NASDAQ_AAPL, 1D_f3a21.csv", "AAPL"),
        ("COINBASE_BTCUSD, 1D.csv", "BTCUSD"),
        ("GBPUSD_Daily_202401080000_202401210000.csv", "GBPUSD"),
        ("XBTUSD_1440.csv", "XBTUSD"),
        ("US500_D1.csv", "US500"),
        ("kucoin_BTC-USDT.csv", "BTCUSDT"),
        ("tBTCUSD_bitfinex.csv", "BTCUSD"),
    ];
    for (name, symbol) in cases {
        expect_days(name, name, symbol, with_dates(str::to_owned).as_bytes());
    }
    let name = "US Dollar Index Futures Historical Data.csv";
    let preview = Files::new().open(name, with_dates(str::to_owned).into_bytes()).unwrap();
    assert_eq!(preview.problems, ["The symbol is not known."]);
}
