//! Which part of the engine has sent a request: its id says so, and the response goes back there.

/// A part of the engine that numbers its own requests to REST and to the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asker {
    /// The bars and trades of the desk's pair, and the archive.
    Desk,
    /// The venue's list of markets.
    Listing,
    /// The books of both legs, and their rules.
    Quotes,
    Watchlist,
    Scan,
    /// The bars of the next slower interval, for the evidence.
    Slower,
}

/// A number takes this many bits of an id; the asker is above them.
const NUMBER_BITS: u32 = 40;

impl Asker {
    const ALL: [Self; 6] =
        [Self::Desk, Self::Listing, Self::Quotes, Self::Watchlist, Self::Scan, Self::Slower];

    /// Returns the id of its request with `number`, which is below 2⁴⁰.
    pub(crate) const fn id(self, number: u64) -> u64 {
        (self as u64) << NUMBER_BITS | number
    }

    /// Returns who has sent the request with `id`; `None` if no part numbers like that.
    pub(crate) fn of(id: u64) -> Option<Self> {
        usize::try_from(id >> NUMBER_BITS).ok().and_then(|place| Self::ALL.get(place)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_leads_back_to_whoever_has_asked() {
        for asker in Asker::ALL {
            for number in [0, 1, (1 << NUMBER_BITS) - 1] {
                assert_eq!(Asker::of(asker.id(number)), Some(asker));
            }
        }
        assert_eq!(Asker::Desk.id(7), 7);
        assert_eq!(Asker::of(u64::MAX), None);
    }
}
