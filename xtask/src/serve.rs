//! Serves the page on this machine and rebuilds it whenever a file changes; with the stand-in exchange on
//! request.

use crate::failure::{Explain as _, Failure, Outcome};
use crate::setup::{self, Need};
use crate::shell::Shell;
use crate::site::Source;
use lexopt::{Arg, Parser, ValueExt as _};
use std::net::{Ipv4Addr, TcpListener};
use std::process::Child;

/// Serves until it is stopped.
///
/// # Errors
/// A port is taken, something could not be installed, or a program failed.
pub(crate) fn serve(shell: &mut Shell, mut arguments: Parser) -> Outcome<()> {
    let (mut release, mut replay, mut port, mut exchange_port) = (false, false, 8080, 9443);
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("release") => release = true,
            Arg::Long("replay") => replay = true,
            Arg::Long("port") => port = arguments.value()?.parse()?,
            Arg::Long("exchange-port") => exchange_port = arguments.value()?.parse()?,
            other => return Err(other.unexpected().into()),
        }
    }
    expect_free(port, "--port")?;
    if replay {
        expect_free(exchange_port, "--exchange-port")?;
    }
    setup::ensure(shell, Need::of_site(release))?;
    let _exchange = if replay { Some(exchange(shell, exchange_port)?) } else { None };
    println!("the page will be at http://127.0.0.1:{port}/ once it is built; Ctrl-C ends it");
    let port = port.to_string();
    let trunk = ["serve", "--port", port.as_str(), "--release"];
    shell.run("trunk", &trunk[..if release { 4 } else { 3 }])
}

/// A program that runs beside the page and ends with it.
struct Beside(Child);

impl Drop for Beside {
    fn drop(&mut self) {
        // it may have ended by itself already
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Builds and starts the stand-in exchange, and points the page at it.
fn exchange(shell: &mut Shell, port: u16) -> Outcome<Beside> {
    println!("building the stand-in exchange");
    shell.run("cargo", &["build", "--package", "spreadscope_exchange"])?;
    shell.set(Source::VARIABLE, format!("http://127.0.0.1:{port}"));
    let run = ["run", "--quiet", "--package", "spreadscope_exchange", "--", "--port", &port.to_string()];
    let child = shell.command("cargo", &run).spawn().explain(|| "start the stand-in exchange".to_owned())?;
    Ok(Beside(child))
}

/// Fails early if a port is taken: trunk would report it only after minutes of building.
fn expect_free(port: u16, option: &str) -> Outcome<()> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
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
        let port = taken.local_addr().unwrap().port();
        let sentence = expect_free(port, "--port").unwrap_err().to_string();
        assert_eq!(sentence, format!("port {port} is in use: choose another with --port"));
    }
}
