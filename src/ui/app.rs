//! The page as a whole.

use crate::ui::alerts::announcer::Announcer;
use crate::ui::alerts::drawer::RULES_ID;
use crate::ui::cadence::Cadence;
use crate::ui::charts::{Charts, RangeBar};
use crate::ui::controls::bar::TopBar;
use crate::ui::controls::import::IMPORT_ID;
use crate::ui::controls::pairs::take_listings;
use crate::ui::controls::settings::SETTINGS_ID;
use crate::ui::on_demand::{OnDemand, Popover};
use crate::ui::panels::alerts::AlertsPanel;
use crate::ui::panels::banner::Banners;
use crate::ui::panels::feed::FeedPanel;
use crate::ui::panels::help::HELP_ID;
use crate::ui::panels::legs::Legs;
use crate::ui::panels::tests::TestsPanel;
use crate::ui::panels::tiles::Tiles;
use crate::ui::panels::toasts::Toasts;
use crate::ui::panels::update::UpdateOffer;
use crate::ui::panels::verdict::VerdictLine;
use crate::ui::panels::watchlist;
use crate::ui::reactive::memo;
use crate::ui::state::Desk;
use crate::ui::{address, away, files, network, parts, preferences, remembered, shortcuts, trade};
use crate::view::numbers::words::Topic;
use crate::view::screen::route::Route;
use crate::view::screen::side::SidePanel;
use crate::web::{first_paint, page, port, print, timer};
use leptos::prelude::*;
use spreadscope_engine::settings::Source;

/// Starts the engine and lays out the desk.
#[component]
pub fn App() -> impl IntoView {
    match page::source() {
        Ok(source) => view! { <Running source/> }.into_any(),
        Err(reason) => {
            take_away_frame();
            view! { <NoSource reason/> }.into_any()
        }
    }
}

#[component]
fn Running(source: Source) -> impl IntoView {
    let restored = preferences::settings(source.clone());
    let link = address::link(&source, &restored.settings);
    // a link means the same to everyone, so it is not mixed with stored settings
    let settings = link.settings.unwrap_or(restored.settings);
    let desk = Desk::new(settings.clone(), preferences::refresh());
    desk.notes.notices.set(restored.ignored.into_iter().chain(link.ignored).collect());
    desk.route.set(link.route);
    desk.linked_recording.set(link.recording);
    desk.look.layout.set(link.layout.unwrap_or_else(preferences::layout));
    desk.look.side.set(link.side.unwrap_or_else(preferences::side));
    desk.shortcuts.set(preferences::shortcuts());
    desk.pairs.set(preferences::pairs().watched(settings.pair.clone()));
    print::on_print(move |printing| desk.printing.set(printing));
    desk.look.zone.set(link.zone.unwrap_or_else(preferences::zone));
    desk.panels.trade.set(link.trade.unwrap_or_else(trade::kept_options));
    desk.panels.evidence.set(link.evidence.unwrap_or_else(preferences::evidence));
    desk.scan.link.set(link.scan.unwrap_or_default());
    desk.backtest.link.set(link.backtest.unwrap_or_default());
    if let Some(range) = link.range {
        desk.look.range.set(range);
    }
    address::open_replay(desk, link.replay);
    provide_context(desk);
    remembered::begin(desk);
    preferences::follow_system_scheme(desk);
    preferences::show_scheme(desk, link.scheme.unwrap_or_else(preferences::scheme));
    let announcer = Announcer::new(desk);
    provide_context(announcer);
    let cadence = Cadence::new(desk, announcer);
    desk.attach(port::connect(settings, move |message| cadence.handle(message)));
    // before the first bars: otherwise these rules would fire on an old crossing
    announcer.send_rules();
    trade::tell_of_position(desk);
    trade::follow_other_tabs(desk);
    shortcuts::listen(desk);
    files::fetch_later(desk);
    files::keep(desk);
    network::follow(desk);
    away::follow(desk);
    take_listings(desk);
    watchlist::follow(desk);
    address::follow(desk, source);
    let place = memo(move |_| desk.route.with(Place::of));
    let tours = memo(move |_| desk.tour.with(Option::is_some));
    let laid = RwSignal::new(Laid::Bar);
    lay_out_next(laid);
    let is_whole = memo(move |_| laid.get() == Laid::Whole);
    let explanations = move || {
        Topic::ALL.map(|topic| {
        let title = topic.title();
        view! { <Popover id=topic.id() class="explanation" label=title part=move || parts::explanation(topic)/> }
    })
    };
    let drawers = move || {
        view! {
            <Popover id=SETTINGS_ID class="drawer" label="Settings" part=parts::settings/>
            <Popover id=RULES_ID class="drawer rules" label="Alert rules" part=parts::rules/>
            <Popover id=IMPORT_ID class="drawer wide" label="Import" part=parts::import/>
            {explanations()}
            <Popover id=HELP_ID class="explanation help" label="Help" part=parts::help/>
            <OnDemand part=parts::tour wanted=tours/>
            <Banners/>
            <Toasts/>
            <UpdateOffer/>
        }
        .into_any()
    };
    view! {
        <TopBar/>
        {move || match place.get() {
            Place::Desk => view! { <Screen desk laid/> }.into_any(),
            other => view! { <OnDemand part=move || other.part() wanted=always()/> }.into_any(),
        }}
        {move || is_whole.get().then(drawers)}
        <p class="said" role="status">{desk.notes.said}</p>
    }
}

