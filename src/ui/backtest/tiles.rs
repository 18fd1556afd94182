//! The tiles, each with its explanation.

use super::session::Session;
use crate::ui::reactive::memo;
use crate::view::backtest::metrics::{self, Metric};
use leptos::prelude::*;

pub(super) fn tiles(session: Session) -> impl IntoView {
    let shown = memo(move |_| {
        session
            .ran
            .with(|ran| ran.as_ref().map(|ran| metrics::tiles(&ran.ran.metrics[0])).unwrap_or_default())
    });
    let beside = memo(move |_| {
        session
            .kept
            .with(|kept| kept.as_ref().map(|kept| metrics::tiles(&kept.ran.metrics[0])).unwrap_or_default())
    });
    let tile = move |place: usize, name: &'static str| {
        let metric = memo(move |_| shown.with(|shown| shown.get(place).cloned()));
        let of = move |part: fn(&Metric) -> String| metric.with(|metric| metric.as_ref().map(part));
        let value = move || of(|metric| metric.value.clone()).unwrap_or_else(|| "—".to_owned());
        let standing = move || {
            metric.with(|metric| {
                metric
                    .as_ref()
                    .map_or("empty", |metric| if metric.number.is_some() { "ready" } else { "undefined" })
            })
        };
        let number = move || metric.with(|metric| metric.as_ref()?.number.map(|number| number.to_string()));
        let long = move || (value().chars().count() > 9).to_string();
        let context = move || {
            let own = of(|metric| metric.context.clone()).unwrap_or_default();
            match beside.with(|beside| beside.get(place).map(|kept| kept.value.clone())) {
                Some(kept) => format!("kept run: {kept}"),
                None => own,
            }
        };
        let id = format!("bt-about-{}", name.replace('_', "-"));
        let about = metrics::about(name).expect("Invariant: a tile's metric is one of all");
        view! {
            <div class="tile" data-metric=name data-standing=standing data-value=number>
                <div class="tile-head">
                    <span class="tile-label">{about.label}</span>
                    <button class="explain" type="button" popovertarget=id.clone() aria-label=format!("What is {}?", about.label)>
                        <span aria-hidden="true">"i"</span>
                    </button>
                </div>
                <div class="tile-value" data-long=long>{value}</div>
                <div class="tile-context">{context}</div>
            </div>
            <div class="explanation" id=id popover="auto" role="dialog" aria-label=about.label tabindex="-1">
                <h2>{about.label}</h2>
                <p>{about.says}</p>
                <p class="formula">{about.formula}</p>
            </div>
        }
    };
    view! {
        <div class="tiles bt-tiles">
            {metrics::TILES.iter().enumerate().map(|(place, name)| tile(place, name)).collect_view()}
        </div>
    }
}
