//! What the numbers of the trade panel are, a sentence or two for each, by their groups.

/// A group of numbers with its explanation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GroupAbout {
    /// Its heading.
    pub title: &'static str,
    /// The element's id.
    pub id: &'static str,
    /// What its numbers are, a paragraph each.
    pub told: &'static [&'static str],
}

/// How much of each leg.
pub const SIZES: GroupAbout = GroupAbout {
    title: "How much of each leg",
    id: "about-trade-sizes",
    told: &[
        "The side follows the sign of z: above 0 the first coin is sold and the second bought, below 0 the other way \
         round. Units = notional / price for the first coin; the second's follow from the sizing.",
        "Left by rounding: what the exchange's lots leave of the second coin. Left by the sizing: how far the units \
         that you chose are from those of the model's hedge.",
        "Gross exposure is the money of both legs added up; net exposure is what remains with their signs, and moves \
         with the market as a whole.",
    ],
};

/// What it costs.
pub const COSTS: GroupAbout = GroupAbout {
    title: "What it costs",
    id: "about-trade-costs",
    told: &[
        "A round trip is four fills: both legs in and out. Each pays the fee and the slippage on its money.",
        "In the spread: the cost divided by the units of the first coin, so it is per one coin of it; with logarithms \
         it is divided by the money of the first coin. In z: that divided by the spread's standard deviation.",
        "Distance to the mean = |z| × standard deviation × units of the first coin: what the trade earns before costs \
         if z comes back to 0. Net at the mean = that − the round trip.",
        "Break-even fee: the fee a side at which nothing is left. Three quarters of the way back takes two half-lives.",
    ],
};

/// The position.
pub const POSITION: GroupAbout = GroupAbout {
    title: "Position",
    id: "about-trade-position",
    told: &[
        "Gross = units × (price now − entry price), both legs added up. Net of fees takes off the fees of the entry, and \
         of an exit at the prices of now.",
        "Exit and stop in z count how far z still is from the values that you set, on the side of the entry. z is that \
         of the desk's bars and model: it says so if the position was entered by others.",
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_group_is_explained_in_whole_sentences_under_an_id_of_its_own() {
        let groups = [SIZES, COSTS, POSITION];
        for GroupAbout { title, told, .. } in groups {
            assert!(!told.is_empty() && told.iter().all(|text| text.ends_with('.')), "{title}");
            assert!(!told.iter().any(|text| text.contains("  ")), "{title}");
        }
        let mut ids = groups.map(|group| group.id);
        ids.sort_unstable();
        assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "{ids:?}");
    }
}
