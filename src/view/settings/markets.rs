//! The markets of a venue as the pair's fields need them: searched by a few letters, checked, stored for a day.

use spreadscope_engine::binance::listing::Listed;

/// Age at which a list is requested again.
const KEPT_MILLIS: i64 = 86_400_000;
/// Most markets offered at once.
const OFFERED: usize = 40;

/// A venue's markets.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Markets {
    listed: Vec<Listed>,
}

impl Markets {
    /// Makes the list from `listed`.
    pub fn new(listed: Vec<Listed>) -> Self {
        Self { listed }
    }

    /// Returns the number of markets.
    pub fn len(&self) -> usize {
        self.listed.len()
    }

    /// Returns whether none is known.
    pub fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }

    /// Returns symbols that match the typed text: those that begin with it first, the shortest of them first.
    pub fn search(&self, typed: &str) -> Vec<String> {
        let typed = typed.trim().to_ascii_uppercase();
        let mut found: Vec<(bool, usize, String)> = self
            .listed
            .iter()
            .filter(|market| market.trading)
            .map(|market| format!("{}{}", market.base, market.quote))
            .filter(|symbol| symbol.contains(&typed))
            .map(|symbol| (!symbol.starts_with(&typed), symbol.len(), symbol))
            .collect();
        found.sort_unstable();
        found.truncate(OFFERED);
        found.into_iter().map(|(_, _, symbol)| symbol).collect()
    }

    /// Returns what is wrong with `symbol` at this venue; `None` while the markets are not known.
    pub fn objection(&self, symbol: &str) -> Option<String> {
        let symbol = symbol.trim().to_ascii_uppercase();
        if self.listed.is_empty() || symbol.is_empty() {
            return None;
        }
        let is_it = |market: &&Listed| {
            symbol.strip_prefix(market.base.as_str()).is_some_and(|quote| quote == market.quote)
        };
        match self.listed.iter().find(is_it) {
            None => Some(format!("{symbol} does not trade here")),
            Some(market) if !market.trading => Some(format!("{symbol} is halted and does not trade")),
            Some(_) => None,
        }
    }

    /// Returns the list as stored, with its time.
    pub fn store(&self, now_millis: i64) -> String {
        let mut text = now_millis.to_string();
        for Listed { base, quote, trading } in &self.listed {
            text.push_str(if *trading { "," } else { ",!" });
            text.push_str(base);
            text.push('/');
            text.push_str(quote);
        }
        text
    }

    /// Reads what [`Self::store`] wrote; `None` if it is too old or incomplete.
    pub fn restore(text: &str, now_millis: i64) -> Option<Self> {
        let mut words = text.split(',');
        let made: i64 = words.next()?.parse().ok()?;
        if !(0..KEPT_MILLIS).contains(&(now_millis - made)) {
            return None;
        }
        let listed = words.map(|word| {
            let (base, quote) = word.trim_start_matches('!').split_once('/')?;
            Some(Listed { base: base.to_owned(), quote: quote.to_owned(), trading: !word.starts_with('!') })
        });
        listed.collect::<Option<_>>().map(Self::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn markets() -> Markets {
        let listed = |base: &str, quote: &str, trading| Listed {
            base: base.to_owned(),
            quote: quote.to_owned(),
            trading,
        };
        Markets::new(vec![
            listed("WBETH", "ETH", true),
            listed("ETH", "USDT", true),
            listed("ETH", "BTC", true),
            listed("LUNA", "USDT", false),
        ])
    }

    #[test]
    fn what_begins_with_the_letters_comes_first_and_what_is_halted_not_at_all() {
        assert_eq!(markets().search("eth"), ["ETHBTC", "ETHUSDT", "WBETHETH"]);
        assert_eq!(markets().search("luna"), Vec::<String>::new());
        assert_eq!(markets().search("").len(), 3);
    }

    #[test]
    fn a_symbol_that_cannot_be_watched_is_told_why() {
        assert_eq!(markets().objection("ethusdt"), None);
        assert_eq!(markets().objection("LUNAUSDT").unwrap(), "LUNAUSDT is halted and does not trade");
        assert_eq!(markets().objection("FOOUSDT").unwrap(), "FOOUSDT does not trade here");
        assert_eq!(Markets::default().objection("FOOUSDT"), None);
    }

    #[test]
    fn the_list_comes_back_within_the_day() {
        let text = markets().store(1_000);
        assert_eq!(Markets::restore(&text, 2_000), Some(markets()));
        assert_eq!(Markets::restore(&text, 1_000 + KEPT_MILLIS), None);
        for bad in ["", "x", "1000,ETH", "99999,ETH/USDT"] {
            assert_eq!(Markets::restore(bad, 2_000), None, "{bad}");
        }
    }
}
