//! A file as its text: as it is, out of gzip, or out of a zip archive; in pieces, checksums checked.
//!
//! Says which slice of the file it wants next; what it holds at any time is a slice and a window.

mod gzip;
mod inflate;
pub(super) mod magic;
mod unzip;
mod zip;

use super::crc32::Crc32;
use inflate::Inflate;
use unzip::ZipData;
use zip::Entry;

/// Bytes of the file that are asked for at a time.
pub const SLICE: u64 = 128 * 1_024;
/// Text given at a time, and a window more at most: a few milliseconds of work.
const TEXT: usize = 128 * 1_024;

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// A slice of the file, to be handed to [`Unpack::give`].
    Slice {
        /// Its first byte.
        offset: u64,
        /// Its length, not 0 and within the file.
        length: u64,
    },
    /// A call of [`Unpack::read`].
    Read,
    /// Nothing: the text is at its end.
    Nothing,
}

#[derive(Debug)]
enum State {
    /// The first slice tells what the file is.
    Start,
    Plain,
    GzipHead,
    GzipData {
        inflate: Inflate,
        crc: Crc32,
        size: u64,
    },
    GzipTail {
        crc: u32,
        size: u64,
    },
    ZipTail,
    ZipDirectory(zip::Directory),
    ZipHead(Entry),
    ZipData(Box<ZipData>),
    End,
}

/// A file being unpacked.
#[derive(Debug)]
pub struct Unpack {
    size: u64,
    /// The next byte of the file to ask for.
    offset: u64,
    /// What has been given and not been used.
    pending: Vec<u8>,
    used: usize,
    /// What is pending is too little to go on.
    wants_more: bool,
    state: State,
    /// Name of the file within its archive.
    inner: Option<String>,
    /// The file of an archive that is to be read.
    wanted: Option<String>,
    /// Names of other tables of the archive.
    others: Vec<String>,
    /// Names of files in the archive that are no tables.
    left_out: Vec<String>,
}

impl Unpack {
    /// A file of `size` bytes of which nothing is known.
    pub fn new(size: u64) -> Self {
        Self::of(size, None)
    }

    /// A file of `size` bytes; of an archive the file called `wanted` is read, or the first table.
    pub fn of(size: u64, wanted: Option<String>) -> Self {
        Self {
            wanted,
            others: Vec::new(),
            size,
            offset: 0,
            pending: Vec::new(),
            used: 0,
            wants_more: false,
            state: if size == 0 { State::End } else { State::Start },
            inner: None,
            left_out: Vec::new(),
        }
    }

    /// Name of the file within its archive.
    pub fn inner_name(&self) -> Option<&str> {
        self.inner.as_deref()
    }

    /// Names of other tables of the archive.
    pub fn others(&self) -> &[String] {
        &self.others
    }

    /// Names of files in the archive that are no tables.
    pub fn left_out(&self) -> &[String] {
        &self.left_out
    }

    /// How far into the file it is, in bytes.
    pub fn position(&self) -> u64 {
        self.offset.min(self.size)
    }

    /// What comes next.
    pub fn want(&self) -> Want {
        let slice = |offset: u64, length: u64| match length.min(self.size.saturating_sub(offset)) {
            0 => Want::Read,
            length => Want::Slice { offset, length },
        };
        match &self.state {
            State::End => Want::Nothing,
            _ if self.used < self.pending.len() && !self.wants_more => Want::Read,
            State::Start
            | State::Plain
            | State::GzipHead
            | State::GzipData { .. }
            | State::GzipTail { .. } => slice(self.offset, SLICE),
            State::ZipTail => {
                let length = self.size.min(zip::TAIL);
                slice(self.size - length, length)
            }
            State::ZipDirectory(directory) => slice(directory.offset, directory.length),
            State::ZipHead(entry) => slice(entry.offset, zip::HEAD),
            State::ZipData(data) => slice(self.offset, SLICE.min(data.left)),
        }
    }

