//! The page as a whole.

use crate::ui::cadence::Cadence;
use crate::ui::charts::{ChartKind, ChartPanel, RangeBar};
use crate::ui::controls::bar::TopBar;
use crate::ui::controls::settings::SettingsDrawer;
use crate::ui::panels::alerts::AlertsPanel;
use crate::ui::panels::banner::Banners;
use crate::ui::panels::explain::Explanations;
use crate::ui::panels::feed::FeedPanel;
use crate::ui::panels::legs::Legs;
use crate::ui::panels::tests::TestsPanel;
use crate::ui::panels::tiles::Tiles;
use crate::ui::panels::toasts::Toasts;
use crate::ui::panels::verdict::VerdictLine;
use crate::ui::state::Desk;
use crate::ui::{preferences, shortcuts};
use crate::web::{page, port};
use leptos::prelude::*;
use spreadscope_engine::config::Source;

/// Starts the engine and lays out the desk.
#[component]
pub fn App() -> impl IntoView {
    match page::source() {
        Ok(source) => view! { <Running source/> }.into_any(),
        Err(reason) => view! { <NoSource reason/> }.into_any(),
    }
}

#[component]
fn Running(source: Source) -> impl IntoView {
    let restored = preferences::settings(source);
    let desk = Desk::new(restored.settings.clone(), preferences::refresh());
    desk.notices.set(restored.ignored);
    provide_context(desk);
    preferences::show_scheme(preferences::scheme());
    let cadence = Cadence::new(desk);
    desk.attach(port::connect(restored.settings, move |message| cadence.handle(message)));
    shortcuts::listen(desk);
    view! { <Screen desk/> }
}

#[component]
fn Screen(desk: Desk) -> impl IntoView {
    let bars = desk.derive(|model| model.series.len());
    let ready = move || (bars.get() > 0).then_some("true");
    view! {
        <TopBar/>
        <main class="desk" data-ready=ready data-bars=bars data-paused=move || desk.paused.get().to_string()>
            <VerdictLine/>
            <div class="numbers">
                <Tiles/>
                <Legs/>
            </div>
            <div class="stage">
                <section class="charts" aria-label="Charts">
                    <RangeBar/>
                    <div class="charts-grid">
                        <ChartPanel kind=ChartKind::Price/>
                        <ChartPanel kind=ChartKind::ZScore/>
                        <ChartPanel kind=ChartKind::Spread/>
                        <ChartPanel kind=ChartKind::Hedge/>
                        <ChartPanel kind=ChartKind::Volume/>
                        <ChartPanel kind=ChartKind::Correlation/>
                    </div>
                </section>
                <div class="side">
                    <TestsPanel/>
                    <AlertsPanel/>
                    <FeedPanel/>
                </div>
            </div>
        </main>
        <SettingsDrawer/>
        <Explanations/>
        <Banners/>
        <Toasts/>
    }
}

#[component]
fn NoSource(reason: String) -> impl IntoView {
    view! {
        <main class="failure" role="alert">
            <h1>"Spreadscope cannot start"</h1>
            <p>{reason}</p>
            <p>"This copy of the page was not built whole. Build it again with " <code>"cargo xtask build"</code> "."</p>
        </main>
    }
}

/// Puts the desk in the place of the frame that index.html shows while this is loading.
pub fn mount() {
    leptos::mount::mount_to_body(App);
    if let Some(frame) = document().get_element_by_id("frame") {
        frame.remove();
    }
}
