//! DEFLATE (RFC 1951) in pieces, whatever the ratio: a piece out is 32 kB at most.

use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::TINFL_FLAG_HAS_MORE_INPUT;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};

/// The farthest that a stream can refer back, which is also the room for what comes out.
const WINDOW: usize = 32 * 1_024;

/// A stream under way.
pub(super) struct Inflate {
    state: Box<DecompressorOxide>,
    window: Box<[u8]>,
    at: usize,
}

impl core::fmt::Debug for Inflate {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.debug_struct("Inflate").field("at", &self.at).finish_non_exhaustive()
    }
}

/// What a step came to.
#[derive(Debug)]
pub(super) struct Step<'a> {
    /// Bytes of the input that are done with.
    pub consumed: usize,
    /// What came out.
    pub output: &'a [u8],
    /// Whether the stream is at its end.
    pub ended: bool,
}

impl Default for Inflate {
    fn default() -> Self {
        Self { state: Box::default(), window: vec![0; WINDOW].into_boxed_slice(), at: 0 }
    }
}

impl Inflate {
    /// Takes some of `input` and gives what comes of it; to be called again with the rest, and with nothing
    /// consumed and nothing given when more input is needed.
    ///
    /// # Errors
    /// When the stream is damaged.
    pub(super) fn step(&mut self, input: &[u8]) -> Result<Step<'_>, &'static str> {
        let from = self.at;
        let (status, consumed, written) =
            decompress(&mut self.state, input, &mut self.window, from, TINFL_FLAG_HAS_MORE_INPUT);
        let ended = match status {
            TINFLStatus::Done => true,
            TINFLStatus::NeedsMoreInput | TINFLStatus::HasMoreOutput => false,
            _ => return Err("the compressed data is damaged"),
        };
        self.at = (from + written) % WINDOW;
        Ok(Step { consumed, output: &self.window[from..from + written], ended })
    }
}
