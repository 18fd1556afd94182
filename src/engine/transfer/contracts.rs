//! Trades of markets that are settled in coins: each counts contracts, which are worth so much of the quote.

use super::plan::{Kind, Plan, Role};
use crate::Symbol;

/// Whether a name is that of a contract on a coin that is settled in it: `BTCUSD_PERP`, `BTCUSD_240329`.
fn is_settled_in_coins(symbol: &Symbol) -> bool {
    let parts = symbol.as_str().split_once("USD_");
    parts.is_some_and(|(_, end)| {
        end == "PERP" || (end.len() == 6 && end.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

/// What a contract is worth in the quote where the sizes of trades count contracts: the exchange has 100 USD for
/// bitcoin and 10 for every other coin. `None` where sizes are coins.
pub(super) fn worth(plan: &Plan) -> Option<f64> {
    let symbol = plan.symbol.as_ref().filter(|symbol| is_settled_in_coins(symbol))?;
    let columns = plan.form.columns().filter(|_| plan.kind == Kind::Trades)?;
    let counts_contracts = match plan.form.name_of(Role::Size) {
        // an archive has the coins beside the contracts, and a list of aggregates has not
        Some(name) if name.contains(char::is_alphabetic) => !name.starts_with("base"),
        _ => columns.contains(&Some(Role::FirstTradeId)),
    };
    counts_contracts.then_some(if symbol.as_str().starts_with("BTCUSD_") { 100.0 } else { 10.0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transfer::plan::{Form, Table};

    fn of(symbol: &str, names: &str, columns: &[Option<Role>]) -> Option<f64> {
        let names = names.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect();
        let form = Form::Table(Table { names, ..Table::new(columns.to_vec()) });
        worth(&Plan { symbol: Symbol::new(symbol).ok(), ..Plan::new(form, Kind::Trades) })
    }

    #[test]
    fn a_contract_is_worth_100_of_bitcoin_and_10_of_another_coin() {
        let trade = [Some(Role::Time), Some(Role::Price), Some(Role::Size)];
        let aggregate = [Some(Role::Time), Some(Role::Price), Some(Role::Size), Some(Role::FirstTradeId)];
        assert_eq!(of("BTCUSD_PERP", "transact_time,price,quantity", &trade), Some(100.0));
        assert_eq!(of("ETHUSD_240329", "time,price,qty", &trade), Some(10.0));
        assert_eq!(of("BTCUSD_PERP", "", &aggregate), Some(100.0));
        assert_eq!(of("BTCUSD_PERP", "time,price,base_qty", &trade), None);
        assert_eq!(of("BTCUSD_PERP", "", &trade), None);
        assert_eq!(of("BTCUSDT", "transact_time,price,quantity", &trade), None);
        assert_eq!(of("BTCUSDT_240329", "transact_time,price,quantity", &trade), None);
    }
}
