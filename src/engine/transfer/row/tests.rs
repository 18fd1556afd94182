use super::*;
use crate::transfer::columns;
use crate::transfer::csv;
use crate::transfer::plan::Table;

fn read(header: &str, line: &str) -> Result<(UnixMicros, Option<String>, Content), String> {
    let names: Vec<&str> = header.split(',').collect();
    let (kind, columns) = columns::by_name(&names).unwrap();
    let table = Table::new(columns);
    let plan = Plan::new(Form::Table(table.clone()), kind);
    let cells = csv::cells(line, ',').unwrap();
    let reader = TableReader::new(&plan, &table.columns);
    let row = reader.read(&cells)?;
    Ok((row.time, row.symbol.map(Cow::into_owned), row.content))
}

#[test]
fn a_bar_has_its_columns_wherever_they_are_and_a_close_alone_is_one_price() {
    let (time, _, content) = read("close,time,high,low,open,volume", "2,2020-01-01,3,0.5,1,7.5").unwrap();
    let Content::Bar(Some(bar)) = content else { panic!("{content:?}") };
    assert_eq!(time, 1_577_836_800_000_000);
    assert_eq!((bar.open, bar.high, bar.low, bar.close, bar.volume.value()), (1.0, 3.0, 0.5, 2.0, 7.5));
    let Content::Bar(Some(bar)) = read("date,close", "2020-01-01,2").unwrap().2 else { panic!() };
    assert_eq!((bar.open, bar.high, bar.low, bar.close, bar.trades), (2.0, 2.0, 2.0, 2.0, 0));
}

#[test]
fn a_bar_without_trades_is_known_to_be_empty() {
    let empty = read("time,open,high,low,close,trades", "2020-01-01,2,2,2,2,0").unwrap().2;
    assert_eq!(empty, Content::Bar(None));
}

#[test]
fn a_bar_says_by_its_origin_whether_it_is_empty_or_missing() {
    let header = "time,open,high,low,close,trades,origin";
    for origin in ["missing", "outage"] {
        let row = format!("2020-01-01,,,,,,{origin}");
        assert_eq!(read(header, &row).unwrap().2, Content::Missing);
    }
    for origin in ["live", "history", "repaired"] {
        assert_eq!(read(header, &format!("2020-01-01,,,,,,{origin}")).unwrap().2, Content::Bar(None));
        let bar = read(header, &format!("2020-01-01,2,2,2,2,1,{origin}")).unwrap().2;
        assert!(matches!(bar, Content::Bar(Some(_))), "{bar:?}");
    }
    assert_eq!(read(header, "2020-01-01,,,,,,elsewhere").unwrap().2, Content::Unpriced);
    for absent in ["", "null", ".", "NA", "-", "n/a", "NaN"] {
        assert_eq!(read("date,close", &format!("2020-01-01,{absent}")).unwrap().2, Content::Unpriced);
    }
}

#[test]
fn whole_numbers_are_read_as_programs_and_people_write_them() {
    let written = [("308", 308), ("308.0", 308), ("3.08e+02", 308), ("1.000000E3", 1_000), ("1,234", 1_234)];
    for (text, number) in written {
        let line =
            format!("2020-01-01,2,{}", if text.contains(',') { format!("\"{text}\"") } else { text.into() });
        let Content::Bar(Some(bar)) = read("date,close,trades", &line).unwrap().2 else { panic!("{text}") };
        assert_eq!(bar.trades, number, "{text}");
    }
}

#[test]
fn an_aggregate_counts_its_trades() {
    let header = "price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker,symbol";
    let (_, symbol, content) = read(header, "2,0.5,10,12,1723161255342,false,btc-usdt").unwrap();
    let Content::Trade { traded, ids } = content else { panic!("{content:?}") };
    assert_eq!((traded.trades, ids, traded.taker_quote.value()), (3, Some((10, 12)), 1.0));
    assert_eq!(crate::transfer::market_name::symbol(&symbol.unwrap()).unwrap().as_str(), "BTCUSDT");
}

#[test]
fn what_cannot_be_is_refused_with_column_and_value() {
    let bar = "time,open,high,low,close,volume,trades";
    let trade = "time,price,size,id";
    let aggregate = "time,price,size,first_id,last_id";
    let cases = [
        (bar, "2020-01-01,1,2,0.5", "close must be in column 5, and the line has 4"),
        (bar, "2020-01-01,1,2,0.5,x,1,1", "close must be a positive decimal, was \"x\""),
        (bar, "2020-01-01,1,2,0.5,3,1,1", "high 2 is below another price of its bar"),
        (bar, "2020-01-01,1,2,1.5,1,1,1", "low 1.5 is above another price of its bar"),
        (bar, "2020-01-01,1,2,0.5,1,-1,1", "volume must be a decimal of 0 or more, was \"-1\""),
        (bar, "2020-01-01,1,2,0.5,1,1,1.5", "trades must be a whole number, was \"1.5\""),
        (trade, "2020-01-01,1,0,1", "size must be a positive decimal, was \"0\""),
        (trade, "2020-01-01,inf,1,1", "price must be a positive decimal, was \"inf\""),
        (trade, "2020-01-01,1e300,1,1", "price must be a positive decimal, was \"1e300\""),
        (trade, "2020-01-01,1,1,-1", "trade id must be a whole number, was \"-1\""),
        (aggregate, "2020-01-01,1,1,5,4", "last trade id 4 does not follow first 5"),
        (
            aggregate,
            "2020-01-01,1,1,0,18446744073709551615",
            "last trade id 18446744073709551615 does not follow first 0",
        ),
    ];
    for (header, line, reason) in cases {
        assert_eq!(read(header, line).unwrap_err(), reason);
    }
}
