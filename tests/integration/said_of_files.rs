//! What stands beside the rows: the zone of their times, the market in the name of the file, the units of volumes.

use crate::files::Files;
use crate::vendors::{bars, date, import};

const HOUR: i64 = 3_600_000;
const MINUTE: i64 = 60_000;
/// 2024-01-08.
const BEGIN: i64 = 1_704_672_000_000;

fn hours(above: &str) -> String {
    (0..30).fold(format!("{above}time,close\n"), |text, at| {
        format!("{text}{},{}\n", date(BEGIN + at * HOUR).replace('T', " "), 100 + at % 7)
    })
}

#[test]
fn a_zone_above_the_rows_is_that_of_their_times() {
    for (above, first) in [
        ("# Timezone: America/New_York\n", "2024-01-08T05:00"),
        ("Time Zone,US/Eastern\n", "2024-01-08T05:00"),
        ("# All times are in Europe/Berlin\n", "2024-01-07T23:00"),
        ("# tz: Asia/Tokyo\n# source: x\n", "2024-01-07T15:00"),
        ("# timezone: UTC+8\n", "2024-01-07T16:00"),
        ("# Timezone: EST\n", "2024-01-08T05:00"),
        ("# Times are UTC\n", "2024-01-08T00:00"),
        ("# source: exchange/spot\n", "2024-01-08T00:00"),
    ] {
        let (files, report) = import("KO.csv", hours(above).as_bytes());
        let (step, held) = bars(&files, "KO");
        assert_eq!((step, held.len(), report.refusals.count), (HOUR, 30, 0), "{above}");
        assert_eq!(date(held[0].0), first, "{above}");
    }
    let column =
        hours("").replace("time,close", "time,timezone,close").replace(":00,", ":00,America/New_York,");
    let (files, _) = import("KO.csv", column.as_bytes());
    assert_eq!(date(bars(&files, "KO").1[0].0), "2024-01-08T05:00");
    let unknown = Files::new().open("KO.csv", hours("# Timezone: America/Atlantis\n").into_bytes()).unwrap();
    assert!(unknown.problems[0].contains("was \"America/Atlantis\""), "{:?}", unknown.problems);
    // a date is one wherever it is
    let days = "# Timezone: America/New_York\ndate,close\n2024-01-08,1\n2024-01-09,2\n2024-01-10,3\n";
    let (files, _) = import("KO.csv", days.as_bytes());
    assert_eq!(date(bars(&files, "KO").1[0].0), "2024-01-08T00:00");
}

