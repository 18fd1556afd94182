//! Headless Firefox under its driver, with errors collected as in Chromium.

use crate::browser::{Browser, Trouble, WATCH, drive, free_port};
use crate::devtools::Devtools;
use serde_json::{Value, json};
use spreadscope_exchange::skip;
use thirtyfour::{CapabilitiesHelper as _, DesiredCapabilities};
use tokio::process::Command;

impl Browser {
    /// Starts the Firefox named by `FIREFOX` under the driver named by `GECKODRIVER`; `None` if they are not
    /// named because the set-up could not install them, in which case the test reports that it is skipped.
    /// Features specific to Chromium do not work with it.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn start_firefox() -> Result<Option<Self>, Trouble> {
        let Some((firefox, program)) = std::env::var("FIREFOX").ok().zip(std::env::var("GECKODRIVER").ok())
        else {
            skip("Firefox and geckodriver are not here; `cargo xtask test browser` says why");
            return Ok(None);
        };
        let (port, own_port) = (free_port()?, free_port()?);
        let mut capabilities = DesiredCapabilities::firefox();
        capabilities.set_firefox_binary(&firefox)?;
        for argument in ["-headless", "--width=1440", "--height=900"] {
            capabilities.add_arg(argument)?;
        }
        capabilities.enable_bidi()?;
        let arguments =
            [format!("--port={port}"), format!("--websocket-port={own_port}"), "--log=fatal".to_owned()];
        let mut command = Command::new(&program);
        command.args(&arguments);
        let (driver, process) = drive(command, port, capabilities).await?;
        let address =
            driver.handle().capabilities().get("webSocketUrl").and_then(Value::as_str).map(str::to_owned);
        let mut session = Devtools::open(&address.ok_or("Firefox told no address for scripts")?).await?;
        let watch = json!({ "functionDeclaration": format!("() => {{ {WATCH} }}") });
        session.call(None, "script.addPreloadScript", watch).await?;
        // geckodriver creates and removes its own profile
        let profile = std::env::temp_dir().join(format!("spreadscope-browser-{port}"));
        Ok(Some(Self { driver, profile, process, screen: None, watches_late: false }))
    }
}
