//! Everything in one file: records of key and bytes, each with its checksum, between a head and an end.
//!
//! All numbers are little-endian. The head is the text `Spreadscope backup`, a line end, the version (2 bytes)
//! and a time (8 bytes, ms since 1970: the start of the newest span in it), then the CRC-32 of all that. A record is the byte 1, the
//! lengths of key (2 bytes) and value (4 bytes), key, value, and the CRC-32 of all that. The end is the byte 0,
//! the number of records (8 bytes), and the CRC-32 of the whole file before it.
//!
//! A file is to be read twice: once to its end to see that it is whole, and only then to put its records back.

use super::crc32::Crc32;
use crate::UnixMillis;

const MAGIC: &[u8] = b"Spreadscope backup\n";
const HEAD: usize = MAGIC.len() + 2 + 8;
/// Raised whenever the form changes.
pub const VERSION: u16 = 1;
const RECORD: u8 = 1;
const END: u8 = 0;
const CRC: usize = 4;
/// Bytes of a record before its key.
const RECORD_HEAD: usize = 1 + 2 + 4;
/// Bytes of the end before its checksum.
const END_HEAD: usize = 1 + 8;

/// Longest key, bytes.
pub const LONGEST_KEY: usize = 1_024;
/// Longest value, bytes.
pub const LONGEST_VALUE: usize = 16 << 20;

/// Something to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its name.
    pub key: String,
    /// Its contents.
    pub value: Vec<u8>,
}

/// Why a file is not put back, or a record not kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BackupError {
    /// Another kind of file.
    #[error("this is not a backup of Spreadscope")]
    NotABackup,
    /// Of a later version.
    #[error(
        "the backup was made by a later version of Spreadscope (form {found}; this one reads up to {VERSION})"
    )]
    Future {
        /// Its version.
        found: u16,
    },
    /// Bytes are not what they were.
    #[error("the backup is damaged after {records} whole records (near byte {offset}): {what}")]
    Damaged {
        /// Records that were whole.
        records: u64,
        /// About where.
        offset: u64,
        /// What does not fit.
        what: &'static str,
    },
    /// It ends too early.
    #[error("the backup is cut short: it ends after {records} whole records and has no end mark")]
    CutShort {
        /// Records that were whole.
        records: u64,
    },
    /// A record that is too long to be kept.
    #[error("{key} cannot be backed up: it has {length} bytes, and {most} are the most")]
    TooLong {
        /// Its name, or the start of it.
        key: String,
        /// Bytes of its name or its contents.
        length: usize,
        /// Most of them.
        most: usize,
    },
}

/// Writes a backup in pieces.
#[derive(Debug)]
pub struct Writer {
    crc: Crc32,
    records: u64,
}

impl Writer {
    /// Begins a backup of the time `newest`; returns the file's first bytes as well.
    pub fn new(newest: UnixMillis) -> (Self, Vec<u8>) {
        let mut head = MAGIC.to_vec();
        head.extend(VERSION.to_le_bytes());
        head.extend(newest.0.to_le_bytes());
        let mut writer = Self { crc: Crc32::default(), records: 0 };
        writer.seal(&mut head);
        (writer, head)
    }

    /// Adds a record; returns the file's next bytes.
    ///
    /// # Errors
    /// [`BackupError::TooLong`], and the record is left out.
    pub fn record(&mut self, key: &str, value: &[u8]) -> Result<Vec<u8>, BackupError> {
        let too_long =
            |length, most| Err(BackupError::TooLong { key: key.chars().take(80).collect(), length, most });
        let key_length = u16::try_from(key.len()).ok().filter(|_| key.len() <= LONGEST_KEY);
        let value_length = u32::try_from(value.len()).ok().filter(|_| value.len() <= LONGEST_VALUE);
        let Some(key_length) = key_length else { return too_long(key.len(), LONGEST_KEY) };
        let Some(value_length) = value_length else { return too_long(value.len(), LONGEST_VALUE) };
        let mut bytes = Vec::with_capacity(RECORD_HEAD + key.len() + value.len() + CRC);
        bytes.push(RECORD);
        bytes.extend(key_length.to_le_bytes());
        bytes.extend(value_length.to_le_bytes());
        bytes.extend(key.as_bytes());
        bytes.extend(value);
        self.seal(&mut bytes);
        self.records += 1;
        Ok(bytes)
    }

    /// Records written so far.
    pub const fn records(&self) -> u64 {
        self.records
    }

    /// Ends the backup; returns the file's last bytes.
    pub fn finish(mut self) -> Vec<u8> {
        let mut bytes = vec![END];
        bytes.extend(self.records.to_le_bytes());
        self.crc.update(&bytes);
        bytes.extend(self.crc.value().to_le_bytes());
        bytes
    }

    fn seal(&mut self, bytes: &mut Vec<u8>) {
        bytes.extend(Crc32::of(bytes).to_le_bytes());
        self.crc.update(bytes);
    }
}

