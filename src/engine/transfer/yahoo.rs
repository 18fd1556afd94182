//! Files of Yahoo, which counts the volume of a coin in what it is priced in.

use super::names;
use super::plan::{Form, Kind, Market, Plan, Role};
use crate::Symbol;

/// The plan in which volumes of coins are quote volumes, and what should be known of that; `None` where there are none.
pub(super) fn settle(plan: &Plan) -> Option<(Plan, String)> {
    if plan.kind != Kind::Bars || !is_of_yahoo(&plan.form) {
        return None;
    }
    let columns = plan.form.columns()?;
    let is_of_coin = plan.symbol.as_ref().is_some_and(is_coin);
    let is_sum = |(role, _): &(Role, usize)| *role == Role::Volume;
    if plan.markets.is_empty() && is_of_coin && columns.contains(&Some(Role::Volume)) {
        let quote =
            |role: Option<Role>| if role == Some(Role::Volume) { Some(Role::QuoteVolume) } else { role };
        let form = plan.form.clone().with_columns(columns.iter().copied().map(quote).collect());
        return Some((Plan { form, ..plan.clone() }, NOTE.to_owned()));
    }
    let is_counted = |market: &Market| is_coin(&market.symbol) && market.columns.iter().any(is_sum);
    let quoted = |market: &Market| Market {
        symbol: market.symbol.clone(),
        columns: market
            .columns
            .iter()
            .map(|(role, at)| {
                (if is_counted(market) && *role == Role::Volume { Role::QuoteVolume } else { *role }, *at)
            })
            .collect(),
    };
    plan.markets.iter().any(is_counted).then(|| {
        (Plan { markets: plan.markets.iter().map(quoted).collect(), ..plan.clone() }, NOTE.to_owned())
    })
}

/// What should be known of it.
const NOTE: &str =
    "Yahoo counts the volume of a coin in money: it is the quote volume, and the base volume is not known.";

/// Whether names, and their order, are those that Yahoo or its programs write.
fn is_of_yahoo(form: &Form) -> bool {
    let Form::Table(table) = form else { return false };
    let plain: Vec<String> = table.names.iter().map(|name| names::plain(name).swap_remove(0)).collect();
    let has = |name: &str| plain.iter().any(|known| known == name);
    let is_download = has("adjclose") && has("date") && has("volume");
    let is_history = has("dividends") && has("stocksplits");
    is_download || is_history || table.header_lines == 3
}

/// Whether a market is a coin's: a currency has none of a volume there, and a stock no currency in its name.
fn is_coin(symbol: &Symbol) -> bool {
    const QUOTES: [&str; 9] = ["USD", "EUR", "GBP", "JPY", "CAD", "AUD", "INR", "KRW", "BTC"];
    let name = symbol.as_str();
    QUOTES.iter().any(|quote| name.strip_suffix(quote).is_some_and(|base| base.len() >= 2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transfer::plan::Table;

    fn role(symbol: &str, names: &str) -> Option<Role> {
        let names: Vec<String> = names.split(',').map(str::to_owned).collect();
        let columns = names.iter().map(|name| names::role_of(name)).collect();
        let form = Form::Table(Table { names, ..Table::new(columns) });
        let plan = Plan { symbol: Symbol::new(symbol).ok(), ..Plan::new(form, Kind::Bars) };
        let (plan, _) = settle(&plan)?;
        plan.form.columns()?.last().copied().flatten()
    }

    #[test]
    fn the_volume_of_a_coin_is_in_money() {
        let download = "Date,Open,High,Low,Close,Adj Close,Volume";
        assert_eq!(role("BTCUSD", download), Some(Role::QuoteVolume));
        assert_eq!(role("DOGEEUR", download), Some(Role::QuoteVolume));
        assert_eq!(role("KO", download), None);
        assert_eq!(role("BTCUSD", "Date,Open,High,Low,Close,Volume"), None);
    }
}
