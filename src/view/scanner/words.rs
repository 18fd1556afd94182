//! The explanations beside the form and the table.

/// An explanation beside an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About {
    /// Its element's id.
    pub id: &'static str,
    /// The subject.
    pub title: &'static str,
    /// The explanation in whole sentences.
    pub paragraphs: &'static [&'static str],
}

/// What the scan does.
pub const SCAN: About = About {
    id: "about-scan",
    title: "The scan",
    paragraphs: &[
        "Every pair of the markets is tested for cointegration by Engle and Granger, on the bars that both have. Prices \
         come from the previous scan, from what is stored here, and over REST within the request weight that all your \
         tabs share.",
        "Which leg explains which is fixed before looking at any price: the first coin in alphabetical order is \
         y. Taking the smaller p of both directions would be testing twice; it would call 9 \
         of 100 unrelated pairs cointegrated, and no correction accounts for it.",
        "Stable coins move with their currency, wrapped coins with the coin in them, leveraged tokens with a coin that \
         is there anyway: they are left out unless you want them. The exchange does not say which coins these are. They are \
         known by their names, and among the most traded also by a price that stayed within 2 % of a dollar for 24 hours; \
         look at the names of what was left out and of what was not.",
        "Repeated scans continue while you look at the desk, as long as a tab is open. Rules on “Pairs that enter the scan” \
         and “Pairs that leave the scan” (Alerts, Rules…, Add a rule…) tell you what has changed since the previous scan.",
    ],
};

/// What q is.
pub const Q: About = About {
    id: "about-q",
    title: "From p to q",
    paragraphs: &[
        "Of 190 unrelated pairs about ten have p < 0.05 by chance. q asks another question: if all pairs with a q as \
         small as this one were taken, what share of them would be false? It depends on how many pairs were tested, so \
         all of them count, and conditions come after it.",
        "Benjamini and Hochberg's q holds for independent or positively dependent tests, Benjamini and Yekutieli's \
         always; it is larger by a factor that grows with the number of pairs.",
        "Selection is the same test on the first two thirds of the bars, confirmed on the last third. A pair that was \
         chosen by the first and is small on the last has been found twice.",
    ],
};

/// What the columns are: their own sentences follow.
pub const COLUMNS: About = About { id: "about-columns", title: "The columns", paragraphs: &[] };

/// How to read the map.
pub const MAP: About = About {
    id: "about-map",
    title: "The map",
    paragraphs: &[
        "Each field is a pair: y is the coin of its row, x that of its column. A filled mark is a pair that survives, \
         a half one has q < 0.2, an empty one p < 0.05 before the correction.",
        "A row full of empty marks is one coin that reverts to its mean by itself on these bars, which \
         says little about its partners.",
        "The arrow keys move from field to field, Enter opens the pair on the desk. The table has the same in numbers.",
    ],
};
