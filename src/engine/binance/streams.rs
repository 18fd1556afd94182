//! Which streams a venue offers, and the address that asks for those that the desk needs.

use crate::Pair;
use crate::settings::Source;

/// What a market sends beside its trades, and what tells the exchange's clock whatever trades.
struct Offer {
    /// Of each leg: bars of a second where there are any, so that a silent market is told from a quiet one.
    beside_trades: &'static str,
    /// One stream that speaks every second; `{y}` stands for the dependent leg.
    clock: &'static str,
}

/// Binance.US documents neither bars of a second nor the average price; its tickers speak when something has changed
/// in 24 hours, which of its busiest market is every second.
const fn offer(source: &Source) -> Offer {
    match source {
        Source::BinanceUs => Offer { beside_trades: "@miniTicker", clock: "btcusdt@miniTicker" },
        Source::Binance | Source::Loopback { .. } | Source::Demo | Source::Recording => {
            Offer { beside_trades: "@kline_1s", clock: "{y}@avgPrice" }
        }
    }
}

/// Both legs' trades on one socket of `host`, what the venue sends beside them, and its clock; of an `aggregated` leg
/// also its trades told together.
pub fn url(host: &str, source: &Source, pair: &Pair, aggregated: [bool; 2]) -> String {
    let (y, x) = (pair.y.stream_name(), pair.x.stream_name());
    let Offer { beside_trades, clock } = offer(source);
    let mut streams = vec![
        format!("{y}@trade"),
        format!("{x}@trade"),
        format!("{y}{beside_trades}"),
        format!("{x}{beside_trades}"),
    ];
    let clock = clock.replace("{y}", &y);
    if !streams.contains(&clock) {
        streams.push(clock);
    }
    for (name, _) in [y, x].into_iter().zip(aggregated).filter(|(_, aggregated)| *aggregated) {
        streams.push(format!("{name}@aggTrade"));
    }
    format!("{host}/stream?streams={}", streams.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Settings;

    #[test]
    fn binance_is_asked_for_seconds_and_the_average_price() {
        let pair = Settings::default().pair;
        assert_eq!(
            url("wss://a", &Source::Binance, &pair, [false, true]),
            "wss://a/stream?streams=btcusdt@trade/ethusdt@trade/btcusdt@kline_1s/ethusdt@kline_1s/\
             btcusdt@avgPrice/ethusdt@aggTrade"
        );
    }

    #[test]
    fn binance_us_is_asked_for_what_it_documents_alone() {
        let pair = Settings::default().pair;
        let swapped = Pair { y: pair.x.clone(), x: pair.y.clone() };
        for pair in [pair, swapped] {
            let url = url("wss://us", &Source::BinanceUs, &pair, [false; 2]);
            assert!(!url.contains("kline") && !url.contains("avgPrice"), "{url}");
            assert_eq!(url.matches("btcusdt@miniTicker").count(), 1, "{url}");
        }
    }
}
