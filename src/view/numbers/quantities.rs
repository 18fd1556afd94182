//! Units to trade and money, as an order form takes them and an account shows them.

use super::format::{self, ABSENT};

/// Money from here on is written out without decimals.
const LONG: f64 = 1e9;

/// Returns units to trade, written out whatever their size, since an order form takes no powers of ten: with
/// `decimals`, or as many of eight as are needed.
pub fn quantity(units: f64, decimals: Option<usize>) -> String {
    if !units.is_finite() {
        return ABSENT.to_owned();
    }
    let text = format::written_out(units, decimals.unwrap_or(8));
    if decimals.is_none() && text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// Returns money with its `currency`, which may be empty: written out from a thousand million on.
pub fn money(value: f64, currency: &str) -> String {
    let text = if value.is_finite() && value.abs() >= LONG {
        format::written_out(value, 0)
    } else {
        format::fixed(value, 2)
    };
    if currency.is_empty() { text } else { format!("{text} {currency}") }
}

/// Returns [`money`] with a plus sign if it is above zero after rounding.
pub fn signed_money(value: f64, currency: &str) -> String {
    let text = money(value, currency);
    let visible = text.bytes().any(|byte| (b'1'..=b'9').contains(&byte));
    if value > 0.0 && value.is_finite() && visible { format!("+{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_into_an_order_form_is_written_out() {
        assert_eq!(quantity(15.1e9, None), "15,100,000,000");
        assert_eq!(quantity(15.1e9, Some(0)), "15,100,000,000");
        assert_eq!(quantity(0.2, Some(5)), "0.20000");
        assert_eq!(quantity(-1_200.0, None), "\u{2212}1,200");
        assert_eq!(quantity(0.000_01, None), "0.00001");
        assert_eq!(quantity(-1e-12, None), "0");
        assert_eq!(quantity(f64::NAN, None), ABSENT);
        assert_eq!(money(12.4e9, "USDT"), "12,400,000,000 USDT");
        assert_eq!(money(0.001_23, "BTC"), "0.0012 BTC");
        assert_eq!(
            (signed_money(1.5, ""), signed_money(-1.5, "EUR")),
            ("+1.50".into(), "\u{2212}1.50 EUR".into())
        );
    }
}
