//! Which columns are volumes, and of what: `Volume BTC` beside `Volume USDT`, `volume (USD)`.

use super::indicators::is_indicator;
use super::names;
use super::role::Role;

/// What pairs are priced in: of two the one further in front is the quote.
const QUOTES: [&str; 24] = [
    "currency", "quote", "krw", "try", "inr", "rub", "brl", "jpy", "chf", "cad", "usd", "usdt", "usdc",
    "fdusd", "tusd", "busd", "dai", "aud", "gbp", "eur", "btc", "xbt", "eth", "bnb",
];
/// The place from which on they are coins, which are more often the base.
const COINS: usize = 20;

/// The columns whose names say what their volume is counted in, and what they mean; `None` for one that is of no use.
pub(super) fn of<S: AsRef<str>>(header: &[S]) -> Vec<(usize, Option<Role>)> {
    let place = |name: &str| header.iter().position(|known| known.as_ref() == name);
    // Huobi counts its `vol` in the quote, and calls the time of a bar its id
    if let (Some(_), Some(_), Some(base), Some(quote)) =
        (place("id"), place("count"), place("amount"), place("vol"))
    {
        return vec![(base, Some(Role::Volume)), (quote, Some(Role::QuoteVolume))];
    }
    let named: Vec<(usize, String)> =
        header.iter().enumerate().filter_map(|(at, name)| Some((at, currency(name.as_ref())?))).collect();
    let has = |role: Role| {
        header.iter().enumerate().any(|(at, name)| {
            names::role_of(name.as_ref()) == Some(role) && named.iter().all(|(place, _)| *place != at)
        })
    };
    let mut quote = named
        .iter()
        .filter_map(|(at, currency)| Some((rank(currency)?, *at)))
        .min()
        .filter(|(rank, _)| named.len() > 1 || *rank < COINS)
        .map(|(_, at)| at);
    let mut base = named.iter().map(|(at, _)| *at).find(|at| Some(*at) != quote);
    // two of which none is priced in are of something else, such as of buyers and of sellers
    if named.len() > 1 && quote.is_none() {
        base = None;
    }
    if has(Role::QuoteVolume) {
        quote = None;
    }
    if has(Role::Volume) {
        base = None;
    }
    let role = |at: usize| match at {
        _ if quote == Some(at) => Some(Role::QuoteVolume),
        _ if base == Some(at) => Some(Role::Volume),
        _ => None,
    };
    named.into_iter().map(|(at, _)| (at, role(at))).collect()
}

/// Whether a name says that its volume is counted in what the market is priced in.
pub(super) fn is_quote(name: &str) -> bool {
    currency(name).and_then(|currency| rank(&currency)).is_some_and(|rank| rank < COINS)
}

fn rank(currency: &str) -> Option<usize> {
    QUOTES.iter().position(|known| *known == currency)
}

/// What a name says that its volume is counted in, in small letters; `None` for one that does not say it.
fn currency(name: &str) -> Option<String> {
    let plain = names::plain(name).swap_remove(0);
    if names::role_of(name).is_some() || is_indicator(name) {
        return None;
    }
    let plain =
        ["total", "trading", "24h"].iter().fold(plain.as_str(), |name, word| name.trim_start_matches(word));
    let bare = |rest: &str| {
        let rest = rest.trim_start_matches("24h").trim_end_matches("24h");
        let rest = rest.strip_prefix("in").filter(|_| rank(rest).is_none()).unwrap_or(rest);
        rest.to_owned()
    };
    let is_coin = |rest: &String| (2..=8).contains(&rest.chars().count()) && rest != "ccy";
    // hist_vol and buy_volume are of something else than of a currency
    let is_known = |rest: &String| rank(rest).is_some();
    let in_front = plain.strip_prefix("volume").map(bare).filter(is_coin);
    let others = [plain.strip_suffix("volume"), plain.strip_prefix("vol"), plain.strip_suffix("vol")];
    in_front.or_else(|| others.into_iter().flatten().map(bare).find(is_known))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(header: &str) -> String {
        let names: Vec<&str> = header.split(',').collect();
        let found = super::of(&names);
        let role = |at: usize| found.iter().find(|(place, _)| *place == at).and_then(|(_, role)| *role);
        (0..names.len()).map(|at| role(at).map_or("-", Role::name)).collect::<Vec<_>>().join(",")
    }

    #[test]
    fn what_a_volume_is_counted_in_tells_base_from_quote() {
        for (header, roles) in [
            ("Volume BTC,Volume USDT", "volume,quote volume"),
            ("Volume USDT,Volume BTC", "quote volume,volume"),
            ("Volume ETH,Volume BTC", "volume,quote volume"),
            ("Volume BTC,Volume ETH", "quote volume,volume"),
            ("Volume EUR,Volume USD", "volume,quote volume"),
            ("Volume_(BTC),Volume_(Currency)", "volume,quote volume"),
            ("Volume,volume (USD)", "-,quote volume"),
            ("volume_usd", "quote volume"),
            ("usdVolume", "quote volume"),
            ("Volume (BTC)", "volume"),
            ("Volume [SOL],Vol. [USDC]", "volume,quote volume"),
            ("Volume,Volume MA", "-,-"),
            ("Volume up,Volume down", "-,-"),
            ("Volume,Volume BTC", "-,-"),
            ("volume,quote_volume,volume_usd", "-,-,-"),
            ("volumefrom,volumeto", "-,-"),
            ("id,amount,vol,count", "-,volume,quote volume,-"),
            ("id,amount,vol", "-,-,-"),
            ("hist_vol,volatility,buy_volume", "-,-,-"),
        ] {
            assert_eq!(of(header), roles, "{header}");
        }
    }
}
