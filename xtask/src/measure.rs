//! Sizes and times, as a table and as `target/measure.json`.

use crate::failure::{Explain as _, Failure, Outcome};
use crate::glue;
use crate::setup::{self, Need};
use crate::shell::Shell;

/// The groups of figures; without names all are measured except the last, which takes minutes.
const GROUPS: [&str; 8] = ["bytes", "engine", "page", "stored", "repair", "axe", "lighthouse", "soak"];

const TARGET: &str = "wasm32-unknown-unknown";

/// Builds the page and the engine's own module, and measures the named groups in the browser.
///
/// # Errors
/// A name is not that of a group, something could not be installed or built, or the measurement failed.
pub(crate) fn measure(shell: &mut Shell, groups: &[String]) -> Outcome<()> {
    const MEASURE: [&str; 7] =
        ["run", "--quiet", "--package", "spreadscope_e2e", "--bin", "measure-browser", "--"];
    if let Some(unknown) = groups.iter().find(|name| !GROUPS.contains(&name.as_str())) {
        let known = GROUPS.join(", ");
        return Err(Failure::new(format!("there is no group `{unknown}`; the groups are {known}")));
    }
    setup::ensure(shell, &[Need::Site, Need::Release, Need::Browser])?;
    if groups.is_empty() || groups.iter().any(|group| group == "lighthouse") {
        setup::ensure(shell, &[Need::Lighthouse])?;
    }
    shell.run("trunk", &["build", "--release"])?;
    bench_module(shell)?;
    let groups = groups.iter().map(String::as_str);
    shell.run("cargo", &MEASURE.into_iter().chain(groups).collect::<Vec<_>>())
}

/// Builds the engine as a module to be timed, in the same way as the page's.
fn bench_module(shell: &Shell) -> Outcome<()> {
    shell.run("cargo", &["build", "--release", "--target", TARGET, "--package", "spreadscope_bench"])?;
    let folder = shell.root().join("target/bench");
    std::fs::create_dir_all(&folder).explain(|| format!("make {}", folder.display()))?;
    let module = format!("target/{TARGET}/release/spreadscope_bench.wasm");
    shell.run(&setup::bindgen(shell)?, &["--target", "web", "--out-dir", "target/bench", &module])?;
    glue::quicken(&folder.join("spreadscope_bench.js"))?;
    let built = "target/bench/spreadscope_bench_bg.wasm";
    shell.run(&setup::optimiser(shell)?, &["-O3", built, "-o", built])
}
