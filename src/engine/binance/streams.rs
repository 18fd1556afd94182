//! The stream URL for the two legs of a pair.

use crate::Pair;
use crate::settings::{Source, Venue};

/// The URL on `host` of one socket with both legs' trades, the venue's stream beside them, and its clock; with
/// the aggregate trades of an `aggregated` leg too.
pub fn url(host: &str, source: &Source, pair: &Pair, aggregated: [bool; 2]) -> String {
    let (y, x) = (pair.y.stream_name(), pair.x.stream_name());
    let Venue { beside_trades, heartbeat, .. } = source.offer();
    let mut streams = vec![
        format!("{y}@trade"),
        format!("{x}@trade"),
        format!("{y}{beside_trades}"),
        format!("{x}{beside_trades}"),
    ];
    for stream in *heartbeat {
        let stream = stream.replace("{y}", &y);
        if !streams.contains(&stream) {
            streams.push(stream);
        }
    }
    for (name, _) in [y, x].into_iter().zip(aggregated).filter(|(_, aggregated)| *aggregated) {
        streams.push(format!("{name}@aggTrade"));
    }
    format!("{host}/stream?streams={}", streams.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Settings, Symbol};

    #[test]
    fn binance_gives_seconds_and_the_average_price() {
        let pair = Settings::default().pair;
        assert_eq!(
            url("wss://a", &Source::Binance, &pair, [false, true]),
            "wss://a/stream?streams=btcusdt@trade/ethusdt@trade/btcusdt@kline_1s/ethusdt@kline_1s/\
             btcusdt@avgPrice/ethusdt@aggTrade"
        );
    }

    #[test]
    fn binance_us_gets_requests_for_what_it_documents_alone() {
        let pair = Settings::default().pair;
        let swapped = Pair { y: pair.x.clone(), x: pair.y.clone() };
        for pair in [pair, swapped] {
            let url = url("wss://us", &Source::BinanceUs, &pair, [false; 2]);
            assert!(!url.contains("kline") && !url.contains("avgPrice"), "{url}");
            assert_eq!(url.matches("btcusdt@miniTicker").count(), 1, "{url}");
            assert!(url.ends_with("/btcusdt@depth"), "{url}");
        }
    }

    #[test]
    fn a_name_beyond_ascii_is_percent_encoded() {
        let pair = Pair { y: Symbol::new("币安人生USDT").unwrap(), ..Settings::default().pair };
        let url = url("wss://a", &Source::Binance, &pair, [false; 2]);
        let encoded = "%E5%B8%81%E5%AE%89%E4%BA%BA%E7%94%9Fusdt";
        assert!(url.starts_with(&format!("wss://a/stream?streams={encoded}@trade/ethusdt@trade/")), "{url}");
        assert!(url.is_ascii() && url.ends_with(&format!("/{encoded}@avgPrice")), "{url}");
    }
}
