//! Saves a chart as a picture.

use crate::ui::state::Desk;
use crate::view::numbers::calendar;
use crate::view::replay;
use crate::web::chart::Chart;
use crate::web::{canvas, clock, download};
use leptos::prelude::*;
use leptos::task::spawn_local;
use spreadscope_engine::Pair;

/// Saves what `chart` shows, with `title` above it, in a file named by `slug`, the pair and the time, and
/// reports the outcome.
pub fn save(
    desk: Desk,
    chart: StoredValue<Option<Chart>, LocalStorage>,
    slug: &str,
    pair: &Pair,
    title: &str,
    ground: &str,
) {
    let replayed = desk.replayed();
    let kind = if replayed.is_some() { "replay-" } else { "" };
    let name =
        format!("spreadscope-{kind}{slug}-{}-{}-{}.png", pair.y, pair.x, calendar::stamp(clock::now().0));
    if !canvas::is_faithful() {
        return desk.notice(format!(
            "{name} was not saved: this browser alters canvas pictures as a protection against \
             fingerprinting, and this one would be blank or noise. “Show as table” in the chart's menu and Export \
             have its numbers."
        ));
    }
    let title =
        replayed.map_or_else(|| title.to_owned(), |place| format!("{title}\n{}", replay::caption(&place)));
    let picture = chart.with_value(|chart| chart.as_ref().map(|chart| chart.picture(&title, ground)));
    spawn_local(async move {
        let saved = match picture {
            Some(picture) => picture.await.and_then(|url| download::save_url(&name, &url)),
            None => Err("the chart has not been drawn yet".to_owned()),
        };
        desk.say_saved(&name, saved);
    });
}
