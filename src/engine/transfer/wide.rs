//! Tables whose columns are markets: `Date,KO,PEP`, `KO_close,PEP_close`, and headers of several lines.

use super::plan::{Kind, Market, Role};
use super::{columns, market_name, names, quantities};
use crate::Symbol;
use std::borrow::Cow;

/// What the columns of several markets mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wide {
    /// What all markets share.
    pub(super) shared: Vec<Option<Role>>,
    /// The markets.
    pub(super) markets: Vec<Market>,
}

/// Reads a header of several lines: one names the fields, another the markets. The names of the fields, and whose
/// they are.
pub(super) fn levels(
    header: &[Vec<Cow<'_, str>>],
    time: Option<usize>,
) -> Option<(Vec<String>, Vec<Option<Symbol>>)> {
    let width = header.iter().map(Vec::len).max()?;
    let cell = |line: usize, at: usize| {
        header.get(line).and_then(|cells| cells.get(at)).map_or("", |cell| cell.trim())
    };
    let fields = |line: usize| {
        let roles = (0..width).filter(|at| Some(*at) != time).map(|at| names::role_of(cell(line, at)));
        roles.filter(|role| role.is_some_and(|role| !matches!(role, Role::Time | Role::Symbol))).count()
    };
    let of_fields = (0..header.len()).max_by_key(|line| (fields(*line), core::cmp::Reverse(*line)))?;
    let names_markets =
        |line: usize| (0..width).filter(|at| Some(*at) != time && !cell(line, *at).is_empty()).count();
    // a line of units names none
    let is_unit = |line: usize| {
        let units = [
            "USD",
            "EUR",
            "GBP",
            "USDT",
            "LOTS",
            "CONTRACTS",
            "SHARES",
            "UNITS",
            "%",
            "$",
            "€",
            "UTC",
            "BTC",
        ];
        let mut cells = (0..width)
            .filter(|at| Some(*at) != time)
            .map(|at| cell(line, at))
            .filter(|cell| !cell.is_empty());
        cells.all(|cell| {
            units.iter().any(|unit| cell.trim_matches(['(', ')', '[', ']']).eq_ignore_ascii_case(unit))
        })
    };
    let of_markets = (0..header.len())
        .filter(|line| *line != of_fields && !is_unit(*line))
        .max_by_key(|line| names_markets(*line))
        .unwrap_or(header.len());
    let mut before = "";
    let mut symbols = Vec::new();
    for at in 0..width {
        let own = cell(of_markets, at);
        // merged cells name the first of their columns alone
        let name = if own.is_empty() { before } else { own };
        let is_time = Some(at) == time;
        if !is_time {
            before = name;
        }
        symbols.push((!is_time && !name.is_empty()).then(|| market_name::symbol(name).ok()).flatten());
    }
    let mut before = "";
    let name = |at: usize| {
        let own = cell(of_fields, at);
        if Some(at) == time {
            return (0..header.len())
                .map(|line| cell(line, at))
                .find(|name| names::role_of(name) == Some(Role::Time))
                .unwrap_or("Date")
                .to_owned();
        }
        if !own.is_empty() {
            before = own;
        }
        before.to_owned()
    };
    let names = (0..width).map(name).collect();
    Some((names, symbols))
}

/// Puts columns of fields together by their markets; `None` where there is no close among them.
pub(super) fn by_market(names: &[String], symbols: &[Option<Symbol>], time: usize) -> Option<Wide> {
    let mut known: Vec<&Symbol> = Vec::new();
    for symbol in symbols.iter().flatten() {
        if !known.contains(&symbol) {
            known.push(symbol);
        }
    }
    let markets = known.into_iter().filter_map(|symbol| {
        let own = |at: usize| symbols.get(at).is_some_and(|own| own.as_ref() == Some(symbol));
        let fields: Vec<&str> =
            names.iter().enumerate().map(|(at, name)| if own(at) { name.as_str() } else { "" }).collect();
        let (kind, roles) = columns::by_name(&fields)?;
        let placed = roles.into_iter().enumerate().filter_map(|(at, role)| Some((role?, at)));
        (kind == Kind::Bars).then(|| Market { symbol: symbol.clone(), columns: placed.collect() })
    });
    let markets: Vec<Market> = markets.collect();
    let mut shared = vec![None; names.len()];
    *shared.get_mut(time)? = Some(Role::Time);
    (!markets.is_empty()).then_some(Wide { shared, markets })
}

/// Reads names that hold a market and a field: `KO_close`, `Close KO`, `('Close', 'KO')`.
pub(super) fn in_names(names: &[String], time: usize) -> Option<Wide> {
    let mut fields = vec![String::new(); names.len()];
    let mut symbols = vec![None; names.len()];
    let others = quantities::others(names);
    for (at, name) in names.iter().enumerate().filter(|(at, _)| *at != time && !others.contains(at)) {
        let Some((symbol, field)) = in_name(name) else { continue };
        (symbols[at], fields[at]) = (Some(symbol), field);
    }
    // `KO` beside `KO Volume` is its close
    let named: Vec<Symbol> = symbols.iter().flatten().cloned().collect();
    for (at, name) in names.iter().enumerate().filter(|(at, _)| *at != time) {
        let own = market_name::symbol(name).ok().filter(|own| symbols[at].is_none() && named.contains(own));
        if own.is_some() {
            (symbols[at], fields[at]) = (own, "close".to_owned());
        }
    }
    by_market(&fields, &symbols, time)
}

/// Reads names whose markets stand in brackets behind their fields: `Close (KO)`. A currency or a word about the price
/// is none.
pub(super) fn in_brackets(names: &[String], time: usize) -> Option<Wide> {
    const OTHERS: [&str; 24] = [
        "CNY", "INR", "RUB", "PLN", "SEK", "NOK", "DKK", "HKD", "SGD", "NZD", "MXN", "BRL", "ZAR", "USX",
        "UTC", "EST", "EOD", "ADJ", "MID", "BID", "ASK", "LAST", "OHLC", "VWAP",
    ];
    let is_sign =
        |letter: char| letter.is_ascii_uppercase() || letter.is_ascii_digit() || ".-^=".contains(letter);
    let is_market = |market: &str| {
        market.chars().any(|letter| letter.is_ascii_uppercase())
            && market.chars().all(is_sign)
            && !market_name::is_quote(market)
            && !OTHERS.contains(&market)
    };
    let is_close = |name: &String| {
        let parts = name.trim().strip_suffix(')').and_then(|name| name.split_once('('));
        parts.is_some_and(|(field, market)| names::role_of(field) == Some(Role::Close) && is_market(market))
    };
    let is_bare = |name: &String| names::role_of(name).is_some_and(Role::is_price);
    (names.iter().any(is_close) && !names.iter().any(is_bare)).then(|| in_names(names, time))?
}

fn in_name(name: &str) -> Option<(Symbol, String)> {
    if names::is_measure(name) || quantities::is_field(name) {
        return None;
    }
    let name: String =
        name.chars().filter(|letter| !matches!(letter, '(' | ')' | '\'' | '"' | '[' | ']')).collect();
    let is_between = |letter: char| matches!(letter, '_' | ' ' | '.' | '-' | ':' | ',' | '|' | '/');
    let is_field =
        |text: &str| names::role_of(text).is_some_and(|role| !matches!(role, Role::Time | Role::Symbol));
    let trim = |text: &str| {
        text.trim_matches(|letter: char| is_between(letter) || letter.is_whitespace()).to_owned()
    };
    let places: Vec<usize> =
        name.char_indices().filter(|(_, letter)| is_between(*letter)).map(|(at, _)| at).collect();
    // `time_open` and `px_high` name no market
    let is_word = |market: &str| {
        market.len() > 1 && names::role_of(market).is_some() && !market.contains(char::is_uppercase)
    };
    // a one-letter field, such as o, is one only where the market is not the shorter
    let fits = |field: &str, market: &str| {
        is_field(field) && !market.is_empty() && !is_word(market) && field.len() > 1
    };
    // R writes KO.Adjusted
    let called = |text: String| if text == "Adjusted" { "adjclose".to_owned() } else { text };
    places.into_iter().find_map(|at| {
        let (first, second) = (called(trim(&name[..at])), called(trim(&name[at..])));
        if fits(&first, &second) {
            Some((market_name::symbol(&second).ok()?, first))
        } else if fits(&second, &first) {
            Some((market_name::symbol(&first).ok()?, second))
        } else {
            None
        }
    })
}

/// Reads a table in which every column of numbers is the close of the market that it is named after.
///
/// `None` for a table that names a market in each row, or a price of a bar.
pub(super) fn of_closes(names: &[String], time: usize, is_number: impl Fn(usize) -> bool) -> Option<Wide> {
    let of_one = |name: &String| {
        let is_field = |role: Role| role == Role::Symbol || role.is_price();
        name.chars().any(char::is_lowercase) && names::role_of(name).is_some_and(is_field)
    };
    if names.iter().any(of_one) {
        return None;
    }
    let mut markets: Vec<Market> = Vec::new();
    for (at, name) in names.iter().enumerate().filter(|(at, _)| *at != time && is_number(*at)) {
        let is_sum =
            in_name(name).and_then(|(_, field)| names::role_of(&field)).is_some_and(|role| !role.is_price());
        if is_sum || names::is_measure(name) || quantities::is_field(name) {
            continue;
        }
        // what is no market: a second time, a count of rows
        let is_field = names::role_of(name).is_some() && name.chars().any(char::is_lowercase);
        if name.is_empty() || name.starts_with("Unnamed") || is_field {
            continue;
        }
        // a unit may stand behind it
        let bare = name.split(['(', '[']).next().unwrap_or_default();
        let Ok(symbol) = market_name::symbol(bare) else { continue };
        if markets.iter().all(|market| market.symbol != symbol) {
            markets.push(Market { symbol, columns: vec![(Role::Close, at)] });
        }
    }
    let mut shared = vec![None; names.len()];
    *shared.get_mut(time)? = Some(Role::Time);
    (!markets.is_empty()).then_some(Wide { shared, markets })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn markets(wide: &Wide) -> Vec<(&str, Vec<(Role, usize)>)> {
        wide.markets.iter().map(|market| (market.symbol.as_str(), market.columns.clone())).collect()
    }

    #[test]
    fn markets_are_found_in_the_names_of_columns() {
        let names = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
        let closes = of_closes(&names("Date,Brent,WTI,A"), 0, |at| at > 0).unwrap();
        assert_eq!(
            markets(&closes),
            [
                ("BRENT", vec![(Role::Close, 1)]),
                ("WTI", vec![(Role::Close, 2)]),
                ("A", vec![(Role::Close, 3)])
            ]
        );
        for header in [
            "Index,KO.Adjusted,PEP.Adjusted",
            "date,KO_close,PEP_close",
            "date,Close KO,Close PEP",
            "date,KO.close,PEP.close",
        ] {
            let found = in_names(&names(header), 0).unwrap();
            assert_eq!(
                markets(&found),
                [("KO", vec![(Role::Close, 1)]), ("PEP", vec![(Role::Close, 2)])],
                "{header}"
            );
        }
        let tuples = ["Date", "('Close', 'KO')", "('Volume', 'KO')"].map(str::to_owned);
        let found = in_names(&tuples, 0).unwrap();
        assert_eq!(markets(&found), [("KO", vec![(Role::Close, 1), (Role::Volume, 2)])]);
        assert_eq!(in_names(&names("date,height,width"), 0), None);
        let beside = in_names(&names("date,KO,KO Volume,PEP,PEP Volume"), 0).unwrap();
        assert_eq!(markets(&beside)[1], ("PEP", vec![(Role::Close, 3), (Role::Volume, 4)]));
        for header in ["calc_time,funding_interval_hours,last_funding_rate", "time,symbol,sum_open_interest"]
        {
            assert_eq!(in_names(&names(header), 0), None, "{header}");
            assert_eq!(of_closes(&names(header), 0, |_| true), None, "{header}");
        }
        assert_eq!(of_closes(&names("Datum,Eröffnung,Spitze"), 0, |_| true), None, "a bar in words unknown");
    }

    #[test]
    fn a_header_of_several_lines_names_fields_and_markets() {
        let line = |text: &'static str| text.split(',').map(Cow::Borrowed).collect::<Vec<_>>();
        let header = [line("Price,Close,Close,Open,Open"), line("Ticker,KO,PEP,KO,PEP"), line("Date,,,,")];
        let (names, symbols) = levels(&header, Some(0)).unwrap();
        let wide = by_market(&names, &symbols, 0).unwrap();
        assert_eq!(
            markets(&wide),
            [
                ("KO", vec![(Role::Close, 1), (Role::Open, 3)]),
                ("PEP", vec![(Role::Close, 2), (Role::Open, 4)])
            ]
        );
        let merged = [line(",KO,,PEP,"), line("Date,Open,Close,Open,Close")];
        let (names, symbols) = levels(&merged, Some(0)).unwrap();
        let wide = by_market(&names, &symbols, 0).unwrap();
        assert_eq!(wide.markets[1].columns, [(Role::Open, 3), (Role::Close, 4)]);
    }
}
