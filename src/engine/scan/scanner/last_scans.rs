//! The part of scans that outlasts a session: the survivors in the last scans of each kind, and the scan to
//! repeat.

use super::message::{Plan, Standing};
use crate::UnixMillis;
use crate::archive::store::{Change, Query, Record, Request};
use crate::archive::{RecordError, key, record};
use crate::base::codec;
use crate::scan::survival::Survival;
use serde::{Deserialize, Serialize};

/// Kinds of scan remembered.
const KINDS: usize = 8;

/// Scans of the same markets, in the same way, from the same source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Kind {
    origin: String,
    plan: Plan,
    survival: Survival,
}

/// A scan that is repeated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Repeated {
    pub(super) origin: String,
    pub(super) plan: Plan,
    pub(super) standing: Standing,
    /// Local time at which it last began.
    pub(super) begun: UnixMillis,
}

/// The state of the records.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Stored {
    /// Not read yet.
    #[default]
    Unread,
    /// Requested.
    Reading(u64),
    /// Read.
    Read,
    /// From a newer version, which this build must not replace.
    Spared,
}

/// The last scans of each kind, and their record.
#[derive(Debug, Default)]
pub(super) struct LastScans {
    /// Newest last.
    kinds: Vec<Kind>,
    /// The scan to repeat.
    repeated: Option<Repeated>,
    /// Whether that is known, from this visit or from the record.
    repeated_known: bool,
    stored: Stored,
    changed: bool,
    repeated_changed: bool,
}

impl LastScans {
    /// The last scans by `plan` with prices from `origin`; marks them to be stored.
    pub(super) fn of(&mut self, origin: &str, plan: &Plan) -> &mut Survival {
        let known = self.kinds.iter().position(|kind| kind.origin == origin && kind.plan == *plan);
        let kind = known.map_or_else(
            || Kind { origin: origin.to_owned(), plan: plan.clone(), survival: Survival::default() },
            |place| self.kinds.remove(place),
        );
        self.kinds.push(kind);
        self.forget();
        self.changed = true;
        let newest = self.kinds.last_mut();
        &mut newest.expect("Invariant: a kind has just been put there").survival
    }

    /// The same for reading.
    pub(super) fn known(&self, origin: &str, plan: &Plan) -> Option<&Survival> {
        let known = self.kinds.iter().find(|kind| kind.origin == origin && kind.plan == *plan);
        known.map(|kind| &kind.survival)
    }

    /// Sets the scan to repeat; `None` for none.
    pub(super) fn repeat(&mut self, repeated: Option<Repeated>) {
        self.repeated_changed |= !self.repeated_known || self.repeated != repeated;
        self.repeated_known = true;
        self.repeated = repeated;
    }

    /// The scan to repeat.
    pub(super) fn repeated(&self) -> Option<&Repeated> {
        self.repeated.as_ref()
    }

    fn forget(&mut self) {
        let too_many = self.kinds.len().saturating_sub(KINDS);
        self.kinds.drain(..too_many);
    }

    /// The next request to the store: first to read the records, then to replace them.
    pub(super) fn request(&mut self, id: u64) -> Option<Request> {
        match self.stored {
            Stored::Unread => {
                self.stored = Stored::Reading(id);
                let query = |name: &str| Query { prefix: name.to_owned(), newest: 1 };
                Some(Request::Load { id, queries: [key::SCANS, key::REPEATED].map(query).to_vec() })
            }
            Stored::Read if self.changed || self.repeated_changed => {
                let mut changes = Vec::new();
                if core::mem::take(&mut self.changed) {
                    let bytes = record::seal(record::Kind::Scans, &codec::encode(&self.kinds));
                    changes.push(Change::Put(Record { key: key::SCANS.to_owned(), bytes }));
                }
                if core::mem::take(&mut self.repeated_changed) {
                    let key = key::REPEATED.to_owned();
                    changes.push(match self.repeated() {
                        Some(repeated) => {
                            let bytes = record::seal(record::Kind::Repeated, &codec::encode(repeated));
                            Change::Put(Record { key, bytes })
                        }
                        None => Change::Delete(key),
                    });
                }
                Some(Request::Write { id, changes })
            }
            Stored::Reading(_) | Stored::Read | Stored::Spared => None,
        }
    }

    /// Whether the answer `id` belongs to the request for the records.
    pub(super) fn awaits(&self, id: u64) -> bool {
        self.stored == Stored::Reading(id)
    }

    /// Takes the records: their scans come before those of this session; a scan to repeat that was set in this
    /// session stays.
    pub(super) fn take(&mut self, records: &[Record]) {
        self.stored = Stored::Read;
        for found in records {
            let kind = if found.key == key::REPEATED { record::Kind::Repeated } else { record::Kind::Scans };
            match record::open(kind, &found.bytes) {
                // one that cannot be read repeats nothing
                Ok(content) if kind == record::Kind::Repeated => {
                    if !core::mem::replace(&mut self.repeated_known, true) {
                        self.repeated = codec::decode(content).ok();
                    }
                }
                Ok(content) => {
                    // one that cannot be read is replaced by the next scan
                    let stored: Vec<Kind> = codec::decode(content).unwrap_or_default();
                    self.put_before(stored);
                }
                Err(RecordError::Newer { .. }) => self.stored = Stored::Spared,
                Err(_) => {}
            }
        }
    }

    fn put_before(&mut self, stored: Vec<Kind>) {
        let own = core::mem::replace(&mut self.kinds, stored);
        for Kind { origin, plan, survival } in own {
            let was_changed = self.changed;
            let earlier = core::mem::replace(self.of(&origin, &plan), survival);
            self.of(&origin, &plan).put_before(earlier);
            self.changed = was_changed;
        }
        self.forget();
    }

    /// The pending request will not be answered: requests it of another store.
    pub(super) fn request_again(&mut self) {
        if matches!(self.stored, Stored::Reading(_)) {
            self.stored = Stored::Unread;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Interval;
    use crate::scan::filter::Filter;
    use crate::scan::pair_test::Spec;
    use crate::scan::scanner::Choice;

    fn plan() -> Plan {
        Plan {
            choice: Choice::MostTraded { quote: "USDT".to_owned(), count: 20 },
            interval: Interval::OneHour,
            bars: 500,
            with_marked: false,
            spec: Spec::default(),
        }
    }

    #[test]
    fn scans_of_an_earlier_build_are_read_as_they_were_kept() {
        let record = |key: &str, kind| Record { key: key.to_owned(), bytes: record::stored(kind, 1) };
        let stored = [record(key::SCANS, record::Kind::Scans), record(key::REPEATED, record::Kind::Repeated)];
        let kinds =
            vec![Kind { origin: "binance".to_owned(), plan: plan(), survival: Survival::of_one_scan() }];
        let standing = Standing {
            every_minutes: 30,
            survivors: Filter { most_q: Some(0.05), half_life_bars: Some((2.0, 90.0)), ..Filter::default() },
        };
        let begun = UnixMillis(1_700_000_000_000);
        let repeated = Repeated { origin: "binance".to_owned(), plan: plan(), standing, begun };
        for (kind, content) in
            [(record::Kind::Scans, codec::encode(&kinds)), (record::Kind::Repeated, codec::encode(&repeated))]
        {
            record::assert_is_stored(&record::seal(kind, &content), kind, 1);
        }
        let mut last = LastScans::default();
        last.take(&stored);
        assert_eq!((&last.kinds, last.repeated()), (&kinds, Some(&repeated)));
    }
}
