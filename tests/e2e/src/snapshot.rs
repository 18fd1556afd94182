//! Pictures of the page compared with stored ones, in blocks, so that a glyph drawn slightly differently does
//! not count.

use crate::browser::{Trouble, workspace};
use crate::desk::Desk;
use serde_json::{Value, json};
use std::path::PathBuf;

/// Set to renew the stored pictures: look at them before committing.
pub const RENEW: &str = "SPREADSCOPE_RENEW";

/// The width of a text in the page's font: shows whether this machine has the fonts used in the pictures.
const TEXT_WIDTH: &str = "const context = document.createElement('canvas').getContext('2d'); \
     context.font = `16px ${getComputedStyle(document.body).fontFamily}`; \
     return Math.round(context.measureText('Spreadscope 0123456789 z-score').width)";

/// Share of blocks of 12 by 12 pixels whose mean colour differs by more than 10 of 255.
const COMPARE: &str = r"
    const [kept, shown, done] = arguments;
    const blocks = async name => {
        const picture = await createImageBitmap(await (await fetch(name, { cache: 'no-store' })).blob());
        const canvas = new OffscreenCanvas(picture.width, picture.height);
        const context = canvas.getContext('2d', { willReadFrequently: true });
        context.drawImage(picture, 0, 0);
        const means = [];
        for (let top = 0; top < picture.height; top += 12) for (let left = 0; left < picture.width; left += 12) {
            const { data } = context.getImageData(left, top, Math.min(12, picture.width - left), Math.min(12, picture.height - top));
            const mean = [0, 0, 0];
            for (let at = 0; at < data.length; at += 4) for (const channel of [0, 1, 2]) mean[channel] += data[at + channel] * 4 / data.length;
            means.push(mean);
        }
        return { size: `${picture.width}x${picture.height}`, means };
    };
    Promise.all([blocks(kept), blocks(shown)]).then(([one, other]) => {
        if (one.size != other.size) return done({ error: `kept ${one.size}, shown ${other.size}` });
        const differs = one.means.filter((mean, at) => mean.some((value, channel) => Math.abs(value - other.means[at][channel]) > 10));
        done({ share: differs.length / one.means.length });
    }).catch(error => done({ error: String(error) }));";

fn folder() -> PathBuf {
    workspace().join("tests/fixtures/snapshots")
}

/// Returns whether pictures are to be renewed rather than compared.
pub fn renews() -> bool {
    std::env::var_os(RENEW).is_some()
}

/// Returns whether this machine renders text like the one that made the pictures; with renewal, records how
/// this one does.
///
/// # Errors
/// A sentence that says what went wrong.
pub async fn has_their_fonts(desk: &Desk) -> Result<bool, Trouble> {
    let width = desk.browser.script(TEXT_WIDTH).await?;
    let path = folder().join("metadata.json");
    if renews() {
        let origin = format!("the browser test `snapshots`, run with {RENEW}=1, on the seeded tape");
        let metadata =
            json!({ "origin": origin, "text_width_px": width, "licence": "pictures of our own making" });
        std::fs::create_dir_all(folder())?;
        std::fs::write(path, format!("{}\n", serde_json::to_string_pretty(&metadata)?))?;
        return Ok(true);
    }
    let metadata: Value = serde_json::from_slice(&std::fs::read(path)?)?;
    Ok(metadata["text_width_px"] == width)
}

/// Returns the share of the picture `name` in which the page differs; with renewal, stores the page's picture
/// and returns 0.
///
/// # Errors
/// A sentence that says what went wrong, for example that the picture has another size.
pub async fn difference(desk: &Desk, name: &str) -> Result<f64, Trouble> {
    let shown = desk.browser.picture().await?;
    let kept = folder().join(format!("{name}.png"));
    if renews() {
        std::fs::write(kept, shown)?;
        return Ok(0.0);
    }
    // beside the page, whose policy allows reading it there
    std::fs::write(desk.folder.join("shown.png"), &shown)?;
    std::fs::copy(&kept, desk.folder.join("kept.png"))
        .map_err(|error| format!("{}: {error}", kept.display()))?;
    let compared =
        desk.browser.script_async_with(COMPARE, vec![json!("kept.png"), json!("shown.png")]).await?;
    let share = compared["share"].as_f64();
    share.ok_or_else(|| format!("{name}: {}", compared["error"]).into())
}
