//! Alerts and their rules on the page: words, forms, files, and the ways an alert takes.

pub mod delivery;
pub mod fault;
pub mod form;
pub mod log;
pub mod operator;
pub mod quantity;
pub mod words;

#[cfg(test)]
pub(crate) mod tests {
    use spreadscope_engine::alert::{Alert, Direction, Occasion, Quantity, RuleId, Severity, Snapshot};
    use spreadscope_engine::{Settings, UnixMillis};

    /// Returns an alert on z at the close of second `second`, beyond ±2, by the rule of the settings.
    pub(crate) fn alert(second: i64, z: f64) -> Alert {
        let settings = Settings::default();
        let time = UnixMillis(1_700_000_001_000 + second * 1_000);
        Alert {
            time,
            open_time: time - 1_000,
            pair: settings.pair,
            interval: settings.interval,
            rule: RuleId::SETTINGS,
            name: "z beyond the threshold".to_owned(),
            severity: Severity::Warning,
            quantity: Quantity::Z,
            direction: if z > 0.0 { Direction::Above } else { Direction::Below },
            value: Some(z),
            threshold: 2.0_f64.copysign(z),
            occasion: Occasion::Fired,
            snapshot: Snapshot {
                z: Some(z),
                spread: Some(2.0 * z),
                hedge_ratio: Some(20.0),
                ..Snapshot::default()
            },
        }
    }
}
