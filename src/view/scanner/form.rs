//! The form of a scan, the plan made from it, and its words in a link.

use crate::view::numbers::format;
pub use spreadscope_engine::scan::scanner::INTERVALS;
use spreadscope_engine::scan::scanner::{Choice, Plan};
use spreadscope_engine::scan::{Spec, universe};
use spreadscope_engine::settings::{Source, range_of};
use spreadscope_engine::{Interval, Pair, Settings, Symbol};

/// Numbers of bars on offer.
pub const BARS: [usize; 5] = [250, 500, 1_000, 2_000, 5_000];
/// Quote currencies on offer.
pub const QUOTES: [&str; 6] = ["USDT", "USDC", "FDUSD", "BTC", "ETH", "EUR"];
/// Minutes from one scan to the next; 0 for a single scan.
pub const MINUTES: [u32; 5] = [0, 5, 15, 60, 240];
/// Most markets of a list.
const MOST_LISTED: usize = 100;

/// The markets to scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Universe {
    /// The ten most traded.
    Top10,
    /// The twenty most traded.
    #[default]
    Top20,
    /// The fifty most traded.
    Top50,
    /// The markets of the list.
    List,
    /// The legs of the favourite pairs.
    Favourites,
    /// The markets of imported files.
    Imported,
    /// The markets stored on this device.
    Stored,
}

impl Universe {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Top10, Self::Top20, Self::Top50, Self::List, Self::Favourites, Self::Imported, Self::Stored];

    /// Returns the choice's name in a link.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Top10 => "top10",
            Self::Top20 => "top20",
            Self::Top50 => "top50",
            Self::List => "list",
            Self::Favourites => "favourites",
            Self::Imported => "imported",
            Self::Stored => "stored",
        }
    }

    /// Returns the choice's label.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Top10 => "Top 10 by 24 h volume",
            Self::Top20 => "Top 20 by 24 h volume",
            Self::Top50 => "Top 50 by 24 h volume",
            Self::List => "These coins…",
            Self::Favourites => "Coins of my watchlist",
            Self::Imported => "Imported files",
            Self::Stored => "Stored here (offline)",
        }
    }

    /// Returns the choice that [`Self::as_str`] names.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|universe| universe.as_str() == text)
    }

    /// Returns how many of the most traded markets are meant.
    pub const fn count(self) -> Option<usize> {
        match self {
            Self::Top10 => Some(10),
            Self::Top20 => Some(20),
            Self::Top50 => Some(50),
            Self::List | Self::Favourites | Self::Imported | Self::Stored => None,
        }
    }
}

/// The form as filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// The markets.
    pub universe: Universe,
    /// The quote currency of the most traded markets.
    pub quote: &'static str,
    /// Names of coins or markets, as typed.
    pub list: String,
    /// Length of a bar.
    pub interval: Interval,
    /// Bars of each market.
    pub bars: usize,
    /// Whether stable coins, wrapped twins and leveraged tokens take part.
    pub with_marked: bool,
    /// Minutes from one scan to the next.
    pub every_minutes: u32,
}

impl Default for Form {
    fn default() -> Self {
        Self {
            universe: Universe::default(),
            quote: "USDT",
            list: String::new(),
            interval: Interval::FiveMinutes,
            bars: 1_000,
            with_marked: false,
            every_minutes: 0,
        }
    }
}

