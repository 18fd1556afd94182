//! Files of vendors and of accounts that were read wrongly, or not at all, each with its right value.

use crate::files::Files;
use crate::vendors::{bars, date, import};
use std::fmt::Write as _;

const DAY: i64 = 86_400_000;
const HOUR: i64 = 3_600_000;
/// 2024-01-08.
const BEGIN: i64 = 1_704_672_000_000;

/// Twenty bars from 2024-01-08 on: open, high, low, close and volume.
pub(crate) fn days(step: i64) -> Vec<(i64, [f64; 5])> {
    let price = |at: i64| 100.0 + (at * 7 % 5) as f64;
    let bar = |at: i64| {
        let (open, close) = (price(at), price(at + 1));
        [open, open.max(close) + 0.5, open.min(close) - 0.5, close, 8_000.0 + at as f64]
    };
    (0..20).map(|at| (BEGIN + at * step, bar(at))).collect()
}

pub(crate) fn joined(step: i64, sign: &str, row: impl Fn(i64, [f64; 5]) -> String) -> String {
    days(step).into_iter().map(|(time, numbers)| row(time, numbers)).collect::<Vec<_>>().join(sign)
}

pub(crate) fn day(time: i64) -> String {
    date(time)[..10].to_owned()
}

/// Expects the twenty bars, with the volumes that a file can tell.
fn expect_bars(name: &str, symbol: &str, step: i64, text: &str, has_volume: bool) {
    let (files, report) = import(name, text.as_bytes());
    assert_eq!((report.rows, report.refusals.count), (20, 0), "{name}: {:?}", report.refusals.first);
    let (found, held) = bars(&files, symbol);
    let seen: Vec<(i64, [f64; 5])> = held
        .iter()
        .map(|(time, bar)| (*time, [bar.open, bar.high, bar.low, bar.close, bar.volume.value()]))
        .collect();
    let volume = |volume: f64| if has_volume { volume } else { 0.0 };
    let expected: Vec<(i64, [f64; 5])> =
        days(step).into_iter().map(|(time, [o, h, l, c, v])| (time, [o, h, l, c, volume(v)])).collect();
    assert_eq!((found, seen), (step, expected), "{name}");
}

/// Six hundred trades, two a second: time, price and a whole number.
fn trades(row: impl Fn(i64, i64, f64, i64) -> String) -> String {
    (0..600).fold(String::new(), |mut text, at| {
        let line = row(at, BEGIN + at * 500 + at % 3, 40_000.0 + (at % 7) as f64, 10 + at % 5);
        writeln!(text, "{line}").unwrap();
        text
    })
}

/// Volume and quote volume of the second second.
fn second(name: &str, symbol: &str, text: &str) -> (f64, f64) {
    let (files, report) = import(name, text.as_bytes());
    assert_eq!((report.rows, report.refusals.count), (600, 0), "{name}: {:?}", report.refusals.first);
    let (step, held) = bars(&files, symbol);
    let bar = held.iter().find(|(time, _)| *time == BEGIN + 1_000).unwrap().1;
    assert!(held.len() >= 298, "{name}: {}", held.len());
    assert_eq!((step, bar.open, bar.close), (1_000, 40_002.0, 40_003.0), "{name}");
    (bar.volume.value(), bar.quote_volume.value())
}

#[test]
fn aggregates_of_contracts_are_the_coins_that_they_were_worth() {
    let header = "agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker\n";
    let rows = trades(|at, time, price, size| format!("{at},{price},{size},{at},{at},{time},true"));
    for text in [rows.clone(), header.to_owned() + &rows] {
        let (base, quote) = second("BTCUSD_PERP-aggTrades-2024-01-08.csv", "BTCUSD_PERP", &text);
        assert_eq!(quote, (12.0 + 13.0) * 100.0);
        assert!((base - (1_200.0 / 40_002.0 + 1_300.0 / 40_003.0)).abs() < 1e-12, "{base}");
        let (_, quote) = second("ETHUSD_PERP-aggTrades-2024-01-08.csv", "ETHUSD_PERP", &text);
        assert_eq!(quote, (12.0 + 13.0) * 10.0);
        let (base, _) = second("BTCUSDT-aggTrades-2024-01-08.csv", "BTCUSDT", &text);
        assert_eq!(base, 25.0, "the sizes of other markets are coins");
    }
}