/// What is shown below the bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Desk,
    Backtest,
    Scanner,
    Inspector,
}

impl Place {
    fn of(route: &Route) -> Self {
        match route {
            Route::Desk => Self::Desk,
            Route::Backtest => Self::Backtest,
            Route::Scanner => Self::Scanner,
            Route::Inspect(_) => Self::Inspector,
        }
    }

    fn part(self) -> parts::Arrival {
        match self {
            Self::Backtest => parts::backtest(),
            Self::Scanner => parts::scanner(),
            Self::Desk | Self::Inspector => parts::inspector(),
        }
    }
}

/// How far the desk has been laid out: all of it at once would block a phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Laid {
    Bar,
    Numbers,
    Charts,
    Whole,
}

/// Lays out the rest of the desk, one part per task; until all is there the frame takes its place.
fn lay_out_next(laid: RwSignal<Laid>) {
    let next = match laid.get_untracked() {
        Laid::Bar => Laid::Numbers,
        Laid::Numbers => Laid::Charts,
        Laid::Charts => Laid::Whole,
        Laid::Whole => return take_away_frame(),
    };
    timer::after(0, move || {
        laid.set(next);
        lay_out_next(laid);
    })
    .forget();
}

#[component]
fn Screen(desk: Desk, laid: RwSignal<Laid>) -> impl IntoView {
    let bars = desk.derive(|model| model.series.len());
    let ready = move || (bars.get() > 0).then_some("true");
    let watches = memo(move |_| watchlist::watches(desk));
    let (has_numbers, has_charts) =
        (memo(move |_| laid.get() >= Laid::Numbers), memo(move |_| laid.get() >= Laid::Charts));
    let numbers = move || view! { <VerdictLine/><div class="numbers"><Tiles/><Legs/></div> };
    let stage = move || {
        view! {
            <div class="stage">
                <section class="charts" aria-label="Charts">
                    <RangeBar/>
                    <Charts/>
                </section>
                <div class="side">
                    {move || {
                        let side = desk.look.side.get();
                        side.all().map(|panel| side.shows(panel).then(|| side_panel(panel, watches)))
                    }}
                </div>
            </div>
        }
    };
    view! {
        <main class="desk" data-ready=ready data-bars=bars data-paused=move || desk.paused.get().to_string()>
            {move || has_numbers.get().then(numbers)}
            {move || has_charts.get().then(stage)}
        </main>
    }
}

/// A panel that is laid out is always wanted.
fn always() -> Memo<bool> {
    memo(|_| true)
}

fn side_panel(panel: SidePanel, watches: Memo<bool>) -> AnyView {
    match panel {
        SidePanel::Tests => view! { <TestsPanel/> }.into_any(),
        SidePanel::Evidence => view! { <OnDemand part=parts::evidence wanted=always()/> }.into_any(),
        SidePanel::Trade => view! { <OnDemand part=parts::trade wanted=always()/> }.into_any(),
        SidePanel::Watchlist => view! { <OnDemand part=parts::watchlist wanted=watches/> }.into_any(),
        SidePanel::Alerts => view! { <AlertsPanel/> }.into_any(),
        SidePanel::Feed => view! { <FeedPanel/> }.into_any(),
    }
}

#[component]
fn NoSource(reason: String) -> impl IntoView {
    view! {
        <main class="failure" role="alert">
            <h1>"Spreadscope cannot start"</h1>
            <p>{reason}</p>
            <p>"This copy of the page is incomplete. Build it again with " <code>"cargo xtask build"</code> "."</p>
        </main>
    }
}

fn take_away_frame() {
    if let Some(frame) = document().get_element_by_id("frame") {
        frame.remove();
    }
}

/// Starts the desk once the frame of index.html has been seen: laying out the desk takes longer than showing
/// the frame.
pub fn mount() {
    first_paint::after(|| leptos::mount::mount_to_body(App));
}