    /// Takes the slice that was wanted.
    pub fn give(&mut self, slice: &[u8]) {
        self.pending.drain(..self.used);
        self.used = 0;
        self.wants_more = false;
        self.pending.extend_from_slice(slice);
        self.offset += slice.len() as u64;
        if let State::ZipData(data) = &mut self.state {
            data.left = data.left.saturating_sub(slice.len() as u64);
        }
    }

    /// Gives the next text to `on_text`, a limited amount a call.
    ///
    /// # Errors
    /// When the file is damaged or of a kind that is not read here, for the user.
    pub fn read(&mut self, mut on_text: impl FnMut(&[u8])) -> Result<(), String> {
        let mut given = 0;
        while given < TEXT {
            let before = (self.used, core::mem::discriminant(&self.state));
            let length = self.step(&mut on_text)?;
            given += length;
            let same = before == (self.used, core::mem::discriminant(&self.state));
            if self.wants_more || (same && length == 0) {
                break;
            }
        }
        Ok(())
    }

    /// One step; returns the length of the text given. A step that changes nothing needs more of the file.
    fn step(&mut self, on_text: &mut impl FnMut(&[u8])) -> Result<usize, String> {
        let input = &self.pending[self.used..];
        let at_end = self.offset >= self.size;
        match &mut self.state {
            State::End => {}
            State::Start => {
                magic::check(input)?;
                self.state = kind(input);
                if matches!(self.state, State::ZipTail) {
                    self.used = self.pending.len();
                }
            }
            State::Plain => {
                let length = input.len().min(TEXT);
                on_text(&input[..length]);
                self.used += length;
                if at_end && self.used == self.pending.len() {
                    self.state = State::End;
                }
                return Ok(length);
            }
            State::GzipHead | State::GzipData { .. } | State::GzipTail { .. } => {
                return self.gzip_step(on_text);
            }
            _ => return self.zip_step(on_text),
        }
        Ok(0)
    }

    fn gzip_step(&mut self, on_text: &mut impl FnMut(&[u8])) -> Result<usize, String> {
        let input = &self.pending[self.used..];
        let at_end = self.offset >= self.size;
        let cut_short = || Err("the gzip file is cut short".to_owned());
        match &mut self.state {
            State::GzipHead => match gzip::head(input)? {
                Some(length) => {
                    self.used += length;
                    let inflate = Inflate::default();
                    self.state = State::GzipData { inflate, crc: Crc32::default(), size: 0 };
                }
                None if at_end => return cut_short(),
                None => self.wait(),
            },
            State::GzipData { inflate, crc, size } => {
                let step = inflate.step(input)?;
                crc.update(step.output);
                *size += step.output.len() as u64;
                on_text(step.output);
                let (consumed, length, ended) = (step.consumed, step.output.len(), step.ended);
                if consumed == 0 && length == 0 && !ended && at_end {
                    return cut_short();
                }
                if ended {
                    self.state = State::GzipTail { crc: crc.value(), size: *size };
                }
                self.used += consumed;
                return Ok(length);
            }
            State::GzipTail { crc, size } => match input.first_chunk::<8>() {
                Some(&[a, b, c, d, size_bytes @ ..]) => {
                    let crc_fits = u32::from_le_bytes([a, b, c, d]) == *crc;
                    // the size is modulo 2^32
                    if !crc_fits || size.to_le_bytes()[..4] != size_bytes {
                        return Err("the gzip file is damaged: its checksum does not fit".to_owned());
                    }
                    self.used += 8;
                    // files may stand one behind the other
                    let done = self.used == self.pending.len() && at_end;
                    self.state = if done { State::End } else { State::GzipHead };
                }
                None if at_end => return cut_short(),
                None => self.wait(),
            },
            _ => {}
        }
        Ok(0)
    }

    /// What is there is not enough: more is wanted behind it.
    fn wait(&mut self) {
        self.wants_more = true;
    }
}

/// What a file is, by its first bytes.
fn kind(start: &[u8]) -> State {
    match start {
        [b'P', b'K', 3 | 5, 4 | 6, ..] => State::ZipTail,
        [0x1F, 0x8B, ..] => State::GzipHead,
        _ => State::Plain,
    }
}

#[cfg(test)]
mod tests;
