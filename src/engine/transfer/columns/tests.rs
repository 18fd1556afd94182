use super::*;

fn by_content<S: AsRef<str>>(rows: &[Vec<S>], of_day: bool) -> Option<(Kind, Vec<Option<Role>>)> {
    super::by_content(rows, of_day, &Times::default(), Decimal::Point)
}

fn named(header: &str) -> Option<(Kind, String)> {
    let cells: Vec<&str> = header.split(',').collect();
    by_name(&cells).map(|(kind, columns)| (kind, words(&columns)))
}

fn words(columns: &[Option<Role>]) -> String {
    columns.iter().map(|role| role.map_or("-", Role::name)).collect::<Vec<_>>().join(",")
}

#[test]
fn headers_of_known_tables_are_understood_in_any_order() {
    let cases = [
        ("Close,Date,Low,High,Open", Kind::Bars, "close,time,low,high,open"),
        (
            "open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_volume,ignore",
            Kind::Bars,
            "time,open,high,low,close,volume,-,quote volume,trades,taker base,taker quote,-",
        ),
        (
            "unix,date,symbol,open,high,low,close,Volume BTC,Volume USDT,tradecount",
            Kind::Bars,
            "time,-,symbol,open,high,low,close,volume,quote volume,trades",
        ),
        ("date,value", Kind::Bars, "time,close"),
        (
            "t,T,s,i,f,L,o,c,h,l,v,n,V,Q",
            Kind::Bars,
            "time,-,symbol,-,-,-,open,close,high,low,volume,trades,-,-",
        ),
        ("date,variable,value", Kind::Bars, "time,symbol,close"),
        ("Date,Open,High,Low,Close,Adj Close,Volume", Kind::Bars, "time,open,high,low,close,-,volume"),
        (
            "agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker",
            Kind::Trades,
            "trade id,price,size,first trade id,last trade id,time,buyer is maker",
        ),
        (
            "TimestampOfReceive,Stream,EventType,EventTime,TransactionTime,Symbol,TradeId,Price,Quantity,IsBuyerMarketMaker,MUnknownParameter",
            Kind::Trades,
            "-,-,-,-,time,symbol,trade id,price,size,buyer is maker,-",
        ),
    ];
    for (header, kind, roles) in cases {
        assert_eq!(named(header), Some((kind, roles.to_owned())), "{header}");
    }
    assert_eq!(named("name,colour"), None);
}

#[test]
fn a_header_with_both_legs_is_read_for_each_of_them() {
    let header =
        ["open_time", "open_time_ms", "y_origin", "x_origin", "y_close", "x_close", "y_mean", "spread"];
    let [y, x] = of_legs(&header).unwrap();
    assert_eq!(words(&y), "time,-,origin,-,close,-,-,-");
    assert_eq!(words(&x), "time,-,-,origin,-,close,-,-");
    assert_eq!(by_name(&header), None);
    assert_eq!(of_legs(&["open_time", "y_close", "x_mean"]), None);
    let [y, _] = of_legs(&["open_time", "y_price", "x_price"]).unwrap();
    assert_eq!(words(&y), "time,close,-");
}

#[test]
fn tables_without_a_header_are_known_by_what_stands_in_them() {
    let cases = [
        (
            "1499040000000,0.0163,0.8,0.0157,0.0157,148976.1,1499644799999,2434.1,308,1756.8,28.4,0",
            Kind::Bars,
            "time,open,high,low,close,volume,-,quote volume,trades,taker base,taker quote,-",
        ),
        (
            "1735693200000000,0.0163,0.8,0.0157,0.0157,148976.1,1735693200999999,2434.1,308,1756.8,28.4,0",
            Kind::Bars,
            "time,open,high,low,close,volume,-,quote volume,trades,taker base,taker quote,-",
        ),
        (
            "28457,4.00000100,12.00000000,48.000012,1499865549590,True,True",
            Kind::Trades,
            "trade id,price,size,-,time,buyer is maker,-",
        ),
        (
            "26129,0.01633102,4.70443515,27781,27781,1498793709153,true,true",
            Kind::Trades,
            "-,price,size,first trade id,last trade id,time,buyer is maker,-",
        ),
        ("1605499846,15993.5,0.026472,ANY", Kind::Trades, "time,price,size,-"),
        ("2017-01-03,1,2,0.5,1.5,100", Kind::Bars, "time,open,high,low,close,volume"),
    ];
    for (row, kind, roles) in cases {
        let row: Vec<&str> = row.split(',').collect();
        let (found, columns) = by_content(&[row.clone(), row], false).unwrap();
        assert_eq!((found, words(&columns).as_str()), (kind, roles));
    }
    assert!(by_content(&[vec!["a", "b"]], false).is_none());
    assert!(by_content(&[vec!["60000", "1", "2", "0.5", "1.5", "100"]], false).is_none());
    assert!(by_content(&[vec!["60000", "1", "2", "0.5", "1.5", "100"]], true).is_some());
}
