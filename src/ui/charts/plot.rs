//! A chart's place: its size, the plotting library once it has loaded, and the crosshair.

use crate::ui::reactive::effect;
use crate::ui::state::Desk;
use crate::view::charts::figure::{Figure, Theme, plot_area, plot_height};
use crate::view::charts::range::Span;
use crate::web::chart::{self, Chart};
use crate::web::resize::{self, Observation};
use crate::web::theme;
use leptos::html::Div;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Where a chart is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Plot {
    /// Pixels.
    pub width: RwSignal<usize>,
    /// Pixels.
    pub height: RwSignal<usize>,
    /// Of labels, pixels.
    pub font_size: RwSignal<usize>,
    loaded: RwSignal<bool>,
    chart: StoredValue<Option<Chart>, LocalStorage>,
}

impl Plot {
    /// Follows the size of `place` and loads the plotting library; if that fails, `fail` receives the reason.
    pub fn start(place: NodeRef<Div>, fail: impl Fn(String) + 'static) -> Self {
        let (width, height, loaded) = (RwSignal::new(0), RwSignal::new(0), RwSignal::new(false));
        let font_size = RwSignal::new(Theme::default().font_size);
        let chart = StoredValue::new_local(None);
        let observation = StoredValue::<Option<Observation>, LocalStorage>::new_local(None);
        effect(move || {
            let Some(element) = place.get() else { return };
            chart.set_value(Some(Chart::new(element.clone().into())));
            observation.set_value(resize::observe(&element, move |wide, high| {
                if (width.get_untracked(), height.get_untracked()) != (wide, high) {
                    // another size of text is another height of the charts
                    font_size.set(theme::font_size());
                    width.set(wide);
                    height.set(high);
                }
            }));
        });
        spawn_local(async move {
            match chart::load().await {
                Ok(()) => loaded.set(true),
                Err(reason) => fail(reason),
            }
        });
        Self { width, height, font_size, loaded, chart }
    }

    /// Returns whether the plotting library has loaded.
    pub fn is_loaded(self) -> bool {
        self.loaded.get()
    }

    /// Returns whether there is room to draw in.
    pub fn has_room(self) -> bool {
        self.width.get() > 0 && self.height.get() > 0
    }

    /// Returns whether the plot has left the page while a drawing was waiting.
    pub fn is_gone(self) -> bool {
        self.width.try_get_untracked().is_none()
    }

    /// Returns the left edge and the width of what is plotted, pixels.
    pub fn across(self) -> (usize, usize) {
        plot_area(self.width.get(), self.font_size.get())
    }

    /// Returns the upper edge and the height of what is plotted, pixels.
    pub fn down(self) -> (usize, usize) {
        plot_height(self.height.get(), self.font_size.get())
    }

    /// Draws `figure`; returns the reason if that fails.
    pub fn draw(self, figure: &Figure) -> Option<String> {
        let drawn = self.chart.try_update_value(|chart| chart.as_mut().map(|chart| chart.draw(figure)));
        drawn.flatten().and_then(Result::err)
    }

    /// Returns the chart, for a picture.
    pub fn chart(self) -> StoredValue<Option<Chart>, LocalStorage> {
        self.chart
    }

    /// Returns the crosshair at `time` on a drawing of `span`.
    pub fn crosshair(self, desk: Desk, span: Option<Span>, time: f64) -> Option<Crosshair> {
        let share = span?.share_of(time)?;
        let (left, width) = self.across();
        #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, below 2^53")]
        let words = desk.clock(time as i64);
        let left = format!("{}px", left as f64 + share * width as f64);
        Some(Crosshair { left, shift: format!("translateX({}%)", -100.0 * share), words })
    }
}

/// The crosshair on a chart, in CSS.
#[derive(Debug, Clone, PartialEq)]
pub struct Crosshair {
    /// Distance from the left.
    pub left: String,
    /// The shift that keeps its words within the plot.
    pub shift: String,
    /// Its time.
    pub words: String,
}

/// Returns the line of a crosshair with its time.
pub fn crosshair_line(crosshair: Memo<Option<Crosshair>>) -> impl IntoView {
    let of = move |part: fn(&Crosshair) -> &String| {
        crosshair.with(|at| at.as_ref().map(|at| part(at).clone()).unwrap_or_default())
    };
    view! {
        <div
            class="chart-cursor" aria-hidden="true" hidden=move || crosshair.with(Option::is_none)
            style:left=move || of(|at| &at.left)
        ><span style:transform=move || of(|at| &at.shift)>{move || of(|at| &at.words)}</span></div>
    }
}
