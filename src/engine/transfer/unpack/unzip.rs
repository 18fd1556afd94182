//! The way through a zip archive: its end, its table of contents, one file of it.

use super::inflate::Inflate;
use super::magic;
use super::zip;
use super::zip::{Entry, Method};
use super::{State, TEXT, Unpack, Want};
use crate::transfer::crc32::Crc32;

/// A file of the archive being read.
#[derive(Debug)]
pub(super) struct ZipData {
    entry: Entry,
    inflate: Inflate,
    crc: Crc32,
    size: u64,
    /// Bytes of the archive that belong to it and have not been asked for.
    pub(super) left: u64,
    ended: bool,
}

impl Unpack {
    /// One step of an archive; returns the length of the text given.
    pub(super) fn zip_step(&mut self, on_text: &mut impl FnMut(&[u8])) -> Result<usize, String> {
        let input = &self.pending[self.used..];
        let next = match &self.state {
            State::ZipData(_) => return self.zip_data(on_text),
            // what is wanted comes in one piece, and lies within the archive
            _ if input.is_empty() => {
                let there_is_more = matches!(self.want(), Want::Slice { .. });
                return if there_is_more { Ok(0) } else { Err("the zip archive is damaged".to_owned()) };
            }
            State::ZipTail => State::ZipDirectory(zip::directory(input, self.size)?),
            State::ZipDirectory(_) => {
                let mut entries = zip::entries(input)?;
                if entries.iter().any(|entry| entry.name == "[Content_Types].xml") {
                    return Err(magic::WORKBOOK.to_owned());
                }
                let at = zip::choose(&entries, self.wanted.as_deref())?;
                let entry = entries.remove(at);
                entries.retain(|entry| !entry.is_hidden());
                let (tables, others): (Vec<Entry>, Vec<Entry>) =
                    entries.into_iter().partition(Entry::is_table);
                let names = |entries: Vec<Entry>| entries.into_iter().map(|entry| entry.name).collect();
                (self.others, self.left_out) = (names(tables), names(others));
                self.inner = Some(entry.name.clone());
                State::ZipHead(entry)
            }
            State::ZipHead(entry) => {
                self.offset = zip::data_offset(entry, input)?;
                let end = self.offset.checked_add(entry.packed);
                if end.is_none_or(|end| end > self.size) {
                    return Err(format!("{} is cut short in the zip archive", entry.name));
                }
                State::ZipData(Box::new(ZipData {
                    left: entry.packed,
                    entry: entry.clone(),
                    inflate: Inflate::default(),
                    crc: Crc32::default(),
                    size: 0,
                    ended: false,
                }))
            }
            _ => return Ok(0),
        };
        self.state = next;
        self.used = self.pending.len();
        Ok(0)
    }

    fn zip_data(&mut self, on_text: &mut impl FnMut(&[u8])) -> Result<usize, String> {
        let State::ZipData(data) = &mut self.state else { return Ok(0) };
        let input = &self.pending[self.used..];
        let begins = data.size == 0;
        let check = |start: &[u8]| if begins { magic::check_inside(&data.entry.name, start) } else { Ok(()) };
        let (consumed, length) = match data.entry.method {
            Method::Stored => {
                let length = input.len().min(TEXT);
                check(&input[..length])?;
                data.crc.update(&input[..length]);
                on_text(&input[..length]);
                data.ended = data.left == 0 && length == input.len();
                (length, length)
            }
            Method::Deflated => {
                let step = data.inflate.step(input)?;
                check(step.output)?;
                data.crc.update(step.output);
                on_text(step.output);
                data.ended = step.ended;
                (step.consumed, step.output.len())
            }
        };
        self.used += consumed;
        data.size += length as u64;
        let damaged =
            || format!("{} is damaged in the zip archive: its checksum does not fit", data.entry.name);
        if data.size > data.entry.size {
            return Err(damaged());
        }
        if data.ended {
            if (data.crc.value(), data.size) != (data.entry.crc, data.entry.size) {
                return Err(damaged());
            }
            self.state = State::End;
        } else if consumed == 0 && length == 0 && data.left == 0 {
            return Err(format!("{} is cut short in the zip archive", data.entry.name));
        }
        Ok(length)
    }
}
