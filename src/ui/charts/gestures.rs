//! Pointer, wheel and keys on a chart: each of them changes the range or the crosshair.

use crate::ui::charts::plot::Plot;
use crate::ui::state::Desk;
use crate::view::charts::range::{Pin, Span, TimeRange};
use crate::view::numbers::series::Series;
use leptos::ev::{KeyboardEvent, PointerEvent, WheelEvent};
use leptos::prelude::*;

/// Zoom factor of a key.
const ZOOM: f64 = 1.25;
/// Share of the width that an arrow key moves.
const STEP: f64 = 0.1;
/// Zoom per pixel of the wheel, as a logarithm: a mouse's notch, 100 pixels, zooms by a quarter.
const ZOOM_LN_PER_PIXEL: f64 = 0.002_231_435_513;
/// Gain for a pinch on a touchpad, which arrives as a wheel event with small steps.
const PINCH_GAIN: f64 = 5.0;
/// Largest zoom of a single wheel event, as a logarithm.
const MOST_ZOOM_LN: f64 = 0.5;
/// Pixels per line, for mice that scroll by lines.
const LINE_PIXELS: f64 = 33.0;
/// Share of the width below which a drag is a click.
const LEAST_DRAG: f64 = 0.005;

/// A pointer that is down.
#[derive(Debug, Clone, Copy)]
struct Finger {
    id: i32,
    begun: f64,
    now: f64,
}

/// The drag that the pressed pointers make.
#[derive(Debug, Clone, Default)]
struct Drag {
    /// One finger moves the range, two stretch it.
    fingers: Vec<Finger>,
    /// The range shown when the last finger came down.
    before: TimeRange,
    /// Whether shift was held: a span is being chosen.
    choosing: bool,
}

/// A chart's gestures.
#[derive(Clone, Copy)]
pub(super) struct Gestures {
    desk: Desk,
    /// Where the chart is drawn.
    plot: Plot,
    drag: StoredValue<Drag>,
    /// The span being chosen, as shares of the width: where it began and where it is now.
    chosen: RwSignal<Option<(f64, f64)>>,
}

impl Gestures {
    pub(super) fn new(desk: Desk, plot: Plot) -> Self {
        Self { desk, plot, drag: StoredValue::new(Drag::default()), chosen: RwSignal::new(None) }
    }

    /// Returns the span being chosen: left edge and width in pixels.
    pub(super) fn choice(self) -> Option<(f64, f64)> {
        let (one, other) = self.chosen.get()?;
        let (left, width) = self.plot.across();
        let width = width as f64;
        Some((left as f64 + one.min(other) * width, (one - other).abs() * width))
    }

    /// Returns the pointer's position across the plot, 0 to 1 within it; `left` is the chart's left edge on the
    /// screen.
    fn share(self, client_x: i32, left: f64) -> f64 {
        let (plot_left, width) = untrack(|| self.plot.across());
        (f64::from(client_x) - left - plot_left as f64) / (width.max(1) as f64)
    }

    fn span(self) -> Span {
        self.desk.model.with_value(|model| self.desk.look.range.get_untracked().bounds(&model.series))
    }

    /// Handles a pointer that comes down.
    pub(super) fn begin(self, event: &PointerEvent, left: f64) {
        if event.button() != 0 {
            return;
        }
        let share = self.share(event.client_x(), left);
        let before = self.desk.look.range.get_untracked();
        self.drag.update_value(|drag| {
            drag.fingers.retain(|finger| finger.id != event.pointer_id());
            // a third finger is ignored
            if drag.fingers.len() < 2 {
                for finger in &mut drag.fingers {
                    finger.begun = finger.now;
                }
                drag.fingers.push(Finger { id: event.pointer_id(), begun: share, now: share });
                drag.before = before;
            }
            drag.choosing = event.shift_key() && drag.fingers.len() == 1;
        });
    }

    /// Handles a pointer that is released.
    pub(super) fn end(self, event: &PointerEvent) {
        let choosing = self.drag.with_value(|drag| drag.choosing);
        if let Some((one, other)) = self.chosen.get_untracked().filter(|_| choosing)
            && (one - other).abs() > LEAST_DRAG
        {
            let span = self.span();
            self.change(|_, series| TimeRange::chosen(span.at(one), span.at(other), series));
        }
        self.forget(event.pointer_id());
    }

    /// Forgets a pointer that the browser uses for its own scrolling.
    pub(super) fn cancel(self, event: &PointerEvent) {
        self.forget(event.pointer_id());
        self.leave();
    }

    fn forget(self, id: i32) {
        if self.drag.with_value(|drag| drag.fingers.is_empty()) {
            return;
        }
        let before = self.desk.look.range.get_untracked();
        self.drag.update_value(|drag| {
            drag.fingers.retain(|finger| finger.id != id);
            for finger in &mut drag.fingers {
                finger.begun = finger.now;
            }
            drag.before = before;
            drag.choosing = false;
        });
        self.chosen.set(None);
    }

    /// Removes the crosshair.
    pub(super) fn leave(self) {
        self.show_cursor(None);
    }

