//! The table of round trips: sorting, filtering and words.

use super::shown::Shown;
use crate::view::numbers::format;
use spreadscope_engine::backtest::{PositionSide, Reason, RoundTrip};

/// A column; each can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// When it was entered.
    Entered,
    /// When it was exited.
    Left,
    /// The side of the spread that was held.
    Side,
    /// z at the decision.
    Z,
    /// Bars held.
    Bars,
    /// Before costs.
    Gross,
    /// Fees.
    Fees,
    /// Slippage.
    Slippage,
    /// Funding and borrow.
    Funding,
    /// After costs.
    Net,
    /// Lowest net while held.
    Worst,
    /// Why it was exited.
    Reason,
}

impl Column {
    /// All columns, from left to right.
    pub const ALL: [Self; 12] = [
        Self::Entered,
        Self::Left,
        Self::Side,
        Self::Z,
        Self::Bars,
        Self::Gross,
        Self::Fees,
        Self::Slippage,
        Self::Funding,
        Self::Net,
        Self::Worst,
        Self::Reason,
    ];

    /// Returns the column's head.
    pub const fn head(self) -> &'static str {
        match self {
            Self::Entered => "Entered",
            Self::Left => "Exited",
            Self::Side => "Spread",
            Self::Z => "z in",
            Self::Bars => "Bars",
            Self::Gross => "Gross",
            Self::Fees => "Fees",
            Self::Slippage => "Slippage",
            Self::Funding => "Funding",
            Self::Net => "Net",
            Self::Worst => "Worst",
            Self::Reason => "Exited by",
        }
    }

    fn key(self, trade: &RoundTrip) -> f64 {
        match self {
            Self::Entered => trade.entry_time.as_f64(),
            Self::Left => trade.exit_time.as_f64(),
            Self::Side => f64::from(u8::from(trade.held == PositionSide::Short)),
            Self::Z => trade.entry_z,
            Self::Bars => trade.bars_held as f64,
            Self::Gross => trade.gross,
            Self::Fees => trade.fees,
            Self::Slippage => trade.slippage,
            Self::Funding => trade.funding + trade.borrow,
            Self::Net => trade.net,
            Self::Worst => trade.worst_excursion,
            Self::Reason => f64::from(trade.reason_out as u8),
        }
    }

    /// Returns the cell of `trade`; the page writes times, because it knows the zone.
    pub fn cell(self, trade: &RoundTrip) -> String {
        match self {
            Self::Entered | Self::Left => String::new(),
            Self::Side => side(trade.held).to_owned(),
            Self::Z => format::signed(trade.entry_z, 2),
            Self::Bars => format::count(trade.bars_held as u64),
            Self::Gross => format::signed(trade.gross, 2),
            Self::Fees => format::signed(-trade.fees, 2),
            Self::Slippage => format::signed(-trade.slippage, 2),
            Self::Funding => format::signed(-trade.funding - trade.borrow, 2),
            Self::Net => format::signed(trade.net, 2),
            Self::Worst => format::signed(trade.worst_excursion, 2),
            Self::Reason => reason(trade.reason_out).to_owned(),
        }
    }
}

/// Returns the side of the spread, in a word.
pub const fn side(held: PositionSide) -> &'static str {
    match held {
        PositionSide::Long => "Long",
        PositionSide::Short => "Short",
    }
}

/// Returns why a fill was made, in a word.
pub const fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::Entry => "Entry",
        Reason::Exit => "Exit",
        Reason::Stop => "Stop",
        Reason::Time => "Time",
        Reason::Loss => "Loss",
        Reason::Rehedge => "Hedge",
        Reason::EndOfData => "End of data",
    }
}

/// Which round trips are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Filter {
    /// All.
    #[default]
    All,
    /// With a profit, net.
    Won,
    /// With a loss, net.
    Lost,
    /// y bought, x sold.
    Long,
    /// y sold, x bought.
    Short,
    /// Exited by anything but the exit rule.
    Forced,
}

