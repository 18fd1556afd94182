//! The columns of the table, and its order.

use super::board::{Board, legs};
use spreadscope_engine::scan::Scanned;

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// Both legs.
    Pair,
    /// p of Engle and Granger on all bars.
    P,
    /// q by Benjamini and Hochberg.
    QBh,
    /// q by Benjamini and Yekutieli.
    QBy,
    /// p on the first two thirds.
    SelectionP,
    /// q of that p.
    SelectionQ,
    /// p on the last third.
    ConfirmedP,
    /// Half-life.
    HalfLife,
    /// Hedge ratio.
    Hedge,
    /// Correlation.
    Correlation,
    /// Crossings.
    Crossings,
    /// The current z.
    Z,
    /// Volume of the weaker leg.
    Volume,
    /// Break-even fee.
    BreakEven,
    /// How often it has survived.
    Survived,
}

impl Column {
    /// All columns, from left to right.
    pub const ALL: [Self; 15] = [
        Self::Pair,
        Self::P,
        Self::QBh,
        Self::QBy,
        Self::SelectionP,
        Self::SelectionQ,
        Self::ConfirmedP,
        Self::HalfLife,
        Self::Hedge,
        Self::Correlation,
        Self::Crossings,
        Self::Z,
        Self::Volume,
        Self::BreakEven,
        Self::Survived,
    ];

    /// Returns its name in a link and in the document.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pair => "pair",
            Self::P => "p",
            Self::QBh => "q-bh",
            Self::QBy => "q-by",
            Self::SelectionP => "sel-p",
            Self::SelectionQ => "sel-q",
            Self::ConfirmedP => "conf-p",
            Self::HalfLife => "half-life",
            Self::Hedge => "hedge",
            Self::Correlation => "correlation",
            Self::Crossings => "crossings",
            Self::Z => "z-now",
            Self::Volume => "volume",
            Self::BreakEven => "break-even",
            Self::Survived => "survived",
        }
    }

    /// Returns its head.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Pair => "Pair, y / x",
            Self::P => "EG p",
            Self::QBh => "q BH",
            Self::QBy => "q BY",
            Self::SelectionP => "Sel. p",
            Self::SelectionQ => "Sel. q",
            Self::ConfirmedP => "Conf. p",
            Self::HalfLife => "Half-life",
            Self::Hedge => "Hedge",
            Self::Correlation => "Corr.",
            Self::Crossings => "Cross.",
            Self::Z => "z now",
            Self::Volume => "Vol./d",
            Self::BreakEven => "Break-even",
            Self::Survived => "Survived",
        }
    }

    /// Returns what it is, in a sentence.
    pub const fn about(self) -> &'static str {
        match self {
            Self::Pair => {
                "y is explained by x. The first coin in alphabetical order is y, whatever the prices are."
            }
            Self::P => {
                "Engle-Granger p on all bars: how likely a spread that comes back this clearly would be if the two were unrelated."
            }
            Self::QBh => {
                "p corrected for the number of pairs by Benjamini and Hochberg: of all pairs with a q this small, about that share is false."
            }
            Self::QBy => {
                "The same by Benjamini and Yekutieli, which holds for any dependence between the tests. It is stricter."
            }
            Self::SelectionP => "p on the first two thirds of the bars.",
            Self::SelectionQ => "p on the first two thirds, corrected by Benjamini and Hochberg.",
            Self::ConfirmedP => {
                "p on the last third, which was not used for the selection. A pair that is real should be small here too."
            }
            Self::HalfLife => {
                "Bars until half of a deviation has disappeared; below it the 95 % interval by resampling, for rows in view."
            }
            Self::Hedge => {
                "Units of x against one of y: slope of y on x over all bars. Below 0 both legs are bought."
            }
            Self::Correlation => "Correlation of the log returns from bar to bar.",
            Self::Crossings => "How often the residual crosses its mean.",
            Self::Z => "The last residual over the deviation of all of them.",
            Self::Volume => "Quote volume a day of the leg that is traded less, over these bars.",
            Self::BreakEven => {
                "One-way fee in basis points at which the default backtest on these bars would end at zero. Below your own fee it does not pay. Backtest opens this very run."
            }
            Self::Survived => "How many of the last scans of these markets, up to 12, it has survived.",
        }
    }

    /// Returns the number that it is sorted by; `None` if there is none, and for names.
    pub fn value(self, pair: &Scanned, board: &Board) -> Option<f64> {
        let test = &pair.test;
        let known = |value: &Result<f64, String>| value.as_ref().ok().copied();
        match self {
            Self::Pair => None,
            Self::P => Some(test.p_value),
            Self::QBh => Some(pair.q_bh),
            Self::QBy => Some(pair.q_by),
            Self::SelectionP => known(&test.selection_p_value),
            Self::SelectionQ => known(&pair.selection_q_bh),
            Self::ConfirmedP => known(&test.confirmed_p_value),
            Self::HalfLife => known(&test.half_life_bars),
            Self::Hedge => Some(test.hedge_ratio),
            Self::Correlation => known(&test.correlation),
            Self::Crossings => test.crossings.as_ref().ok().map(|count| *count as f64),
            Self::Z => known(&test.z_now).map(f64::abs),
            Self::Volume => known(&test.weaker_volume_per_day),
            Self::BreakEven => board.fees.get(&legs(&test.pair)).and_then(known),
            Self::Survived => {
                let survived = board.survived(&test.pair);
                (survived.tested > 0).then(|| survived.survived as f64 / survived.tested as f64)
            }
        }
    }
}

