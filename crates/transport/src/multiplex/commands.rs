//! What a client's callers want said, in the order in which they first said so.

use crate::{Answer, Error, Reply};
use bytes::Bytes;
use futures_util::task::AtomicWaker;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use tokio::sync::oneshot;

/// From so many on, those are looked for whose callers have left.
const MANY: usize = 64;

/// Something that a client is to say.
pub(super) enum Command {
    Post(Bytes, oneshot::Sender<Answer>),
    Ask(Bytes, oneshot::Sender<Result<Reply, Error>>),
    /// No more of this reply.
    Stop(u32),
}

/// A queue that gives places at once, since a caller who had to wait for one could be overtaken. Each command
/// belongs to a caller who waits or to a reply that was open, so there are no more than those, and some.
#[derive(Default)]
pub(super) struct Commands {
    queue: Mutex<Queue>,
    /// Who writes them.
    writer: AtomicWaker,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Command>,
    closed: bool,
}

impl Command {
    fn is_abandoned(&self) -> bool {
        match self {
            Command::Post(_, answer) => answer.is_closed(),
            Command::Ask(_, answer) => answer.is_closed(),
            Command::Stop(_) => false,
        }
    }
}

impl Commands {
    /// # Errors
    /// When nothing is said any more.
    pub(super) fn push(&self, command: Command) -> Result<(), Error> {
        let mut queue = self.queue();
        if queue.closed {
            return Err(Error::Closed);
        }
        if queue.waiting.len() >= MANY {
            queue.waiting.retain(|command| !command.is_abandoned());
        }
        queue.waiting.push_back(command);
        drop(queue);
        self.writer.wake();
        Ok(())
    }

    /// The next one whose caller is still there.
    pub(super) fn poll_next(&self, cx: &Context<'_>) -> Poll<Command> {
        self.writer.register(cx.waker());
        let mut queue = self.queue();
        while let Some(command) = queue.waiting.pop_front() {
            if !command.is_abandoned() {
                return Poll::Ready(command);
            }
        }
        Poll::Pending
    }

    /// Whoever waits is told by the drop of its channel.
    pub(super) fn close(&self) {
        let mut queue = self.queue();
        queue.closed = true;
        let waiting = std::mem::take(&mut queue.waiting);
        drop(queue);
        drop(waiting);
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
