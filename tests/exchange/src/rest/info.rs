//! The exchange's information about itself and its markets.

use super::query::{Query, Refusal, refuse};
use super::rows;
use crate::fault::WrongRules;
use crate::tape::coins::Coin;
use crate::tape::{Listed, Market, Tape};

/// Returns the markets that a request names; `None`, meaning all, if it names none.
///
/// # Errors
/// -1128 for `symbol` with `symbols`, -1100 for a malformed list, -1121 for a symbol that is not traded.
pub(super) fn wanted(tape: &Tape, query: &Query) -> Result<Option<Vec<String>>, Refusal> {
    let wanted: Option<Vec<String>> = match (query.get("symbol"), query.get("symbols")) {
        (Some(_), Some(_)) => return Err(refuse(-1128, "Combination of optional parameters invalid.")),
        (Some(symbol), None) => Some(vec![symbol.clone()]),
        (None, Some(list)) => {
            let illegal = |_bad| refuse(-1100, "Illegal characters found in parameter 'symbols'.");
            Some(serde_json::from_str(list).map_err(illegal)?)
        }
        (None, None) => None,
    };
    let known = |symbol: &String| tape.market(symbol).is_some() || tape.coin(symbol).is_some();
    if wanted.as_ref().is_some_and(|wanted| !wanted.iter().all(known)) {
        return Err(refuse(-1121, "Invalid symbol."));
    }
    Ok(wanted)
}

/// Returns whether `market` is one of those wanted.
pub(super) fn names(wanted: Option<&Vec<String>>, market: &Market) -> bool {
    wanted.is_none_or(|wanted| wanted.contains(&market.symbol))
}

/// Returns the response of `exchangeInfo`.
///
/// # Errors
/// Those of [`wanted`].
pub(super) fn exchange_info(
    tape: &Tape,
    query: &Query,
    told_now_ms: i64,
    wrong: Option<WrongRules>,
) -> Result<String, Refusal> {
    let wanted = wanted(tape, query)?;
    let coins = tape.coins.iter().map(Coin::symbol);
    let symbols = tape.markets.iter().map(|market| market.symbol.clone()).chain(coins);
    let trading = symbols.map(Listed::trading);
    let status = query.get("symbolStatus");
    if status.is_some() && wanted.is_some() {
        return Err(refuse(-1128, "Combination of optional parameters invalid."));
    }
    let symbols = trading
        .chain(tape.listed.iter().cloned())
        .filter(|listed| wanted.as_ref().is_none_or(|wanted| wanted.contains(&listed.symbol)))
        .filter(|listed| status.is_none_or(|status| listed.status == *status))
        .map(|listed| symbol(&listed, wrong));
    Ok(format!(
        concat!(
            r#"{{"timezone":"UTC","serverTime":{},"rateLimits":["#,
            r#"{{"rateLimitType":"REQUEST_WEIGHT","interval":"MINUTE","intervalNum":1,"limit":{}}},"#,
            r#"{{"rateLimitType":"RAW_REQUESTS","interval":"MINUTE","intervalNum":5,"limit":300000}}],"#,
            r#""exchangeFilters":[],"symbols":{}}}"#
        ),
        told_now_ms,
        tape.venue.weight_limit(),
        rows::list(symbols),
    ))
}

fn symbol(listed: &Listed, wrong: Option<WrongRules>) -> String {
    let Listed { symbol: name, status } = listed;
    let base = name.trim_end_matches("USDT");
    format!(
        concat!(
            r#"{{"symbol":"{}","status":"{}","baseAsset":"{}","baseAssetPrecision":8,"quoteAsset":"USDT","#,
            r#""quotePrecision":8,"quoteAssetPrecision":8,"isSpotTradingAllowed":true,"filters":["#,
            r#"{{"filterType":"PRICE_FILTER","minPrice":"0.01000000","maxPrice":"1000000.00000000","#,
            r#""tickSize":"0.01000000"}},"#,
            r#"{}{{"filterType":"NOTIONAL","minNotional":"5.00000000","applyMinToMarket":true,"#,
            r#""maxNotional":"9000000.00000000","applyMaxToMarket":false,"avgPriceMins":5}}],"permissions":[],"permissionSets":[["SPOT"]]}}"#
        ),
        name,
        status,
        base,
        lot_size(name, wrong)
    )
}

/// Returns the filter of lots with the comma after it.
fn lot_size(name: &str, wrong: Option<WrongRules>) -> String {
    let step = match wrong {
        Some(WrongRules::NoLotSize) => return String::new(),
        Some(WrongRules::ZeroStep) => "0.00000000",
        Some(WrongRules::Word) => "small",
        // as coarse as the exchange's for cheap coins
        None => match name {
            "SOLUSDT" => "0.10000000",
            "ADAUSDT" | "DOTUSDT" => "1.00000000",
            _ => "0.00001000",
        },
    };
    let lots = format!(
        r#"{{"filterType":"LOT_SIZE","minQty":"0.00001000","maxQty":"9000.00000000","stepSize":"{step}"}},"#
    );
    let at_market = r#"{"filterType":"MARKET_LOT_SIZE","minQty":"0.00000000","maxQty":"120.00000000","stepSize":"0.00000000"},"#;
    lots + at_market
}
