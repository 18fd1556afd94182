//! How files were read by hand, keyed by their headers.

use super::dialect::header;
use serde::{Deserialize, Serialize};
use spreadscope_engine::transfer::plan::Plan;

/// Most mappings that are kept.
const MOST: usize = 20;

/// The mappings, the newest last.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Mappings(Vec<(String, Plan)>);

impl Mappings {
    /// Reads what [`Self::store`] wrote; unreadable text gives no mappings.
    pub fn restore(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }

    /// Returns the mappings as stored.
    pub fn store(&self) -> String {
        serde_json::to_string(self).expect("Invariant: a plan has no keys but texts")
    }

    /// Returns how a file with the same header as that of `plan` was read.
    pub fn of(&self, plan: &Plan) -> Option<&Plan> {
        let header = header(plan)?;
        self.0.iter().find(|(known, _)| *known == header).map(|(_, plan)| plan)
    }

    /// Stores how the file that was recognised as `found` is read. Returns whether that changes anything.
    pub fn put(&mut self, found: &Plan, plan: &Plan) -> bool {
        let Some(header) = header(found) else { return false };
        let before = self.0.len();
        self.0.retain(|(known, _)| *known != header);
        // market and bar length belong to a single file
        let own = Plan { symbol: found.symbol.clone(), step_millis: found.step_millis, ..plan.clone() };
        let is_changed = own != *found || (found.step_millis.is_none() && plan.step_millis.is_some());
        if is_changed {
            self.0.push((header, plan.clone()));
            let extra = self.0.len().saturating_sub(MOST);
            self.0.drain(..extra);
        }
        is_changed || self.0.len() < before
    }
}

#[cfg(test)]
mod tests {
    use super::super::dialect::{with_decimal, with_order};
    use super::*;
    use spreadscope_engine::Symbol;
    use spreadscope_engine::transfer::plan::{Form, Kind, Role, Table};

    fn plan(names: &[&str]) -> Plan {
        let mut table = Table::new(vec![Some(Role::Time), Some(Role::Close)]);
        table.names = names.iter().map(|name| (*name).to_owned()).collect();
        Plan::new(Form::Table(table), Kind::Bars)
    }

    #[test]
    fn what_was_set_by_hand_is_there_for_the_next_file_with_that_header() {
        let (found, other) = (plan(&["Date", "Close"]), plan(&["Date", "Last"]));
        let mut mappings = Mappings::default();
        assert!(!mappings.put(&found, &Plan { symbol: Symbol::new("KO").ok(), ..found.clone() }));
        let by_hand = with_order(&found, "day");
        assert!(mappings.put(&found, &by_hand) && !mappings.put(&other, &other));
        let mut mappings = Mappings::restore(&mappings.store());
        assert_eq!((mappings.of(&found), mappings.of(&other)), (Some(&by_hand), None));
        assert!(mappings.put(&found, &found));
        assert_eq!(mappings.of(&found), None);
    }

    #[test]
    fn the_oldest_goes_when_there_are_too_many_and_damage_is_forgotten() {
        let mut mappings = Mappings::default();
        for at in 0..=MOST {
            let found = plan(&["Date", &at.to_string()]);
            assert!(mappings.put(&found, &with_decimal(&found, ",")));
        }
        assert_eq!(mappings.0.len(), MOST);
        assert_eq!(mappings.of(&plan(&["Date", "0"])), None);
        assert_eq!(Mappings::restore("{"), Mappings::default());
    }
}
