//! The live alert log beside the run's signals.

use super::session::Session;
use crate::ui::reactive::memo;
use crate::view::backtest::alerts::{self, Pairing, Standing};
use crate::view::backtest::trades::side;
use crate::view::screen::model::Model;
use leptos::prelude::*;

/// Number of rows shown, the newest.
const ROWS: usize = 200;

pub(super) fn alerts(session: Session) -> impl IntoView {
    let desk = session.desk;
    let pairings = memo(move |_| {
        desk.shown.track();
        session.ran.with(|ran| {
            let of =
                |model: &Model| ran.as_ref().map(|ran| alerts::pairings(ran, &model.alerts, &model.settings));
            desk.model.with_value(of).unwrap_or_default()
        })
    });
    let row = move |pairing: Pairing| {
        let (signal, alert, why) = match pairing.standing {
            Standing::Both => ("✓", "✓", String::new()),
            Standing::AlertAlone(why) => ("", "✓", why),
            Standing::SignalAlone(why) => ("✓", "", why),
        };
        view! {
            <tr>
                <td>{desk.clock(pairing.time)}</td><td>{side(pairing.held)}</td>
                <td>{signal}</td><td>{alert}</td><td class="bt-about">{why}</td>
            </tr>
        }
    };
    view! {
        <p class="bt-reading" data-line="alerts">{move || pairings.with(|pairings| alerts::sentence(pairings))}</p>
        <div class="bt-scroll" tabindex="0" role="region" aria-label="Signals and alerts">
            <table class="bt-table bt-told" data-table="alerts">
                <thead><tr>
                    <th scope="col">"Decided"</th><th scope="col">"Spread"</th><th scope="col">"Signal"</th>
                    <th scope="col">"Alert"</th><th scope="col">"Why the other is missing"</th>
                </tr></thead>
                <tbody>{move || pairings.get().into_iter().rev().take(ROWS).map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}
