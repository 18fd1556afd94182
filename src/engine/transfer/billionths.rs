//! Files of Databento, which writes prices as whole numbers of billionths unless it is asked for decimals.

use super::names;
use super::plan::Plan;

/// What it writes where there is no price.
const NO_PRICE: &str = "9223372036854775807";

/// Whether the rows of `plan` have the columns that tell the kind of a record and its publisher, as all of its files do.
pub(super) fn may_be_in(plan: &Plan) -> bool {
    let plain: Vec<String> = plan.form.names().iter().map(|name| names::plain(name).swap_remove(0)).collect();
    let has = |end: &str| plain.iter().any(|name| name.ends_with(end));
    has("rtype") && has("publisherid")
}

/// The price that `text`, read as `number`, stands for in such a file.
pub(super) fn price(text: &str, number: f64) -> f64 {
    let is_whole = text.trim().bytes().all(|byte| byte.is_ascii_digit());
    if is_whole { number / 1e9 } else { number }
}

/// Whether there is no price in such a cell.
pub(super) fn is_none(text: &str) -> bool {
    text.trim() == NO_PRICE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_billionths_and_decimals_are_not() {
        assert_eq!((price("59690000000", 59_690_000_000.0), price("59.690000000", 59.69)), (59.69, 59.69));
        assert!(is_none("9223372036854775807") && !is_none("59690000000"));
    }
}
