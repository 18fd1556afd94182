//! Fees of Binance's spot market, to start from.

use super::TradeOptions;

/// The label of the fees: the date is that of the listing which [`FEES_NOTE`] names.
pub const FEES_LABEL: &str = "Binance spot fees, listed 2026-05-05";

/// Where the fees come from, and what is in doubt.
pub const FEES_NOTE: &str = "The tiers' fees are from a listing of 2026-05-05 that cites binance.com/en/fee/schedule, \
                             not from that page itself. Undated lists give 4.2 bps for a maker of VIP 3, where this \
                             one has 4. Fees change: your account's fee page has those that you pay. An order of \
                             a maker rests in the book: it pays no half-spread, and may not be filled.";

/// The fees of a tier, in basis points.
#[derive(Debug, Clone, Copy, PartialEq)]
struct FeePreset {
    /// The tier.
    name: &'static str,
    /// For an order that rests in the book.
    maker_bps: f64,
    /// For an order that takes from the book.
    taker_bps: f64,
}

/// A fee on offer: of every tier that has it.
#[derive(Debug, Clone, PartialEq)]
pub struct FeeChoice {
    /// The tiers, the side and the fee.
    pub label: String,
    /// The fee, in basis points.
    pub fee_bps: f64,
    /// Whether it is a maker's.
    pub is_maker: bool,
}

/// Returns the fees on offer, each once for makers and for takers.
pub fn fee_choices() -> Vec<FeeChoice> {
    let mut found: Vec<(Vec<&str>, f64, bool)> = Vec::new();
    for FeePreset { name, maker_bps, taker_bps } in PRESETS {
        for (fee_bps, is_maker) in [(taker_bps, false), (maker_bps, true)] {
            match found.iter_mut().find(|(_, bps, maker)| (*bps, *maker) == (fee_bps, is_maker)) {
                Some((names, ..)) => names.push(name),
                None => found.push((vec![name], fee_bps, is_maker)),
            }
        }
    }
    let choice = |(names, fee_bps, is_maker): (Vec<&str>, f64, bool)| {
        let side = if is_maker { "maker" } else { "taker" };
        FeeChoice { label: format!("{}, {side}: {fee_bps} bps", names.join(" / ")), fee_bps, is_maker }
    };
    found.into_iter().map(choice).collect()
}

/// Returns which of `choices` is in force under `options`, if any is.
pub fn fee_in_force(choices: &[FeeChoice], options: &TradeOptions) -> Option<usize> {
    let is_it = |choice: &FeeChoice| (choice.fee_bps, choice.is_maker) == (options.fee_bps, options.is_maker);
    choices.iter().position(is_it)
}

/// Returns `options` with the fee of a maker or of a taker in force. A maker pays no half-spread; a taker after that pays
/// that of the books again.
#[must_use]
pub fn with_fee(options: TradeOptions, fee_bps: f64, is_maker: bool) -> TradeOptions {
    let TradeOptions { slippage_bps, from_book, .. } = options;
    let (slippage_bps, from_book) = match is_maker {
        true => (0.0, false),
        false if slippage_bps == 0.0 && !from_book => (TradeOptions::default().slippage_bps, true),
        false => (slippage_bps, from_book),
    };
    TradeOptions { fee_bps, is_maker, slippage_bps, from_book, ..options }
}

/// The tiers on offer.
///
/// # Source
/// `plans/binance-plans-pricing.yml` of the repository `api-evangelist/binance`, modified 2026-05-05: regular users,
/// the discount for paying in BNB, VIP 1 and VIP 3. VIP 2, which it leaves out, pays 8 and 10 bps in every list seen.
const PRESETS: [FeePreset; 5] = [
    FeePreset { name: "Regular", maker_bps: 10.0, taker_bps: 10.0 },
    FeePreset { name: "Regular, paid in BNB", maker_bps: 7.5, taker_bps: 7.5 },
    FeePreset { name: "VIP 1", maker_bps: 9.0, taker_bps: 10.0 },
    FeePreset { name: "VIP 2", maker_bps: 8.0, taker_bps: 10.0 },
    FeePreset { name: "VIP 3", maker_bps: 4.0, taker_bps: 6.0 },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tier_in_force_follows_from_the_fee_and_its_side() {
        let choices = fee_choices();
        let label = |options: &TradeOptions| {
            fee_in_force(&choices, options).map(|place| choices[place].label.as_str())
        };
        let options = TradeOptions::default();
        assert_eq!(label(&options), Some("Regular / VIP 1 / VIP 2, taker: 10 bps"));
        let kept = TradeOptions::parse(&with_fee(options, 4.0, true).store()).unwrap();
        assert_eq!(label(&kept), Some("VIP 3, maker: 4 bps"));
        assert_eq!(label(&TradeOptions { fee_bps: 4.0, ..options }), None, "no taker pays that");
    }

    #[test]
    fn a_maker_pays_no_half_spread_and_a_taker_after_that_does() {
        let options = TradeOptions { slippage_bps: 2.0, ..TradeOptions::default() };
        let maker = with_fee(options, 8.0, true);
        assert_eq!((maker.fee_bps, maker.slippage_bps, maker.from_book), (8.0, 0.0, false));
        let taker = with_fee(maker, 10.0, false);
        assert_eq!((taker.fee_bps, taker.slippage_bps, taker.from_book), (10.0, 1.0, true));
        let own = TradeOptions { from_book: false, ..options };
        assert_eq!(with_fee(own, 10.0, false), own, "slippage of one's own stays");
    }
}
