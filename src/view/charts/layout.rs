//! The user's arrangement of the charts: which are shown, in which order and how large.

use crate::view::charts::figure::ChartKind;

/// A chart's share of the grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Size {
    /// Half the width.
    #[default]
    Half,
    /// The whole width.
    Wide,
    /// The whole width and twice the height.
    Large,
}

impl Size {
    const ALL: [Self; 3] = [Self::Half, Self::Wide, Self::Large];

    /// Returns the size as stored and as the style sheet names it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Half => "half",
            Self::Wide => "wide",
            Self::Large => "large",
        }
    }

    /// Returns the next size in turn.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::Half => Self::Wide,
            Self::Wide => Self::Large,
            Self::Large => Self::Half,
        }
    }
}

/// A chart in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Which chart.
    pub kind: ChartKind,
    /// How large.
    pub size: Size,
    /// Whether each leg's prices have their own axis, instead of one in percent.
    pub two_axes: bool,
}

impl Place {
    /// Returns a chart in its default size.
    fn of(kind: ChartKind) -> Self {
        Self { kind, size: Size::default(), two_axes: false }
    }
}

/// The word for [`Place::two_axes`].
const TWO_AXES: &str = "axes";

/// The charts that are shown, in order, each at most once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout(Vec<Place>);

impl Default for Layout {
    fn default() -> Self {
        let shown = ChartKind::ALL.into_iter().filter(|kind| kind.is_shown_at_first());
        Self(shown.map(Place::of).collect())
    }
}

impl Layout {
    /// Returns the charts shown, in order.
    pub fn places(&self) -> &[Place] {
        &self.0
    }

    /// Returns the place of `kind` among the charts shown.
    pub fn position(&self, kind: ChartKind) -> Option<usize> {
        self.0.iter().position(|place| place.kind == kind)
    }

    /// Returns the size of `kind`; half if it is not shown.
    pub fn size(&self, kind: ChartKind) -> Size {
        self.position(kind).map_or_else(Size::default, |at| self.0[at].size)
    }

    /// Returns whether the prices have an axis each.
    pub fn has_two_axes(&self) -> bool {
        self.0.iter().any(|place| place.two_axes)
    }

    /// Returns the charts that are not shown, in the page's order.
    pub fn hidden(&self) -> Vec<ChartKind> {
        ChartKind::ALL.into_iter().filter(|&kind| self.position(kind).is_none()).collect()
    }

    /// Hides `kind` if it is shown. Otherwise shows it at the end, or beside the p-value if it is not a default
    /// chart.
    #[must_use]
    pub fn toggled(mut self, kind: ChartKind) -> Self {
        if let Some(at) = self.position(kind) {
            self.0.remove(at);
        } else {
            let beside = if kind.is_shown_at_first() { None } else { self.position(ChartKind::PValue) };
            let at = beside.map_or(self.0.len(), |at| at + 1);
            self.0.insert(at, Place::of(kind));
        }
        self
    }

    /// Moves `kind` by so many places, as far as possible.
    #[must_use]
    pub fn moved(mut self, kind: ChartKind, by: isize) -> Self {
        if let Some(at) = self.position(kind) {
            let place = self.0.remove(at);
            let to = at.saturating_add_signed(by).min(self.0.len());
            self.0.insert(to, place);
        }
        self
    }

    /// Gives `kind` the next size.
    #[must_use]
    pub fn resized(mut self, kind: ChartKind) -> Self {
        if let Some(at) = self.position(kind) {
            self.0[at].size = self.0[at].size.next();
        }
        self
    }

    /// Switches the prices between one axis and two.
    #[must_use]
    pub fn with_other_axes(mut self) -> Self {
        if let Some(at) = self.position(ChartKind::Price) {
            self.0[at].two_axes = !self.0[at].two_axes;
        }
        self
    }

    /// Returns the arrangement as text, `price-axes.zscore-wide.spread`.
    pub fn store(&self) -> String {
        let word = |place: &Place| {
            let size = (place.size != Size::default()).then(|| place.size.as_str());
            let words = [Some(place.kind.slug()), size, place.two_axes.then_some(TWO_AXES)];
            words.into_iter().flatten().collect::<Vec<_>>().join("-")
        };
        self.0.iter().map(word).collect::<Vec<_>>().join(".")
    }

    /// Reads what [`Self::store`] wrote.
    ///
    /// # Errors
    /// A clause: which word names no chart, no size, or a chart that is already there.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut layout = Self(Vec::new());
        for word in text.split('.').filter(|word| !word.is_empty()) {
            let mut words = word.split('-');
            let slug = words.next().unwrap_or_default();
            let kind = ChartKind::ALL
                .into_iter()
                .find(|kind| kind.slug() == slug)
                .ok_or_else(|| format!("there is no chart {slug:?}"))?;
            let mut place = Place::of(kind);
            for word in words {
                match Size::ALL.into_iter().find(|size| size.as_str() == word) {
                    Some(size) => place.size = size,
                    None if word == TWO_AXES && kind == ChartKind::Price => place.two_axes = true,
                    None => return Err(format!("there is no size {word:?}")),
                }
            }
            if layout.position(kind).is_some() {
                return Err(format!("chart {slug:?} is listed twice"));
            }
            layout.0.push(place);
        }
        Ok(layout)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arrangement_comes_back_as_it_was_stored() {
        let layout = Layout::default()
            .toggled(ChartKind::Volume)
            .moved(ChartKind::ZScore, -1)
            .resized(ChartKind::ZScore)
            .resized(ChartKind::Price)
            .resized(ChartKind::Price)
            .with_other_axes();
        let text = layout.store();
        assert!(text.starts_with("zscore-wide.price-large-axes.") && layout.has_two_axes(), "{text}");
        assert!(!layout.clone().with_other_axes().has_two_axes());
        assert_eq!(layout.hidden(), [ChartKind::HalfLife, ChartKind::JohansenTrace, ChartKind::Volume]);
        assert_eq!(Layout::parse(&text), Ok(layout));
        assert_eq!(Layout::parse("").map(|layout| layout.hidden().len()), Ok(ChartKind::ALL.len()));
    }

    #[test]
    fn a_chart_stops_at_either_end_and_comes_back_at_the_last_place() {
        let layout = Layout::default();
        assert_eq!(layout.clone().moved(ChartKind::Price, -1), layout);
        let last = layout.clone().moved(ChartKind::Price, 99);
        assert_eq!(last.position(ChartKind::Price), Some(layout.places().len() - 1));
        let beside = layout.clone().toggled(ChartKind::HalfLife);
        assert_eq!(beside.position(ChartKind::HalfLife), layout.position(ChartKind::PValue).map(|at| at + 1));
        let back = layout.clone().toggled(ChartKind::Price).toggled(ChartKind::Price);
        assert_eq!(back, last);
        let hidden = layout.toggled(ChartKind::Price);
        assert_eq!(hidden.clone().moved(ChartKind::Price, 1).resized(ChartKind::Price), hidden);
    }

    #[test]
    fn what_names_no_chart_is_refused_with_the_word() {
        for (text, said) in [
            ("price.candles", "there is no chart \"candles\""),
            ("price-huge", "there is no size \"huge\""),
            ("spread-axes", "there is no size \"axes\""),
            ("price.zscore.price-wide", "chart \"price\" is listed twice"),
        ] {
            assert_eq!(Layout::parse(text), Err(said.to_owned()));
        }
    }
}
