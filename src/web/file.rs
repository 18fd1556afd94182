//! Files that the user has chosen or dropped, read in slices.
#![expect(clippy::unnecessary_wraps, reason = "the error is that of a part which could not be fetched")]

use super::reason;
use js_sys::{Array, Uint8Array};
use spreadscope_engine::transfer::Import;
use spreadscope_engine::transfer::imports::OpenFile;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_split_helpers::{SplitLoaderError, wasm_split};
use web_sys::{Blob, DragEvent, Event, FileList, HtmlInputElement};

/// A file that the user has chosen; none of it has been read.
#[derive(Debug, Clone)]
pub struct Picked {
    /// The file's name.
    pub name: String,
    /// The file's size.
    pub bytes: u64,
    /// The file itself.
    pub blob: Blob,
}

impl Picked {
    /// Returns the first file of a file input that has changed. The input is emptied, so that the same file can
    /// be chosen again.
    pub fn of_input(event: &Event) -> Option<Self> {
        Self::all_of_input(event).into_iter().next()
    }

    /// Returns the files of a file input that has changed, in their order. The input is emptied.
    pub fn all_of_input(event: &Event) -> Vec<Self> {
        let input: Option<HtmlInputElement> = event.target().and_then(|target| target.dyn_into().ok());
        let Some(input) = input else { return Vec::new() };
        let picked = input.files().map_or_else(Vec::new, |files| Self::all(&files));
        input.set_value("");
        picked
    }

    /// Returns the dropped files, in their order.
    pub fn all_of_drop(event: &DragEvent) -> Vec<Self> {
        let files = event.data_transfer().and_then(|transfer| transfer.files());
        files.map_or_else(Vec::new, |files| Self::all(&files))
    }

    fn all(files: &FileList) -> Vec<Self> {
        (0..files.length()).filter_map(|at| Self::at(files, at)).collect()
    }

    fn at(files: &FileList, at: u32) -> Option<Self> {
        let file = files.get(at)?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "sizes are whole numbers"
        )]
        let bytes = file.size() as u64;
        Some(Self { name: file.name(), bytes, blob: file.into() })
    }
}

/// Returns the message that passes a file and its number to the engine; a file is not bytes.
pub(super) fn handed_over(import: u64, file: &Blob) -> JsValue {
    Array::of2(&JsValue::from_f64(import as f64), file).into()
}

/// Returns the file in a message and its number, if the message is a file.
pub(super) fn taken_over(message: &JsValue) -> Option<(u64, Blob)> {
    let message: &Array = message.dyn_ref()?;
    let (import, file) = (message.get(0).as_f64()?, message.get(1).dyn_into().ok()?);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is a count of files")]
    Some((import as u64, file))
}

/// Reads `length` bytes of `file` from `offset` on.
///
/// # Errors
/// A clause: the file has been moved, changed or locked since it was chosen.
pub async fn slice(file: &Blob, offset: u64, length: u64) -> Result<Vec<u8>, String> {
    read(file, offset, length)
        .await
        .map_err(|error| format!("the file can no longer be read: {}", reason::clause(&error)))
}

async fn read(file: &Blob, offset: u64, length: u64) -> Result<Vec<u8>, JsValue> {
    // whole numbers up to 2^53 are exact
    let slice = file.slice_with_f64_and_f64(offset as f64, (offset + length) as f64)?;
    Ok(Uint8Array::new(&JsFuture::from(slice.array_buffer()).await?).to_vec())
}

/// Returns the code that opens files, fetched on first use; `None` when it could not be fetched.
pub async fn reader() -> Option<OpenFile> {
    reader_code().await.ok()
}

#[wasm_split(files, fallible)]
fn reader_code() -> Result<OpenFile, SplitLoaderError> {
    Ok(Import::open)
}