/// Reads a backup in slices of any size; holds a slice and a record.
#[derive(Debug, Default)]
pub struct Reader {
    pending: Vec<u8>,
    used: usize,
    offset: u64,
    crc: Crc32,
    newest: Option<UnixMillis>,
    records: u64,
    ended: bool,
}

impl Reader {
    /// Takes the next slice of the file. All records that are whole should be taken out before the next one.
    pub fn push(&mut self, slice: &[u8]) {
        self.pending.drain(..self.used);
        self.used = 0;
        self.pending.extend_from_slice(slice);
    }

    /// The time in its head; `None` before that has been read.
    pub fn newest(&self) -> Option<UnixMillis> {
        self.newest
    }

    /// Takes out the next whole record; `None` when more of the file is needed.
    ///
    /// # Errors
    /// [`BackupError`], as soon as the file is known to be another, of a later version or damaged.
    pub fn next_record(&mut self) -> Result<Option<Record>, BackupError> {
        if self.newest.is_none() && !self.head()? {
            return Ok(None);
        }
        let rest = &self.pending[self.used..];
        match rest.first() {
            None => Ok(None),
            Some(_) if self.ended => Err(self.damaged("something follows its end")),
            Some(&RECORD) => self.record(),
            Some(&END) => self.end().map(|()| None),
            Some(_) => Err(self.damaged("neither a record nor its end")),
        }
    }

    /// Ends the reading: all of the file has been given, and all records taken out. Returns their number.
    ///
    /// # Errors
    /// [`BackupError`] when the file is not whole.
    pub fn finish(self) -> Result<u64, BackupError> {
        match (self.newest, self.ended) {
            (None, _) => Err(BackupError::NotABackup),
            (Some(_), false) => Err(BackupError::CutShort { records: self.records }),
            (Some(_), true) => Ok(self.records),
        }
    }

    /// Reads the head, if it is there.
    fn head(&mut self) -> Result<bool, BackupError> {
        let rest = &self.pending[self.used..];
        let known = rest.len().min(MAGIC.len());
        if rest[..known] != MAGIC[..known] {
            return Err(BackupError::NotABackup);
        }
        // the version is looked at before the checksum: a later one may have another head
        if let Some([low, high]) = array(rest, MAGIC.len()) {
            let found = u16::from_le_bytes([low, high]);
            if found != VERSION {
                return Err(BackupError::Future { found });
            }
        }
        let Some(newest) = array(rest, MAGIC.len() + 2).map(i64::from_le_bytes) else { return Ok(false) };
        if !self.is_sealed(HEAD)? {
            return Ok(false);
        }
        self.newest = Some(UnixMillis(newest));
        self.use_up(HEAD + CRC);
        Ok(true)
    }

    fn record(&mut self) -> Result<Option<Record>, BackupError> {
        let rest = &self.pending[self.used..];
        let lengths = array(rest, 1).map(u16::from_le_bytes).zip(array(rest, 3).map(u32::from_le_bytes));
        let Some((key_length, value_length)) = lengths else { return Ok(None) };
        let key_length = usize::from(key_length);
        let value_length = usize::try_from(value_length).unwrap_or(usize::MAX);
        if key_length > LONGEST_KEY || value_length > LONGEST_VALUE {
            return Err(self.damaged("a record is longer than any can be"));
        }
        let value_from = RECORD_HEAD + key_length;
        let length = value_from + value_length;
        if !self.is_sealed(length)? {
            return Ok(None);
        }
        let rest = &self.pending[self.used..];
        let key = String::from_utf8(rest[RECORD_HEAD..value_from].to_vec());
        let value = rest[value_from..length].to_vec();
        let Ok(key) = key else { return Err(self.damaged("a key is not text")) };
        self.use_up(length + CRC);
        self.records += 1;
        Ok(Some(Record { key, value }))
    }

    fn end(&mut self) -> Result<(), BackupError> {
        let rest = &self.pending[self.used..];
        let (Some(records), Some(crc)) = (array(rest, 1), array(rest, END_HEAD)) else { return Ok(()) };
        self.crc.update(&rest[..END_HEAD]);
        if self.crc.value() != u32::from_le_bytes(crc) {
            return Err(self.damaged("the checksum of the whole does not fit"));
        }
        if u64::from_le_bytes(records) != self.records {
            return Err(self.damaged("it does not have the records that it should"));
        }
        self.used += END_HEAD + CRC;
        self.ended = true;
        if self.used < self.pending.len() {
            return Err(self.damaged("something follows its end"));
        }
        Ok(())
    }

    /// Whether `length` bytes and their checksum are there.
    fn is_sealed(&self, length: usize) -> Result<bool, BackupError> {
        let rest = &self.pending[self.used..];
        match array(rest, length).map(u32::from_le_bytes) {
            None => Ok(false),
            Some(crc) if crc == Crc32::of(&rest[..length]) => Ok(true),
            Some(_) => Err(self.damaged("a checksum does not fit")),
        }
    }

