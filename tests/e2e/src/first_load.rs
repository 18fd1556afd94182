//! What a first visit downloads, as sent by a host that compresses.

use crate::browser::Trouble;
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::ops::AddAssign;
use std::path::Path;

/// The kind of the module that contains page and engine.
pub const MODULE: &str = "wasm of page and engine";

/// The kind of the functions that come once the first chart is there.
pub const LATER: &str = "wasm after the first chart";
/// The kind of what draws, which the first verdict does not wait for.
pub const PLOTLY: &str = "plotly.js";

/// What is sent of some files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sent {
    /// By a host that compresses as well as it can.
    pub brotli: usize,
    /// By one that does as GitHub Pages.
    pub gzip: usize,
}

impl AddAssign for Sent {
    fn add_assign(&mut self, other: Self) {
        self.brotli += other.brotli;
        self.gzip += other.gzip;
    }
}

/// What is sent until the first chart is there.
pub fn before_chart(kinds: &BTreeMap<&'static str, Sent>) -> Sent {
    without(kinds, &[LATER])
}

/// What is sent until the first verdict is there, which is words and numbers.
pub fn before_verdict(kinds: &BTreeMap<&'static str, Sent>) -> Sent {
    without(kinds, &[LATER, PLOTLY])
}

fn without(kinds: &BTreeMap<&'static str, Sent>, left_out: &[&str]) -> Sent {
    let mut all = Sent::default();
    for sent in kinds.iter().filter_map(|(kind, sent)| (!left_out.contains(kind)).then_some(*sent)) {
        all += sent;
    }
    all
}

/// The bytes of each kind of file that a first visit loads.
///
/// # Errors
/// In words.
pub fn bytes(dist: &Path) -> Result<BTreeMap<&'static str, Sent>, Trouble> {
    let mut bytes: BTreeMap<&'static str, Sent> = BTreeMap::new();
    for entry in std::fs::read_dir(dist)?.chain(std::fs::read_dir(dist.join("icons"))?) {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        let Some(kind) = kind(&name) else { continue };
        *bytes.entry(kind).or_default() += Sent { brotli: compressed(&path)?.len(), gzip: zipped(&path)? };
    }
    Ok(bytes)
}

fn compressed(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut compressed = Vec::new();
    let best = BrotliEncoderParams { quality: 11, ..BrotliEncoderParams::default() };
    brotli::BrotliCompress(&mut std::fs::File::open(path)?, &mut compressed, &best)?;
    Ok(compressed)
}

fn zipped(path: &Path) -> std::io::Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&std::fs::read(path)?)?;
    Ok(encoder.finish()?.len())
}

/// Returns the kind of a file; `None` for files that a first visit does not load, such as a licence or a part
/// of the page that is fetched when it is opened.
pub fn kind(name: &str) -> Option<&'static str> {
    match name.rsplit_once('.')? {
        (stem, "wasm") if stem.ends_with("_bg") => Some(MODULE),
        (stem, "wasm") if stem.ends_with("-later") => Some(LATER),
        (stem, "js") if stem.starts_with("plotly") => Some(PLOTLY),
        (_, "js") => Some("JS"),
        (_, "css") => Some("CSS"),
        (_, "html") => Some("HTML"),
        (_, "svg" | "webmanifest") => Some("icon and manifest"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_has_its_kind_and_a_licence_none() {
        let names = [
            "app-1_bg.wasm",
            "app-1-later.wasm",
            "app-1-split_forms.wasm",
            "plotly-lines.min.js",
            "boot.js",
            "plotly.LICENSE.txt",
            "icon.svg",
            "icon-512.png",
        ];
        let small = Some("icon and manifest");
        let kinds = [Some(MODULE), Some(LATER), None, Some(PLOTLY), Some("JS"), None, small, None];
        assert_eq!(names.map(kind), kinds);
    }

    #[test]
    fn a_verdict_waits_for_no_chart_and_a_chart_for_nothing_that_comes_later() {
        let sent = |bytes| Sent { brotli: bytes, gzip: 2 * bytes };
        let kinds = [("JS", sent(1)), (PLOTLY, sent(10)), (LATER, sent(100))].into();
        assert_eq!(before_chart(&kinds), sent(11));
        assert_eq!(before_verdict(&kinds), sent(1));
    }
}
