//! The outer form of zip: where the files of an archive are (APPNOTE 6.3, sections 4.3 and 4.4).
//!
//! Our own: with `rc-zip` the whole reader is 339 kB of wasm, with this it is 43 (`miniz_oxide` included in both).

/// Bytes of the record at the end, without its comment.
const END_LENGTH: usize = 22;
/// The end of an archive that holds that record: its comment is 64 kB at most.
pub(super) const TAIL: u64 = END_LENGTH as u64 + 65_535;
/// A table of contents larger than this is refused.
const LARGEST_DIRECTORY: u64 = 1 << 20;
/// Bytes of a file's own head, without its name.
pub(super) const HEAD: u64 = 30;

/// Where the table of contents is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Directory {
    /// Its first byte.
    pub offset: u64,
    /// Its length.
    pub length: u64,
}

/// How a file of the archive is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    /// As it is.
    Stored,
    /// By DEFLATE.
    Deflated,
}

/// A file of the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// Its name.
    pub name: String,
    /// How it is written.
    pub method: Method,
    /// Bytes in the archive.
    pub packed: u64,
    /// Bytes of the file.
    pub size: u64,
    /// Its CRC-32.
    pub crc: u32,
    /// First byte of its head.
    pub offset: u64,
}

/// Finds the table of contents; `tail` is the end of the archive, `size` bytes long.
///
/// # Errors
/// When there is none, or one of a kind that is not read here.
pub(super) fn directory(tail: &[u8], size: u64) -> Result<Directory, String> {
    let starts = (0..(tail.len() + 1).saturating_sub(END_LENGTH)).rev();
    // the comment behind it reaches to the end of the archive
    let is_end = |end: &&[u8]| {
        let comment = u16_at(end, 20).map(|length| usize::from(length) + END_LENGTH);
        end.starts_with(b"PK\x05\x06") && comment == Some(end.len())
    };
    let end = starts.map(|at| &tail[at..]).find(is_end);
    let end = end.ok_or("the zip archive has no end: it was not downloaded whole")?;
    let fields = (u16_at(end, 10), u32_at(end, 12), u32_at(end, 16));
    let (Some(entries), Some(length), Some(offset)) = fields else {
        return Err("the end of the zip archive is damaged".to_owned());
    };
    if entries == u16::MAX || offset == u32::MAX {
        return Err("the zip archive is in the form for more than 4 GB, which is not read here".to_owned());
    }
    let (offset, length) = (u64::from(offset), u64::from(length));
    if entries == 0 {
        return Err("the zip archive is empty".to_owned());
    }
    if length > LARGEST_DIRECTORY || offset + length > size {
        return Err("the table of contents of the zip archive is damaged".to_owned());
    }
    Ok(Directory { offset, length })
}

