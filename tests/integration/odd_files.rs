//! Files with common extras besides prices: empty rows, lines above and below the rows, old line ends, short
//! dates.

use crate::files::Files;
use crate::made_up_files::zip_of;
use crate::vendors::{bars, date, import};
use std::fmt::Write as _;

const DAY: i64 = 86_400_000;
const HOUR: i64 = 3_600_000;

/// Returns fourteen days of January 2024: day of the month and close.
fn days() -> impl Iterator<Item = (u32, f64)> {
    (8..22).map(|day| (day, 100.25 + f64::from(day * 7 % 11)))
}

fn closes(header: &str, of: impl Fn(u32) -> String) -> String {
    days().fold(header.to_owned(), |mut text, (day, close)| {
        writeln!(text, "{},{close}", of(day)).unwrap();
        text
    })
}

/// Imports a file and expects the closes of all days in it.
fn expect_days(what: &str, bytes: &[u8]) {
    let (files, report) = import("KO.csv", bytes);
    assert_eq!((report.rows, report.refusals.count), (14, 0), "{what}: {:?}", report.refusals.first);
    let (step, held) = bars(&files, "KO");
    let seen: Vec<(String, f64)> = held.iter().map(|(time, bar)| (date(*time), bar.close)).collect();
    let expected: Vec<(String, f64)> =
        days().map(|(day, close)| (format!("2024-01-{day:02}T00:00"), close)).collect();
    assert_eq!((step, seen), (DAY, expected), "{what}");
}

#[test]
fn a_row_without_a_price_is_a_hole_counted_and_said() {
    for absent in ["null", ".", "NA", "-", "n/a", "", "NaN", "#N/A", "None"] {
        let mut text = closes("DATE,KO\n", |day| format!("2024-01-{day:02}"));
        for day in [8, 11, 15] {
            let close = days().find(|(found, _)| *found == day).unwrap().1;
            text = text.replace(&format!("{day:02},{close}"), &format!("{day:02},{absent}"));
        }
        let (files, report) = import("KO.csv", text.as_bytes());
        assert_eq!((report.rows, report.refusals.count, report.unpriced), (11, 0, 3), "{absent}");
        assert_eq!(
            report.notes,
            ["3 rows have no price, the first in line 2: nothing is known of their bars."],
            "{absent}"
        );
        let (_, held) = bars(&files, "KO");
        assert_eq!((held.len(), report.legs[0].summary.holes), (11, 2), "{absent}");
        assert_eq!(date(held[0].0), "2024-01-09T00:00", "{absent}");
    }
    let row = |hour: i64, values: &str| format!("[{},{values}]", 1_704_067_200_000 + hour * HOUR);
    let nothing = "null,null,null,null,null";
    let rows =
        [row(0, nothing), row(1, "1,2,0.5,1.5,9"), row(2, nothing), row(3, "1,2,1,2,9"), row(4, "1,2,1,2,9")];
    let (_, report) = import("KO-1h.json", format!("[{}]", rows.join(",")).as_bytes());
    assert_eq!((report.rows, report.unpriced), (3, 2));
    let wide = "Date,KO,PEP\n2024-01-02,,\n2024-01-03,1,\n2024-01-04,1,2\n2024-01-05,1,2\n";
    let (_, report) = import("closes.csv", wide.as_bytes());
    assert_eq!((report.rows, report.unpriced, report.legs.len()), (3, 1, 2));
    let failed =
        Files::new().import("KO.csv", b"date,close\n2024-01-02,.\n2024-01-03,.\n2024-01-04,.\n".to_vec());
    assert_eq!(failed.unwrap_err(), "none of its rows has a price");
}

