//! The program between clients and a server: a real proxy, started for one transport and one round.

mod configuration;

use crate::certificates::Certificates;
use anyhow::Context;
use configuration::{ACCESS, ERRORS, IDENTITY, Place, configuration};
use results::ViaSeen;
use scenario::{Program, Via, Way};
use std::fs::{self, File};
use std::io::Read;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::process::{Child, Command};
use wire::{Dialer, Listener, Meter, Timer};

/// How long a proxy may take until it accepts connections.
const READY_LIMIT: Duration = Duration::from_secs(10);
/// Between two looks whether it does: it has no other way to say so.
const LOOK: Duration = Duration::from_millis(10);
/// A port that was free may be taken by somebody else before the proxy has it.
const ATTEMPTS: u32 = 5;
/// Lines that are kept of each of its logs.
const KEPT_LINES: usize = 12;
/// Bytes of a log that are looked at.
const LOG_BYTES: u64 = 1 << 20;

/// A running proxy. Dropping it ends it; should the driver itself be killed, it ends too.
#[derive(Debug)]
pub(crate) struct Proxy {
    child: Child,
    folder: PathBuf,
    address: SocketAddr,
    configuration: String,
}

/// What a proxy is started with.
#[derive(Debug, Clone)]
pub(crate) struct Order<'a> {
    pub via: &'a Via,
    pub way: &'a Way,
    pub certificates: Option<&'a Certificates>,
    /// How many clients it has to hold.
    pub clients: u32,
    /// On which processors it runs; none is any.
    pub processors: &'a [u32],
    /// Where it may make a folder of its own.
    pub folder: &'a Path,
}

impl Proxy {
    /// Starts it in front of a server and waits until it accepts connections.
    ///
    /// # Errors
    /// When the program is not there, does not take its configuration, or does not come to that.
    pub async fn start(order: &Order<'_>, server: SocketAddr, timer: &Timer) -> anyhow::Result<Self> {
        let folder = order.folder.to_owned();
        fs::create_dir_all(&folder).with_context(|| format!("failed to make {}", folder.display()))?;
        if let Some(certificates) = order.certificates {
            let identity = format!("{}{}", certificates.certificate, certificates.key);
            write(&folder.join(IDENTITY), &identity)?;
        }
        for attempt in 1.. {
            let mut proxy = Proxy::spawn(order, server, &folder)?;
            match proxy.ready(timer).await {
                Ok(()) => return Ok(proxy),
                Err(error) if attempt == ATTEMPTS => return Err(error),
                Err(error) if !proxy.port_was_taken() => return Err(error),
                Err(_) => {}
            }
        }
        unreachable!("the last attempt returns")
    }

    /// Where clients find it.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    fn spawn(order: &Order<'_>, server: SocketAddr, folder: &Path) -> anyhow::Result<Self> {
        let program = order.via.program;
        let address = free_port()?;
        let place = Place {
            listen: address,
            server,
            folder,
            tls: order.certificates.is_some(),
            resumes: order.way.tls == scenario::Tls::Resuming,
            // Both sides of each, requests of their own beside a stream, and some to spare.
            connections: order.clients.saturating_mul(4).saturating_add(64),
        };
        let configuration = configuration(order.via, &place);
        let file = folder.join(format!("{}.conf", program.name()));
        write(&file, &configuration)?;
        let output =
            File::create(folder.join(output_of(program))).context("failed to make the proxy's log")?;
        let errors = File::create(folder.join("complaints.log")).context("failed to make the proxy's log")?;
        let mut command =
            Command::new(std::env::current_exe().context("failed to find this program's own file")?);
        command.arg("guard").args(order.processors.iter().map(|number| format!("--pin={number}")));
        command.arg("--").arg(find(program)?);
        match program {
            Program::Nginx => {
                command.arg("-c").arg(&file).arg("-p").arg(folder).arg("-e").arg(folder.join(ERRORS))
            }
            Program::Haproxy => command.arg("-db").arg("-f").arg(&file),
        };
        command.stdin(Stdio::null()).stdout(output).stderr(errors).kill_on_drop(true);
        // Ctrl-C is the driver's to handle.
        #[cfg(unix)]
        command.process_group(0);
        let child = command.spawn().with_context(|| format!("failed to start {}", program.name()))?;
        Ok(Proxy { child, folder: folder.to_owned(), address, configuration })
    }

    async fn ready(&mut self, timer: &Timer) -> anyhow::Result<()> {
        let dialer = Dialer::new(self.address, Meter::default());
        let accepting = async {
            while dialer.dial().await.is_err() {
                timer.sleep(LOOK).await;
            }
        };
        let outcome = tokio::select! {
            accepts = timer.at_most(READY_LIMIT, accepting) => accepts.context("it accepts no connections"),
            ended = self.child.wait() => Err(anyhow::anyhow!("it ended early ({})", ended?)),
        };
        outcome.with_context(|| format!("the proxy: {}", self.complaints().join(" / ")))
    }

    fn port_was_taken(&self) -> bool {
        let told = self.complaints().join(" ").to_lowercase();
        told.contains("address already in use") || told.contains("cannot bind socket")
    }

    fn complaints(&self) -> Vec<String> {
        let mut lines = tail(&self.folder.join("complaints.log"));
        lines.extend(tail(&self.folder.join(ERRORS)));
        lines
    }

    /// Ends it, and tells what it had noted; its folder goes with it.
    ///
    /// # Errors
    /// When the system lost track of it.
    pub async fn finish(mut self) -> anyhow::Result<ViaSeen> {
        self.child.kill().await?;
        let access = first_of_each(&self.folder.join(ACCESS));
        let configuration = std::mem::take(&mut self.configuration);
        let plain = |text: String| without_folder(&text, &self.folder);
        let seen = ViaSeen {
            configuration: plain(configuration),
            access: access.into_iter().map(plain).collect(),
            errors: self.complaints().into_iter().map(plain).collect(),
        };
        // What is left of it is in the results.
        let _ = fs::remove_dir_all(&self.folder);
        Ok(seen)
    }
}

