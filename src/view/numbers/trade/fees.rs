//! Fees of Binance's spot market, to start from.

/// The label of the fees. The schedule was read in 2025, and on which day is not on record.
pub const FEES_LABEL: &str = "Binance spot fees, schedule of 2025";

/// What the date does not say.
pub const FEES_NOTE: &str = "The tiers' fees are those that Binance published in 2025; on which day they were read is not on \
                             record, and they change. Your account's fee page has those that you pay.";

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
pub const PRESETS: [FeePreset; 5] = [
    FeePreset { name: "Regular", maker_bps: 10.0, taker_bps: 10.0 },
    FeePreset { name: "Regular, paid in BNB", maker_bps: 7.5, taker_bps: 7.5 },
    FeePreset { name: "VIP 1", maker_bps: 9.0, taker_bps: 10.0 },
    FeePreset { name: "VIP 2", maker_bps: 8.0, taker_bps: 10.0 },
    FeePreset { name: "VIP 3", maker_bps: 4.0, taker_bps: 6.0 },
];
