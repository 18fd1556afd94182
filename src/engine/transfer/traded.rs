//! A trade as the sums of a bar.

use crate::bars::{DecimalSum, Traded};
use crate::{Trade, UnixMillis};

/// A trade of so many coins.
pub(super) fn of_size(price: f64, size: f64, buyer_is_maker: Option<bool>) -> Traded {
    let time = UnixMillis(0);
    Traded::from(&Trade {
        trade_id: 0,
        trade_time: time,
        event_time: time,
        price,
        size,
        // of an unknown taker nothing is counted as bought
        buyer_is_maker: buyer_is_maker.unwrap_or(true),
    })
}

/// A trade of contracts that are worth `quote` together: of as many coins as that buys.
pub(super) fn of_contracts(price: f64, quote: f64, buyer_is_maker: Option<bool>) -> Traded {
    let traded = of_size(price, quote / price, buyer_is_maker);
    let quote_volume = DecimalSum::of(quote);
    let is_bought = traded.taker_base != DecimalSum::ZERO;
    Traded { quote_volume, taker_quote: if is_bought { quote_volume } else { DecimalSum::ZERO }, ..traded }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contracts_are_as_many_coins_as_their_worth_buys() {
        let bought = of_contracts(40_000.0, 300.0, Some(false));
        let sums = [bought.volume, bought.quote_volume, bought.taker_quote].map(DecimalSum::value);
        assert_eq!(sums, [0.0075, 300.0, 300.0]);
        assert_eq!(of_contracts(40_000.0, 300.0, Some(true)).taker_quote, DecimalSum::ZERO);
    }
}