#[test]
fn a_zone_in_json_is_that_of_its_times() {
    let rows = (0..30).map(|at| {
        let time = date(BEGIN + at * HOUR).replace('T', " ");
        (time, 100 + at % 7)
    });
    let rows: Vec<(String, i64)> = rows.collect();
    let vantage: Vec<String> = rows
        .iter()
        .map(|(time, price)| format!(r#""{time}:00":{{"1. open":"{price}","4. close":"{price}"}}"#))
        .collect();
    let twelve: Vec<String> =
        rows.iter().map(|(time, price)| format!(r#"{{"datetime":"{time}:00","close":"{price}"}}"#)).collect();
    for text in [
        format!(
            r#"{{"Meta Data":{{"2. Symbol":"KO","6. Time Zone":"US/Eastern"}},"Time Series (60min)":{{{}}}}}"#,
            vantage.join(",")
        ),
        format!(
            r#"{{"meta":{{"symbol":"KO","exchange_timezone":"America/New_York"}},"values":[{}]}}"#,
            twelve.join(",")
        ),
    ] {
        let (files, report) = import("download.json", text.as_bytes());
        assert_eq!((report.rows, report.refusals.count), (30, 0), "{}", &text[..40]);
        assert_eq!(date(bars(&files, "KO").1[0].0), "2024-01-08T05:00", "{}", &text[..40]);
    }
}

#[test]
fn two_files_of_one_exchange_are_two_markets() {
    let file = |level: i64| {
        (0..14).fold("Date,Close\n".to_owned(), |text, at| {
            format!("{text}{},{}\n", &date(BEGIN + at * 24 * HOUR)[..10], level + at % 3)
        })
    };
    for (first, second, symbols) in [
        ("HKEX_700, 1D.csv", "HKEX_9988, 1D.csv", ["700", "9988"]),
        ("HKEX_DLY_700, 1D.csv", "HKEX_DLY_9988, 1D_1a2b3.csv", ["700", "9988"]),
        ("RELIANCE.NS.csv", "TCS.NS.csv", ["RELIANCE.NS", "TCS.NS"]),
        ("D.csv", "M.csv", ["D", "M"]),
        ("CME_MINI_ES1!, 1D.csv", "CME_MINI_NQ1!.csv", ["ES1!", "NQ1!"]),
        ("KO (1).csv", "PEP (1).csv", ["KO", "PEP"]),
    ] {
        let mut files = Files::new();
        files.import(first, file(100).into_bytes()).unwrap();
        files.import(second, file(60).into_bytes()).unwrap();
        for (symbol, close) in symbols.into_iter().zip([100.0, 60.0]) {
            assert_eq!(bars(&files, symbol).1[0].1.close, close, "{symbol}");
        }
    }
    for name in ["API.csv", "Sheet1.csv", "export.csv", "HistoricalData_1704067200000.csv"] {
        let preview = Files::new().open(name, file(100).into_bytes()).unwrap();
        assert_eq!(preview.problems, ["The symbol is not known."], "{name}");
    }
}

/// Thirty minutes about 42,000: time, prices and a number that grows.
fn minutes(row: impl Fn(i64, [f64; 4], f64) -> String) -> String {
    (0..30).fold(String::new(), |text, at| {
        let shift = (at % 7) as f64;
        let prices = [42_000.0 + shift, 42_010.0 + shift, 41_990.0 + shift, 42_003.0 + shift];
        text + &row(BEGIN + at * MINUTE, prices, 500.0 + at as f64) + "\n"
    })
}

fn sums(name: &str, symbol: &str, text: &str) -> (f64, f64) {
    let (files, report) = import(name, text.as_bytes());
    assert_eq!(report.refusals.count, 0, "{name}: {:?}", report.refusals.first);
    let bar = bars(&files, symbol).1[0].1;
    (bar.volume.value(), bar.quote_volume.value())
}

#[test]
fn contracts_are_no_volume() {
    let klines = "open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_volume,ignore\n";
    let of_coins = minutes(|time, [o, h, l, c], v| {
        let coins = v * 100.0 / c;
        format!("{time},{o},{h},{l},{c},{v},{},{coins:.8},9,1,{:.8},0", time + 59_999, 100.0 / c)
    });
    let of_money = minutes(|time, [o, h, l, c], v| {
        format!("{time},{o},{h},{l},{c},{v},{},{},9,1,{c},0", time + 59_999, v * c)
    });
    let name = "BTCUSD_PERP-1m-2024-01-08.csv";
    for text in [of_coins.clone(), klines.to_owned() + &of_coins] {
        assert_eq!(sums(name, "BTCUSD_PERP", &text), (1.190_391_16, 0.0));
    }
    assert_eq!(
        sums("BTCUSDT-1m-2024-01-08.csv", "BTCUSDT", &(klines.to_owned() + &of_money)),
        (500.0, 500.0 * 42_003.0)
    );
    let swap = minutes(|time, [o, h, l, c], v| {
        format!("{time},{o},{h},{l},{c},{v},{},{},1", v / 100.0, v / 100.0 * c)
    });
    let header = "ts,open,high,low,close,vol,volCcy,volCcyQuote,confirm\n";
    assert_eq!(sums("BTC-USDT-SWAP.csv", "BTCUSDT", &(header.to_owned() + &swap)), (5.0, 5.0 * 42_003.0));
    let spot = minutes(|time, [o, h, l, c], v| format!("{time},{o},{h},{l},{c},{v},{0},{0},1", v * c));
    assert_eq!(sums("BTC-USDT.csv", "BTCUSDT", &(header.to_owned() + &spot)), (500.0, 500.0 * 42_003.0));
    let mut files = Files::new();
    let preview = files.open(name, of_coins.into_bytes()).unwrap();
    let told = "Column 6 counts contracts: column 8 is the volume, and the quote volume is not known.";
    assert!(preview.notes.iter().any(|note| note == told), "{:?}", preview.notes);
}

#[test]
fn the_size_of_an_inverse_trade_is_its_coins() {
    let trades = (0..600).fold(
        "timestamp,symbol,side,size,price,tickDirection,trdMatchID,grossValue,homeNotional,foreignNotional\n"
            .to_owned(),
        |text, at| {
            let (price, size) = (42_000 + at % 7, 100 + at % 5);
            let coins = f64::from(size) / f64::from(price);
            format!(
                "{text}{}.{},BTCUSD,Buy,{size},{price},PlusTick,a{at},{},{coins},{size}\n",
                1_704_067_200 + at / 2,
                at % 2 * 5,
                coins * 1e8
            )
        },
    );
    let (base, quote) = sums("BTCUSD2024-01-01.csv", "BTCUSD", &trades);
    assert!((base - 205.0 / 42_002.5).abs() < 1e-6 && (quote - 205.0).abs() < 1e-3, "{base} {quote}");
    let by_quantity = (0..600).fold("id,price,qty,base_qty,time,is_buyer_maker\n".to_owned(), |text, at| {
        let (price, size) = (42_000 + at % 7, 10 + at % 3);
        format!(
            "{text}{at},{price},{size},{:.8},{},true\n",
            f64::from(size) * 100.0 / f64::from(price),
            BEGIN + i64::from(at) * 500
        )
    });
    let (base, _) = sums("BTCUSD_PERP-trades-2024-01-08.csv", "BTCUSD_PERP", &by_quantity);
    assert!((0.04..0.06).contains(&base), "{base}");
}

#[test]
fn lists_of_coins_count_volumes_in_money() {
    let gecko = minutes(|time, [.., c], v| format!("{},{c},{},{}", date(time), c * 2e7, v * 1e7));
    let gecko = format!("snapped_at,price,market_cap,total_volume\n{gecko}");
    let market =
        minutes(|time, [o, h, l, c], v| format!("{};{o};{h};{l};{c};{};{}", date(time), v * 1e7, c * 2e7));
    let market = format!("timeOpen;open;high;low;close;volume;marketCap\n{market}");
    let mut files = Files::new();
    for text in [gecko, market] {
        let preview = files.open("btc-usd-max.csv", text.into_bytes()).unwrap();
        assert!(preview.notes.iter().any(|note| note.contains("counted in money")), "{:?}", preview.notes);
        files.start(preview.plan).unwrap();
        let bar = bars(&files, "BTCUSD").1[0].1;
        assert_eq!((bar.volume.value(), bar.quote_volume.value()), (0.0, 5e9));
    }
    // shares of a company beside what all of them are worth
    let shares = minutes(|time, [o, h, l, c], v| format!("{},{o},{h},{l},{c},{v},{}", date(time), c * 1e9));
    let shares = format!("time,open,high,low,close,volume,Market Cap\n{shares}");
    assert_eq!(sums("KO.csv", "KO", &shares), (500.0, 0.0));
}
