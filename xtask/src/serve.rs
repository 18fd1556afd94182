//! The page on this machine, built again whenever a file changes; with the stand-in exchange if asked for.

use crate::failure::{Explain as _, Failure, Outcome};
use crate::options::Options;
use crate::setup::{self, Need};
use crate::shell::Shell;
use crate::site::Source;
use std::net::{Ipv4Addr, TcpListener};
use std::process::Child;

const PORT: &str = "8080";
const EXCHANGE_PORT: &str = "9443";

/// Serves until it is stopped.
///
/// # Errors
/// A port is taken, something could not be installed, or a program ended badly.
pub(crate) fn serve(shell: &mut Shell, arguments: &[String]) -> Outcome<()> {
    let options = Options::parse(arguments, &["--release", "--replay"], &["--port", "--exchange-port"])?;
    let port = options.value("--port").unwrap_or(PORT).to_owned();
    let exchange_port = options.value("--exchange-port").unwrap_or(EXCHANGE_PORT).to_owned();
    expect_free(&port, "--port")?;
    if options.has("--replay") {
        expect_free(&exchange_port, "--exchange-port")?;
    }
    setup::ensure(shell, Need::of_site(options.has("--release")))?;
    let _exchange = if options.has("--replay") { Some(exchange(shell, &exchange_port)?) } else { None };
    println!("the page will be at http://127.0.0.1:{port}/ once it is built; Ctrl-C ends it");
    let mut trunk = vec!["serve", "--port", port.as_str()];
    if options.has("--release") {
        trunk.push("--release");
    }
    shell.run("trunk", &trunk)
}

/// A program beside the page, ended with it.
struct Beside(Child);

impl Drop for Beside {
    fn drop(&mut self) {
        // it may have ended by itself, which is as well
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Builds and starts the stand-in exchange, and points the page at it.
fn exchange(shell: &mut Shell, port: &str) -> Outcome<Beside> {
    println!("building the stand-in exchange");
    shell.run("cargo", &["build", "--package", "spreadscope_exchange"])?;
    shell.set(Source::VARIABLE, format!("http://127.0.0.1:{port}"));
    let child = shell
        .command("cargo", &["run", "--quiet", "--package", "spreadscope_exchange", "--", "--port", port])
        .spawn()
        .explain(|| "start the stand-in exchange".to_owned())?;
    Ok(Beside(child))
}

/// Says in time that a port is taken: trunk would say it after minutes of building.
fn expect_free(port: &str, option: &str) -> Outcome<()> {
    let number: u16 = port.parse().map_err(|_not_a_port| {
        Failure::new(format!("{option} must be a number from 1 to 65535, was {port:?}"))
    })?;
    match TcpListener::bind((Ipv4Addr::LOCALHOST, number)) {
        Ok(_free) => Ok(()),
        Err(_taken) => Err(Failure::new(format!("port {port} is in use: choose another with {option}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_is_one_sentence() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port().to_string();
        let sentence = expect_free(&port, "--port").unwrap_err().to_string();
        assert_eq!(sentence, format!("port {port} is in use: choose another with --port"));
        assert!(expect_free("x", "--port").unwrap_err().to_string().contains("must be a number"));
    }
}