/// The order of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// The column sorted by.
    pub column: Column,
    /// Whether the largest comes first.
    pub descending: bool,
}

impl Default for Order {
    fn default() -> Self {
        Self { column: Column::P, descending: false }
    }
}

impl Order {
    /// Returns the order after a click on the head of `column`: a second click reverses it.
    #[must_use]
    pub fn clicked(self, column: Column) -> Self {
        let best_first = matches!(
            column,
            Column::Correlation
                | Column::Crossings
                | Column::Z
                | Column::Volume
                | Column::BreakEven
                | Column::Survived
        );
        let descending = if self.column == column { !self.descending } else { best_first };
        Self { column, descending }
    }

    /// Sorts `pairs`: those without a number come last, and equal ones are ordered by p and alphabetically.
    pub fn sort(self, pairs: &mut [&Scanned], board: &Board) {
        pairs.sort_by(|a, b| {
            let [of_a, of_b] = [a, b].map(|pair| self.column.value(pair, board));
            let by_value = match (of_a, of_b) {
                (Some(a), Some(b)) if self.descending => b.total_cmp(&a),
                (Some(a), Some(b)) => a.total_cmp(&b),
                (None, Some(_)) => core::cmp::Ordering::Greater,
                (Some(_), None) => core::cmp::Ordering::Less,
                (None, None) if self.column == Column::Pair && self.descending => {
                    legs(&b.test.pair).cmp(&legs(&a.test.pair))
                }
                (None, None) if self.column == Column::Pair => legs(&a.test.pair).cmp(&legs(&b.test.pair)),
                (None, None) => core::cmp::Ordering::Equal,
            };
            by_value
                .then_with(|| a.test.p_value.total_cmp(&b.test.p_value))
                .then_with(|| legs(&a.test.pair).cmp(&legs(&b.test.pair)))
        });
    }

    /// Returns the order for a link.
    pub fn store(self) -> String {
        format!("{}{}", if self.descending { "-" } else { "" }, self.column.as_str())
    }

    /// Reads what [`Self::store`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        let name = text.strip_prefix('-').unwrap_or(text);
        let column = Column::ALL.into_iter().find(|column| column.as_str() == name)?;
        Some(Self { column, descending: text.starts_with('-') })
    }
}

#[cfg(test)]
mod tests {
    use super::super::board::tests::board;
    use super::*;

    fn sorted(order: Order) -> Vec<String> {
        let board = board();
        let report = &board.report.as_ref().unwrap().1;
        let mut pairs: Vec<&Scanned> = report.pairs.iter().collect();
        order.sort(&mut pairs, &board);
        pairs
            .iter()
            .map(|pair| format!("{}{}", &pair.test.pair.y.base()[..1], &pair.test.pair.x.base()[..1]))
            .collect()
    }

    #[test]
    fn pairs_without_a_number_stand_last_in_either_order() {
        for descending in [false, true] {
            assert_eq!(sorted(Order { column: Column::BreakEven, descending })[0], "AD");
        }
        assert_eq!(sorted(Order::default()), ["AD", "AX", "DX"]);
        assert_eq!(sorted(Order { column: Column::P, descending: true }), ["DX", "AX", "AD"]);
        assert_eq!(sorted(Order { column: Column::Pair, descending: true }), ["DX", "AX", "AD"]);
    }

    #[test]
    fn a_head_sorts_by_what_is_best_and_turns_what_is_sorted() {
        let by_z = Order::default().clicked(Column::Z);
        assert_eq!((by_z.descending, by_z.clicked(Column::Z).descending), (true, false));
        assert!(!by_z.clicked(Column::P).descending);
        for column in Column::ALL {
            let order = Order { column, descending: true };
            assert_eq!(Order::parse(&order.store()), Some(order));
            assert!(column.about().ends_with('.'), "{}", column.title());
        }
        assert_eq!(Order::parse("-<b>"), None);
    }
}