impl Form {
    /// Returns the plan of a scan of these markets; `favourites` are the pairs on the watchlist.
    ///
    /// # Errors
    /// A sentence to show.
    pub fn plan<'a>(&self, favourites: impl Iterator<Item = &'a Pair>) -> Result<Plan, String> {
        let choice = match (self.universe.count(), self.universe) {
            (Some(count), _) => Choice::MostTraded { quote: self.quote.to_owned(), count },
            (None, Universe::Imported) => Choice::Imported,
            (None, Universe::Stored) => Choice::Stored,
            (None, Universe::Favourites) => {
                let mut symbols: Vec<Symbol> =
                    favourites.flat_map(|pair| [pair.y.clone(), pair.x.clone()]).collect();
                symbols.sort();
                symbols.dedup();
                if symbols.len() < 2 {
                    return Err(
                        "No pair is on your watchlist yet: star one on the desk or in a scan.".to_owned()
                    );
                }
                Choice::These(symbols)
            }
            (None, _) => Choice::These(self.symbols()?),
        };
        Ok(Plan {
            choice,
            interval: self.interval,
            bars: self.bars,
            with_marked: self.with_marked,
            spec: Spec::default(),
        })
    }

    /// Returns the markets of the list: a coin's name alone means its market in the quote currency.
    fn symbols(&self) -> Result<Vec<Symbol>, String> {
        let words = self.list.split([',', ' ', ';', '\n']).map(str::trim).filter(|word| !word.is_empty());
        let mut symbols = Vec::new();
        for word in words {
            let symbol = Symbol::new(&word.replace(['/', '-'], "")).ok();
            let Some(symbol) = symbol else {
                let shown: String = word.chars().take(30).collect();
                return Err(format!(
                    "{shown:?} is not the name of a coin or a market, such as ADA or ADAUSDT."
                ));
            };
            // some names of coins end like those of markets: WBTC, STETH, FDUSD
            let is_market = symbol.quote().is_some() && universe::mark(symbol.as_str()).is_none();
            let named = if is_market {
                symbol
            } else {
                Symbol::new(&format!("{symbol}{}", self.quote)).map_err(|error| format!("{error}."))?
            };
            if !symbols.contains(&named) {
                symbols.push(named);
            }
        }
        match symbols.len() {
            0 | 1 => Err("Name at least two coins, such as ADA, DOT, LINK.".to_owned()),
            count if count > MOST_LISTED => {
                Err(format!("A list may have at most {MOST_LISTED} coins, this one has {count}."))
            }
            _ => Ok(symbols),
        }
    }

    /// Returns the most request weight that the scan can cost, of the 1,200 that all tabs may spend in a
    /// minute; `None` if the exchange is not asked.
    pub fn weight(&self) -> Option<usize> {
        let markets = match (self.universe.count(), self.universe) {
            (Some(count), _) => count,
            (None, Universe::List) => self.symbols().map_or(0, |symbols| symbols.len()),
            _ => return None,
        };
        // the 24 h volumes, or the names of all markets
        let first = if self.universe.count().is_some() { 80 } else { 20 };
        Some(first + markets * self.bars.div_ceil(1_000) * 2)
    }

    /// Returns the span of the bars: `3 d 11 h`.
    pub fn span(&self) -> String {
        let millis = i64::try_from(self.bars).unwrap_or(0) * self.interval.millis();
        format::span_millis(millis)
    }

    /// Returns the form for a link: `top20,USDT,5m,1000`, then `all`, `every=15` and the list.
    pub fn store(&self) -> String {
        let Self { universe, quote, list, interval, bars, with_marked, every_minutes } = self;
        let mut words = vec![
            universe.as_str().to_owned(),
            (*quote).to_owned(),
            interval.as_str().to_owned(),
            bars.to_string(),
        ];
        if *with_marked {
            words.push("all".to_owned());
        }
        if *every_minutes > 0 {
            words.push(format!("every:{every_minutes}"));
        }
        if *universe == Universe::List {
            let names = list.split([',', ' ', ';', '\n']).filter(|word| !word.is_empty());
            words.extend(names.map(|name| format!("+{}", name.replace(['/', '-'], ""))));
        }
        words.join(",")
    }

    /// Reads what [`Self::store`] wrote; unknown words are ignored.
    pub fn parse(text: &str) -> Self {
        let mut form = Self::default();
        let mut names = Vec::new();
        for word in text.split(',') {
            if let Some(name) = word.strip_prefix('+') {
                names.extend(Symbol::new(name).ok());
            } else if let Some(universe) = Universe::parse(word) {
                form.universe = universe;
            } else if let Some(quote) = QUOTES.into_iter().find(|quote| *quote == word) {
                form.quote = quote;
            } else if let Some(interval) = Interval::parse(word).filter(|known| INTERVALS.contains(known)) {
                form.interval = interval;
            } else if let Some(bars) = word.parse().ok().filter(|bars| BARS.contains(bars)) {
                form.bars = bars;
            } else if let Some(minutes) = word.strip_prefix("every:").and_then(|word| word.parse().ok()) {
                form.every_minutes = if MINUTES.contains(&minutes) { minutes } else { 0 };
            } else if word == "all" {
                form.with_marked = true;
            }
        }
        form.list = names.iter().map(Symbol::as_str).collect::<Vec<_>>().join(", ");
        form
    }
}

/// Returns the settings with which the desk shows `pair` as a scan by `plan` did, which tested `bars` of it; `live` is the
/// page's source.
pub fn desk(plan: &Plan, pair: Pair, bars: usize, own: Settings, live: Option<Source>) -> Settings {
    let (least, most, _) = range_of("test_lookback_bars");
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number of bars")]
    // where fewer exist, the desk would wait for the others for ever
    let test_lookback_bars = plan.bars.min(bars).clamp(least as usize, most as usize);
    let source = match (&plan.choice, &own.source) {
        (Choice::Imported, _) => Source::Recording,
        (_, Source::Recording) => live.unwrap_or(Source::Recording),
        (_, source) => source.clone(),
    };
    Settings {
        source,
        pair,
        interval: plan.interval,
        price_scale: plan.spec.price_scale,
        test_lags: plan.spec.lags,
        test_terms: plan.spec.terms,
        test_lookback_bars,
        ..own
    }
}

