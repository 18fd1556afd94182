//! Names of fields and months in many languages, and numbers, dates and cells as programs leave them.

use crate::files::Files;
use crate::vendors::{bars, date, import};
use spreadscope_engine::transfer::Preview;

const DAY: i64 = 86_400_000;
/// 2024-01-08.
const BEGIN: i64 = 1_704_672_000_000;

fn days() -> impl Iterator<Item = (i64, [f64; 5])> {
    (0..14_i64).map(|at| {
        let (open, close) = (100.0 + (at * 7 % 5) as f64, 100.0 + ((at + 1) * 7 % 5) as f64);
        (BEGIN + at * DAY, [open, open.max(close) + 0.5, open.min(close) - 0.5, close, 8_000.0 + at as f64])
    })
}

fn table(header: &str, row: impl Fn(&str, [f64; 5]) -> String) -> String {
    days().fold(format!("{header}\n"), |text, (time, prices)| text + &row(&date(time)[..10], prices) + "\n")
}

fn expect_days(what: &str, text: &str) {
    let (files, report) = import("KO.csv", text.as_bytes());
    assert_eq!(
        (report.rows, report.refusals.count, report.legs.len()),
        (14, 0, 1),
        "{what}: {:?}",
        report.refusals.first
    );
    let seen: Vec<(i64, [f64; 5])> = bars(&files, "KO")
        .1
        .iter()
        .map(|(time, bar)| (*time, [bar.open, bar.high, bar.low, bar.close, bar.volume.value()]))
        .collect();
    assert_eq!(seen, days().collect::<Vec<_>>(), "{what}");
}

fn ohlcv(day: &str, [o, h, l, c, v]: [f64; 5]) -> String {
    format!("{day},{o},{h},{l},{c},{v}")
}

#[test]
fn fields_in_further_languages_are_those_of_one_market() {
    for header in [
        "Datum,Öppningskurs,Högsta,Lägsta,Stängningskurs,Volym",
        "Dato,Åbning,Højeste,Laveste,Lukning,Mængde",
        "Dato,Åpning,Høyest,Lavest,Slutt,Volum",
        "Päivämäärä,Avaus,Ylin,Alin,Päätös,Volyymi",
        "Datum,Otevření,Maximum,Minimum,Závěr,Objem",
        "Dátum,Nyitó,Max,Min,Záró,Forgalom",
        "Data,Deschidere,Maxim,Minim,Închidere,Volum",
        "Tarih,Açılış,Yüksek,Düşük,Kapanış,Hacim",
        "Ημερομηνία,Άνοιγμα,Υψηλό,Χαμηλό,Κλείσιμο,Όγκος",
        "Дата,Відкриття,Макс.,Мін.,Закриття,Обсяг",
        "Ngày,Mở cửa,Cao nhất,Thấp nhất,Đóng cửa,Khối lượng",
        "วันที่,เปิด,สูงสุด,ต่ำสุด,ปิด,ปริมาณ",
        "Tanggal,Pembukaan,Tertinggi,Terendah,Penutupan,Volume",
        "التاريخ,الافتتاح,الأعلى,الأدنى,الإغلاق,الحجم",
        "תאריך,פתיחה,גבוה,נמוך,סגירה,נפח",
    ] {
        expect_days(header, &table(header, ohlcv));
    }
}

#[test]
fn numbers_tell_a_bar_whose_names_nobody_knows() {
    expect_days("unknown", &table("Egun,Ireki,Handi,Txiki,Itxi,Volume", ohlcv));
    let close_first = |day: &str, [o, h, l, c, v]: [f64; 5]| format!("{day},{c},{o},{h},{l},{v}");
    expect_days("the close first", &table("Egun,Itxi,Ireki,Handi,Txiki,Volume", close_first));
    expect_days("one unknown", &table("Date,Open,High,Low,Itxi,Volume", ohlcv));
    // markets of which one is always the highest and one always the lowest
    for header in ["Date,Brent,Urals,Dubai,Oman", "Date,KO,PEP,MNST,KDP"] {
        let text = table(header, |day, [o, ..]| format!("{day},{},{},{o},{}", o + 9.0, o - 9.0, o + 4.0));
        let (_, report) = import("closes.csv", text.as_bytes());
        assert_eq!(report.legs.len(), 4, "{header}");
    }
}