    fn use_up(&mut self, length: usize) {
        self.crc.update(&self.pending[self.used..self.used + length]);
        self.used += length;
        self.offset += length as u64;
    }

    fn damaged(&self, what: &'static str) -> BackupError {
        BackupError::Damaged { records: self.records, offset: self.offset, what }
    }
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at.checked_add(N)?)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: UnixMillis = UnixMillis(1_723_161_255_342);

    fn write(records: &[(String, Vec<u8>)]) -> Vec<u8> {
        let (mut writer, mut file) = Writer::new(NOW);
        for (key, value) in records {
            file.extend(writer.record(key, value).unwrap());
        }
        file.extend(writer.finish());
        file
    }

    fn read(file: &[u8], slice: usize) -> Result<Vec<(String, Vec<u8>)>, BackupError> {
        let (mut reader, mut records) = (Reader::default(), Vec::new());
        for slice in file.chunks(slice.max(1)) {
            reader.push(slice);
            while let Some(Record { key, value }) = reader.next_record()? {
                records.push((key, value));
            }
        }
        let count = reader.finish()?;
        assert_eq!(count, records.len() as u64);
        Ok(records)
    }

    fn some() -> Vec<(String, Vec<u8>)> {
        let record = |key: &str, length: usize| (key.to_owned(), vec![7; length]);
        vec![record("settings", 200), record("bars/BTCUSDT/1s/1723161255", 3_000), record("", 0)]
    }

    #[test]
    fn every_damage_is_noticed() {
        let file = write(&some());
        for at in 0..file.len() {
            let mut damaged = file.clone();
            damaged[at] ^= 1;
            assert!(read(&damaged, 1_000).is_err(), "{at}");
        }
        for cut in 0..file.len() {
            assert!(read(&file[..cut], 1_000).is_err(), "{cut}");
        }
    }

    #[test]
    fn a_refusal_says_what_is_wrong() {
        let file = write(&some());
        let refused = |file: &[u8]| read(file, 100).unwrap_err().to_string();
        assert_eq!(refused(b"open,high,low,close\n"), "this is not a backup of Spreadscope");
        assert_eq!(refused(b""), "this is not a backup of Spreadscope");
        assert_eq!(
            refused(&file[..file.len() - 1]),
            "the backup is cut short: it ends after 3 whole records and has no end mark"
        );
        let mut future = file.clone();
        future[MAGIC.len()] = 2;
        assert_eq!(
            refused(&future),
            "the backup was made by a later version of Spreadscope (form 2; this one reads up to 1)"
        );
        let mut damaged = file.clone();
        damaged[1_000] = 0;
        assert_eq!(
            refused(&damaged),
            "the backup is damaged after 1 whole records (near byte 252): a checksum does not fit"
        );
        assert!(refused(&[&file[..], b"x"].concat()).ends_with("something follows its end"));
        // a record taken out whole, with its own checksum
        let shorter = [&file[..HEAD + CRC], &file[HEAD + CRC + RECORD_HEAD + 8 + 200 + CRC..]].concat();
        assert!(refused(&shorter).ends_with("the checksum of the whole does not fit"));
    }

    #[test]
    fn what_is_too_long_is_not_kept_and_the_rest_is() {
        let (mut writer, mut file) = Writer::new(NOW);
        assert!(writer.record(&"k".repeat(LONGEST_KEY + 1), b"").is_err());
        assert_eq!(
            writer.record("ticks", &vec![0; LONGEST_VALUE + 1]).unwrap_err().to_string(),
            "ticks cannot be backed up: it has 16777217 bytes, and 16777216 are the most"
        );
        file.extend(writer.record("ticks", b"1").unwrap());
        file.extend(writer.finish());
        assert_eq!(read(&file, 7).unwrap(), [("ticks".to_owned(), b"1".to_vec())]);
    }

    proptest! {
        #[test]
        fn what_was_kept_comes_back_and_is_written_again_byte_for_byte(
            records in prop::collection::vec((".{0,40}", prop::collection::vec(any::<u8>(), 0..300)), 0..12),
            slice in 1_usize..700,
        ) {
            let file = write(&records);
            let back = read(&file, slice).unwrap();
            prop_assert_eq!(&back, &records);
            prop_assert_eq!(write(&back), file);
        }

        #[test]
        fn no_bytes_make_it_panic(
            whole_head: bool, bytes in prop::collection::vec(any::<u8>(), 0..300), slice in 1_usize..100,
        ) {
            let head = if whole_head { Writer::new(NOW).1 } else { Vec::new() };
            let file = [head, bytes].concat();
            prop_assert_eq!(read(&file, slice).map(|records| records.len()), read(&file, slice).map(|records| records.len()));
        }
    }
}
