//! A chart's place: its size, the library that draws there once it has come, and the crosshair over it.

use crate::ui::reactive::effect;
use crate::ui::state::Desk;
use crate::view::charts::figure::{Figure, plot_area};
use crate::view::charts::range::Span;
use crate::web::chart::{self, Chart};
use crate::web::resize::{self, Observation};
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
    loaded: RwSignal<bool>,
    chart: StoredValue<Option<Chart>, LocalStorage>,
}

impl Plot {
    /// Follows the size of `place` and loads what draws in it; where that cannot be had, `fail` is told why.
    pub fn start(place: NodeRef<Div>, fail: impl Fn(String) + 'static) -> Self {
        let (width, height, loaded) = (RwSignal::new(0), RwSignal::new(0), RwSignal::new(false));
        let chart = StoredValue::new_local(None);
        let observation = StoredValue::<Option<Observation>, LocalStorage>::new_local(None);
        effect(move || {
            let Some(element) = place.get() else { return };
            chart.set_value(Some(Chart::new(element.clone().into())));
            observation.set_value(resize::observe(&element, move |wide, high| {
                if (width.get_untracked(), height.get_untracked()) != (wide, high) {
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
        Self { width, height, loaded, chart }
    }

    /// Whether there is something that draws.
    pub fn is_loaded(self) -> bool {
        self.loaded.get()
    }

    /// Whether there is room to draw in.
    pub fn has_room(self) -> bool {
        self.width.get() > 0 && self.height.get() > 0
    }

    /// Whether it has left the page while a drawing waited for its turn.
    pub fn is_gone(self) -> bool {
        self.width.try_get_untracked().is_none()
    }

    /// Draws `figure`; says why it could not.
    pub fn draw(self, figure: &Figure) -> Option<String> {
        let drawn = self.chart.try_update_value(|chart| chart.as_mut().map(|chart| chart.draw(figure)));
        drawn.flatten().and_then(Result::err)
    }

    /// What is drawn, for a picture.
    pub fn chart(self) -> StoredValue<Option<Chart>, LocalStorage> {
        self.chart
    }

    /// Where `time` stands on what is drawn over `span`: pixels from the left, and its words.
    pub fn crosshair(self, desk: Desk, span: Option<Span>, time: f64) -> Option<(f64, String)> {
        let share = span?.share_of(time)?;
        let (left, width) = plot_area(self.width.get());
        #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, below 2^53")]
        Some((left as f64 + share * width as f64, desk.clock(time as i64)))
    }
}
