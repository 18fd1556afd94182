//! Sizes and times, as a table and as `target/measure.json`.

use crate::failure::{Explain as _, Outcome};
use crate::setup::{self, Need};
use crate::shell::Shell;

const TARGET: &str = "wasm32-unknown-unknown";

/// Builds the page and the engine's own module, and has both measured in the browser.
///
/// # Errors
/// Something could not be installed or built, or the measurement failed.
pub(crate) fn measure(shell: &mut Shell) -> Outcome<()> {
    setup::ensure(shell, &[Need::Site, Need::Browser])?;
    shell.run("trunk", &["build", "--release"])?;
    bench_module(shell)?;
    let browser = ["run", "--quiet", "--package", "spreadscope_e2e", "--bin", "measure-browser"];
    shell.run("cargo", &browser)
}

/// The engine as a module to be timed, made as trunk makes the worker's.
fn bench_module(shell: &Shell) -> Outcome<()> {
    shell.run("cargo", &["build", "--release", "--target", TARGET, "--package", "spreadscope_bench"])?;
    let folder = shell.root().join("target/bench");
    std::fs::create_dir_all(&folder).explain(|| format!("make {}", folder.display()))?;
    let module = format!("target/{TARGET}/release/spreadscope_bench.wasm");
    shell.run(&setup::bindgen(shell)?, &["--target", "web", "--out-dir", "target/bench", &module])?;
    let built = "target/bench/spreadscope_bench_bg.wasm";
    shell.run(&setup::optimiser(shell)?, &["-O3", built, "-o", built])
}
