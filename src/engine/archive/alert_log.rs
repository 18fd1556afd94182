//! A pair's alerts, including those of earlier visits, and their record.

use super::record;
use super::record::{Kind, RecordError};
use super::store::{Change, Record};
use crate::alert::Alert;
use crate::base::codec;
use std::collections::VecDeque;

/// Most alerts kept.
const ALERTS_KEPT: usize = 500;

/// A pair's alerts, oldest first.
#[derive(Debug, Clone, Default)]
pub(super) struct AlertLog {
    /// The record's name; `None` if nothing is stored.
    key: Option<String>,
    alerts: VecDeque<Alert>,
    changed: bool,
    /// Whether the record is of a newer version, which this build must not replace.
    spared: bool,
}

impl AlertLog {
    /// An empty log with the record name `key`.
    pub(super) fn new(key: Option<String>) -> Self {
        Self { key, ..Self::default() }
    }

    pub(super) fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    pub(super) fn alerts(&self) -> Vec<Alert> {
        self.alerts.iter().cloned().collect()
    }

    /// Whether the stored record is left unchanged, so that new alerts are kept in memory only.
    pub(super) fn is_spared(&self) -> bool {
        self.spared
    }

    /// Adds an alert; `false` if the log has it already.
    pub(super) fn add(&mut self, alert: &Alert) -> bool {
        if self.alerts.iter().any(|known| is_same(known, alert)) {
            return false;
        }
        self.alerts.push_back(alert.clone());
        if self.alerts.len() > ALERTS_KEPT {
            self.alerts.pop_front();
        }
        self.changed = true;
        true
    }

    /// Puts the stored alerts before those of this visit. A record of a newer version is left unchanged from
    /// here on.
    pub(super) fn read(&mut self, bytes: &[u8]) -> Result<(), RecordError> {
        let content = record::open(Kind::Alerts, bytes)
            .inspect_err(|error| self.spared |= matches!(error, RecordError::Newer { .. }))?;
        let stored: Vec<Alert> = codec::decode(content)
            .map_err(|error| RecordError::content(format!("alerts cannot be read: {error}")))?;
        // choosing another interval of the pair reads the record again
        let held = core::mem::take(&mut self.alerts).into_iter();
        let newer: Vec<Alert> =
            held.filter(|held| !stored.iter().any(|stored| is_same(stored, held))).collect();
        self.alerts = stored.into_iter().chain(newer).collect();
        Ok(())
    }

    /// The change that stores what is new since the last call.
    pub(super) fn take_change(&mut self) -> Option<Change> {
        let key = self.key.clone().filter(|_| !self.spared)?;
        let changed = core::mem::take(&mut self.changed);
        changed.then(|| Change::Put(Record { key, bytes: self.record() }))
    }

    fn record(&self) -> Vec<u8> {
        record::seal(Kind::Alerts, &codec::encode(&self.alerts))
    }
}

fn is_same(one: &Alert, other: &Alert) -> bool {
    let name = |of: &Alert| (of.time, of.rule, of.direction, of.occasion);
    name(one) == name(other) && one.pair == other.pair
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::{Direction, Occasion, Quantity, RuleId, Severity, Snapshot};
    use crate::{Settings, UnixMillis};

    fn alert(time: i64) -> Alert {
        let Settings { pair, interval, .. } = Settings::default();
        Alert {
            time: UnixMillis(time),
            open_time: UnixMillis(time - 1),
            pair,
            interval,
            rule: RuleId(3),
            name: "n".to_owned(),
            severity: Severity::Critical,
            quantity: Quantity::Spread,
            direction: Direction::Below,
            value: Some(-2.5),
            threshold: 2.0,
            occasion: Occasion::Test,
            snapshot: Snapshot { z: Some(0.5), ..Snapshot::default() },
        }
    }

    #[test]
    fn the_stored_form_of_an_alert_is_that_of_its_version() {
        let mut log = AlertLog::new(Some("alerts".to_owned()));
        assert!(log.add(&alert(2)));
        let bytes = log.record();
        // a changed layout needs a new version in `Kind::version`, or old records would be misread
        let [value, threshold, z] = [-2.5_f64, 2.0, 0.5].map(f64::to_le_bytes);
        let form = [
            &[1, 4, 2, 7][..],
            b"BTCUSDT\x07ETHUSDT",
            &[0, 3, 1, b'n', 2, 1, 1, 1],
            &value,
            &threshold,
            &[1, 1],
            &z,
            &[0; 9],
        ]
        .concat();
        assert_eq!((record::open(Kind::Alerts, &bytes), Kind::Alerts.version()), (Ok(&form[..]), 2));
        record::assert_is_stored(&bytes, Kind::Alerts, 2);
    }

    #[test]
    fn stored_alerts_come_before_new_ones_and_none_is_added_twice() {
        let mut earlier = AlertLog::new(Some("alerts".to_owned()));
        earlier.add(&alert(2));
        let mut log = AlertLog::new(Some("alerts".to_owned()));
        log.add(&alert(9));
        log.read(&earlier.record()).unwrap();
        assert_eq!(log.alerts(), [alert(2), alert(9)]);
        assert!(!log.add(&alert(2)));
        assert!(log.take_change().is_some() && log.take_change().is_none());
        assert!(log.read(&earlier.record()[1..]).is_err());
    }
}
