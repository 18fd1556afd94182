//! Fees of Binance's spot market, to start from.

/// The label of the fees: the date is that of the listing which [`FEES_NOTE`] names.
pub const FEES_LABEL: &str = "Binance spot fees, listed 2026-05-05";

/// Where the fees come from, and what is in doubt.
pub const FEES_NOTE: &str = "The tiers' fees are from a listing of 2026-05-05 that cites binance.com/en/fee/schedule, \
                             not from that page itself. Undated lists give 4.2 bps for a maker of VIP 3, where this \
                             one has 4. Fees change: your account's fee page has those that you pay.";

/// The fees of a tier, in basis points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FeePreset {
    /// The tier.
    pub name: &'static str,
    /// For an order that rests in the book.
    pub maker_bps: f64,
    /// For an order that takes from the book.
    pub taker_bps: f64,
}

/// The tiers on offer.
///
/// # Source
/// `plans/binance-plans-pricing.yml` of the repository `api-evangelist/binance`, modified 2026-05-05: regular users,
/// the discount for paying in BNB, VIP 1 and VIP 3. VIP 2, which it leaves out, pays 8 and 10 bps in every list seen.
pub const PRESETS: [FeePreset; 5] = [
    FeePreset { name: "Regular", maker_bps: 10.0, taker_bps: 10.0 },
    FeePreset { name: "Regular, paid in BNB", maker_bps: 7.5, taker_bps: 7.5 },
    FeePreset { name: "VIP 1", maker_bps: 9.0, taker_bps: 10.0 },
    FeePreset { name: "VIP 2", maker_bps: 8.0, taker_bps: 10.0 },
    FeePreset { name: "VIP 3", maker_bps: 4.0, taker_bps: 6.0 },
];
