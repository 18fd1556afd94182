//! Cuts the page's module into what every visit needs and the parts that are fetched when they are wanted.
//!
//! The cuts are the functions of `src/ui/parts.rs`. They must be made by what the linker knows, before
//! wasm-bindgen, which trunk has no hook for: so the module that trunk has made is made again from the compiler's.

use super::{later, names, order, tables, trusted};
use crate::failure::{Explain as _, Failure, Outcome};
use crate::glue;
use crate::setup;
use crate::shell::Shell;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use wasm_split_cli_support::{Options, transform};

const TARGET: &str = "wasm32-unknown-unknown";
/// The page's module before functions are cut off it, with their names.
const WHOLE: &str = "whole.wasm";
/// What wasm-bindgen's modules use and wasm-opt does not take for granted; and nothing lies in the first 1,024 bytes
/// of memory, which are the far end of the stack.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--low-memory-unused",
];

/// Puts the module in parts into the folder that trunk has filled with the whole one. Returns the name of the
/// script that fetches them.
///
/// # Errors
/// The folder is not as trunk leaves it, or one of the programs failed.
pub(super) fn cut(shell: &Shell, folder: &Path, profile: &str) -> Outcome<String> {
    let name = whole_name(folder)?;
    let target = shell.target();
    let workshop = target.join("parts");
    if workshop.exists() {
        fs::remove_dir_all(&workshop).explain(|| format!("empty {}", workshop.display()))?;
    }
    let compiled = target.join(TARGET).join(profile).join("app.wasm");
    let module = fs::read(&compiled).explain(|| format!("read {}", compiled.display()))?;
    let main = workshop.join("main.wasm");
    let (script, main_script) = (script_file(&name), format!("./{name}.js"));
    let link = format!("./{script}");
    let mut options = Options::new(&module);
    options.output_dir = &workshop;
    options.main_out_path = &main;
    options.link_name = &link;
    options.main_module = &main_script;
    let cut = transform(options).explain(|| format!("cut {} into parts", compiled.display()))?;

    tables::keep_apart(&main, &cut.split_modules)?;

    let bound = workshop.join("bound");
    let flags =
        ["--target", "web", "--no-typescript", "--keep-lld-exports", "--out-name", &name, "--out-dir"];
    let flags: Vec<&Path> = flags.iter().map(Path::new).chain([bound.as_path(), &main]).collect();
    shell.run(&setup::bindgen(shell)?, &flags)?;

    let main_script = format!("{name}.js");
    glue::quicken(&bound.join(&main_script))?;
    trusted::guard(&bound.join(&main_script))?;
    fs::copy(bound.join(&main_script), folder.join(&main_script))
        .explain(|| format!("write {main_script}"))?;
    let linking = workshop.join(&script);
    let mut linking = fs::read_to_string(&linking).explain(|| format!("read {}", linking.display()))?;
    let main_file = format!("{name}_bg.wasm");
    let mut modules =
        vec![Module { from: bound.join(&main_file), to: folder.join(&main_file), level: &["-O3", "-g"] }];
    for part in &cut.split_modules {
        let file = part.file_name().and_then(|file| file.to_str()).unwrap_or_default();
        let named = format!("{name}-{file}");
        linking = linking.replace(&format!("\"./{file}\""), &format!("\"./{named}\""));
        modules.push(Module { from: part.clone(), to: folder.join(named), level: &["-Oz"] });
    }
    if profile == "release" {
        optimise(shell, &modules)?;
        let main = folder.join(&main_file);
        names::shorten(&folder.join(&main_script), &main)?;
        fs::rename(&main, whole(shell)).explain(|| format!("keep {}", main.display()))?;
        cut_later(shell, folder, &name)?;
        linking += &later::loader(&later_file(&name));
        modules[1..].iter().try_for_each(|module| order::sort(&module.to))?;
    } else {
        for Module { from, to, .. } in &modules {
            fs::copy(from, to).explain(|| format!("write {}", to.display()))?;
        }
    }
    fs::write(folder.join(&script), linking).explain(|| format!("write {script}"))?;
    Ok(script)
}

/// Cuts the module that [`cut`] has made last again by the list of functions, for `folder`, where its halves are.
///
/// # Errors
/// The folder holds no page, or the module is not there.
pub(super) fn cut_again(shell: &Shell, folder: &Path) -> Outcome<()> {
    cut_later(shell, folder, &whole_name(folder)?)
}

/// Puts what every visit needs of the page's module into `folder`, and what comes later beside it.
fn cut_later(shell: &Shell, folder: &Path, name: &str) -> Outcome<()> {
    let (main, later) = (folder.join(format!("{name}_bg.wasm")), folder.join(later_file(name)));
    later::cut(shell, &whole(shell), &main, &later, &script_file(name))?;
    [main, later].iter().try_for_each(|module| order::sort(module))
}

fn script_file(name: &str) -> String {
    format!("{name}-parts.js")
}

fn later_file(name: &str) -> String {
    format!("{name}-later.wasm")
}

/// The module that [`cut`] has cut last, with its names and all functions.
pub(super) fn whole(shell: &Shell) -> PathBuf {
    shell.target().join("parts").join(WHOLE)
}

/// Puts a module into `folder`, a copy of the page that [`cut`] has been run on last, that keeps which functions run.
///
/// # Errors
/// The folder is no such copy, or cannot be written.
pub(super) fn record(shell: &Shell, folder: &Path) -> Outcome<()> {
    let name = whole_name(folder)?;
    later::record(&whole(shell), &folder.join(format!("{name}_bg.wasm")))
}

/// The name under which trunk has put the page's module: with the hash of its contents in a release.
fn whole_name(folder: &Path) -> Outcome<String> {
    let files = fs::read_dir(folder).explain(|| format!("read {}", folder.display()))?;
    let names = files.flatten().map(|file| file.file_name().to_string_lossy().into_owned());
    let mut modules = names.filter_map(|name| Some(name.strip_suffix("_bg.wasm")?.to_owned()));
    modules.next().ok_or_else(|| Failure::new(format!("{} has no module of the page", folder.display())))
}

/// A module, where it goes, and what wasm-opt makes of it: the page for speed, with names, by which functions are cut
/// off it; what is fetched later for size.
struct Module {
    from: PathBuf,
    to: PathBuf,
    level: &'static [&'static str],
}

/// Optimises the page's module, which takes as long as all others together, beside them.
fn optimise(shell: &Shell, modules: &[Module]) -> Outcome<()> {
    let program = setup::optimiser(shell)?;
    let one = |Module { from, to, level }: &Module| {
        let paths = [from, Path::new("-o"), to];
        // it warns of each name section of the parts, which it drops
        let flags = level.iter().copied().chain(FEATURES).map(Path::new);
        shell.run_quietly(&program, &flags.chain(paths).collect::<Vec<_>>())?;
        // where memory or room runs out it may end well and leave nothing
        match std::fs::metadata(to) {
            Ok(written) if written.len() > 0 => Ok(()),
            _ => Err(Failure::new(format!("wasm-opt has left nothing in {}", to.display()))),
        }
    };
    let (page, parts) = modules.split_at(1);
    thread::scope(|scope| {
        let page = scope.spawn(|| page.iter().try_for_each(one));
        let parts = parts.iter().try_for_each(one);
        page.join().expect("Invariant: running a program does not panic").and(parts)
    })
}