#[test]
fn the_order_of_prices_without_names_is_told_by_their_numbers() {
    for (what, order) in [
        ("open, high, low, close", [0, 1, 2, 3]),
        ("close, open, high, low", [3, 0, 1, 2]),
        ("open, close, high, low", [0, 3, 1, 2]),
        ("low, high, open, close", [2, 1, 0, 3]),
        ("close, high, low, open", [3, 1, 2, 0]),
    ] {
        let text = table("", |day, prices| {
            format!("{day},{},{}", order.map(|at: usize| prices[at].to_string()).join(","), prices[4])
        });
        expect_days(what, text.trim_start());
        let newest_first: Vec<&str> = text.trim().lines().rev().collect();
        expect_days(what, &newest_first.join("\n"));
    }
    // Gate has the volume in front
    let gate = table("", |day, [o, h, l, c, v]| format!("{day},{},{c},{h},{l},{o}", v * 1_000.0));
    let (files, _) = import("BTC_USDT-202401.csv", gate.trim_start().as_bytes());
    let bar = bars(&files, "BTCUSDT").1[0].1;
    let (_, [o, h, l, c, v]) = days().next().unwrap();
    assert_eq!([bar.open, bar.high, bar.low, bar.close, bar.quote_volume.value()], [o, h, l, c, v * 1_000.0]);
}

#[test]
fn fields_beside_a_close_are_no_markets() {
    let legs = |header: &str, more: &str| {
        let text = table(header, |day, [o, .., c, _]| match header.matches(',').count() {
            2 => format!("{day},{c},{more}"),
            _ => format!("{day},{c},{o},{more}"),
        });
        let (_, report) = import("KO.csv", text.as_bytes());
        report.legs.iter().map(|leg| leg.summary.symbol.as_str().to_owned()).collect::<Vec<_>>().join(",")
    };
    for field in [
        "Market Cap",
        "MARKET_CAP",
        "Shares Outstanding",
        "PE",
        "P/E Ratio",
        "EPS",
        "Dividends",
        "Stock Splits",
        "Adj Close",
        "Change %",
        "VWAP",
        "Turnover",
        "Yield",
        "Open Interest",
        "Split Factor",
        "Beta",
    ] {
        assert_eq!(legs(&format!("Date,Close,{field}"), "101.5"), "KO", "{field}");
        assert_eq!(legs(&format!("Date,KO,PEP,{field}"), "101.5"), "KO,PEP", "{field}");
    }
}

