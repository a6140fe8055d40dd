//! A lane's link, seen from the driver: the process that carries packets between clients and server.

use super::{CLOSING_LIMIT, Plan, READY_LIMIT, untimely, within};
use crate::job::{Command, Event, Linked, Role};
use crate::process::Process;
use anyhow::Context;
use results::LinkSeen;
use std::path::Path;
use wire::Timer;

/// A running link.
#[derive(Debug)]
pub(super) struct Cable {
    process: Process,
    ends: Linked,
}

impl Cable {
    /// Starts the process and waits until both ends are there.
    pub async fn start(plan: &Plan, timer: &Timer) -> anyhow::Result<Self> {
        let starting = async {
            let mut process = plan.process(Role::Link, None, None).await?;
            match process.event().await {
                Ok(Event::Linked(ends)) => Ok(Cable { process, ends }),
                other => Err(untimely(other)),
            }
        };
        within(timer, READY_LIMIT, "begin", starting).await.context("the link")
    }

    /// The namespace of servers.
    pub fn servers(&self) -> &Path {
        &self.ends.servers
    }

    /// The namespace of clients.
    pub fn clients(&self) -> &Path {
        &self.ends.clients
    }

    /// Its number in the system.
    pub fn id(&self) -> Option<u32> {
        self.process.id()
    }

    /// Ends it, and tells what it carried.
    pub async fn finish(mut self, timer: &Timer) -> anyhow::Result<LinkSeen> {
        let finishing = async {
            self.process.tell(Command::Finish).await?;
            let seen = match self.process.event().await {
                Ok(Event::Link(seen)) => *seen,
                other => return Err(untimely(other)),
            };
            self.process.end().await?;
            Ok(seen)
        };
        within(timer, CLOSING_LIMIT, "end", finishing).await.context("the link")
    }
}

/// Waits for a link to break down; for ever where there is none.
pub(super) async fn broken(cable: &mut Option<Cable>) -> anyhow::Error {
    let Some(cable) = cable else { return std::future::pending().await };
    untimely(cable.process.event().await).context("the link")
}
