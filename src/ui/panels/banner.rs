//! What is wrong, in words, with a way out.

use crate::ui::address;
use crate::ui::controls::settings::SETTINGS_ID;
use crate::ui::preferences;
use crate::ui::reactive::memo;
use crate::ui::state::{Desk, use_desk};
use crate::view::feed::demo;
use crate::view::feed::status::{self, Banner, WayOut};
use crate::view::feed::storage;
use crate::view::screen::model::Model;
use crate::view::settings::form;
use crate::web::{page, reason};
use leptos::prelude::*;
use spreadscope_engine::Command;
use spreadscope_engine::base::symbol::Leg;
use spreadscope_engine::connection::Phase;
use spreadscope_engine::messages::protocol::Role;

/// The banners above the tiles: the feed's state, a silent symbol, refused settings, notices.
#[component]
pub fn Banners() -> impl IntoView {
    let desk = use_desk();
    let banners = desk.follow(move |model| banners_of(model, desk.surroundings.with(|around| around.online)));
    let feed = move || banners.get().into_iter().map(|banner| view! { <BannerBox banner/> }).collect_view();
    let outdated = memo(move |_| desk.surroundings.with(|around| around.role == Role::Outdated));
    let stopped = move || {
        let lost = desk.notes.lost.get().map(|reason| status::lost_engine(&reason));
        lost.or_else(|| outdated.get().then(status::outdated)).map(|banner| view! { <BannerBox banner/> })
    };
    let notices =
        move || desk.notes.notices.get().into_iter().map(|notice| view! { <Notice notice/> }).collect_view();
    // a countdown would be spoken every second; the change of state is enough
    let spoken = desk.follow(|model| model.live.as_ref().map(|live| status::spoken(&live.feed.phase)));
    view! {
        <p class="visually-hidden" role="status">{spoken}</p>
        <div class="banners">{stopped}{feed}{notices}</div>
    }
}

fn banners_of(model: &Model, online: bool) -> Vec<Banner> {
    let mut banners: Vec<Banner> = Vec::new();
    let source = &model.settings.source;
    banners.extend(demo::label(source));
    banners.extend(storage::banners(model.storage.as_ref()));
    if !model.refused.is_empty() {
        banners.push(Banner {
            title: "Not applied",
            text: model.refused.iter().map(form::in_words).collect::<Vec<_>>().join("; "),
            ways_out: vec![WayOut::OpenSettings],
        });
    }
    let Some(live) = &model.live else { return banners };
    banners.extend(demo::offer(source, &live.feed.phase, model.series.len(), online));
    banners.extend(if online { status::feed_banner(&live.feed) } else { status::offline(source) });
    if live.feed.phase == Phase::Live {
        let connected = live.feed.connected_millis;
        for (leg, state) in [(Leg::Y, &live.y), (Leg::X, &live.x)] {
            let symbol = model.settings.pair.symbol(leg).as_str();
            banners.extend(status::silent_leg(symbol, state.age_millis, connected));
        }
    }
    banners
}

#[component]
fn BannerBox(banner: Banner) -> impl IntoView {
    let Banner { title, text, ways_out } = banner;
    let desk = use_desk();
    let buttons = ways_out.into_iter().map(|way| way_out(desk, way)).collect_view();
    view! {
        <div class="banner" data-banner=title>
            <p><strong>{title}</strong> " " {text}</p>
            {buttons}
        </div>
    }
}

fn way_out(desk: Desk, way: WayOut) -> AnyView {
    match way {
        WayOut::Reconnect => view! {
            <button type="button" data-action="reconnect" on:click=move |_| desk.send(Command::Reconnect)>
                "Reconnect now"
            </button>
        }
        .into_any(),
        WayOut::TryNow => view! {
            <button type="button" data-action="try-now" on:click=move |_| desk.send(Command::Reconnect)>
                "Try now"
            </button>
        }
        .into_any(),
        WayOut::Reload => view! {
            <button type="button" data-action="reload" on:click=|_| page::reload()>"Reload"</button>
        }
        .into_any(),
        WayOut::CopyDiagnostics => view! {
            <button type="button" data-action="lost-diagnostics" on:click=move |_| copy_diagnostics(desk)>
                "Copy diagnostics"
            </button>
        }
        .into_any(),
        WayOut::ShowDemo => view! {
            <button type="button" data-action="demo" on:click=move |_| preferences::show_demo(desk)>"Show the demo"</button>
        }
        .into_any(),
        WayOut::BackToLive => view! {
            <button type="button" data-action="back-to-live" on:click=move |_| preferences::back_to_live(desk)>
                "Back to live data"
            </button>
        }
        .into_any(),
        WayOut::OpenSettings => view! {
            <button type="button" popovertarget=SETTINGS_ID>"Source and pair…"</button>
        }
        .into_any(),
    }
}

fn copy_diagnostics(desk: Desk) {
    let why = desk.notes.lost.get_untracked().unwrap_or_default();
    let report = status::lost_report(&why, &page::browser(), &reason::kept());
    address::copy(desk, "The diagnostics", report);
}

#[component]
fn Notice(notice: String) -> impl IntoView {
    let desk = use_desk();
    let dismissed = notice.clone();
    view! {
        <div class="banner" data-banner="Notice">
            <p><strong>"Notice"</strong> " " {notice}</p>
            <button
                type="button"
                on:click=move |_| desk.notes.notices.update(|notices| notices.retain(|other| *other != dismissed))
            >
                "Dismiss"
            </button>
        </div>
    }
}