#[test]
fn what_stands_below_the_rows_is_one_sentence() {
    let table = closes("Date,Close\n", |day| format!("2024-01-{day:02}"));
    let endings = [
        ("Copyright (c) 2024 Vendor Inc. All rights reserved.", 1),
        ("Total,1501.5", 1),
        ("\"Source: a bank, 2024\"", 1),
        ("\nMean,1\nMax,2\n\n* prices are adjusted", 3),
        ("40 rows", 1),
        ("Downloaded from a vendor as of 02-20-2024 05:31am CST", 1),
        (",", 1),
    ];
    for (ending, lines) in endings {
        let (files, report) = import("KO.csv", format!("{table}{ending}\n").as_bytes());
        assert_eq!((report.rows, report.refusals.count), (14, 0), "{ending}");
        assert_eq!(bars(&files, "KO").1.len(), 14, "{ending}");
        let first = if lines == 1 {
            "The last line, 16, is no row"
        } else {
            "The last 3 lines, from line 17 on, are no rows"
        };
        assert!(report.notes.len() == 1 && report.notes[0].starts_with(first), "{:?}", report.notes);
    }
    // a damaged row at the end is refused, and so is a line followed by rows
    for damaged in ["2024-01-22,x\n", "2024-13-45,5\n", "Total,3\n2024-01-22,7\n"] {
        let (_, report) = import("KO.csv", format!("{table}{damaged}").as_bytes());
        assert_eq!((report.refusals.count, report.notes.len()), (1, 0), "{damaged}");
    }
}

