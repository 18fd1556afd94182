//! The server: one port for REST, streams and control.

use crate::clock::Clock;
use crate::fault::{Fault, Faults, ScriptedFault};
use crate::frames::Format;
use crate::listener::Door;
use crate::tape::Tape;
use crate::venue::UnknownStream;
use crate::{control, rest, socket, ws_api};
use axum::Router;
use axum::routing::{get, post};
use std::collections::VecDeque;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// The tape is extended at least this far ahead of playback.
const AHEAD: Duration = Duration::from_mins(1);
/// A burst begins this much later than it is requested.
const BURST_AFTER_MS: i64 = 100;
const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// How the server behaves.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "switches that have nothing to do with each other")]
pub struct Config {
    /// Port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// Tape seconds per wall second, at the start.
    pub speed: f64,
    /// Report the tape's own times rather than wall times.
    pub keep_times: bool,
    /// The tape stands still until the first subscription; for use with `keep_times`.
    pub waits: bool,
    /// Scheduled faults.
    pub script: Vec<ScriptedFault>,
    /// Errors of the stream have the nested form seen on the wire; otherwise the documented flat one.
    pub nested_errors: bool,
    /// Pages of other origins may read errors over REST too.
    pub cors_on_errors: bool,
    /// What happens to a socket whose address names an unknown stream.
    pub unknown_stream: UnknownStream,
    /// Sockets are closed after this long.
    pub longest_connection: Duration,
    /// Time between pings; a client that answers none for three times as long is closed with 1008.
    pub ping_every: Duration,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            port: 0,
            speed: 1.0,
            keep_times: false,
            waits: false,
            script: Vec::new(),
            nested_errors: true,
            cors_on_errors: false,
            unknown_stream: UnknownStream::default(),
            longest_connection: Duration::from_hours(24),
            ping_every: Duration::from_secs(20),
        }
    }
}

/// The state shared by all handlers.
#[derive(Debug)]
pub(crate) struct Shared {
    tape: RwLock<Tape>,
    pub(crate) clock: Clock,
    pub(crate) config: Config,
    faults: Mutex<Faults>,
    pub(crate) weights: Mutex<rest::Weights>,
    connects: Mutex<VecDeque<Instant>>,
    pub(crate) sockets_opened: AtomicUsize,
    pub(crate) rest_bytes: AtomicUsize,
    pub(crate) rest_weight: AtomicU32,
}

