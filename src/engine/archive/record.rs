//! The envelope of every stored record: magic bytes, kind, version, and a checksum.
//!
//! ```text
//! "SPSC" | kind, 1 byte | version, 1 byte | content | CRC-32 of all before it, little endian
//! ```

/// First bytes of every record.
const MAGIC: [u8; 4] = *b"SPSC";
const HEAD: usize = MAGIC.len() + 2;
const CHECKSUM: usize = 4;

/// The kind of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A span of bars of one market and interval.
    Bars = 1,
    /// A span of trades of one market.
    Ticks = 2,
    /// The user's choices on the page.
    Choices = 3,
    /// The alerts of one pair.
    Alerts = 4,
    /// A part of the imported recording of one market.
    Import = 5,
    /// The pairs that survived the last scans.
    Scans = 6,
    /// The scan that is repeated.
    Repeated = 7,
}

impl Kind {
    /// The newest version of its content: read by this build, which writes none newer.
    pub const fn version(self) -> u8 {
        match self {
            Self::Ticks | Self::Scans | Self::Repeated => 1,
            Self::Bars | Self::Choices | Self::Alerts | Self::Import => 2,
        }
    }

    /// The oldest version that is still read.
    const fn oldest(self) -> u8 {
        match self {
            Self::Bars | Self::Import => 1,
            other => other.version(),
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Bars => "bars",
            Self::Ticks => "trades",
            Self::Choices => "choices",
            Self::Alerts => "alerts",
            Self::Import => "recording",
            Self::Scans => "scans",
            Self::Repeated => "repeated scan",
        }
    }
}

/// Why a stored record cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// Too short, or without the magic bytes.
    #[error("{length} bytes that are not a record of this program")]
    NotARecord {
        /// Number of bytes.
        length: usize,
    },
    /// Changed since it was written.
    #[error("damaged: its checksum is {stored:08x}, its bytes give {computed:08x}")]
    Damaged {
        /// The checksum in the record.
        stored: u32,
        /// The checksum of its bytes.
        computed: u32,
    },
    /// Written by a newer build.
    #[error(
        "written by a newer version of this page ({kind} version {found}, this page reads up to {known})"
    )]
    Newer {
        /// The kind of record.
        kind: &'static str,
        /// Its version.
        found: u8,
        /// The newest version that this build reads.
        known: u8,
    },
    /// Written by an older build in a form that is no longer read; it will be replaced.
    #[error("written by an older version of this page ({kind} version {found}, this page reads {known})")]
    Older {
        /// The kind of record.
        kind: &'static str,
        /// Its version.
        found: u8,
        /// The version that this build reads.
        known: u8,
    },
    /// Not of the kind expected.
    #[error("of another kind: {found} in place of {wanted}")]
    OtherKind {
        /// The kind expected.
        wanted: u8,
        /// The kind found.
        found: u8,
    },
    /// Intact, but the content makes no sense.
    #[error("its {what}")]
    Content {
        /// The part, and what is wrong with it.
        what: String,
    },
}

impl RecordError {
    pub(super) fn content(what: impl Into<String>) -> Self {
        Self::Content { what: what.into() }
    }
}

/// Puts `content` into an envelope.
pub fn seal(kind: Kind, content: &[u8]) -> Vec<u8> {
    seal_as(kind, kind.version(), content)
}

/// As [`seal`] with an older version, for content without what is new in the current one.
pub(super) fn seal_as(kind: Kind, version: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEAD + content.len() + CHECKSUM);
    bytes.extend_from_slice(&MAGIC);
    bytes.extend_from_slice(&[kind as u8, version]);
    bytes.extend_from_slice(content);
    let checksum = crc32(&bytes);
    bytes.extend_from_slice(&checksum.to_le_bytes());
    bytes
}

/// Takes the content out of an envelope.
///
/// # Errors
/// [`RecordError`] if `bytes` are not a record, are damaged, or are of another kind or version.
pub fn open(kind: Kind, bytes: &[u8]) -> Result<&[u8], RecordError> {
    open_any(kind, bytes).map(|(_, content)| content)
}

