//! The connection: the pill in the top bar, and the panel behind it.

use crate::ui::panels::explain::Explain;
use crate::ui::panels::lines::Lines;
use crate::ui::reactive::memo;
use crate::ui::state::{Desk, use_desk};
use crate::view::feed::demo;
use crate::view::numbers::lines;
use crate::view::numbers::words::Topic;
use crate::view::screen::model::Model;
use leptos::prelude::*;
use spreadscope_engine::connection::Phase;
use spreadscope_engine::settings::Source;

fn phase(model: &Model) -> Phase {
    model.live.as_ref().map(|live| live.feed.phase.clone()).unwrap_or_default()
}

fn is_offline(desk: Desk) -> bool {
    desk.surroundings.with(|around| !around.online)
}

/// The connection's state in a word, or why there is none.
fn label(desk: Desk) -> Memo<String> {
    desk.follow(move |model| {
        let source = &model.settings.source;
        if desk.replay.playback.with(|replay| replay.is_on) {
            "REPLAY".to_owned()
        } else if desk.notes.lost.with(Option::is_some) {
            "No engine".to_owned()
        } else if is_offline(desk) && *source != Source::Demo {
            "Offline".to_owned()
        } else {
            demo::phase_label(source, &phase(model))
        }
    })
}

/// The connection's state in a word, always visible, even while paused.
#[component]
pub fn FeedPill() -> impl IntoView {
    let desk = use_desk();
    let offline = move || is_offline(desk);
    let name = desk.follow(|model| demo::phase_name(&model.settings.source, &phase(model)));
    let label = label(desk);
    view! {
        <a class="pill" href="#/feed" data-phase=name data-offline=move || offline().then_some("") data-replay=move || desk.replay.playback.with(|replay| replay.is_on).then_some("") title="The feed's details">
            <span class="pill-mark" aria-hidden="true"></span>
            <span class="visually-hidden">"Feed: "</span>
            <span class="pill-label">{label}</span>
        </a>
    }
}

/// Counters and state of the feed.
#[component]
pub fn FeedPanel() -> impl IntoView {
    let desk = use_desk();
    let shown = desk.derive(|model| lines::of_feed(model.live.as_ref(), &model.settings.pair));
    let label = label(desk);
    let is_replay = memo(move |_| desk.replay.playback.with(|replay| replay.is_on));
    let rejection =
        desk.derive(|model| model.live.as_ref().and_then(|live| live.feed.last_rejection.clone()));
    view! {
        <section class="panel feed" id="feed" aria-label="Feed" tabindex="-1">
            <header class="panel-head">
                <h2>"Feed"</h2>
                <span class="count">{label}</span>
                <Explain topic=Topic::Feed/>
            </header>
            {move || if is_replay.get() {
                view! { <p class="note" data-line="no-feed">"A replay has no connection of its own. The live feed goes on beside it, and is shown here once you go live."</p> }.into_any()
            } else {
                view! { <Lines lines=shown class="feed-lines"/> }.into_any()
            }}
            {move || {
                rejection.get().map(|reason| view! { <p class="note" data-rejection="">"Last rejected: " {reason}</p> })
            }}
        </section>
    }
}
