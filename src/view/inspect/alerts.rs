//! `/alert/zscore`: z beside its threshold, and the alerts on z with the numbers behind them.

use super::{Page, ROWS, Table, count};
use crate::view::alert::{log, words};
use crate::view::files::table::Cell;
use crate::view::screen::model::Model;
use spreadscope_engine::alert::{Quantity, RuleId};

pub(super) fn page(model: &Model) -> Page {
    let settings = &model.settings;
    let z = model.last_row.as_ref().and_then(|row| row.z.ready());
    let state = match z {
        None => "no z-score on a full window",
        Some(z) if z >= settings.z_threshold => "above",
        Some(z) if z <= -settings.z_threshold => "below",
        Some(_) => "inside",
    };
    let on_z = model.alerts.iter().filter(|alert| alert.quantity == Quantity::Z);
    let why = model.rules.iter().find(|rule| rule.id == RuleId::SETTINGS).and_then(|rule| {
        let state = model.rule_states.iter().find(|state| state.rule == rule.id)?;
        Some(words::reason(rule, state, &settings.pair))
    });
    Page {
        title: "z-score alerts".to_owned(),
        about: "The rule of the settings, and the alerts of every rule on z: rule, values, and the inputs at that \
                moment."
            .to_owned(),
        facts: vec![
            ("z_score", Cell::maybe(z)),
            ("z_score_now", Cell::maybe(model.live.as_ref().and_then(|live| live.z))),
            ("state", Cell::word(state)),
            ("why_not_fired", Cell::Text(why.unwrap_or_default())),
            ("threshold", Cell::Number(settings.z_threshold)),
            ("hysteresis", Cell::Number(settings.z_hysteresis)),
            ("cooldown_secs", count(settings.alert_cooldown_secs as u64)),
            ("alerts_on_z", count(on_z.clone().count() as u64)),
            ("alerts", count(model.alerts.len() as u64)),
        ],
        tables: vec![Table {
            rows: on_z.take(ROWS).map(|alert| log::row(alert).to_vec()).collect(),
            ..Table::rows(log::COLUMNS.to_vec())
        }],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::alert::tests::alert;
    use crate::view::inspect::text;
    use spreadscope_engine::Settings;
    use spreadscope_engine::alert::Alert;

    #[test]
    fn alerts_on_z_stand_there_with_their_rule_and_inputs_and_others_do_not() {
        let mut model = Model::new(Settings::default());
        let other = Alert { quantity: Quantity::Correlation, ..alert(5, 2.0) };
        model.alerts.extend([other, alert(0, -2.5)]);
        let shown = page(&model);
        let table = &shown.tables[0];
        assert_eq!(table.rows.len(), 1);
        let cell = |name: &str| {
            let place = table.columns.iter().position(|column| *column == name).unwrap();
            text(&table.rows[0][place])
        };
        let told = ["rule_name", "metric", "severity", "direction", "value", "threshold", "spread"].map(cell);
        assert_eq!(
            told,
            ["z beyond the threshold", "z", "warning", "below", "−2.500000000", "−2", "−5"]
                .map(str::to_owned)
        );
    }
}
