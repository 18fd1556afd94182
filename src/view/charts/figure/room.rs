//! The room that labels take on a chart, and what is left for the plot.

use super::Canvas;
use super::parts::Margins;

/// Size of labels where the browser's text has its usual size, pixels. What leaves room for labels is given for it,
/// and grows with them.
pub(super) const FONT_SIZE: usize = 11;
/// The same as a share of the size of the page's text.
const FONT_SHARE: f64 = 11.0 / 16.0;

/// Room at the sides, pixels.
const LEFT: usize = 52;
const RIGHT_AXIS: usize = 52;
/// Half a label's height: Plotly hides labels that do not fit.
const TOP: usize = 9;
const BOTTOM: usize = 22;
/// Pixels per time label.
const TIME_TICK_PIXELS: usize = 80;
/// Pixels per value label.
const VALUE_TICK_PIXELS: usize = 34;

/// Returns the size of labels on a page whose text has `text_pixels`: as large as its other small words.
pub fn label_size(text_pixels: f64) -> usize {
    if !text_pixels.is_finite() {
        return FONT_SIZE;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
    let size = (FONT_SHARE * text_pixels).round().clamp(6.0, 60.0) as usize;
    size
}

/// Returns as much room as `pixels` are for the usual labels, for those of `font_size`.
const fn room(pixels: usize, font_size: usize) -> usize {
    pixels * font_size / FONT_SIZE
}

/// Returns the upper edge and the height of the plot, pixels, within a chart of `height` with labels of
/// `font_size`.
pub const fn plot_height(height: usize, font_size: usize) -> (usize, usize) {
    let (top, bottom) = (room(TOP, font_size), room(BOTTOM, font_size));
    (top, height.saturating_sub(top + bottom))
}

/// Returns the margins around a plot with labels of `font_size`.
pub(super) const fn margins(font_size: usize) -> Margins {
    Margins {
        left: room(LEFT, font_size),
        right: room(RIGHT_AXIS, font_size),
        top: room(TOP, font_size),
        bottom: room(BOTTOM, font_size),
    }
}

/// Returns the left edge and the width of the plot, pixels, within a chart of `width` with labels of `font_size`;
/// they are the same for all charts, so that equal times line up.
pub const fn plot_area(width: usize, font_size: usize) -> (usize, usize) {
    let (left, right) = (room(LEFT, font_size), room(RIGHT_AXIS, font_size));
    (left, width.saturating_sub(left + right))
}

/// Returns the width of the plot on `canvas`, pixels.
pub(in crate::view) const fn plot_width(canvas: &Canvas) -> usize {
    plot_area(canvas.width, canvas.theme.font_size).1
}

/// Returns how many ticks fit on an axis at the side.
pub(in crate::view) fn value_ticks(canvas: &Canvas) -> usize {
    let font_size = canvas.theme.font_size;
    (plot_height(canvas.height, font_size).1 / room(VALUE_TICK_PIXELS, font_size)).clamp(2, 8)
}

/// Returns how many ticks fit on the axis below.
pub(in crate::view) fn across_ticks(canvas: &Canvas) -> usize {
    (plot_width(canvas) / room(TIME_TICK_PIXELS, canvas.theme.font_size)).max(2)
}

#[cfg(test)]
mod tests {
    use super::super::Theme;
    use super::*;
    use crate::view::charts::range::Span;

    #[test]
    fn the_plot_is_as_wide_with_a_right_axis_as_without() {
        let (left, width) = plot_area(600, FONT_SIZE);
        assert_eq!(left + width + RIGHT_AXIS, 600);
        assert_eq!(plot_area(10, FONT_SIZE).1, 0);
    }

    #[test]
    fn labels_of_twice_the_size_have_twice_the_room_and_are_half_as_many() {
        assert_eq!([16.0, 32.0, 0.0, f64::NAN].map(label_size), [11, 22, 6, 11]);
        let span = Span { from: 0.0, to: 3_600_000.0 };
        let usual = Canvas::plain(span);
        let large = Canvas { theme: Theme { font_size: 22, ..Theme::default() }, ..Canvas::plain(span) };
        assert_eq!([&usual, &large].map(plot_width), [600 - 104, 600 - 208]);
        assert_eq!(
            [&usual, &large].map(|canvas| plot_height(canvas.height, canvas.theme.font_size)),
            [(9, 169), (18, 138)]
        );
        assert_eq!([&usual, &large].map(across_ticks), [6, 2]);
        assert_eq!([&usual, &large].map(value_ticks), [4, 2]);
    }
}
