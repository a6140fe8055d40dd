//! Flags of the commands that are one half of a run.

use super::ScenarioArgs;
use clap::Args;
use std::net::SocketAddr;
use std::path::PathBuf;

/// `pushpull serve`
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// The scenario by file or by name
    pub scenario: PathBuf,
    #[command(flatten)]
    pub change: ScenarioArgs,
    /// The transport, by label or name
    #[arg(long)]
    pub transport: String,
    /// Where to listen; port 0 lets the system choose
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    pub listen: SocketAddr,
    /// How long to publish, in place of the scenario's measured window
    #[arg(long = "for", value_name = "TIME", default_value = "1h")]
    pub span: String,
    /// How long to wait before the first update is due, so that a crowd can connect
    #[arg(long, value_name = "TIME", default_value = "0s")]
    pub start_in: String,
}

/// `pushpull load`
#[derive(Debug, Args)]
pub struct LoadArgs {
    /// The scenario by file or by name, the same that the server serves
    pub scenario: PathBuf,
    #[command(flatten)]
    pub change: ScenarioArgs,
    /// The transport, by label or name
    #[arg(long)]
    pub transport: String,
    /// The server's address
    #[arg(long, value_name = "ADDRESS")]
    pub connect: SocketAddr,
    /// The certificate to trust, PEM, where the scenario says TLS; the server prints its file
    #[arg(long, value_name = "FILE")]
    pub authority: Option<PathBuf>,
    /// The start that the server printed, on this machine's monotonic clock
    #[arg(long, value_name = "NANOSECONDS")]
    pub start_ns: u64,
}
