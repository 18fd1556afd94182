//! The user's choices for a trade: capital, sizing, fee and slippage.

use crate::view::numbers::quantities::quantity;
use spreadscope_engine::analytics::position::MOST_MONEY;
use spreadscope_engine::analytics::sizing::Sizing;
use spreadscope_engine::base::typed::{TypedError, typed};

/// The choices.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TradeOptions {
    /// Money in quote currency: of the y leg, or of both if they are sized by gross exposure.
    pub notional: f64,
    /// How the legs are sized against each other.
    pub sizing: Sizing,
    /// Fee of a fill, in basis points.
    pub fee_bps: f64,
    /// Whether that is a maker's: its order rests in the book.
    pub is_maker: bool,
    /// How much worse a fill is than the last price, in basis points.
    pub slippage_bps: f64,
    /// Whether slippage is half the bid-ask spread instead, if the order books are known.
    pub from_book: bool,
    /// Whether the z chart shades the band in which a round trip does not pay.
    pub shades: bool,
}

/// A number among the options.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptionField {
    /// See [`TradeOptions::notional`].
    Notional,
    /// See [`TradeOptions::fee_bps`].
    Fee,
    /// See [`TradeOptions::slippage_bps`].
    Slippage,
}

impl OptionField {
    /// All numbers.
    pub const ALL: [Self; 3] = [Self::Notional, Self::Fee, Self::Slippage];

    /// Returns its name in controls.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Notional => "notional",
            Self::Fee => "fee_bps",
            Self::Slippage => "slippage_bps",
        }
    }

    /// Returns its label.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Notional => "Notional",
            Self::Fee => "Fee a side, bps",
            Self::Slippage => "Slippage a side, bps",
        }
    }

    /// Returns its name at the start of a sentence.
    pub const fn said(self) -> &'static str {
        match self {
            Self::Notional => "Notional",
            Self::Fee => "Fee a side in bps",
            Self::Slippage => "Slippage a side in bps",
        }
    }

    /// Returns its smallest and largest value.
    pub const fn range(self) -> (f64, f64) {
        match self {
            Self::Notional => (1.0, MOST_MONEY),
            Self::Fee => (0.0, 100.0),
            Self::Slippage => (0.0, 500.0),
        }
    }

    /// Returns its value in `options`.
    pub const fn read(self, options: &TradeOptions) -> f64 {
        match self {
            Self::Notional => options.notional,
            Self::Fee => options.fee_bps,
            Self::Slippage => options.slippage_bps,
        }
    }

    /// Returns the value of `text`.
    ///
    /// # Errors
    /// A sentence, without its full stop, with the name, the range and the text given.
    pub fn parse(self, text: &str) -> Result<f64, String> {
        let (low, high) = self.range();
        match typed(text) {
            Ok(value) if value >= low && value <= high => Ok(value),
            Err(error @ TypedError::TwoReadings { .. }) => Err(format!("{} {text:?} {error}", self.said())),
            Ok(_) | Err(TypedError::NotANumber) => {
                let [low, high] = [low, high].map(|end| quantity(end, None));
                let was = if text.trim().is_empty() { "empty".to_owned() } else { format!("{text:?}") };
                Err(format!("{} must be a number from {low} to {high}, was {was}", self.said()))
            }
        }
    }

    /// Returns its value in force, with its name.
    fn in_force(self, options: &TradeOptions) -> String {
        let value = quantity(self.read(options), None);
        match self {
            Self::Notional => format!("a notional of {value}"),
            Self::Fee => format!("a fee of {value} bps"),
            Self::Slippage => format!("a slippage of {value} bps"),
        }
    }

    /// Returns what the numbers of the panel are for while the entries of `refused` are not in force; `None` if all
    /// are.
    pub fn still_for(refused: &[Self], options: &TradeOptions) -> Option<String> {
        let values: Vec<String> = Self::ALL
            .into_iter()
            .filter(|field| refused.contains(field))
            .map(|field| field.in_force(options))
            .collect();
        let entries = if values.len() == 1 { "the entry was" } else { "the entries were" };
        (!values.is_empty())
            .then(|| format!("These numbers are for {}: {entries} refused.", values.join(" and ")))
    }

    /// Returns `options` with this number set.
    #[must_use]
    pub const fn with(self, options: TradeOptions, value: f64) -> TradeOptions {
        match self {
            Self::Notional => TradeOptions { notional: value, ..options },
            Self::Fee => TradeOptions { fee_bps: value, ..options },
            Self::Slippage => TradeOptions { slippage_bps: value, ..options },
        }
    }
}

