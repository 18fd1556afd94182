//! The pairs of earlier visits: the newest first, favourites kept.

use spreadscope_engine::{Pair, Symbol};

/// Most pairs kept besides favourites.
const RECENT: usize = 8;
/// Most favourites kept.
const FAVOURITES: usize = 24;

/// A pair that was watched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The pair.
    pub pair: Pair,
    /// Whether it is kept regardless of how many others follow.
    pub favourite: bool,
}

/// The pairs that were watched, favourites first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pairs(Vec<Known>);

impl Pairs {
    /// Returns the pairs, favourites first, then the newest first.
    pub fn all(&self) -> &[Known] {
        &self.0
    }

    /// Returns the favourites, the newest first.
    pub fn favourites(&self) -> impl Iterator<Item = &Pair> {
        self.0.iter().filter(|known| known.favourite).map(|known| &known.pair)
    }

    /// Returns whether `pair` is a favourite.
    pub fn is_favourite(&self, pair: &Pair) -> bool {
        self.favourites().any(|favourite| favourite == pair)
    }

    /// Adds `pair` as the newest.
    #[must_use]
    pub fn watched(mut self, pair: Pair) -> Self {
        let favourite = self.is_favourite(&pair);
        if !favourite {
            self.0.retain(|known| known.pair != pair);
            self.0.insert(0, Known { pair, favourite });
        }
        self.ordered()
    }

    /// Makes `pair` a favourite, or ends that.
    #[must_use]
    pub fn toggled(mut self, pair: Pair) -> Self {
        let favourite = !self.is_favourite(&pair);
        self.0.retain(|known| known.pair != pair);
        self.0.insert(0, Known { pair, favourite });
        self.ordered()
    }

    fn ordered(self) -> Self {
        let (mut all, mut recent): (Vec<_>, Vec<_>) = self.0.into_iter().partition(|known| known.favourite);
        all.truncate(FAVOURITES);
        recent.truncate(RECENT);
        all.extend(recent);
        Self(all)
    }

    /// Returns the pairs as stored, `*BTCUSDT-ETHUSDT.SOLUSDT-ETHUSDT`.
    pub fn store(&self) -> String {
        let word = |known: &Known| {
            let star = if known.favourite { "*" } else { "" };
            format!("{star}{}-{}", known.pair.y, known.pair.x)
        };
        self.0.iter().map(word).collect::<Vec<_>>().join(".")
    }

    /// Reads what [`Self::store`] wrote; words that are not pairs are ignored.
    pub fn restore(text: &str) -> Self {
        let known = text.split('.').filter_map(|word| {
            let (y, x) = word.trim_start_matches('*').split_once('-')?;
            let pair = Pair { y: Symbol::new(y).ok()?, x: Symbol::new(x).ok()? };
            Some(Known { pair, favourite: word.starts_with('*') })
        });
        Self(known.collect()).ordered()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(y: &str) -> Pair {
        Pair { y: Symbol::new(y).unwrap(), x: Symbol::new("ETHUSDT").unwrap() }
    }

    fn names(pairs: &Pairs) -> Vec<&str> {
        pairs.all().iter().map(|known| known.pair.y.as_str()).collect()
    }

    #[test]
    fn the_newest_comes_first_and_a_favourite_stays_above() {
        let pairs = Pairs::default().watched(pair("AA")).watched(pair("BB")).toggled(pair("AA"));
        assert_eq!(names(&pairs), ["AA", "BB"]);
        let pairs = (0..20).fold(pairs, |pairs, at| pairs.watched(pair(&format!("C{at}"))));
        assert_eq!(names(&pairs)[..3], ["AA", "C19", "C18"]);
        assert_eq!(pairs.all().len(), 1 + RECENT);
        assert_eq!(names(&pairs.clone().watched(pair("AA"))), names(&pairs));
        assert_eq!(Pairs::restore(&pairs.store()), pairs);
        assert!(!pairs.toggled(pair("AA")).is_favourite(&pair("AA")));
    }

    #[test]
    fn rubbish_is_left_out() {
        assert_eq!(names(&Pairs::restore("*BTCUSDT-ETHUSDT.x.=1-2..A-B")), ["BTCUSDT", "A"]);
    }
}