/// A text without the folder that it names, which is of this machine and says nothing to others.
fn without_folder(text: &str, folder: &Path) -> String {
    let whole = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    text.replace(&*whole.to_string_lossy(), "FOLDER").replace(&*folder.to_string_lossy(), "FOLDER")
}

/// Waits for a proxy to break down; for ever where there is none.
pub(crate) async fn ended(proxies: &mut [Proxy]) -> anyhow::Error {
    if proxies.is_empty() {
        return std::future::pending().await;
    }
    let ending = proxies.iter_mut().map(|proxy| {
        Box::pin(async move {
            let status = match proxy.child.wait().await {
                Ok(status) => status.to_string(),
                Err(error) => error.to_string(),
            };
            anyhow::anyhow!("the proxy ended early ({status}): {}", proxy.complaints().join(" / "))
        })
    });
    futures_util::future::select_all(ending).await.0
}

/// What several proxies of one transport had noted, which are set up alike.
pub(crate) fn together(all: Option<ViaSeen>, one: ViaSeen) -> ViaSeen {
    let Some(mut all) = all else { return one };
    all.access.extend(one.access);
    all.errors.extend(one.errors);
    all
}

/// Looks whether a program is there.
///
/// # Errors
/// When it is not, with what to install.
pub(crate) fn find(program: Program) -> anyhow::Result<PathBuf> {
    let name = program.name();
    let path = std::env::var_os("PATH").unwrap_or_default();
    // Where distributions put it, for those whose path has no places for administrators.
    let places = std::env::split_paths(&path).chain(["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from));
    places.map(|place| place.join(name)).find(|file| file.is_file()).with_context(|| {
        format!(
            "{name} is not installed: the scenario puts it between clients and servers. Install the package \
             `{name}` of your system, or leave those transports out with --transports"
        )
    })
}

/// What a program says of its version.
pub(crate) fn version(program: Program) -> Option<String> {
    let output = std::process::Command::new(find(program).ok()?).arg("-v").output().ok()?;
    let said = [output.stderr, output.stdout].concat();
    let line = String::from_utf8_lossy(&said).lines().next()?.trim().to_owned();
    Some(line.trim_start_matches("nginx version: ").to_owned())
}

fn output_of(program: Program) -> &'static str {
    match program {
        // It writes that file by itself.
        Program::Nginx => "output.log",
        Program::Haproxy => ACCESS,
    }
}

/// An address that nobody listens on at this moment.
fn free_port() -> anyhow::Result<SocketAddr> {
    let listener = Listener::bind(SocketAddr::from(([127, 0, 0, 1], 0)), Meter::default());
    Ok(listener.context("failed to find a free port")?.address()?)
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    fs::write(path, text).with_context(|| format!("failed to write {}", path.display()))
}

fn tail(path: &Path) -> Vec<String> {
    let text = head_of(path);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(KEPT_LINES)..].iter().map(|line| (*line).to_owned()).collect()
}

/// The first request of each kind: those that differ in nothing but numbers are one kind.
fn first_of_each(path: &Path) -> Vec<String> {
    let mut kinds = Vec::new();
    let mut lines = Vec::new();
    for line in head_of(path).lines() {
        let kind: String =
            line.split('"').nth(1).unwrap_or(line).chars().filter(|c| !c.is_ascii_digit()).collect();
        if !kinds.contains(&kind) && lines.len() < KEPT_LINES {
            kinds.push(kind);
            lines.push(line.to_owned());
        }
    }
    lines
}

fn head_of(path: &Path) -> String {
    let mut bytes = Vec::new();
    // A log that is not there has no lines.
    if let Ok(file) = File::open(path) {
        let _ = file.take(LOG_BYTES).read_to_end(&mut bytes);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
