//! A lane's server, and what happens to it by the schedule.

use super::{CLOSING_LIMIT, Plan, READY_LIMIT, untimely, within};
use crate::clock;
use crate::job::Command;
use crate::process::Process;
use anyhow::Context;
use rustix::process::{Pid, Signal, kill_process};
use scenario::{Hit, What};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use wire::Timer;

/// A server that may be stopped, killed and replaced.
#[derive(Debug)]
pub(super) struct Serving {
    pub server: Process,
    /// Where it listens, and those after it.
    pub addresses: Vec<SocketAddr>,
    /// Where it belongs, where that is not where everybody is.
    namespace: Option<PathBuf>,
    /// How often it was replaced.
    pub restarts: u32,
    hits: Vec<Hit>,
}

impl Serving {
    pub fn new(
        server: Process,
        addresses: Vec<SocketAddr>,
        namespace: Option<PathBuf>,
        hits: Vec<Hit>,
    ) -> Self {
        Serving { server, addresses, namespace, restarts: 0, hits }
    }

    /// Lets happen what is due; comes back only when the server has ended of itself, which it must not.
    pub async fn attend(&mut self, plan: &Plan, timer: &Timer, start_ns: u64) -> anyhow::Error {
        for hit in std::mem::take(&mut self.hits) {
            let due_ns = start_ns + hit.at.as_nanos() as u64;
            tokio::select! {
                () = timer.sleep(Duration::from_nanos(due_ns.saturating_sub(clock::now_ns()))) => {}
                event = self.server.event() => return untimely(event).context("the server"),
            }
            let span = hit.over.saturating_sub(hit.at);
            let happened = match hit.what {
                What::Pause => self.pause(timer, span).await,
                What::Restart => self.restart(plan, timer, (start_ns, span)).await,
                What::Deploy => self.deploy(plan, timer, start_ns).await,
                // What happens to clients happens in their processes.
                What::Cut(_) | What::Outage | What::Stall => Ok(()),
            };
            if let Err(error) = happened {
                return error
                    .context(format!("the server, where the scenario says: {}", hit.what.describe()));
            }
        }
        untimely(self.server.event().await).context("the server")
    }

    async fn pause(&mut self, timer: &Timer, span: Duration) -> anyhow::Result<()> {
        let pid = self.server.id().and_then(|id| Pid::from_raw(id as i32)).context("it has ended")?;
        kill_process(pid, Signal::STOP)?;
        timer.sleep(span).await;
        Ok(kill_process(pid, Signal::CONT)?)
    }

    async fn restart(
        &mut self,
        plan: &Plan,
        timer: &Timer,
        (start_ns, span): (u64, Duration),
    ) -> anyhow::Result<()> {
        self.server.kill_now().await?;
        timer.sleep(span).await;
        self.server = self.successor(plan, timer, start_ns).await?;
        self.restarts += 1;
        Ok(())
    }

    async fn deploy(&mut self, plan: &Plan, timer: &Timer, start_ns: u64) -> anyhow::Result<()> {
        let next = self.successor(plan, timer, start_ns).await?;
        let mut old = std::mem::replace(&mut self.server, next);
        self.restarts += 1;
        let leaving = async {
            old.tell(Command::Drain).await?;
            old.event().await?;
            old.end().await
        };
        within(timer, CLOSING_LIMIT, "end its connections", leaving).await
    }

    /// Another server at the same place, with the same schedule: what is due by now it publishes at once, as one that
    /// reads its log back.
    async fn successor(&self, plan: &Plan, timer: &Timer, start_ns: u64) -> anyhow::Result<Process> {
        let starting = async {
            let (mut server, _) = plan.server(&self.addresses, self.namespace.as_deref(), true).await?;
            server.tell(Command::Start { at_ns: start_ns }).await?;
            Ok(server)
        };
        within(timer, READY_LIMIT, "listen", starting).await
    }
}
