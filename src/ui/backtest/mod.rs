//! The backtest page: form beside results.

mod alerts;
mod chart;
mod compare;
mod export;
mod field;
mod form;
mod head;
mod older;
mod session;
mod standing;
mod surface;
mod tiles;
mod trades;
mod trust;
mod walk;

use crate::ui::reactive::memo;
use crate::ui::state::use_desk;
use crate::view::backtest::figure::Kind;
use crate::view::backtest::tab::Tab;
use crate::web::style;
use leptos::prelude::*;
use session::Session;

/// The styles of this page, which a first visit does not need.
const STYLES: &str = include_str!("../../../style/backtest.css");

/// The page.
#[component]
pub fn Backtest() -> impl IntoView {
    let desk = use_desk();
    if let Err(reason) = style::adopt("backtest", STYLES) {
        desk.notice(format!("The backtest page has no styles: {reason}."));
    }
    let session = Session::of(desk);
    // the moment of a round trip that was followed to the desk
    desk.look.cursor.set(None);
    let state = move || session.state().as_str();
    let trades = move || session.ran.with(|ran| ran.as_ref().map(|ran| ran.ran.ledger.trades.len()));
    let runs = move || session.runs.get();
    view! {
        <main class="backtest" data-view="/backtest" data-state=state data-trades=trades data-runs=runs data-outdated=move || session.is_outdated().to_string()>
            {head::head(session)}
            {head::answer(session)}
            <div class="bt-stage">
                {form::form(session)}
                <div class="bt-results">
                    {tiles::tiles(session)}
                    <div class="bt-charts">
                        {Kind::ALL.map(|kind| chart::run_chart(session, kind)).collect_view()}
                    </div>
                    {tabs(session)}
                </div>
            </div>
        </main>
    }
}

fn tabs(session: Session) -> impl IntoView {
    let shown = memo(move |_| session.choice.with(|choice| choice.tab));
    let button = move |tab: Tab| {
        let pressed = move || (shown.get() == tab).to_string();
        let show = move |_| session.choice.update(|choice| choice.tab = tab);
        view! {
            <button type="button" data-tab=tab.slug() aria-pressed=pressed on:click=show>
                {tab.label()}
            </button>
        }
    };
    let body = move || match shown.get() {
        Tab::Trades => trades::trades(session).into_any(),
        Tab::Metrics => compare::compare(session).into_any(),
        Tab::Surface => surface::surface(session).into_any(),
        Tab::Walk => walk::walk(session).into_any(),
        Tab::Trust => trust::trust(session).into_any(),
        Tab::Alerts => alerts::alerts(session).into_any(),
    };
    view! {
        <section class="panel bt-more" aria-label="More of the results">
            <div class="segmented bt-tabs" role="group" aria-label="What is shown below">
                {Tab::ALL.map(button).collect_view()}
            </div>
            <div class="bt-body">{body}</div>
        </section>
    }
}
