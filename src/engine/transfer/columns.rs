//! What the columns of a table mean: by their names, or by what stands in them.

use super::plan::{Kind, Role};
use super::timestamp;

/// Names of each role in lower case without blanks and signs, the best first.
const NAMES: [(Role, &[&str]); Role::COUNT] = [
    (
        Role::Time,
        &[
            "opentime",
            "transacttime",
            "transactiontime",
            "tradetime",
            "timestamp",
            "time",
            "ts",
            "unix",
            "unixtime",
            "unixtimestamp",
            "datetime",
            "date",
            "starttime",
            "eventtime",
            "timestampms",
        ],
    ),
    (Role::Symbol, &["symbol", "pair", "market", "ticker", "instrument"]),
    (Role::Open, &["open", "openprice", "o"]),
    (Role::High, &["high", "highprice", "h"]),
    (Role::Low, &["low", "lowprice", "l"]),
    (Role::Close, &["close", "closeprice", "c", "last", "adjclose"]),
    (Role::Volume, &["volume", "basevolume", "vol", "v"]),
    (Role::QuoteVolume, &["quotevolume", "quoteassetvolume", "quotevol", "turnover"]),
    (Role::Trades, &["trades", "count", "numberoftrades", "tradecount", "tradescount"]),
    (Role::TakerBase, &["takerbase", "takerbuyvolume", "takerbuybasevolume", "takerbuybaseassetvolume"]),
    (Role::TakerQuote, &["takerquote", "takerbuyquotevolume", "takerbuyquoteassetvolume"]),
    (Role::Price, &["price", "tradeprice", "p"]),
    (Role::Size, &["size", "qty", "quantity", "amount", "q", "volume"]),
    (Role::TradeId, &["tradeid", "id", "aggtradeid", "tid"]),
    (Role::FirstTradeId, &["firsttradeid", "firstid"]),
    (Role::LastTradeId, &["lasttradeid", "lastid"]),
    (Role::BuyerIsMaker, &["isbuyermaker", "buyerismaker", "isbuyermarketmaker", "side", "takerside"]),
    (Role::Origin, &["origin"]),
];

/// Reads the names of the first line; `None` when they are not those of a table of bars or trades.
pub fn by_name<S: AsRef<str>>(header: &[S]) -> Option<(Kind, Vec<Option<Role>>)> {
    let names: Vec<String> = header.iter().map(|name| plain(name.as_ref())).collect();
    let has = |role| find(&names, role).is_some();
    let kind = match (has(Role::Close), has(Role::Price)) {
        (true, _) => Kind::Bars,
        (false, true) => Kind::Trades,
        (false, false) => return None,
    };
    let mut columns = vec![None; names.len()];
    for &role in kind.roles() {
        if let Some(at) = find(&names, role).filter(|&at| columns[at].is_none()) {
            columns[at] = Some(role);
        }
    }
    if kind == Kind::Bars {
        named_volumes(&names, &mut columns);
    }
    Some((kind, columns))
}

/// Reads the names of a table that holds a bar of each leg in a row, `y_close` and `x_close`: what its columns mean
/// for y, and for x. `None` when they are not those of one.
pub fn of_legs<S: AsRef<str>>(header: &[S]) -> Option<[Vec<Option<Role>>; 2]> {
    let of = |own: &str, other: &str| {
        let names = header.iter().map(|name| match name.as_ref() {
            name if name.starts_with(other) => "",
            name => name.strip_prefix(own).unwrap_or(name),
        });
        by_name(&names.collect::<Vec<_>>()).filter(|(kind, _)| *kind == Kind::Bars)
    };
    let ((_, y), (_, x)) = of("y_", "x_").zip(of("x_", "y_"))?;
    Some([y, x])
}

/// Whether there are names for both price and size of a trade.
pub(super) fn has_trade<S: AsRef<str>>(header: &[S]) -> bool {
    let names: Vec<String> = header.iter().map(|name| plain(name.as_ref())).collect();
    [Role::Price, Role::Size].into_iter().all(|role| find(&names, role).is_some())
}

/// The columns of a table of which only the one with the time is known, if any.
pub fn time_alone<S: AsRef<str>>(header: &[S]) -> Vec<Option<Role>> {
    let names: Vec<String> = header.iter().map(|name| plain(name.as_ref())).collect();
    let time = find(&names, Role::Time);
    (0..names.len()).map(|at| (time == Some(at)).then_some(Role::Time)).collect()
}

