//! Runs programs for the project: from its top folder, with its toolchain, failing with a sentence.

use crate::failure::{Explain as _, Failure, Outcome};
use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Interval at which a long-running program is reported to be still running.
const STILL: Duration = Duration::from_mins(1);

/// Where programs run, and their environment.
#[derive(Debug, Clone)]
pub(crate) struct Shell {
    root: PathBuf,
    env: Vec<(String, String)>,
}

impl Shell {
    /// Opens a shell in the project's top folder.
    ///
    /// # Errors
    /// The current folder is not inside the project.
    pub(crate) fn new() -> Outcome<Self> {
        let here = std::env::current_dir().explain(|| "find the folder in which this runs".to_owned())?;
        let root = here.ancestors().find(|folder| folder.join("Cargo.lock").is_file());
        let root = root.ok_or_else(|| Failure::new("run this as `cargo xtask` inside the project"))?;
        Ok(Self { root: root.to_owned(), env: Vec::new() })
    }

    /// Returns the project's top folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Returns cargo's target folder.
    pub(crate) fn target(&self) -> PathBuf {
        std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| self.root.join("target"), |set| self.root.join(set))
    }

    /// Returns the path of a workspace program built for this machine.
    pub(crate) fn built(&self, program: &str) -> String {
        let path = self.target().join("debug").join(program).with_extension(std::env::consts::EXE_EXTENSION);
        path.to_string_lossy().into_owned()
    }

    /// Sets a variable for every program run from now on.
    pub(crate) fn set(&mut self, name: &str, value: impl Into<String>) {
        self.env.retain(|(set, _)| set != name);
        self.env.push((name.to_owned(), value.into()));
    }

    /// Returns a command in the top folder, without the variables that `cargo run` set for this program.
    pub(crate) fn command<A: AsRef<OsStr>>(&self, program: &str, arguments: &[A]) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(&self.root);
        for (name, _) in std::env::vars_os() {
            if name.to_str().is_some_and(set_by_cargo_run) {
                command.env_remove(name);
            }
        }
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs a program to its end with its output in the terminal.
    ///
    /// # Errors
    /// It could not be started, or failed.
    pub(crate) fn run<A: AsRef<OsStr>>(&self, program: &str, arguments: &[A]) -> Outcome<()> {
        run(&mut self.command(program, arguments))
    }

    /// Runs a program quietly: its output is shown only if it fails.
    ///
    /// # Errors
    /// It could not be started, or failed.
    pub(crate) fn run_quietly<A: AsRef<OsStr>>(&self, program: &str, arguments: &[A]) -> Outcome<()> {
        let mut command = self.command(program, arguments);
        let output = command.stdin(Stdio::null()).output().explain(|| format!("run `{}`", line(&command)))?;
        if output.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        Err(Failure::new(format!("`{}` failed: {}", line(&command), said.trim())))
    }

    /// Runs a program that takes minutes in parallel with others: the terminal shows every minute that it is
    /// still running, and its output is returned as a whole.
    ///
    /// # Errors
    /// It could not be started, or failed, in which case its output is printed.
    pub(crate) fn run_beside(&self, what: &str, command: &mut Command) -> Outcome<String> {
        let log = self.target().join("xtask").join(format!("{}.log", what.replace(' ', "-")));
        let folder = log.parent().unwrap_or(&self.root);
        std::fs::create_dir_all(folder).explain(|| format!("make {}", folder.display()))?;
        let file = std::fs::File::create(&log).explain(|| format!("write {}", log.display()))?;
        let second = file.try_clone().explain(|| format!("write {}", log.display()))?;
        let start = Instant::now();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(file)
            .stderr(second)
            .spawn()
            .explain(|| format!("run `{}`", line(command)))?;
        let mut told = STILL;
        let status = loop {
            if let Some(status) = child.try_wait().explain(|| format!("wait for `{}`", line(command)))? {
                break status;
            }
            if start.elapsed() >= told {
                println!("{what}: {} s so far", told.as_secs());
                told += STILL;
            }
            thread::sleep(Duration::from_millis(100));
        };
        let said = std::fs::read(&log).explain(|| format!("read {}", log.display()))?;
        let said = String::from_utf8_lossy(&said).into_owned();
        if status.success() {
            return Ok(said);
        }
        print!("{said}");
        Err(Failure::new(format!("`{}` failed after {} s", line(command), start.elapsed().as_secs())))
    }

    /// Returns a program's trimmed standard output; its error output is not shown.
    ///
    /// # Errors
    /// It could not be started, failed, or did not print text.
    pub(crate) fn read<A: AsRef<OsStr>>(&self, program: &str, arguments: &[A]) -> Outcome<String> {
        let mut command = self.command(program, arguments);
        let output = command.stdin(Stdio::null()).output().explain(|| format!("run `{}`", line(&command)))?;
        if !output.status.success() {
            return Err(Failure::new(format!("`{}` failed", line(&command))));
        }
        let text = String::from_utf8(output.stdout).explain(|| format!("read what {program} printed"))?;
        Ok(text.trim().to_owned())
    }
}

/// Runs a program to its end with its output in the terminal.
///
/// # Errors
/// It could not be started, or failed.
pub(crate) fn run(command: &mut Command) -> Outcome<()> {
    let status = command.status().explain(|| format!("run `{}`", line(command)))?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("`{}` failed", line(command)))) }
}

/// Runs a program, and passes on each line of its output after printing it.
///
/// # Errors
/// It could not be started, its output is not text, or it failed.
pub(crate) fn run_lines(command: &mut Command, mut each: impl FnMut(&str)) -> Outcome<()> {
    let mut child = command.stdout(Stdio::piped()).spawn().explain(|| format!("run `{}`", line(command)))?;
    if let Some(output) = child.stdout.take() {
        for text in BufReader::new(output).lines() {
            let text = text.explain(|| format!("read the output of `{}`", line(command)))?;
            println!("{text}");
            each(&text);
        }
    }
    let status = child.wait().explain(|| format!("wait for `{}`", line(command)))?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("`{}` failed", line(command)))) }
}

/// Returns the command as one would type it.
fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

/// Returns whether `cargo run` sets the variable for the crate that it runs; other crates must not see it.
fn set_by_cargo_run(name: &str) -> bool {
    const EXACT: [&str; 6] = [
        "CARGO",
        "CARGO_MANIFEST_DIR",
        "CARGO_MANIFEST_PATH",
        "CARGO_CRATE_NAME",
        "LD_LIBRARY_PATH",
        "OUT_DIR",
    ];
    EXACT.contains(&name) || name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_BIN_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_program_is_named_with_its_arguments() {
        let failed = run(Command::new("false").arg("--really")).unwrap_err();
        assert_eq!(failed.to_string(), "`false --really` failed");
    }

    #[test]
    fn lines_are_handed_over_in_order() {
        let mut lines = Vec::new();
        run_lines(Command::new("printf").arg("one\\ntwo\\n"), |text| lines.push(text.to_owned())).unwrap();
        assert_eq!(lines, ["one", "two"]);
    }

    #[test]
    fn the_settings_of_this_crate_are_not_handed_on() {
        assert!(set_by_cargo_run("CARGO_PKG_NAME"));
        assert!(!set_by_cargo_run("CARGO_TARGET_DIR"));
        assert!(!set_by_cargo_run("CARGO_HOME"));
    }
}
