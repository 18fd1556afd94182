//! Rows within one JSON value: an array of arrays or of objects, on one line or on many, at the top or nested.
//!
//! Only the brackets are followed, so that a file of any size takes the room of one row.

use super::json::unquoted;
use super::lines::LONGEST;
use super::refusal::quoted;
use super::{members, named};
use serde_json::value::RawValue;
use std::borrow::Cow;

/// Brackets that may be open at a time.
const DEEPEST: usize = 32;
/// Bytes behind a value that are told.
const BEHIND: usize = 24;

/// A value within another, which may be a row.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Frame {
    is_object: bool,
    /// The name of the member that is being read.
    name: String,
    /// Its value has begun.
    is_value: bool,
    /// The market that a member names.
    market: Option<String>,
}

/// Finds values at one depth of a text that comes in slices.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each says another thing of the byte before")]
pub struct Values {
    depth: usize,
    of_objects: bool,
    frames: Vec<Frame>,
    in_text: bool,
    escaped: bool,
    /// A text that may be a name.
    last_text: Vec<u8>,
    row: Vec<u8>,
    in_row: bool,
    too_long: bool,
    too_deep: bool,
    /// A value has ended around which nothing is open.
    has_ended: bool,
    /// What stands behind it and begins no other.
    behind: Vec<u8>,
}

/// A row that has been found.
#[derive(Debug, Clone, Copy)]
pub struct Value<'a> {
    /// Its own name, where it is a member of an object.
    pub name: Option<&'a str>,
    /// The name of what it stands in.
    pub list: Option<&'a str>,
    /// The market that a member beside its list names.
    pub said: Option<&'a str>,
    /// The nearest name around it that may be one of a market.
    pub key: Option<&'a str>,
    /// Its text, or why there is none.
    pub text: Result<&'a str, &'static str>,
}

impl Values {
    /// Looks for objects or arrays with `depth` brackets open around them.
    pub fn new(depth: usize, of_objects: bool) -> Self {
        Self {
            depth,
            of_objects,
            frames: Vec::new(),
            in_text: false,
            escaped: false,
            last_text: Vec::new(),
            row: Vec::new(),
            in_row: false,
            too_long: false,
            too_deep: false,
            has_ended: false,
            behind: Vec::new(),
        }
    }