/// Returns the title of the button that opens a pair on the desk: a scan may have tested more bars than the desk tests.
pub fn open_title(plan: &Plan, bars: usize) -> String {
    let (_, most, _) = range_of("test_lookback_bars");
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number of bars")]
    let most = most as usize;
    if bars.min(plan.bars) > most {
        let [most, bars] = [most, bars].map(|bars| format::count(bars as u64));
        format!("Open on the desk, which tests the newest {most} bars at most; this scan tested {bars}")
    } else {
        "Open on the desk".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_comes_back_from_its_link() {
        let form = Form {
            universe: Universe::List,
            list: "ADA, DOTUSDT".to_owned(),
            interval: Interval::OneHour,
            bars: 250,
            with_marked: true,
            every_minutes: 15,
            ..Form::default()
        };
        assert_eq!(form.store(), "list,USDT,1h,250,all,every:15,+ADA,+DOTUSDT");
        assert_eq!(Form::parse(&form.store()), form);
        assert_eq!(Form::parse(&Form::default().store()), Form::default());
        assert_eq!(Form::parse("top99,XXX,7m,12,every:1,+<b>,zzz"), Form::default());
    }

    #[test]
    fn a_list_names_coins_or_markets_and_what_is_wrong_with_it() {
        let of = |list: &str| {
            let form = Form { universe: Universe::List, list: list.to_owned(), ..Form::default() };
            form.plan([].iter()).map(|plan| plan.choice)
        };
        let symbols =
            |names: &[&str]| Choice::These(names.iter().map(|name| Symbol::new(name).unwrap()).collect());
        assert_eq!(of("ada dot/usdt, LINK-BTC ada"), Ok(symbols(&["ADAUSDT", "DOTUSDT", "LINKBTC"])));
        let coins = ["WBTC", "STETH", "WBETH", "CBBTC", "FDUSD", "TUSD", "PYUSD", "AEUR"];
        let markets = coins.map(|coin| format!("{coin}USDT"));
        assert_eq!(of(&coins.join(" ")), Ok(symbols(&markets.each_ref().map(String::as_str))));
        assert_eq!(of(&markets.join(" ")), of(&coins.join(" ")));
        assert_eq!(of("ADA").unwrap_err(), "Name at least two coins, such as ADA, DOT, LINK.");
        assert!(of("ADA, <b>").unwrap_err().starts_with("\"<b>\" is not the name"));
        let many: Vec<String> = (0..101).map(|number| format!("C{number}")).collect();
        assert!(of(&many.join(",")).unwrap_err().ends_with("this one has 101."));
    }

    #[test]
    fn favourites_are_the_coins_of_the_watchlist() {
        let form = Form { universe: Universe::Favourites, ..Form::default() };
        assert!(form.plan([].iter()).unwrap_err().starts_with("No pair is on your watchlist"));
        let pair = |y: &str, x: &str| Pair { y: Symbol::new(y).unwrap(), x: Symbol::new(x).unwrap() };
        let plan = form.plan([pair("B", "A"), pair("C", "A")].iter()).unwrap();
        let names = ["A", "B", "C"].map(|name| Symbol::new(name).unwrap()).to_vec();
        assert_eq!(plan.choice, Choice::These(names));
    }

    #[test]
    fn a_pair_opens_under_the_settings_of_its_scan() {
        let pair = Pair { y: Symbol::new("ADA").unwrap(), x: Symbol::new("DOT").unwrap() };
        let of = |universe, bars, source: Source| {
            let plan = Form { universe, bars, ..Form::default() }.plan([].iter()).unwrap();
            let own = Settings { source, z_window_bars: 77, ..Settings::default() };
            desk(&plan, pair.clone(), 4_000, own, Some(Source::BinanceUs))
        };
        let opened = of(Universe::Top10, 5_000, Source::Binance);
        assert_eq!((opened.interval, opened.test_lookback_bars), (Interval::FiveMinutes, 3_600));
        assert_eq!((opened.z_window_bars, opened.source), (77, Source::Binance));
        let plan = Form::default().plan([].iter()).unwrap();
        let short = desk(&plan, pair.clone(), 945, Settings::default(), None);
        assert_eq!((plan.bars, short.test_lookback_bars), (1_000, 945));
        let title =
            |bars: usize| open_title(&Form { bars: 5_000, ..Form::default() }.plan([].iter()).unwrap(), bars);
        assert!(title(5_000).ends_with("the newest 3,600 bars at most; this scan tested 5,000"));
        assert_eq!(title(3_600), "Open on the desk");
        assert_eq!(of(Universe::Imported, 250, Source::Binance).source, Source::Recording);
        assert_eq!(of(Universe::Top10, 250, Source::Recording).source, Source::BinanceUs);
    }

    #[test]
    fn the_weight_is_told_before_the_scan() {
        let of = |universe, bars| Form { universe, bars, ..Form::default() }.weight();
        assert_eq!(of(Universe::Top50, 1_000), Some(180));
        assert_eq!(of(Universe::Top50, 5_000), Some(580));
        let list = Form { universe: Universe::List, list: "ADA, DOT".to_owned(), ..Form::default() };
        assert_eq!(list.weight(), Some(24));
        assert_eq!((of(Universe::Stored, 1_000), Form::default().span()), (None, "3 d 11 h".to_owned()));
    }
}