/// Reads the table of contents: every file in the archive, folders left out.
///
/// # Errors
/// When it is damaged, or a file is of a kind that is not read here.
pub(super) fn entries(directory: &[u8]) -> Result<Vec<Entry>, String> {
    let mut entries = Vec::new();
    let mut rest = directory;
    while rest.starts_with(b"PK\x01\x02") {
        let (entry, length) = entry(rest).ok_or("the table of contents of the zip archive is damaged")?;
        if let Some(entry) = entry? {
            entries.push(entry);
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    Ok(entries)
}

/// The first file of a table of contents, and the length of its line there.
fn entry(bytes: &[u8]) -> Option<(Result<Option<Entry>, String>, usize)> {
    let flags = u16_at(bytes, 8)?;
    let method = u16_at(bytes, 10)?;
    let (crc, packed, size) = (u32_at(bytes, 16)?, u32_at(bytes, 20)?, u32_at(bytes, 24)?);
    let lengths = [u16_at(bytes, 28)?, u16_at(bytes, 30)?, u16_at(bytes, 32)?].map(usize::from);
    let offset = u32_at(bytes, 42)?;
    let name = String::from_utf8_lossy(bytes.get(46..46 + lengths[0])?).into_owned();
    let length = 46 + lengths.iter().sum::<usize>();
    let method = match method {
        _ if name.ends_with('/') => return Some((Ok(None), length)),
        _ if flags & 1 == 1 => return Some((Err(format!("{name} is encrypted")), length)),
        0 => Method::Stored,
        8 => Method::Deflated,
        other => {
            let reason = format!("{name} is compressed by method {other}; only deflate (8) is read here");
            return Some((Err(reason), length));
        }
    };
    let extra = bytes.get(46 + lengths[0]..46 + lengths[0] + lengths[1])?;
    let Some([size, packed, offset]) = wide([size, packed, offset], extra) else {
        return Some((Err(format!("the length of {name} in the zip archive is damaged")), length));
    };
    Some((Ok(Some(Entry { name, method, packed, size, crc, offset })), length))
}

/// Lengths and place of a file: a field of all ones is told in 64 bits behind the name, the others are not
/// (APPNOTE 4.5.3). Archives made as a stream say so of small files too.
fn wide(narrow: [u32; 3], extra: &[u8]) -> Option<[u64; 3]> {
    let mut told = field(extra, 1).unwrap_or_default();
    let mut all = [0; 3];
    for (wide, narrow) in all.iter_mut().zip(narrow) {
        *wide = u64::from(narrow);
        if narrow == u32::MAX {
            let (first, rest) = told.split_first_chunk()?;
            *wide = u64::from_le_bytes(*first);
            told = rest;
        }
    }
    Some(all)
}

/// The extra field of this kind.
fn field(mut extra: &[u8], kind: u16) -> Option<&[u8]> {
    loop {
        let length = usize::from(u16_at(extra, 2)?);
        let content = extra.get(4..4 + length)?;
        if u16_at(extra, 0)? == kind {
            return Some(content);
        }
        extra = &extra[4 + length..];
    }
}

/// The first byte of an entry's data; `head` is the [`HEAD`] bytes at its offset.
///
/// # Errors
/// When there is no head.
pub(super) fn data_offset(entry: &Entry, head: &[u8]) -> Result<u64, String> {
    let lengths = u16_at(head, 26).zip(u16_at(head, 28)).filter(|_| head.starts_with(b"PK\x03\x04"));
    let end =
        lengths.and_then(|(name, extra)| entry.offset.checked_add(HEAD + u64::from(name) + u64::from(extra)));
    end.ok_or_else(|| format!("the head of {} in the zip archive is damaged", entry.name))
}

impl Entry {
    /// Whether a system has put it there for itself.
    pub(super) fn is_hidden(&self) -> bool {
        let file = self.name.rsplit('/').next().unwrap_or_default();
        self.name.starts_with("__MACOSX/") || file.starts_with('.')
    }

    /// Whether its name is that of a table.
    pub(super) fn is_table(&self) -> bool {
        let name = self.name.to_ascii_lowercase();
        let file = name.rsplit('/').next().unwrap_or_default();
        let known =
            [".csv", ".json", ".jsonl", ".ndjson", ".txt", ".tsv"].iter().any(|end| file.ends_with(end));
        let is_about =
            ["readme", "license", "licence", "copyright"].iter().any(|about| file.starts_with(about));
        known && !is_about && !self.is_hidden()
    }
}

/// The entry that is to be read: the one of this name, else the first with the name of a table, else the first.
///
/// # Errors
/// When there is none.
pub(super) fn choose(entries: &[Entry], wanted: Option<&str>) -> Result<usize, String> {
    if let Some(wanted) = wanted {
        let found = entries.iter().position(|entry| entry.name == wanted);
        return found.ok_or_else(|| format!("{wanted} is not in the zip archive"));
    }
    let found = entries.iter().position(Entry::is_table).or((!entries.is_empty()).then_some(0));
    found.ok_or_else(|| "the zip archive is empty".to_owned())
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}