/// As [`open`], but returns the version too.
pub(super) fn open_any(kind: Kind, bytes: &[u8]) -> Result<(u8, &[u8]), RecordError> {
    let not_a_record = RecordError::NotARecord { length: bytes.len() };
    let Some((whole, checksum)) = bytes.split_last_chunk::<CHECKSUM>() else { return Err(not_a_record) };
    let Some((head, content)) = whole.split_first_chunk::<HEAD>() else { return Err(not_a_record) };
    if head[..MAGIC.len()] != MAGIC {
        return Err(not_a_record);
    }
    let (stored, computed) = (u32::from_le_bytes(*checksum), crc32(whole));
    if stored != computed {
        return Err(RecordError::Damaged { stored, computed });
    }
    let [found, version] = [head[MAGIC.len()], head[MAGIC.len() + 1]];
    if found != kind as u8 {
        return Err(RecordError::OtherKind { wanted: kind as u8, found });
    }
    let (oldest, kind, known) = (kind.oldest(), kind.name(), kind.version());
    match version {
        version if version > known => Err(RecordError::Newer { kind, found: version, known }),
        version if version < oldest => Err(RecordError::Older { kind, found: version, known }),
        version => Ok((version, content)),
    }
}

/// CRC-32 as in ISO 3309 and zip: polynomial 0x04c11db7, reflected; initial and final values all ones.
pub fn crc32(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 256] = table();
    !bytes.iter().fold(u32::MAX, |crc, &byte| TABLE[((crc ^ u32::from(byte)) & 0xff) as usize] ^ (crc >> 8))
}

const fn table() -> [u32; 256] {
    let mut table = [0_u32; 256];
    let mut index = 0;
    while index < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "the index is below 256")]
        let mut crc = index as u32;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 };
            bit += 1;
        }
        table[index] = crc;
        index += 1;
    }
    table
}

/// A stored record of `kind` and `version`, from the list in `tests/fixtures/records.txt`, which has one of each.
#[cfg(test)]
pub(crate) fn stored(kind: Kind, version: u8) -> Vec<u8> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/records.txt");
    let records = std::fs::read_to_string(path).unwrap();
    let name = format!("{} {version}: ", kind.name());
    let line = records.lines().find_map(|line| line.strip_prefix(&name));
    let line = line.unwrap_or_else(|| panic!("no line begins with {name:?}"));
    let byte = |place: usize| u8::from_str_radix(&line[place..place + 2], 16);
    (0..line.len()).step_by(2).map(|place| byte(place).unwrap()).collect()
}

/// Compares what is written now with what was [`stored`], as text that can be put into the list.
#[cfg(test)]
pub(crate) fn assert_is_stored(bytes: &[u8], kind: Kind, version: u8) {
    let text = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    let [written, stored] = [bytes, &stored(kind, version)].map(text);
    assert_eq!(written, stored, "{} {version}", kind.name());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_published_one() {
        // the check value of CRC-32/ISO-HDLC in the catalogue of parametrised CRC algorithms
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn every_changed_byte_and_every_cut_is_noticed() {
        let sealed = seal(Kind::Alerts, b"content");
        assert_eq!(open(Kind::Alerts, &sealed), Ok(&b"content"[..]));
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 0x10;
            assert!(open(Kind::Alerts, &changed).is_err(), "byte {at}");
            assert!(open(Kind::Alerts, &sealed[..at]).is_err(), "cut at {at}");
        }
    }

    fn of_version(kind: Kind, version: u8) -> Vec<u8> {
        let mut bytes = seal(kind, b"content");
        bytes[5] = version;
        let end = bytes.len() - CHECKSUM;
        let checksum = crc32(&bytes[..end]);
        bytes[end..].copy_from_slice(&checksum.to_le_bytes());
        bytes
    }

    #[test]
    fn another_version_and_another_kind_are_called_so() {
        let newer = of_version(Kind::Bars, 9);
        assert_eq!(open(Kind::Bars, &newer), Err(RecordError::Newer { kind: "bars", found: 9, known: 2 }));
        let older = of_version(Kind::Alerts, 1);
        assert_eq!(
            open(Kind::Alerts, &older),
            Err(RecordError::Older { kind: "alerts", found: 1, known: 2 })
        );
        let other = seal(Kind::Choices, b"content");
        assert_eq!(open(Kind::Bars, &other), Err(RecordError::OtherKind { wanted: 1, found: 3 }));
    }

    #[test]
    fn there_is_a_stored_record_of_every_version_that_is_read() {
        use Kind::{Alerts, Bars, Choices, Import, Repeated, Scans, Ticks};
        for kind in [Bars, Ticks, Choices, Alerts, Import, Scans, Repeated] {
            for version in kind.oldest()..=kind.version() {
                assert_eq!(open_any(kind, &stored(kind, version)).map(|(found, _)| found), Ok(version));
            }
        }
    }
}