impl Default for TradeOptions {
    fn default() -> Self {
        Self {
            notional: 10_000.0,
            sizing: Sizing::HedgeRatio,
            fee_bps: 10.0,
            is_maker: false,
            slippage_bps: 1.0,
            from_book: true,
            shades: false,
        }
    }
}

impl TradeOptions {
    /// Returns the options as text, `10000~hedge_ratio~10~1~book~plain~taker`, for storage and links.
    pub fn store(&self) -> String {
        let Self { notional, sizing, fee_bps, is_maker, slippage_bps, from_book, shades } = *self;
        let slippage = if from_book { "book" } else { "fixed" };
        let chart = if shades { "shaded" } else { "plain" };
        let side = if is_maker { "maker" } else { "taker" };
        format!("{notional}~{}~{fee_bps}~{slippage_bps}~{slippage}~{chart}~{side}", sizing.as_str())
    }

    /// Reads what [`Self::store`] wrote. Links from before the fee had a side have 6 parts: a taker's.
    ///
    /// # Errors
    /// A clause: which part cannot be used.
    pub fn parse(text: &str) -> Result<Self, String> {
        let parts: Vec<&str> = text.split('~').collect();
        let (parts, side) = match parts[..] {
            [ref parts @ .., side] if parts.len() == 6 => (parts, side),
            ref parts => (parts, "taker"),
        };
        let [notional, sizing, fee, slippage, book, chart] = *parts else {
            return Err(format!("a trade has 7 parts, these were {}", parts.len()));
        };
        let word = |text: &str, on: &str, off: &str| match text {
            text if text == on => Ok(true),
            text if text == off => Ok(false),
            _ => Err(format!("it must be {on} or {off}, was {text:?}")),
        };
        Ok(Self {
            notional: OptionField::Notional.parse(notional)?,
            sizing: Sizing::parse(sizing).ok_or("sizing must be hedge_ratio, dollar_neutral or gross")?,
            fee_bps: OptionField::Fee.parse(fee)?,
            is_maker: word(side, "maker", "taker")?,
            slippage_bps: OptionField::Slippage.parse(slippage)?,
            from_book: word(book, "book", "fixed")?,
            shades: word(chart, "shaded", "plain")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_come_back_as_they_were_stored() {
        let options = TradeOptions {
            notional: 2_500.5,
            sizing: Sizing::Gross,
            fee_bps: 7.5,
            is_maker: true,
            from_book: false,
            shades: true,
            ..TradeOptions::default()
        };
        assert_eq!(options.store(), "2500.5~gross~7.5~1~fixed~shaded~maker");
        let of_before = TradeOptions { is_maker: false, ..options };
        assert_eq!(TradeOptions::parse("2500.5~gross~7.5~1~fixed~shaded"), Ok(of_before));
        for options in [options, TradeOptions::default()] {
            assert_eq!(TradeOptions::parse(&options.store()), Ok(options));
        }
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        let said = |text: &str| TradeOptions::parse(text).unwrap_err();
        assert_eq!(said("1~2"), "a trade has 7 parts, these were 2");
        assert_eq!(
            said("0~gross~10~1~book~plain"),
            "Notional must be a number from 1 to 1,000,000,000, was \"0\""
        );
        assert_eq!(
            said("100~gross~NaN~1~book~plain"),
            "Fee a side in bps must be a number from 0 to 100, was \"NaN\""
        );
        assert_eq!(said("100~even~10~1~book~plain"), "sizing must be hedge_ratio, dollar_neutral or gross");
        assert_eq!(
            OptionField::Fee.parse(" ").unwrap_err(),
            "Fee a side in bps must be a number from 0 to 100, was empty"
        );
        let options = TradeOptions { notional: 2_500.0, ..TradeOptions::default() };
        assert_eq!(OptionField::still_for(&[], &options), None);
        assert_eq!(
            OptionField::still_for(&[OptionField::Notional], &options).unwrap(),
            "These numbers are for a notional of 2,500: the entry was refused."
        );
        assert_eq!(
            OptionField::still_for(&[OptionField::Fee, OptionField::Notional], &options).unwrap(),
            "These numbers are for a notional of 2,500 and a fee of 10 bps: the entries were refused."
        );
        assert_eq!(OptionField::Notional.parse(" 1,010,000 "), Ok(1_010_000.0));
        assert_eq!(OptionField::Fee.parse("7,5"), Ok(7.5));
        assert_eq!(
            OptionField::Notional.parse("10,000").unwrap_err(),
            "Notional \"10,000\" can be read as 10000 and as 10: type 10000 or 10"
        );
    }
}
