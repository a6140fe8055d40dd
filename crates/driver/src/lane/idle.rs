//! A lane whose subscribers stay connected after they got everything.

use super::{Cable, Lane, untimely, within};
use crate::job::Event;
use crate::memory;
use crate::process::Process;
use anyhow::Context;

impl Lane {
    /// Which transport it is, by its label.
    pub fn label(&self) -> &str {
        &self.plan.label
    }

    /// The numbers of its processes in the system.
    pub fn workers(&self) -> Vec<u32> {
        let carrying = self.cable.as_ref().and_then(Cable::id);
        let others = self.crowds.iter().chain([&self.serving.server]).filter_map(Process::id);
        others.chain(carrying).collect()
    }

    /// The number of its server in the system.
    pub fn server_id(&self) -> Option<u32> {
        self.serving.server.id()
    }

    /// Waits until every subscriber has got everything and idles. The plan must have said that they stay.
    ///
    /// # Errors
    /// When a process ends before that, or something does not arrive.
    pub async fn settled(&mut self) -> anyhow::Result<()> {
        let settling = async {
            for crowd in &mut self.crowds {
                loop {
                    match crowd.event().await? {
                        Event::Settled { complete: true, .. } => break,
                        Event::Settled { complete: false, unknown } => anyhow::bail!(
                            "not all updates arrived, or {unknown} before the clients knew of the start"
                        ),
                        Event::Second(_) => {}
                        other => return Err(untimely(Ok(other))),
                    }
                }
            }
            Ok(())
        };
        tokio::select! {
            settled = within(&self.timer, self.plan.running, "settle", settling) => settled.context("the clients' process"),
            event = self.serving.server.event() => Err(untimely(event).context("the server")),
        }
    }

    /// What belongs to the server's process alone and to no file, in bytes.
    pub fn server_bytes(&self) -> Option<u64> {
        memory::anonymous_bytes(Some(self.serving.server.id()?))
    }

    /// Ends its processes, without their accounts.
    ///
    /// # Errors
    /// When the system lost track of one.
    pub async fn dismiss(self) -> anyhow::Result<()> {
        let processes = self.crowds.into_iter().chain([self.serving.server]);
        futures_util::future::try_join_all(processes.map(Process::kill)).await?;
        Ok(())
    }
}