#[test]
fn months_of_every_language_and_dates_as_programs_write_them() {
    type Write<'a> = &'a dyn Fn(&str) -> String;
    let day = |day: &str| day[8..].to_owned();
    let cases: [(&str, Write<'_>); 14] = [
        ("French", &|of| format!("{} janv. 2024", day(of))),
        ("Spanish", &|of| format!("{}-ene-2024", day(of))),
        ("Spanish in words", &|of| format!("{} de enero de 2024", day(of))),
        ("German", &|of| format!("{}. Jänner 2024", day(of))),
        ("Italian", &|of| format!("{} gennaio 2024", day(of))),
        ("Russian", &|of| format!("{} января 2024 г.", day(of))),
        ("Polish", &|of| format!("{} sty 2024", day(of))),
        ("Turkish", &|of| format!("{} Oca 2024", day(of))),
        ("Korean", &|of| format!("2024년 1월 {}일", day(of))),
        ("blanks", &|of| format!("2024- 01- {}", day(of))),
        ("blanks and points", &|of| format!("2024. 01. {}.", day(of))),
        (".NET", &|of| {
            format!("/Date({})/", spreadscope_engine::transfer::timestamp::parse(of).unwrap() / 1_000)
        }),
        ("a weekday behind", &|of| format!("{of} (Mon)")),
        ("a text of a spreadsheet", &|of| format!("=\"{of}\"")),
    ];
    for (what, write) in cases {
        let text = table("Date,Open,High,Low,Close,Volume", |day, prices| ohlcv(&write(day), prices));
        expect_days(what, &text);
    }
}

#[test]
fn numbers_and_cells_as_programs_leave_them() {
    let texts = table("Date,Open,High,Low,Close,Volume", |day, prices| {
        format!("{day},{}", prices.map(|price| format!("=\"{price}\"")).join(","))
    });
    expect_days("texts of a spreadsheet", &texts);
    let remarks = table("Date,Open,High,Low,Close,Volume,Remark", |day, prices| {
        ohlcv(day, prices) + ",\"two lines,\n\na \"\"quoted\"\" word\""
    });
    expect_days("line ends in quotes", &remarks);
    let names =
        table("\"Date\",\"Open\n(USD)\",\"High\n(USD)\",\"Low\n(USD)\",\"Close\n(USD)\",Volume", ohlcv);
    expect_days("line ends in names", &names);
    for (cell, volume) in
        [("1000万", 1e7), ("1.25亿", 1.25e8), ("1.25 mln", 1.25e6), ("\"1,250 K\"", 1.25e6), ("2bn", 2e9)]
    {
        let text = table("Date,Open,High,Low,Close,Volume", |day, [o, h, l, c, _]| {
            format!("{day},{o},{h},{l},{c},{cell}")
        });
        let (files, _) = import("KO.csv", text.as_bytes());
        assert_eq!(bars(&files, "KO").1[0].1.volume.value(), volume, "{cell}");
    }
}

#[test]
fn a_table_that_is_copied_from_yahoos_page_is_read() {
    let header = "Date\tOpen\tHigh\tLow\tClose \nClose price adjusted for splits.\n\tAdj Close \nAdjusted close price adjusted \
                  for splits and dividend and/or capital gain distributions.\n\tVolume";
    let row = |day: &str, [o, h, l, c, v]: [f64; 5]| {
        format!("Jan {}, 2024\t{o}\t{h}\t{l}\t{c}\t{}\t{v}", &day[8..], c - 1.0)
    };
    expect_days("with tabs", &table(header, row));
    let names = "Date,Open,High,Low,Close Close price adjusted for splits.,Adj Close Adjusted close price adjusted for \
                 splits and dividend and/or capital gain distributions.,Volume";
    let row = |day: &str, [o, h, l, c, v]: [f64; 5]| format!("{day},{o},{h},{l},{c},{},{v}", c - 1.0);
    expect_days("as one line", &table(names, row));
    let with_dividend = table(names, row) + "2024-01-16,0.46 Dividend\n2024-01-22,1,1,1,1,1,1\n";
    let (_, report) = import("KO.csv", with_dividend.as_bytes());
    assert_eq!((report.rows, report.refusals.count), (15, 1));
}

fn opened(name: &str, text: String) -> Result<Preview, String> {
    Files::new().open(name, text.into_bytes())
}

#[test]
fn files_of_something_else_are_refused() {
    let days = |header: &str, cells: &str| table(header, |day, _| format!("{day},{cells}"));
    for (header, cells) in [
        ("Date,Description,Amount,Balance", "Card payment,-12.50,1000.25"),
        ("Date,Payee,Debit,Credit,Balance", "Shop,12.50,,1000.25"),
        ("Date,Amount,Balance", "12.50,1000.25"),
        ("date,temp_max,temp_min,precipitation", "12.5,4.5,0.2"),
        ("DATE,TMAX,TMIN,PRCP", "12.5,4.5,0.2"),
        ("Date,Temperature (°C),Humidity (%)", "12.5,71"),
        ("timestamp,temperature,humidity", "20.1,45"),
        ("timestamp,sensor_id,value", "s1,20.1"),
        ("time,voltage,current,power", "230,1.1,231"),
        ("Date,Steps,Calories,Distance", "8000,2000,5.1"),
        ("date,cases,deaths", "8000,20"),
        ("date,sales,customers", "8000,20"),
        ("time,cpu,mem", "20,41"),
        ("date,kWh", "12.5"),
        ("time,lat,lon,ele", "52.5,13.4,35"),
        ("date,pm25,pm10,no2", "12.5,22.5,30"),
        ("Invoice,Date,Customer,Total", "x"),
    ] {
        let preview = opened("file.csv", days(header, cells)).unwrap();
        assert!(!preview.problems.is_empty(), "{header}: {:?}", preview.plan.markets);
    }
    for (header, markets) in [
        ("Date,Brent,WTI", 2),
        ("date,gold,silver", 2),
        ("Date,Natural Gas,Heating Oil", 2),
        ("Date,Power,Gas", 2),
        ("Date,Corn,Wheat", 2),
    ] {
        let text = table(header, |day, [o, .., c, _]| format!("{day},{o},{}", c + 9.0));
        let preview = opened("file.csv", text).unwrap();
        assert_eq!((preview.plan.markets.len(), preview.problems.len()), (markets, 0), "{header}");
    }
    let mut tar = vec![0; 512];
    tar[..6].copy_from_slice(b"KO.csv");
    tar[257..262].copy_from_slice(b"ustar");
    tar.extend(table("Date,Open,High,Low,Close,Volume", ohlcv).into_bytes());
    let reason = Files::new().open("KO.csv", tar).unwrap_err();
    assert!(reason.starts_with("it is a tar archive"), "{reason}");
}