#[test]
fn prices_at_any_millisecond_are_trades_without_a_size() {
    let cases = [
        (
            "BTCUSDT_ticks.csv",
            "time,price\n".to_owned() + &trades(|_, time, price, _| format!("{time},{price}")),
        ),
        ("BTCUSDT.csv", trades(|_, time, price, _| format!("{time},{price}"))),
        (
            "ticks.csv",
            "ts,symbol,last\n".to_owned() + &trades(|_, time, price, _| format!("{time}000,BTCUSDT,{price}")),
        ),
    ];
    for (name, text) in cases {
        assert_eq!(second(name, "BTCUSDT", &text), (0.0, 0.0));
        let preview = Files::new().open(name, text.into_bytes()).unwrap();
        let told = "Its trades have no size: the volume is shown as 0.";
        assert!(preview.notes.iter().any(|note| note == told), "{:?}", preview.notes);
    }
}

#[test]
fn orders_and_accounts_are_no_market_data() {
    let list = |header: &str, row: &dyn Fn(i64) -> String| {
        (0..30).fold(header.to_owned() + "\n", |text, at| text + &row(BEGIN + at * 3_701_234) + "\n")
    };
    let cases = [
        (
            "orders.csv",
            list("order_id,symbol,side,type,status,price,quantity,created_at", &|time| {
                format!("{time},BTCUSDT,BUY,LIMIT,FILLED,40000,0.5,{}", date(time))
            }),
        ),
        (
            "fills.csv",
            list("portfolio,trade id,product,side,created at,size,price,fee,total", &|time| {
                format!("default,{time},BTC-USD,BUY,{},0.5,40000,1.2,20001", date(time))
            }),
        ),
        (
            "deals.csv",
            list("Time;Deal;Symbol;Type;Volume;Price;Order;Commission;Profit;Balance", &|time| {
                format!("{};7;EURUSD;buy;0.1;1.1;8;-0.3;0.5;1000", date(time))
            }),
        ),
        (
            "positions.csv",
            list("timestamp,symbol,position,entry_price,mark_price,unrealized_pnl", &|time| {
                format!("{time},BTCUSDT,0.5,40000,40010,5")
            }),
        ),
        (
            "BTCUSDT-liquidationSnapshot-2024-01-08.csv",
            list("time,side,order_type,time_in_force,original_quantity,price,order_status", &|time| {
                format!("{time},BUY,LIMIT,IOC,0.5,40000,FILLED")
            }),
        ),
        (
            "fills.ndjson",
            list("", &|time| {
                format!(r#"{{"symbol":"BTCUSDT","orderId":7,"price":40000,"qty":1,"time":{time}}}"#)
            }),
        ),
    ];
    for (name, text) in cases {
        let preview = Files::new().open(name, text.into_bytes()).unwrap();
        assert_eq!(preview.problems.len(), 1, "{name}: {:?}", preview.problems);
        let told = "It is a list of orders or of an account, not market data: it has the column";
        assert!(preview.problems[0].starts_with(told), "{name}: {:?}", preview.problems);
    }
    // fields of orders beside public trades are empty
    let public = "id,timestamp,symbol,order,type,side,price,amount,cost,fee\n".to_owned()
        + &trades(|at, time, price, size| format!("{at},{time},BTC/USDT,,,buy,{price},{size},9,"));
    assert_eq!(second("trades.csv", "BTCUSDT", &public).0, 25.0);
}

#[test]
fn json_has_its_market_behind_the_rows_or_one_member_for_a_date() {
    let object = |time: i64, [o, h, l, c, v]: [f64; 5]| {
        format!(r#"{{"datetime":{time},"open":{o},"high":{h},"low":{l},"close":{c},"volume":{v}}}"#)
    };
    let behind = format!(r#"{{"candles":[{}],"symbol":"KO","empty":false}}"#, joined(DAY, ",", object));
    expect_bars("pricehistory.json", "KO", DAY, &behind, true);
    // the name of the file is of less weight
    expect_bars("aggs.json", "KO", DAY, &behind, true);
    let extra = joined(DAY, ",", |time, [o, h, l, c, v]| {
        format!(
            r#""{}":{{"open":{o},"high":{h},"low":{l},"close":{c},"volume":{v},"note":"x","meta":{{"n":1}}}}"#,
            day(time)
        )
    });
    expect_bars("KO.json", "KO", DAY, &format!("{{{extra}}}"), true);
    let numbered = joined(DAY, ",", |time, [o, h, l, c, v]| {
        format!(
            r#""{}":{{"1a. open (EUR)":"{o}","1b. open (USD)":"9","2a. high (EUR)":"{h}","2b. high (USD)":"9","3a. low (EUR)":"{l}","3b. low (USD)":"9","4a. close (EUR)":"{c}","4b. close (USD)":"9","5. volume":"{v}"}}"#,
            day(time)
        )
    });
    expect_bars("daily_BTC.json", "BTC", DAY, &format!(r#"{{"Time Series":{{{numbered}}}}}"#), true);
    for row in [
        &(|time, c| format!(r#""{}":{{"4. close":"{c}"}}"#, day(time))) as &dyn Fn(i64, f64) -> String,
        &|time, c| format!(r#""{}":{{"px":{c}}}"#, day(time)),
        &|time, c| format!(r#""{}":{c}"#, day(time)),
    ] {
        let text = format!("{{{}}}", joined(DAY, ",", |time, [.., c, _]| row(time, c)));
        let (files, report) = import("KO.json", text.as_bytes());
        assert_eq!((report.rows, report.refusals.count), (20, 0), "{}", &text[..40]);
        let (step, held) = bars(&files, "KO");
        assert_eq!((step, held.len(), held[0].1.close), (DAY, 20, days(DAY)[0].1[3]), "{}", &text[..40]);
    }
}

#[test]
fn a_market_behind_many_rows_of_json_is_found() {
    let rows = (0..5_000).map(|at| format!(r#"{{"t":{},"c":{}}}"#, BEGIN + at * 60_000, 100 + at % 7));
    let text = format!(r#"{{"bars":[{}],"symbol":"KO"}}"#, rows.collect::<Vec<_>>().join(",\n      "));
    assert!(text.len() > 128 * 1_024);
    let (files, report) = import("bars.json", text.as_bytes());
    assert_eq!((report.rows, bars(&files, "KO").1.len()), (5_000, 5_000));
}

#[test]
fn answers_of_exchanges_without_names_are_made_out() {
    let second_of = |name: &str, symbol: &str, rows: &dyn Fn(i64, i64, f64, i64) -> String| {
        let rows = trades(rows);
        let rows = rows.trim_end().replace('\n', ",");
        second(name, symbol, &format!(r#"{{"error":[],"result":{{"{symbol}":[{rows}],"last":"7"}}}}"#))
    };
    let kraken = |at: i64, time: i64, price: f64, size: i64| {
        format!(r#"["{price}","{size}",{}.{:03},"b","m","",{at}]"#, time / 1_000, time % 1_000)
    };
    assert_eq!(second_of("Trades.json", "XXBTZUSD", &kraken).0, 25.0);
    let bitfinex = trades(|at, time, price, size| {
        format!("[{},{time},{}{size},{price}],", 1_500_000_000 + at, if at % 2 == 0 { "-" } else { "" })
    });
    let bitfinex = format!("[{}]", bitfinex.trim_end().trim_end_matches(','));
    assert_eq!(second("tBTCUSD.json", "BTCUSD", &bitfinex).0, 25.0);
    let phemex = joined(HOUR, ",", |time, [o, h, l, c, v]| {
        format!(r#"[{},3600,"{o}","{o}","{h}","{l}","{c}","{v}","9","BTCUSDT"]"#, time / 1_000)
    });
    expect_bars("BTCUSDT.json", "BTCUSDT", HOUR, &format!(r#"{{"data":{{"rows":[{phemex}]}}}}"#), true);
    let upbit = joined(HOUR, ",", |time, [o, h, l, c, v]| {
        format!(
            r#"{{"market":"KRW-BTC","candle_date_time_utc":"{}:00","candle_date_time_kst":"{}:00","opening_price":{o},"high_price":{h},"low_price":{l},"trade_price":{c},"timestamp":{},"candle_acc_trade_price":9,"candle_acc_trade_volume":{v},"unit":60}}"#,
            date(time),
            date(time + 9 * HOUR),
            time + HOUR - 4_321
        )
    });
    expect_bars("candles.json", "BTCKRW", HOUR, &format!("[{upbit}]"), true);
}

#[test]
fn bitmex_and_databento_write_times_and_prices_in_their_own_ways() {
    let bitmex = "timestamp,symbol,side,size,price\n".to_owned()
        + &trades(|_, time, price, size| {
            let (day, clock) = (day(time), &date(time)[11..]);
            format!(
                "{day}D{clock}:{:02}.{:03}000000,XBTUSDT,Buy,{size},{price}",
                time / 1_000 % 60,
                time % 1_000
            )
        });
    assert_eq!(second("20240108.csv", "XBTUSDT", &bitmex).0, 25.0);
    let header = "ts_event,rtype,publisher_id,instrument_id,open,high,low,close,volume,symbol\n";
    let raw = joined(HOUR, "\n", |time, [o, h, l, c, v]| {
        let billionths = |price: f64| format!("{:.0}", price * 1e9);
        let [o, h, l, c] = [o, h, l, c].map(billionths);
        format!("{time}000000,34,2,9075,{o},{h},{l},{c},{v},KO")
    });
    let decimals = joined(HOUR, "\n", |time, [o, h, l, c, v]| {
        format!("{}:00.000000000Z,34,2,9075,{o:.9},{h:.9},{l:.9},{c:.9},{v},KO", date(time))
    });
    for rows in [raw, decimals] {
        expect_bars("equs.ohlcv-1h.csv", "KO", HOUR, &(header.to_owned() + &rows + "\n"), true);
    }
}

#[test]
fn yahoo_counts_the_volume_of_coins_in_money() {
    let rows = joined(DAY, "\n", |time, [o, h, l, c, v]| format!("{},{o},{h},{l},{c},{c},{v}", day(time)));
    let text = format!("Date,Open,High,Low,Close,Adj Close,Volume\n{rows}\n");
    let volumes = |name: &str, symbol: &str| {
        let (files, _) = import(name, text.as_bytes());
        let bar = bars(&files, symbol).1[0].1;
        (bar.volume.value(), bar.quote_volume.value())
    };
    assert_eq!(volumes("BTC-USD.csv", "BTCUSD"), (0.0, 8_000.0));
    assert_eq!(volumes("KO.csv", "KO"), (8_000.0, 0.0));
    let rows = joined(DAY, "\n", |time, [.., c, v]| format!("{},{c},{c},{v},{v}", day(time)));
    let two = format!("Price,Close,Close,Volume,Volume\nTicker,ETH-USD,KO,ETH-USD,KO\nDate,,,,\n{rows}\n");
    let (files, _) = import("prices.csv", two.as_bytes());
    let sums = |symbol: &str| {
        let bar = bars(&files, symbol).1[0].1;
        (bar.volume.value(), bar.quote_volume.value())
    };
    assert_eq!((sums("ETHUSD"), sums("KO")), ((0.0, 8_000.0), (8_000.0, 0.0)));
}

#[test]
fn which_of_several_columns_is_the_close_is_said() {
    let cases = [
        ("Date,Open,High,Low,Last,Close,Volume", "Close is taken, before Last"),
        ("Date,Open,High,Low,Adj Close,Close,Volume", "Close is taken, before Adj Close"),
        ("Date,Open,High,Low,Settle,Last,Volume", "Last is taken, before Settle"),
    ];
    for (header, told) in cases {
        let rows = joined(DAY, "\n", |time, [o, h, l, c, v]| {
            format!("{},{o},{h},{l},{},{c},{v}", day(time), c * 0.999)
        });
        let text = format!("{header}\n{rows}\n");
        expect_bars("KO.csv", "KO", DAY, &text, true);
        let preview = Files::new().open("KO.csv", text.into_bytes()).unwrap();
        assert!(preview.notes.iter().any(|note| note.contains(told)), "{header}: {:?}", preview.notes);
    }
    // without names that are known, the later of two is the close in another way
    let rows =
        joined(DAY, "\n", |time, [o, h, l, c, v]| format!("{},{o},{h},{l},{c},{},{v}", day(time), c * 0.96));
    expect_bars(
        "KO.csv",
        "KO",
        DAY,
        &format!("Tag,Beginn,Spitze,Boden,Ende,Bereinigt,Menge\n{rows}\n"),
        false,
    );
}

#[test]
fn names_of_files_and_columns_of_further_sites_are_known() {
    let us = |time: i64| format!("{}/{}/{}", &day(time)[5..7], &day(time)[8..10], &day(time)[..4]);
    let rows = joined(DAY, "\n", |time, [o, h, l, c, v]| {
        format!("{},\"{o}\",\"{h}\",\"{l}\",\"{c}\",\"{v}\"", us(time))
    });
    let text = format!("Date,Open,High,Low,Close,Volume\n{rows}\n");
    expect_bars("STOCK_US_XNYS_KO.csv", "KO", DAY, &text, true);
    expect_bars("ko_daily_historical-data-03-01-2024.csv", "KO", DAY, &text, true);
    let rows = joined(DAY, "\n", |time, [o, h, l, c, v]| {
        let day = day(time);
        format!("{day}T00:00:00.000Z;{day}T23:59:59.999Z;2781;{o};{h};{l};{c};{v}")
    });
    let list = format!("timeOpen;timeClose;name;open;high;low;close;volume\n{rows}\n");
    expect_bars("BTC-USD.csv", "BTCUSD", DAY, &list, true);
    let rows = joined(HOUR, "\n", |time, [o, h, l, c, v]| {
        let second = format!("{time},7,{},{},{},{},{v}", o + 900.0, h + 900.0, l + 900.0, c + 900.0);
        format!("{time},3,{o},{h},{l},{c},{v}\n{second}")
    });
    let (files, report) =
        import("train.csv", format!("timestamp,Asset_ID,Open,High,Low,Close,Volume\n{rows}\n").as_bytes());
    assert_eq!((report.rows, bars(&files, "3").1.len(), bars(&files, "7").1[0].1.open), (40, 20, 1_000.0));
}
