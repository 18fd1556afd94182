//! Lists of orders, fills and accounts: what somebody did, and no market data.

use super::columns;
use super::members;
use super::names;
use super::number;

/// Names of columns that only such a list has.
#[rustfmt::skip]
const DECISIVE: [&str; 60] = [
    "orderid", "ordid", "orderno", "ordernumber", "orderlistid", "clientorderid", "clordid", "ordertxid", "ordertype",
    "orderstatus", "orderprice", "orderamount", "orderqty", "orderquantity", "timeinforce", "origqty",
    "originalquantity", "executed", "executedqty", "executedquantity", "executedprice", "filled", "filledqty",
    "filledquantity", "filledavgprice", "filledprice", "avgfillprice", "avgfilledprice", "fillid", "fillprice",
    "realizedpnl", "realizedpl", "realizedprofit", "realisedpnl", "unrealizedpnl", "unrealizedpl", "closedpnl",
    "entryprice", "exitprice", "avgentryprice", "openrate", "stakeamount", "profitratio", "profitabs",
    "transactiontype", "transcode", "noofshares", "costbasis", "commissionasset", "feecoin", "feeasset",
    "feecurrency", "positionid", "dealid", "accountid", "stoploss", "takeprofit", "exitreason", "brokerage",
    "settlementamount",
];
/// Names that such a list may have; two of them tell.
#[rustfmt::skip]
const PERHAPS: [&str; 22] = [
    "fee", "fees", "commission", "commissions", "commfee", "status", "total", "ledgers", "txid", "refid", "balance",
    "pnl", "profit", "swap", "deal", "order", "ticket", "proceeds", "basis", "leverage", "portfolio", "margin",
];
/// Names that tell together: public trades have a side, and no status.
const STATUS_AND_SIDE: [&str; 2] = ["status", "side"];
/// Letters at the beginning of further names of profits: `Profit USDT`, `Cum. Profit %`.
const PROFITS: [&str; 3] = ["profit", "cumprofit", "netprofit"];

/// Why rows with these columns are no market data; `None` where they may be. A column without a value tells nothing:
/// programs write fields of orders beside public trades, and leave them empty.
pub(super) fn refusal(columns: &[String], rows: &[&[String]], text: &str) -> Option<String> {
    // trades of which each is an object have no columns
    if columns.is_empty() || rows.iter().all(|row| row.len() < columns.len().min(2)) {
        let line = super::dialect::candidates(text).map(|(_, line)| line).find(|line| line.contains('{'))?;
        let names = members::names(line)?;
        let cells = members::cells(line, &names).ok()?;
        return sentence(&names, |at| cells.get(at).is_some_and(|cell| has_value(cell)));
    }
    sentence(columns, |at| rows.iter().filter_map(|row| row.get(at)).any(|cell| has_value(cell)))
}

fn sentence(names: &[String], is_used: impl Fn(usize) -> bool) -> Option<String> {
    if columns::has_bar(names) {
        return None;
    }
    let plain = |at: usize| names::plain(&names[at]).swap_remove(0);
    let used: Vec<usize> = (0..names.len()).filter(|at| is_used(*at)).collect();
    let has_both = STATUS_AND_SIDE.iter().all(|name| used.iter().any(|at| plain(*at) == *name));
    let is_decisive = |at: &&usize| DECISIVE.contains(&plain(**at).as_str());
    let is_perhaps = |at: &&usize| {
        let plain = plain(**at);
        let is_profit = || PROFITS.iter().any(|begin| plain.starts_with(begin));
        PERHAPS.contains(&plain.as_str()) || is_profit() || (has_both && plain == STATUS_AND_SIDE[1])
    };
    let decisive: Vec<&usize> = used.iter().filter(is_decisive).collect();
    let perhaps: Vec<&usize> = used.iter().filter(is_perhaps).collect();
    let telling = if decisive.is_empty() { Some(perhaps).filter(|all| all.len() > 1)? } else { decisive };
    let shown: Vec<&str> = telling.iter().take(2).map(|at| names[**at].trim()).collect();
    let columns = if shown.len() > 1 { "columns" } else { "column" };
    Some(format!(
        "It is a list of orders or of an account, not market data: it has the {columns} {}.",
        shown.join(" and ")
    ))
}

fn has_value(cell: &str) -> bool {
    !number::is_absent(cell) && !matches!(cell.trim(), "[]" | "{}" | "None" | "\"\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(header: &str, row: &str) -> Option<String> {
        let split = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
        refusal(&split(header), &[&split(row)[..]], "")
    }

    #[test]
    fn what_somebody_did_is_no_market_data() {
        for (header, row, names) in [
            ("order_id,side,price,time", "1,buy,2,3", "column order_id"),
            ("Date(UTC),Pair,Side,Price,Executed,Amount,Fee", "1,A,BUY,2,1A,2,1", "column Executed"),
            ("time,side,status,price,qty", "1,buy,filled,2,3", "columns side and status"),
            ("txid,pair,time,price,cost,fee,vol", "x,A,1,2,3,4,5", "columns txid and fee"),
        ] {
            assert_eq!(
                said(header, row),
                Some(format!(
                    "It is a list of orders or of an account, not market data: it has the {names}."
                )),
                "{header}"
            );
        }
        let line = "{\"symbol\":\"BTCUSDT\",\"orderId\":7,\"price\":2,\"qty\":1,\"time\":1704067200000}\n";
        assert!(refusal(&[], &[], line).is_some_and(|said| said.ends_with("column orderId.")));
    }

    #[test]
    fn fields_of_orders_that_are_empty_tell_nothing() {
        for (header, row) in [
            ("id,timestamp,order,type,side,price,amount,cost,fee", "1,2,,,buy,3,4,,"),
            ("id,timestamp,side,price,amount,cost,fee", "1,2,buy,3,4,5,"),
            ("ts_event,action,side,price,size", "1,T,A,2,3"),
            ("time,side,price,size,maker_order_id,taker_order_id", "1,buy,2,3,4,5"),
            ("date,open,high,low,close,profit,fee", "1,2,3,4,5,6,7"),
            ("ts,symbol,price,size", "1,A,2,3"),
        ] {
            assert_eq!(said(header, row), None, "{header}");
        }
    }
}