#[test]
fn lines_may_end_with_a_carriage_return_alone() {
    let table = closes("Date,Close\n", |day| format!("2024-01-{day:02}")).replace('\n', "\r");
    expect_days("alone", table.as_bytes());
    let utf_16: Vec<u8> = format!("\u{feff}{table}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    expect_days("alone, in UTF-16", &utf_16);
    expect_days("twice", table.replace('\r', "\r\r\n").as_bytes());
}

#[test]
fn dates_with_two_digits_of_the_year_are_read_in_their_order() {
    let cases: [(&str, &dyn Fn(u32) -> String); 7] = [
        ("yymmdd", &|day| format!("2401{day:02}")),
        ("ddmmyy", &|day| format!("{day:02}0124")),
        ("mmddyy", &|day| format!("01{day:02}24")),
        ("yymmdd hhmm", &|day| format!("2401{day:02} 0000")),
        ("yy-mm-dd", &|day| format!("24-01-{day:02}")),
        ("yy/mm/dd with a time", &|day| format!("24/01/{day:02} 00:00:00")),
        ("dd.mm.yy", &|day| format!("{day:02}.01.24")),
    ];
    for (what, of) in cases {
        expect_days(what, closes("date,close\n", of).as_bytes());
    }
    // in the format of Moscow's brokers: with market and bar length in front
    let row = |day: u32, close: f64| format!("KO;D;2401{day:02};000000;{close};{close};{close};{close};7\n");
    let text = days().fold(
        "<TICKER>;<PER>;<DATE>;<TIME>;<OPEN>;<HIGH>;<LOW>;<CLOSE>;<VOL>\n".to_owned(),
        |text, (day, close)| text + &row(day, close),
    );
    expect_days("with the market in front", text.as_bytes());
}

#[test]
fn the_name_of_a_zone_may_stand_behind_each_time() {
    // prices that could be Excel day numbers, beside times in an unusual notation
    let row =
        |hour: i64| format!("202401{:02} {:02}:00:00 US/Eastern,45{hour:03}.5\n", 2 + hour / 24, hour % 24);
    let text = (0..30).fold("date,close\n".to_owned(), |text, hour| text + &row(hour));
    let (files, report) = import("KO.csv", text.as_bytes());
    assert_eq!((report.rows, report.refusals.count), (30, 0));
    let (step, held) = bars(&files, "KO");
    assert_eq!((step, date(held[0].0), held[29].1.close), (HOUR, "2024-01-02T05:00".to_owned(), 45_029.5));
    let unknown = text.replace("US/Eastern", "somewhere");
    let preview = Files::new().open("KO.csv", unknown.into_bytes()).unwrap();
    assert!(!preview.problems.is_empty(), "a price is no time");
}

#[test]
fn tables_without_a_price_or_without_a_row_are_not_taken() {
    let hours = |row: &dyn Fn(i64) -> String| {
        (0..20).map(|at| row(1_704_067_200_000 + at * HOUR)).collect::<String>()
    };
    let funding = hours(&|time| format!("{time},8,0.0001\n"));
    let interest = hours(&|time| format!("{time},BTCUSDT,90000.5,3.9e9,1.2\n"));
    let tables = [
        (
            "BTCUSDT-fundingRate-2024-01.csv",
            format!("calc_time,funding_interval_hours,last_funding_rate\n{funding}"),
            "No column is the close.",
        ),
        (
            "BTCUSDT-metrics-2024-01-01.csv",
            format!(
                "create_time,symbol,sum_open_interest,sum_open_interest_value,count_toptrader_long_short_ratio\n{interest}"
            ),
            "No column is the close.",
        ),
        ("KO.csv", "Date,Open,High,Low,Close\n".to_owned(), "There is no row in it."),
        ("KO.csv", String::new(), "There is no row in it."),
        ("KO.csv", "\u{feff}\r\n\r\n".to_owned(), "There is no row in it."),
    ];
    for (name, text, problem) in tables {
        let preview = Files::new().open(name, text.into_bytes()).unwrap();
        assert_eq!(preview.problems, [problem], "{name}");
    }
}

#[test]
fn names_of_fields_in_many_languages_are_those_of_a_bar() {
    let headers = [
        "Datum,Eröffnung,Höchst,Tiefst,Schluß,Stück",
        "Data,Otwarcie,Najwyzszy,Najnizszy,Zamkniecie,Wolumen",
        "Tarih,Açılış,Yüksek,Düşük,Şimdi,Hac.",
        "Дата,Откр.,Макс.,Мин.,Цена,Объём",
        "日付け,始値,高値,安値,終値,出来高",
        "날짜,시가,고가,저가,종가,거래량",
        "日期,开盘,高,低,收盘,交易量",
        "Datum,Open,Hoog,Laag,Laatste,Volume",
        "Date,Ouv.,Plus Haut,Plus Bas,Dernier,Vol.",
        "Date,PX_OPEN,PX_HIGH,PX_LOW,PX_LAST,PX_VOLUME",
    ];
    for header in headers {
        let rows = days().fold(format!("{header}\n"), |text, (day, close)| {
            format!("{text}2024-01-{day:02},{},{},{},{close},{day}\n", close - 1.0, close + 2.0, close - 2.0)
        });
        let (files, report) = import("KO.csv", rows.as_bytes());
        assert_eq!((report.rows, report.legs.len()), (14, 1), "{header}");
        let (_, held) = bars(&files, "KO");
        let bar = held[0].1;
        let seen = [bar.open, bar.high, bar.low, bar.close, bar.volume.value()];
        let close = days().next().unwrap().1;
        assert_eq!(seen, [close - 1.0, close + 2.0, close - 2.0, close, 8.0], "{header}");
    }
}

#[test]
fn lines_with_dates_above_a_header_are_no_part_of_it() {
    let above = "Security,KO US Equity\nStart Date,2024-01-08\nEnd Date,2024-01-21\n";
    for gap in ["", "\n"] {
        let text = format!("{above}{gap}{}", closes("Date,PX_LAST\n", |day| format!("2024-01-{day:02}")));
        expect_days("about the file", text.as_bytes());
    }
}

#[test]
fn a_column_of_volume_beside_a_market_is_its_own() {
    let text = days().fold("Date,KO,KO Volume,PEP,PEP Volume\n".to_owned(), |text, (day, close)| {
        format!("{text}2024-01-{day:02},{close},{day}000,{},{day}\n", close * 2.0)
    });
    let (files, report) = import("closes.csv", text.as_bytes());
    let order: Vec<&str> = report.legs.iter().map(|leg| leg.summary.symbol.as_str()).collect();
    assert_eq!(order, ["KO", "PEP"]);
    let (_, held) = bars(&files, "KO");
    assert_eq!((held[0].1.close, held[0].1.volume.value()), (days().next().unwrap().1, 8_000.0));
}

#[test]
fn a_price_below_zero_is_named() {
    let text = closes("Date,WTI\n", |day| format!("2024-01-{day:02}")) + "2024-01-22,-37.63\n";
    let (_, report) = import("WTI.csv", text.as_bytes());
    assert_eq!((report.rows, report.refusals.first[0].line), (14, 16));
    let reason = &report.refusals.first[0].reason;
    assert!(reason.contains("was \"-37.63\": a price below 0 has no return"), "{reason}");
}

#[test]
fn a_volume_may_have_another_decimal_sign_than_the_prices() {
    let text = days().fold("\"Datum\",\"Zuletzt\",\"Vol.\"\n".to_owned(), |text, (day, close)| {
        format!("{text}\"{day:02}.01.2024\",\"{}\",\"1.50K\"\n", format!("{close:.2}").replace('.', ","))
    });
    expect_days("decimal commas", text.as_bytes());
}

#[test]
fn all_tables_of_an_archive_are_named_and_each_can_be_opened() {
    let table = closes("Date,Close\n", |day| format!("2024-01-{day:02}"));
    let names = ["README.txt", "__MACOSX/._KO.csv", "data/KO.csv", "data/PEP.csv"];
    let archive =
        zip_of(&names.map(|name| (name, if name.starts_with("data/") { table.as_str() } else { "hello" })));
    let mut files = Files::new();
    let preview = files.open("stocks.zip", archive.clone()).unwrap();
    assert_eq!((preview.problems.len(), &preview.others[..]), (0, &["data/PEP.csv".to_owned()][..]));
    assert!(preview.notes.contains(&"Other files of the archive are left out: README.txt.".to_owned()));
    files.start(preview.plan).unwrap();
    let preview = files.open("stocks.zip/data/PEP.csv", archive).unwrap();
    assert_eq!(preview.others, Vec::<String>::new());
    files.start(preview.plan).unwrap();
    assert_eq!((bars(&files, "KO").1.len(), bars(&files, "PEP").1.len()), (14, 14));
}

#[test]
fn ids_that_follow_no_other_say_nothing_of_holes() {
    // an exchange that numbers the trades of all its markets together
    let rows: Vec<String> = (0..300_u32)
        .map(|at| {
            let name = ["BTC-USD", "ETH-USD"][usize::from(at % 2 == 1)];
            format!("{at},{},{name},{},0.5,buy", 1_704_099_600_000_i64 + i64::from(at) * 700, 100 + at % 7)
        })
        .collect();
    let text = format!("trade_id,time,product_id,price,size,side\n{}\n", rows.join("\n"));
    let (files, report) = import("trades.csv", text.as_bytes());
    assert_eq!((report.rows, report.refusals.count, report.legs[0].missing_ids), (300, 0, 0));
    assert!(
        report.notes[0].starts_with("The trade ids of BTCUSD do not follow each other"),
        "{:?}",
        report.notes
    );
    assert!(bars(&files, "ETHUSD").1.len() > 140);
}

#[test]
fn answers_of_exchanges_are_bars_whatever_they_call_their_fields() {
    let lists = |row: &dyn Fn(i64, [f64; 5]) -> String| {
        let rows: Vec<String> = days()
            .map(|(day, close)| {
                let time = 1_704_067_200 + i64::from(day - 1) * 86_400;
                row(time, [close - 1.0, close + 2.0, close - 2.0, close, 7.5])
            })
            .collect();
        rows.join(",")
    };
    let gate = lists(&|t, [o, h, l, c, v]| format!(r#"["{t}","9","{c}","{h}","{l}","{o}","{v}","true"]"#));
    let huobi = lists(&|t, [o, h, l, c, v]| {
        format!(r#"{{"id":{t},"open":{o},"close":{c},"low":{l},"high":{h},"amount":{v}}}"#)
    });
    let letters = lists(&|t, [o, h, l, c, v]| {
        format!(
            r#"{{"t":{t}000,"T":{},"s":"KO","i":"1d","o":"{o}","c":"{c}","h":"{h}","l":"{l}","v":"{v}","n":3}}"#,
            (t + 86_400) * 1_000 - 1
        )
    });
    let compare = lists(&|t, [o, h, l, c, v]| {
        format!(r#"{{"time":{t},"high":{h},"low":{l},"open":{o},"volumefrom":{v},"volumeto":9,"close":{c}}}"#)
    });
    let cases = [
        format!("[{gate}]"),
        format!(r#"{{"ch":"market.ko.kline","status":"ok","data":[{huobi}]}}"#),
        format!("[{letters}]"),
        format!(r#"{{"Response":"Success","Data":{{"Aggregated":false,"Data":[{compare}]}}}}"#),
    ];
    for text in cases {
        expect_days(&text[..40], text.as_bytes());
        let (files, _) = import("KO.json", text.as_bytes());
        let (_, held) = bars(&files, "KO");
        let (day, close) = days().next().unwrap();
        let seen = (held[0].1.open, held[0].1.high, held[0].1.low);
        assert_eq!((day, seen), (8, (close - 1.0, close + 2.0, close - 2.0)), "{}", &text[..40]);
    }
}

#[test]
fn columns_that_are_no_prices_are_no_markets() {
    let text = days().fold("Date,KO,PEP,return_KO,zscore\n".to_owned(), |text, (day, close)| {
        let sign = if day % 2 == 0 { "-" } else { "" };
        format!("{text}2024-01-{day:02},{close},{},{sign}0.01,{sign}1.5\n", close + 1.0)
    });
    let (_, report) = import("closes.csv", text.as_bytes());
    let order: Vec<&str> = report.legs.iter().map(|leg| leg.summary.symbol.as_str()).collect();
    assert_eq!(order, ["KO", "PEP"]);
    let long = days().fold("date,variable,value\n".to_owned(), |text, (day, close)| {
        format!("{text}2024-01-{day:02},KO,{close}\n2024-01-{day:02},PEP,{close}\n")
    });
    let (_, report) = import("melted.csv", long.as_bytes());
    assert_eq!((report.rows, report.legs.len()), (28, 2));
    let quotes = (0..60)
        .fold("timestamp,bid_price,bid_amount,ask_price,ask_amount\n".to_owned(), |text, at| {
            format!("{text}{},1.5,7,1.6,7\n", 1_704_067_200 + at)
        });
    let preview = Files::new().open("BTCUSDT.csv", quotes.into_bytes()).unwrap();
    assert_eq!(preview.problems, ["No column is the close."]);
}

#[test]
fn currencies_and_halves_of_the_day_are_read_in_every_writing() {
    let prices: [(&str, &dyn Fn(f64) -> String); 4] = [
        ("a sign in front", &|close| format!("\"US$ {close:.2}\"")),
        ("a code in front", &|close| format!("USD {close:.2}")),
        ("a sign behind", &|close| format!("{close:.2} €")),
        ("a code behind", &|close| format!("{close:.2} CHF")),
    ];
    for (what, price) in prices {
        let text = days().fold("Date,Close\n".to_owned(), |text, (day, close)| {
            format!("{text}2024-01-{day:02},{}\n", price(close))
        });
        expect_days(what, text.as_bytes());
    }
    let euros = days().fold("Datum;Kurs\n".to_owned(), |text, (day, close)| {
        format!("{text}{day:02}.01.2024;{} €\n", format!("{close:.2}").replace('.', ","))
    });
    expect_days("decimal commas and a sign behind", euros.as_bytes());
    let half = |hour: i64| if hour < 12 { "a.m." } else { "p.m." };
    let text = (0..24).fold("Date,Close\n".to_owned(), |text, hour| {
        format!("{text}2024-01-02 {}:00:00 {},{}\n", (hour + 11) % 12 + 1, half(hour), hour + 100)
    });
    let (files, report) = import("KO.csv", text.as_bytes());
    let (step, held) = bars(&files, "KO");
    assert_eq!((report.rows, step, held[23].1.close), (24, HOUR, 123.0));
}