    /// Moves the crosshair, and the range while a drag is on.
    pub(super) fn move_to(self, event: &PointerEvent, left: f64) {
        let share = self.share(event.client_x(), left);
        self.drag_to(event, share);
        let desk = self.desk;
        self.show_cursor(desk.model.with_value(|model| {
            let series = &model.series;
            let time = desk.look.range.get_untracked().bounds(series).at(share);
            // to the nearest bar
            let row = series.at(time + series.interval().millis() as f64 / 2.0)?;
            (0.0..=1.0).contains(&share).then(|| series.times()[row])
        }));
    }

    fn drag_to(self, event: &PointerEvent, share: f64) {
        if event.buttons() == 0 {
            // it was released elsewhere
            self.forget(event.pointer_id());
            return;
        }
        let drag = self
            .drag
            .try_update_value(|drag| {
                let finger = drag.fingers.iter_mut().find(|finger| finger.id == event.pointer_id())?;
                finger.now = share;
                Some(drag.clone())
            })
            .flatten();
        let Some(Drag { fingers, before, choosing }) = drag else { return };
        match fingers[..] {
            [finger] if choosing => {
                self.chosen.set(Some((finger.begun.clamp(0.0, 1.0), share.clamp(0.0, 1.0))));
            }
            [finger] if (finger.begun - share).abs() > LEAST_DRAG => {
                self.change(|_, series| before.panned(finger.begun - share, series));
            }
            [one, other] => self.change(|range, series| {
                let span = before.bounds(series);
                let pin = |finger: Finger| Pin { time: span.at(finger.begun), share: finger.now };
                TimeRange::pinned([pin(one), pin(other)], series).unwrap_or(range)
            }),
            _ => {}
        }
    }

    /// Zooms at the pointer, or pans if the wheel moves sideways. At an end of the data the wheel scrolls the
    /// page.
    pub(super) fn wheel(self, event: &WheelEvent, left: f64) {
        let unit = if event.delta_mode() == 0 { 1.0 } else { LINE_PIXELS };
        let (sideways, down) = (event.delta_x() * unit, event.delta_y() * unit);
        let before = self.desk.look.range.get_untracked();
        if sideways.abs() > down.abs() {
            let (_, width) = untrack(|| self.plot.across());
            self.change(|range, series| range.panned(sideways / width.max(1) as f64, series));
        } else {
            let gain = if event.ctrl_key() { PINCH_GAIN } else { 1.0 };
            let zoom = (down * ZOOM_LN_PER_PIXEL * gain).clamp(-MOST_ZOOM_LN, MOST_ZOOM_LN).exp();
            let share = self.share(event.client_x(), left).clamp(0.0, 1.0);
            self.change(|range, series| range.zoomed(zoom, share, series));
        }
        if event.ctrl_key() || self.desk.look.range.get_untracked() != before {
            event.prevent_default();
        }
    }

    /// Returns to the newest bars.
    pub(super) fn reset(self) {
        let interval = self.desk.settings.with_untracked(|settings| settings.interval);
        self.desk.look.range.set(TimeRange::following(interval));
    }

    /// Handles the keys of a focused chart: arrows pan, with shift they move the crosshair, plus and minus
    /// zoom, Home or 0 returns to the newest bars.
    pub(super) fn key(self, event: &KeyboardEvent) {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        match (event.key().as_str(), event.shift_key()) {
            ("ArrowLeft", true) => self.step_cursor(-1),
            ("ArrowRight", true) => self.step_cursor(1),
            ("ArrowLeft", false) => self.change(|range, series| range.panned(-STEP, series)),
            ("ArrowRight", false) => self.change(|range, series| range.panned(STEP, series)),
            ("+" | "=", _) => self.change(|range, series| range.zoomed(1.0 / ZOOM, 1.0, series)),
            ("-", _) => self.change(|range, series| range.zoomed(ZOOM, 1.0, series)),
            ("Home" | "0", _) => self.reset(),
            // the same key closes the chart's menu
            ("Escape", _) => return self.leave(),
            _ => return,
        }
        event.prevent_default();
    }

    /// Moves the crosshair by `bars`, from the newest bar if there is no crosshair.
    fn step_cursor(self, bars: isize) {
        let cursor = self.desk.look.cursor.get_untracked();
        let span = self.span();
        self.show_cursor(self.desk.model.with_value(|model| {
            let series = &model.series;
            let from = series.at(cursor.unwrap_or(span.to))?;
            let row = from.saturating_add_signed(bars).min(series.len() - 1);
            Some(series.times()[row].clamp(span.from, span.to))
        }));
    }

    fn show_cursor(self, time: Option<f64>) {
        if self.desk.look.cursor.get_untracked() != time {
            self.desk.look.cursor.set(time);
        }
    }

    fn change(self, to: impl FnOnce(TimeRange, &Series) -> TimeRange) {
        let range = self.desk.look.range.get_untracked();
        let changed = self.desk.model.with_value(|model| to(range, &model.series));
        if changed != range {
            self.desk.look.range.set(changed);
        }
    }
}
