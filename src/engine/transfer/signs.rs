//! The decimal sign of a file, by the cells of its rows.

use super::number::{Decimal, bare};

/// What cells say of the decimal sign so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Signs {
    comma: u64,
    point: u64,
    /// Commas before three digits, which may part thousands as well.
    thousands: u64,
    /// Points before three digits.
    thousandths: u64,
}

impl Signs {
    /// What `cells` say.
    pub(super) fn of<'a>(cells: impl Iterator<Item = &'a str>) -> Self {
        let mut signs = Self::default();
        cells.for_each(|cell| signs.take(cell));
        signs
    }

    /// Takes note of a cell; of one that is no number nothing.
    pub(super) fn take(&mut self, cell: &str) {
        if !cell.contains([',', '.']) {
            return;
        }
        let cell = bare(cell);
        let numeric = cell
            .chars()
            .all(|sign| sign.is_ascii_digit() || sign.is_whitespace() || ",.-+'’eE".contains(sign));
        if !numeric || !cell.bytes().any(|byte| byte.is_ascii_digit()) || cell.matches(['-', ' ']).count() > 1
        {
            return;
        }
        match (cell.rfind(','), cell.rfind('.')) {
            (Some(comma_at), Some(point_at)) if comma_at > point_at => self.comma += 3,
            (Some(_), Some(_)) => self.point += 3,
            (Some(_), None) if cell.matches(',').count() > 1 => self.point += 1,
            (Some(at), None) if cell.len() - at == 4 && !cell.starts_with("0,") => self.thousands += 1,
            (Some(_), None) => self.comma += 1,
            (None, Some(at)) if cell.len() - at == 4 && (1..=3).contains(&at) && !cell.starts_with('0') => {
                self.thousandths += 1;
            }
            (None, Some(_)) if cell.matches('.').count() == 1 => self.point += 1,
            (None, _) => {}
        }
    }

    /// Those of both.
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            comma: self.comma + other.comma,
            point: self.point + other.point,
            thousands: self.thousands + other.thousands,
            thousandths: self.thousandths + other.thousandths,
        }
    }

    /// Whether nothing has told a sign.
    pub(super) const fn are_none(self) -> bool {
        self.comma == 0 && self.point == 0 && self.thousands == 0 && self.thousandths == 0
    }

    /// The decimal sign; `parts_cells`: what stands between two cells.
    pub(super) fn decimal(self, parts_cells: char) -> Decimal {
        let Self { comma, point, thousands, thousandths } = self;
        // three digits behind a comma are thousands, unless nothing else is written with a point where cells are not
        // parted by commas
        let none = point == 0 && comma == 0 && thousandths == 0;
        let is_comma = comma > point + if point > 0 { thousandths } else { 0 };
        let is_comma = is_comma || (thousands > 0 && none && parts_cells == ';');
        if is_comma { Decimal::Comma } else { Decimal::Point }
    }

    /// The decimal sign of all rows of a file that was taken to have `found`; `are_first`: the first rows have no sign
    /// at all.
    pub(super) fn other(self, found: Decimal, parts_cells: char, are_first: bool) -> Option<Decimal> {
        let Self { comma, point, .. } = self;
        let is_plain = comma != point || are_first;
        Some(self.decimal(parts_cells)).filter(|sign| *sign != found && is_plain && !self.are_none())
    }
}

/// What the first rows say of the decimal sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FirstSigns {
    /// They have one.
    Some,
    /// All of their numbers are whole.
    None,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_decimal_sign_is_told_by_the_cells() {
        let of = |cells: &[&str], parts| Signs::of(cells.iter().copied()).decimal(parts);
        assert_eq!(of(&["59,82", "59,9"], ';'), Decimal::Comma);
        assert_eq!(of(&["1,234", "5,678"], ';'), Decimal::Comma);
        assert_eq!(of(&["1,234", "5,678"], ','), Decimal::Point);
        assert_eq!(of(&["1.234,5"], ';'), Decimal::Comma);
        assert_eq!(of(&["1.234,50 €"], ';'), Decimal::Comma);
        assert_eq!(of(&["44,951.1", "2024-01-02"], ','), Decimal::Point);
        assert_eq!(of(&["43210.5", "7"], ';'), Decimal::Point);
        assert_eq!(of(&["1.234", "1.235"], ';'), Decimal::Point);
        assert_eq!(of(&["1.234", "1.235", "1.236,50"], ';'), Decimal::Comma);
        assert_eq!(of(&["1.234", "60.5", "3,5"], ';'), Decimal::Point);
    }

    #[test]
    fn later_cells_may_tell_another_sign() {
        let of = |cells: &[&str]| Signs::of(cells.iter().copied());
        let plain = of(&["60", "61"]);
        assert!(plain.are_none());
        assert_eq!(plain.other(Decimal::Comma, ';', true), None);
        let thousands = of(&["60,129"]);
        assert_eq!(thousands.other(Decimal::Point, ';', true), Some(Decimal::Comma));
        assert_eq!(thousands.other(Decimal::Point, ';', false), None, "an unused column may have told it");
        assert_eq!(thousands.and(of(&["1,234.5"])).other(Decimal::Comma, ';', false), Some(Decimal::Point));
        assert_eq!(of(&["60,5"]).other(Decimal::Point, '\t', false), Some(Decimal::Comma));
    }
}
