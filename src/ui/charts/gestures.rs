//! Pointer, wheel and keys on a chart: all of them end in another range or another crosshair.

use crate::ui::state::Desk;
use crate::view::figure::plot_area;
use crate::view::range::TimeRange;
use leptos::ev::{KeyboardEvent, PointerEvent, WheelEvent};
use leptos::prelude::*;

/// One step of a key or of the wheel.
const ZOOM: f64 = 1.25;
/// Share of the width that an arrow key moves.
const STEP: f64 = 0.1;

/// A chart's gestures.
#[derive(Clone, Copy)]
pub(super) struct Gestures {
    desk: Desk,
    /// Width of the chart in pixels.
    width: RwSignal<usize>,
    /// Where a drag began, and the range it began with.
    drag: StoredValue<Option<(f64, TimeRange)>>,
}

impl Gestures {
    pub(super) fn new(desk: Desk, width: RwSignal<usize>) -> Self {
        Self { desk, width, drag: StoredValue::new(None) }
    }

    /// How far across the plot `offset_x` pixels from the chart's left edge are, 0 to 1 within it.
    fn share(self, offset_x: f64) -> f64 {
        let (left, width) = plot_area(self.width.get_untracked());
        (offset_x - left as f64) / (width.max(1) as f64)
    }

    pub(super) fn begin(self, event: &PointerEvent) {
        if event.button() == 0 {
            self.drag.set_value(Some((f64::from(event.client_x()), self.desk.range.get_untracked())));
        }
    }

    pub(super) fn end(self) {
        self.drag.set_value(None);
    }

    pub(super) fn leave(self) {
        self.desk.cursor.set(None);
    }

    /// Moves the crosshair, and the range while a drag is on. `left` is the chart's edge on the screen.
    pub(super) fn move_to(self, event: &PointerEvent, left: f64) {
        let (_, width) = plot_area(self.width.get_untracked());
        if let Some((start, range)) = self.drag.get_value() {
            let moved = (start - f64::from(event.client_x())) / (width.max(1) as f64);
            if event.buttons() == 0 {
                self.end();
            } else if moved.abs() > 0.005 {
                self.change(|_, series| range.panned(moved, series));
            }
        }
        let share = self.share(f64::from(event.client_x()) - left);
        let desk = self.desk;
        desk.cursor.set(desk.model.with_value(|model| {
            let series = &model.series;
            let time = desk.range.get_untracked().bounds(series).at(share);
            // to the bar that is nearest
            let row = series.at(time + series.interval().millis() as f64 / 2.0)?;
            (0.0..=1.0).contains(&share).then(|| series.times()[row])
        }));
    }

    pub(super) fn wheel(self, event: &WheelEvent, left: f64) {
        event.prevent_default();
        let share = self.share(f64::from(event.client_x()) - left).clamp(0.0, 1.0);
        let factor = if event.delta_y() > 0.0 { ZOOM } else { 1.0 / ZOOM };
        self.change(|range, series| range.zoomed(factor, share, series));
    }

    pub(super) fn reset(self) {
        self.desk.range.set(TimeRange::default());
    }

    /// Keys of a chart that has the focus: arrows move, plus and minus zoom, Home goes back to the newest.
    pub(super) fn key(self, event: &KeyboardEvent) {
        match event.key().as_str() {
            "ArrowLeft" => self.change(|range, series| range.panned(-STEP, series)),
            "ArrowRight" => self.change(|range, series| range.panned(STEP, series)),
            "+" | "=" => self.change(|range, series| range.zoomed(1.0 / ZOOM, 1.0, series)),
            "-" => self.change(|range, series| range.zoomed(ZOOM, 1.0, series)),
            "Home" => self.reset(),
            _ => return,
        }
        event.prevent_default();
    }

    fn change(self, to: impl FnOnce(TimeRange, &crate::view::series::Series) -> TimeRange) {
        let range = self.desk.range.get_untracked();
        let changed = self.desk.model.with_value(|model| to(range, &model.series));
        if changed != range {
            self.desk.range.set(changed);
        }
    }
}