    /// Takes the next slice and gives each row that it ends to `on_row`.
    pub fn push(&mut self, slice: &[u8], mut on_row: impl FnMut(Value<'_>)) {
        for &byte in slice {
            self.byte(byte, &mut on_row);
        }
    }

    /// Whether the text so far ends within a row.
    pub(super) const fn is_in_row(&self) -> bool {
        self.in_row
    }

    /// What is wrong with the end of the text, in a sentence; `None` where nothing is.
    pub(super) fn ending(&self) -> Option<String> {
        if !self.behind.is_empty() {
            let behind = String::from_utf8_lossy(&self.behind);
            return Some(format!(
                "Behind the end of its JSON the file goes on with {}: that is no row.",
                quoted(&behind)
            ));
        }
        let is_open = self.in_text || !self.frames.is_empty();
        is_open.then(|| "The file ends in the middle of a value: it is cut off.".to_owned())
    }

    fn byte(&mut self, byte: u8, on_row: &mut impl FnMut(Value<'_>)) {
        if self.in_row {
            if self.row.len() < LONGEST {
                self.row.push(byte);
            } else {
                self.too_long = true;
            }
        }
        let is_between = byte.is_ascii_whitespace() || byte.is_ascii_control() || b"{[,".contains(&byte);
        if self.has_ended && self.frames.is_empty() && !is_between && self.behind.len() < BEHIND {
            self.behind.push(byte);
        }
        if self.in_text {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.in_text = false,
                _ if !self.in_row && self.last_text.len() < 256 => self.last_text.push(byte),
                _ => {}
            }
            return;
        }
        match byte {
            b'"' => {
                self.in_text = true;
                if !self.in_row {
                    self.last_text.clear();
                }
            }
            b':' if !self.in_row => {
                if let Some(frame) = self.frames.last_mut().filter(|frame| frame.is_object) {
                    frame.name = String::from_utf8_lossy(&self.last_text).into_owned();
                    frame.is_value = true;
                    self.last_text.clear();
                }
            }
            b',' if !self.in_row => self.end_member(),
            b'{' | b'[' => {
                let is_object = byte == b'{';
                if self.frames.len() == self.depth && is_object == self.of_objects && !self.in_row {
                    self.in_row = true;
                    self.row.clear();
                    self.row.push(byte);
                }
                if self.frames.len() < DEEPEST + self.depth {
                    self.frames.push(Frame { is_object, name: String::new(), is_value: false, market: None });
                } else {
                    self.too_deep = true;
                }
            }
            b'}' | b']' => {
                if !self.in_row {
                    self.end_member();
                }
                let ended = self.frames.pop();
                if let Some(market) = ended.and_then(|ended| ended.market) {
                    self.hand_on(market);
                }
                self.has_ended |= self.frames.is_empty();
                if self.in_row && self.frames.len() == self.depth {
                    self.in_row = false;
                    self.end(on_row);
                }
            }
            _ => {}
        }
    }

    /// A member is over, whose value may be the name of a market.
    fn end_member(&mut self) {
        let Some(frame) = self.frames.last_mut().filter(|frame| frame.is_value) else { return };
        frame.is_value = false;
        let text = String::from_utf8_lossy(&self.last_text);
        if named::names_market(&frame.name, &text) && frame.market.is_none() {
            frame.market = Some(text.into_owned());
        }
        self.last_text.clear();
    }

    /// What is said of rows beside them is of all that stands around both.
    fn hand_on(&mut self, market: String) {
        self.last_text.clear();
        if let Some(outer) = self.frames.last_mut().filter(|outer| named::is_about(&outer.name)) {
            outer.market.get_or_insert(market);
        }
    }

    fn end(&mut self, on_row: &mut impl FnMut(Value<'_>)) {
        let text = if core::mem::take(&mut self.too_long) {
            Err("the row is longer than 256 kB")
        } else if core::mem::take(&mut self.too_deep) {
            Err("the row is nested too deep")
        } else {
            core::str::from_utf8(&self.row).ok().ok_or("the row is not UTF-8 text")
        };
        let parent = self.frames.last();
        let name = parent.filter(|parent| parent.is_object).map(|parent| parent.name.as_str());
        let above = self.frames.len().checked_sub(2).and_then(|at| self.frames.get(at));
        let list = above.filter(|above| above.is_object).map(|above| above.name.as_str());
        // the name of the row itself is none of a list
        let around = self.frames.iter().rev().skip(usize::from(name.is_some()));
        let key = around.filter(|frame| frame.is_object).map(|frame| frame.name.as_str());
        let key = key.into_iter().find(|name| named::may_be_market(name));
        let said = self.frames.iter().rev().find_map(|frame| frame.market.as_deref());
        on_row(Value { name, list, said, key, text });
    }
}

/// The cells of a row.
///
/// # Errors
/// What is wrong with the JSON.
pub(super) fn cells<'a>(
    value: &Value<'a>,
    of_objects: bool,
    names: &[String],
) -> Result<Vec<Cow<'a, str>>, String> {
    let text = value.text?;
    if let Some(text) = members::without_nan(text) {
        return cells(&Value { text: Ok(&text), ..*value }, of_objects, names).map(members::owned);
    }
    if of_objects {
        let own = names.first().is_some_and(String::is_empty);
        let mut cells = members::cells(text, &names[usize::from(own)..])?;
        if own {
            cells.insert(0, Cow::Borrowed(value.name.unwrap_or_default()));
        }
        return Ok(cells);
    }
    let raw: Vec<&RawValue> =
        serde_json::from_str(text).map_err(|error| format!("not a row in JSON: {error}"))?;
    let cell = |raw: &'a RawValue| match raw.get() {
        "null" => Cow::Borrowed(""),
        text => unquoted(text).unwrap_or(Cow::Borrowed(text)),
    };
    Ok(raw.into_iter().map(cell).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transfer::json_rows;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn slices_make_no_difference_and_nothing_makes_it_panic(text in r#"[\[\]{}":,0-9a\\]{0,60}"#, cut in 0_usize..60) {
            let read = |slices: &[&[u8]]| {
                let (mut values, mut seen) = (Values::new(1, false), Vec::new());
                for slice in slices {
                    values.push(slice, |value| seen.push(value.text.map(str::to_owned)));
                }
                seen
            };
            let (first, second) = text.as_bytes().split_at(cut.min(text.len()));
            prop_assert_eq!(read(&[first, second]), read(&[text.as_bytes()]));
            let _found = json_rows::find(&text);
        }
    }
}
