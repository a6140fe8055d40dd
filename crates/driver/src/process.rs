//! A process of the driver's, seen from the driver.

use crate::job::{Command, Event, Job};
use anyhow::Context;
use std::collections::VecDeque;
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout};
use tokio::task::JoinHandle;

/// Lines of a process's error output that are kept for the message that says how it died: so many of the first,
/// where a panic says what happened, and as many of the last, where an error does.
const KEPT_LINES: usize = 4;

/// A running worker. Dropping it kills it; should the driver itself be killed, the worker's standard
/// input ends, and it with it.
#[derive(Debug)]
pub struct Process {
    child: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
    complaints: Arc<Mutex<VecDeque<String>>>,
    reading: JoinHandle<()>,
}

impl Process {
    /// Starts a worker on the given processors (none: on any) and gives it its job. `role` and the label
    /// show in process lists.
    ///
    /// # Errors
    /// When the system can't start it.
    pub async fn start(job: &Job, role: &str, processors: &[u32]) -> anyhow::Result<Self> {
        Process::start_in(None, job, role, processors).await
    }

    /// The same in a network namespace, where there is one to be in.
    ///
    /// # Errors
    /// As [`Process::start`].
    pub async fn start_in(
        namespace: Option<&Path>,
        job: &Job,
        role: &str,
        processors: &[u32],
    ) -> anyhow::Result<Self> {
        let program = std::env::current_exe().context("failed to find this program's own file")?;
        let mut command = tokio::process::Command::new(program);
        command.arg("worker").args(processors.iter().map(|number| format!("--pin={number}")));
        if let Some(namespace) = namespace {
            command.arg("--join").arg(namespace);
        }
        command.args(["--", role, &job.label]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.kill_on_drop(true);
        // Ctrl-C is the driver's to handle: it ends its workers in order.
        #[cfg(unix)]
        command.process_group(0);
        let mut child = command.spawn().with_context(|| format!("failed to start the {role} process"))?;
        let (input, output, errors) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(input), Some(output), Some(errors)) = (input, output, errors) else {
            anyhow::bail!("the {role} process has no pipes");
        };
        let complaints = Arc::<Mutex<VecDeque<String>>>::default();
        let reading = tokio::spawn(keep_last(errors, complaints.clone()));
        let mut process =
            Process { child, input, output: BufReader::new(output).lines(), complaints, reading };
        process.write(&serde_json::to_vec(job)?).await?;
        Ok(process)
    }

    /// Tells it something.
    ///
    /// # Errors
    /// When it has ended.
    pub async fn tell(&mut self, command: Command) -> anyhow::Result<()> {
        self.write(&serde_json::to_vec(&command)?).await
    }

    /// The next thing that it reports.
    ///
    /// # Errors
    /// When it ends without saying more: with its last words.
    pub async fn event(&mut self) -> anyhow::Result<Event> {
        match self.output.next_line().await? {
            Some(line) => {
                serde_json::from_str(&line).with_context(|| format!("can't read its report `{line}`"))
            }
            None => Err(self.last_words().await),
        }
    }

    /// Ends it, whatever it is doing, and waits for that.
    ///
    /// # Errors
    /// When the system lost track of it.
    pub async fn kill(mut self) -> anyhow::Result<()> {
        self.kill_now().await
    }

    /// Ends it, whatever it is doing, and waits for that; nothing else can be asked of it.
    ///
    /// # Errors
    /// When the system lost track of it.
    pub async fn kill_now(&mut self) -> anyhow::Result<()> {
        Ok(self.child.kill().await?)
    }

    /// Its number in the system. None when it has been waited for.
    #[must_use]
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Waits for its end, which follows its last report. Only a process that is waited for is charged
    /// to its parent by the system.
    ///
    /// # Errors
    /// When the system lost track of it.
    pub async fn end(mut self) -> anyhow::Result<()> {
        self.child.wait().await?;
        Ok(())
    }

    async fn write(&mut self, line: &[u8]) -> anyhow::Result<()> {
        let whole = [line, b"\n"].concat();
        match self.input.write_all(&whole).await {
            Ok(()) => Ok(()),
            Err(_) => Err(self.last_words().await),
        }
    }

    async fn last_words(&mut self) -> anyhow::Error {
        // It has closed its output, so it is ended or about to; whatever it still does is not wanted.
        let _ = self.child.start_kill();
        let status = self.child.wait().await;
        let _ = (&mut self.reading).await;
        let status = status.map_or_else(|error| error.to_string(), |status| status.to_string());
        let complaints = self.complaints.lock().unwrap_or_else(PoisonError::into_inner);
        let words: Vec<&str> = complaints.iter().map(String::as_str).collect();
        anyhow::anyhow!(
            "ended early ({status}){}{}",
            if words.is_empty() { "" } else { ": " },
            words.join(" / ")
        )
    }
}

async fn keep_last(errors: impl AsyncRead + Unpin, kept: Arc<Mutex<VecDeque<String>>>) {
    let mut lines = BufReader::new(errors).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() == 2 * KEPT_LINES {
            kept.remove(KEPT_LINES);
        }
        kept.push_back(line);
    }
}