impl Shared {
    pub(crate) fn faults(&self) -> MutexGuard<'_, Faults> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn tape(&self) -> RwLockReadGuard<'_, Tape> {
        self.tape.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn apply(&self, fault: Fault) {
        match fault {
            Fault::Skew { millis } => self.clock.skew(millis),
            Fault::Burst { per_sec, millis } => {
                let mut tape = self.tape.write().unwrap_or_else(PoisonError::into_inner);
                // what is being pushed at this moment may already be on its way
                tape.burst(self.clock.tape_now() + BURST_AFTER_MS, per_sec, millis);
            }
            _ => {}
        }
        self.faults().apply(fault);
    }

    /// Returns the reported time of this moment, ms.
    pub(crate) fn told_now_ms(&self) -> i64 {
        self.clock.tape_now() + self.clock.shift_ms()
    }

    pub(crate) fn format(&self, micros: bool) -> Format {
        let venue = self.tape().venue;
        Format { shift_ms: self.clock.shift_ms(), micros: micros && venue.is_modern(), venue }
    }

    /// Counts a connection attempt; at most 300 in five minutes are admitted.
    pub(crate) fn admits_connection(&self) -> bool {
        let mut connects = self.connects.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        while connects.front().is_some_and(|&first| now - first > Duration::from_mins(5)) {
            connects.pop_front();
        }
        connects.push_back(now);
        connects.len() <= 300
    }
}

/// A running stand-in. Dropping it stops it.
#[derive(Debug)]
pub struct Exchange {
    shared: Arc<Shared>,
    address: SocketAddr,
    tasks: Vec<JoinHandle<()>>,
}

impl Exchange {
    /// Starts on 127.0.0.1.
    ///
    /// # Errors
    /// The system's error when the port is not available.
    pub async fn start(tape: Tape, config: Config) -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, config.port)).await?;
        let address = listener.local_addr()?;
        let clock = Clock::new(tape.now_ms, config.speed, config.keep_times, config.waits);
        let kept_ms = tape.first_ms().map_or(DAY_MS, |first| (tape.now_ms - first).max(DAY_MS));
        let mut script = config.script.clone();
        script.sort_by_key(|fault| fault.at_millis);
        let shared = Arc::new(Shared {
            tape: RwLock::new(tape),
            clock,
            config,
            faults: Mutex::default(),
            weights: Mutex::default(),
            connects: Mutex::default(),
            sockets_opened: AtomicUsize::new(0),
            rest_bytes: AtomicUsize::new(0),
            rest_weight: AtomicU32::new(0),
        });
        let routes = Router::new()
            .route("/api/v3/{*endpoint}", get(rest::respond))
            .route("/ws", get(socket::raw))
            .route("/ws/{*streams}", get(socket::raw_streams))
            .route("/stream", get(socket::combined))
            .route("/ws-api/v3", get(ws_api::open))
            .route("/control/fault", post(control::fault))
            .route("/control/state", get(control::state))
            .with_state(Arc::clone(&shared));
        let door = Door { listener, shared: Arc::clone(&shared) };
        let server = tokio::spawn(async move {
            if let Err(error) = axum::serve(door, routes).await {
                eprintln!("the stand-in exchange has stopped: {error}");
            }
        });
        let scripted = Arc::clone(&shared);
        let script = tokio::spawn(async move {
            let started = tokio::time::Instant::now();
            for ScriptedFault { at_millis, fault } in script {
                tokio::time::sleep_until(started + Duration::from_millis(at_millis)).await;
                scripted.apply(fault);
            }
        });
        let player = tokio::spawn(keep_playing(Arc::clone(&shared), kept_ms));
        Ok(Self { shared, address, tasks: vec![server, script, player] })
    }

    /// Returns the listening address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the origin, `http://127.0.0.1:PORT`.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Applies a fault now.
    pub fn apply(&self, fault: Fault) {
        self.shared.apply(fault);
    }

    /// Returns the time that it reports now, ms.
    pub fn told_now_ms(&self) -> i64 {
        self.shared.told_now_ms()
    }

    /// Plays the tape at another speed from now on, in tape seconds per wall second.
    pub fn set_speed(&self, speed: f64) {
        self.shared.clock.set_speed(speed);
    }

    /// Returns the number of websockets opened since the start, including those that have ended.
    pub fn sockets_opened(&self) -> usize {
        self.shared.sockets_opened.load(Ordering::Relaxed)
    }

    /// Returns the bytes of all REST bodies since the start.
    pub fn rest_bytes(&self) -> usize {
        self.shared.rest_bytes.load(Ordering::Relaxed)
    }

    /// Returns the request weight of all requests since the start.
    pub fn rest_weight(&self) -> u32 {
        self.shared.rest_weight.load(Ordering::Relaxed)
    }

    /// Returns the tape being played; while the guard is held, the tape is not extended.
    pub fn tape(&self) -> RwLockReadGuard<'_, Tape> {
        self.shared.tape()
    }
}

/// Extends an endless tape before it runs out, and drops what is older than `kept_ms`.
async fn keep_playing(shared: Arc<Shared>, kept_ms: i64) {
    let mut tick = tokio::time::interval(AHEAD / 60);
    loop {
        tick.tick().await;
        #[expect(clippy::cast_possible_truncation, reason = "years of milliseconds fit")]
        let ahead_ms = (AHEAD.as_secs_f64() * 1_000.0 * shared.clock.speed().max(1.0)) as i64;
        let now = shared.clock.tape_now();
        if shared.tape().until_ms().is_some_and(|until| until - now < ahead_ms) {
            let mut tape = shared.tape.write().unwrap_or_else(PoisonError::into_inner);
            tape.play_until(now + 2 * ahead_ms);
            if tape.first_ms().is_some_and(|first| first < now - kept_ms - HOUR_MS) {
                tape.forget_before(now - kept_ms);
            }
        }
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
        // sockets run in their own tasks
        self.shared.apply(Fault::Reset);
    }
}
