//! The page as published, unchanged, under a path of a static host; and the stand-in behind TLS under the
//! exchange's own host names.

use crate::browser::{Browser, Trouble, workspace};
use crate::desk::Desk;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use spreadscope_exchange::{Config, Exchange, Tape, serve_pages};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// The page's path on its host.
const BASE: &str = "/spreadscope/";

/// Starts a browser in which only the names `hosts` resolve, to an exchange on this machine, and a host with
/// the page. The page is not opened yet.
///
/// # Errors
/// A sentence that says what went wrong; the page must have been built.
pub async fn start(tape: Tape, config: Config, hosts: &[&str]) -> Result<Desk, Trouble> {
    let exchange = Exchange::start(tape, config).await?;
    let upstream: SocketAddr =
        exchange.origin().trim_start_matches("http://").parse().map_err(|_other| "no address")?;
    let front = behind_tls(upstream, hosts).await?;
    let folder = std::env::var_os("SPREADSCOPE_DIST").map_or_else(|| workspace().join("dist"), Into::into);
    let (address, site) = serve_pages(&folder, BASE).await?;
    let known: Vec<String> = hosts.iter().map(|host| format!("MAP {host} {front}")).collect();
    let rules = format!("{}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", known.join(", "));
    let browser = Browser::start_with(&[
        &format!("--host-resolver-rules={rules}"),
        // the test makes its own certificate
        "--ignore-certificate-errors",
    ])
    .await?;
    browser.look(1440, 900, true).await?;
    Ok(Desk::of(exchange, browser, format!("http://{address}{BASE}"), folder, site))
}

/// Accepts TLS connections under `hosts` and forwards their contents.
async fn behind_tls(upstream: SocketAddr, hosts: &[&str]) -> Result<SocketAddr, Trouble> {
    let names: Vec<String> = hosts.iter().map(|host| (*host).to_owned()).collect();
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(names)?;
    let key = PrivateKeyDer::try_from(signing_key.serialize_der())?;
    let config =
        ServerConfig::builder().with_no_client_auth().with_single_cert(vec![cert.der().clone()], key)?;
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let (Ok(mut outer), Ok(mut inner)) =
                    (acceptor.accept(stream).await, TcpStream::connect(upstream).await)
                else {
                    return;
                };
                // the page must cope with broken connections
                drop(copy_bidirectional(&mut outer, &mut inner).await);
            });
        }
    });
    Ok(address)
}