/// `Volume BTC` and `Volume USDT`: the base's first.
fn named_volumes(names: &[String], columns: &mut [Option<Role>]) {
    for role in [Role::Volume, Role::QuoteVolume] {
        if columns.contains(&Some(role)) {
            continue;
        }
        let free = |&at: &usize| columns[at].is_none() && names[at].starts_with("volume");
        if let Some(at) = (0..names.len()).find(free) {
            columns[at] = Some(role);
        }
    }
}

fn find(names: &[String], role: Role) -> Option<usize> {
    let (_, known) = NAMES.iter().find(|(named, _)| *named == role)?;
    known.iter().find_map(|known| names.iter().position(|name| name == known))
}

fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

/// Reads what stands in the first rows of a table without names; `None` when it is none that is known.
///
/// `of_day`: times are milliseconds since midnight.
pub fn by_content<S: AsRef<str>>(rows: &[Vec<S>], of_day: bool) -> Option<(Kind, Vec<Option<Role>>)> {
    use Role::{
        BuyerIsMaker, Close, FirstTradeId, High, LastTradeId, Low, Open, Price, QuoteVolume, Size, TakerBase,
        TakerQuote, Time, TradeId, Trades, Volume,
    };
    let width = rows.first()?.len();
    let all = |at: usize, holds: &dyn Fn(&str) -> bool| {
        rows.iter().all(|row| row.get(at).is_some_and(|cell| holds(cell.as_ref())))
    };
    let time = |at| all(at, &|cell| is_time(cell, of_day));
    let decimal = |at| all(at, &|cell| cell.parse::<f64>().is_ok_and(|number| number >= 0.0));
    let whole = |at| all(at, &|cell| cell.parse::<u64>().is_ok());
    let truth = |at| all(at, &|cell| buyer_is_maker(cell).is_some());
    let prices = (1..5).all(&decimal);
    let (kind, roles): (_, &[Option<Role>]) = if time(0) && prices && time(6) && whole(8) && width >= 11 {
        let klines = &[
            Some(Time),
            Some(Open),
            Some(High),
            Some(Low),
            Some(Close),
            Some(Volume),
            None,
            Some(QuoteVolume),
            Some(Trades),
            Some(TakerBase),
            Some(TakerQuote),
        ];
        (Kind::Bars, klines)
    } else if whole(0) && decimal(1) && decimal(2) && whole(3) && whole(4) && time(5) && truth(6) {
        let aggregates = &[
            None,
            Some(Price),
            Some(Size),
            Some(FirstTradeId),
            Some(LastTradeId),
            Some(Time),
            Some(BuyerIsMaker),
        ];
        (Kind::Trades, aggregates)
    } else if whole(0) && decimal(1) && decimal(2) && decimal(3) && time(4) && truth(5) {
        let trades = &[Some(TradeId), Some(Price), Some(Size), None, Some(Time), Some(BuyerIsMaker)];
        (Kind::Trades, trades)
    } else if time(0) && prices && decimal(5) {
        (Kind::Bars, &[Some(Time), Some(Open), Some(High), Some(Low), Some(Close), Some(Volume)])
    } else if time(0) && prices {
        (Kind::Bars, &[Some(Time), Some(Open), Some(High), Some(Low), Some(Close)])
    } else if time(0) && decimal(1) && decimal(2) {
        (Kind::Trades, &[Some(Time), Some(Price), Some(Size)])
    } else {
        return None;
    };
    let mut columns = roles.to_vec();
    columns.resize(width, None);
    Some((kind, columns))
}

/// Whether a text is a time and not just a number: no trade was made on an exchange for coins before 2009.
fn is_time(text: &str, of_day: bool) -> bool {
    const YEAR_2009: i64 = 1_230_768_000_000_000;
    if of_day {
        return timestamp::parse_of_day(text, 0).is_ok();
    }
    let number = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    timestamp::parse(text).is_ok_and(|micros| !number || micros >= YEAR_2009)
}

/// Reads whether the buyer's order was resting; also from the taker's side, a seller's where it was.
pub(super) fn buyer_is_maker(text: &str) -> Option<bool> {
    let is = |words: [&str; 3]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is(["true", "1", "sell"]) {
        Some(true)
    } else if is(["false", "0", "buy"]) {
        Some(false)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(of_legs(&["open_time", "y_price", "x_price"]), None);
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
}