impl Filter {
    /// All filters.
    pub const ALL: [Self; 6] = [Self::All, Self::Won, Self::Lost, Self::Long, Self::Short, Self::Forced];

    /// Returns the filter's label.
    pub const fn label(self) -> &'static str {
        match self {
            Self::All => "All",
            Self::Won => "Won",
            Self::Lost => "Lost",
            Self::Long => "Long",
            Self::Short => "Short",
            Self::Forced => "Exited by a stop or the end",
        }
    }

    fn takes(self, trade: &RoundTrip) -> bool {
        match self {
            Self::All => true,
            Self::Won => trade.net > 0.0,
            Self::Lost => trade.net < 0.0,
            Self::Long => trade.held == PositionSide::Long,
            Self::Short => trade.held == PositionSide::Short,
            Self::Forced => trade.reason_out != Reason::Exit,
        }
    }
}

/// The order of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// The column sorted by.
    pub column: Column,
    /// Whether the largest comes first.
    pub descending: bool,
}

impl Default for Sort {
    fn default() -> Self {
        Self { column: Column::Entered, descending: true }
    }
}

impl Sort {
    /// Returns the order after a click on the head of `column`.
    #[must_use]
    pub fn by(self, column: Column) -> Self {
        let descending = if self.column == column { !self.descending } else { true };
        Self { column, descending }
    }
}

/// Returns the places of the round trips that pass `filter`, in order.
pub fn places(shown: &Shown, sort: Sort, filter: Filter) -> Vec<usize> {
    let trades = &shown.ran.ledger.trades;
    let mut places: Vec<usize> = (0..trades.len()).filter(|&at| filter.takes(&trades[at])).collect();
    places.sort_by(|&a, &b| {
        let order = sort.column.key(&trades[a]).total_cmp(&sort.column.key(&trades[b])).then(a.cmp(&b));
        if sort.descending { order.reverse() } else { order }
    });
    places
}

/// Returns how many round trips are shown: of `passing` the filter, at most `rows`; there are `all`.
pub fn counted(rows: usize, passing: usize, all: usize) -> String {
    let count = |number: usize| format::count(number as u64);
    let trips = if all == 1 { "round trip" } else { "round trips" };
    if rows < passing && passing < all {
        return format!("{} of {} that pass, of {} {trips}", count(rows), count(passing), count(all));
    }
    format!("{} of {} {trips}", count(rows.min(passing)), count(all))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::backtest::shown::tests::shown;

    #[test]
    fn the_number_of_rows_is_said_of_all() {
        assert_eq!(counted(100, 97, 97), "97 of 97 round trips");
        assert_eq!(counted(100, 46, 97), "46 of 97 round trips");
        assert_eq!(counted(100, 613, 613), "100 of 613 round trips");
        assert_eq!(counted(100, 300, 613), "100 of 300 that pass, of 613 round trips");
        assert_eq!(counted(100, 0, 1), "0 of 1 round trip");
    }

    #[test]
    fn rows_are_sorted_by_any_column_and_filtered() {
        let shown = shown(&[("fee_bps", "2")]);
        let trades = &shown.ran.ledger.trades;
        let newest = places(&shown, Sort::default(), Filter::All);
        assert_eq!((newest.len(), newest[0]), (trades.len(), trades.len() - 1));
        let by_net = Sort::default().by(Column::Net);
        let nets: Vec<f64> = places(&shown, by_net, Filter::All).iter().map(|&at| trades[at].net).collect();
        assert!(nets.is_sorted_by(|a, b| a >= b));
        assert_eq!(by_net.by(Column::Net), Sort { column: Column::Net, descending: false });
        let (won, lost) = (places(&shown, by_net, Filter::Won), places(&shown, by_net, Filter::Lost));
        assert!(!won.is_empty() && won.len() + lost.len() == trades.len());
        assert!(places(&shown, by_net, Filter::Long).iter().all(|&at| trades[at].held == PositionSide::Long));
    }
}
