//! The server's half.

use super::{Down, Up};
use crate::{Batch, Beat, Error, Event, Feed, Hub, Refused, Subscription};
use bytes::Bytes;
use futures_util::Stream;
use futures_util::future::{BoxFuture, FutureExt};
use futures_util::sink::{Sink, SinkExt};
use futures_util::stream::StreamExt;
use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use wire::Timer;

/// Replies under way on one connection; the next question is refused.
const MAX_REPLIES: usize = 64;
/// Posts that the application has not taken yet; the connection is not read until it has taken one.
const MAX_POSTS: usize = 64;
/// What a server reads into, in bytes: its clients say little, and most of what a connection would hold beyond
/// this would be there for nothing. Longer messages get the room that they need.
pub const SERVER_READ_BYTES: usize = 1 << 10;

/// How often a quiet connection is told that the server is there.
#[derive(Debug, Clone)]
pub struct Heartbeat {
    /// The time between two.
    pub every: Duration,
    /// What it waits through.
    pub timer: Timer,
}

/// Serves one client until either side ends.
///
/// # Errors
/// When the connection breaks or the client violates the protocol.
pub async fn serve<C>(
    mut connection: C,
    hub: Hub,
    subscription: Subscription,
    heartbeat: Heartbeat,
) -> Result<(), Error>
where
    C: Stream<Item = Result<Up, Error>> + Sink<Down, Error = Error> + Unpin,
{
    let mut feed = hub.feed(&subscription);
    let mut asked = Asked::default();
    let mut beat = Beat::new(heartbeat.every, heartbeat.timer);
    let mut turn = Turn::default();
    loop {
        let next = std::future::poll_fn(|cx| {
            turn.poll_next(&mut connection, &mut feed, (&hub, &mut asked), &mut beat, cx)
        });
        match next.await {
            Next::Batch(Some(batch)) => {
                send(&mut connection, batch, of_subscription).await?;
                beat.spoke();
            }
            Next::Batch(None) => return connection.close().await,
            Next::Pending(Pending::Answer(answer)) => {
                connection.send(answer).await?;
                beat.spoke();
            }
            Next::Pending(Pending::Part(id, batch)) => {
                send(&mut connection, batch, |event| of_reply(id, event)).await?;
                beat.spoke();
            }
            Next::Up(Some(up)) => {
                if let Some(refusal) = asked.take(&hub, up?) {
                    connection.send(refusal).await?;
                }
            }
            Next::Up(None) => return Ok(()),
            Next::Beat => connection.send(Down::Heartbeat).await?,
        }
    }
}

/// Something that a connection has to do.
enum Next {
    Batch(Option<Batch>),
    Pending(Pending),
    Up(Option<Result<Up, Error>>),
    Beat,
}

/// Who is looked at first. The feed is, since nearly everything comes from it; but once in a while replies are,
/// and the client, so that whoever always has more can't keep the others from being heard.
#[derive(Default)]
struct Turn(u8);

/// Of so many things in a row, one is for the client if it has said something, and one for replies.
const ROUND: u8 = 16;

#[derive(Clone, Copy)]
enum Source {
    Feed,
    Asked,
    Client,
}

impl Turn {
    fn poll_next<C>(
        &mut self,
        connection: &mut C,
        feed: &mut Feed,
        (hub, asked): (&Hub, &mut Asked),
        beat: &mut Beat,
        cx: &mut Context<'_>,
    ) -> Poll<Next>
    where
        C: Stream<Item = Result<Up, Error>> + Unpin,
    {
        for source in self.order() {
            let next = match source {
                Source::Feed => feed.poll_next_unpin(cx).map(Next::Batch),
                Source::Asked => asked.poll_next(hub, cx).map(Next::Pending),
                Source::Client if asked.posts() < MAX_POSTS => connection.poll_next_unpin(cx).map(Next::Up),
                Source::Client => Poll::Pending,
            };
            if next.is_ready() {
                self.0 = (self.0 + 1) % ROUND;
                return next;
            }
        }
        beat.poll_due(cx).map(|()| Next::Beat)
    }

    fn order(&self) -> [Source; 3] {
        use Source::{Asked, Client, Feed};
        match self.0 {
            0 => [Client, Feed, Asked],
            1 => [Asked, Feed, Client],
            _ => [Feed, Asked, Client],
        }
    }
}

/// One write for all that a batch holds.
async fn send<C>(connection: &mut C, batch: Batch, say: impl Fn(Event) -> Down) -> Result<(), Error>
where
    C: Sink<Down, Error = Error> + Unpin,
{
    for event in batch.events {
        connection.feed(say(event)).await?;
    }
    connection.flush().await
}

fn of_subscription(event: Event) -> Down {
    match event {
        Event::Update(update) => Down::Update(update),
        Event::Skipped { topic, count } => Down::Skipped { topic, count },
        Event::Gap { through } => Down::Gap { through },
    }
}

/// A reply has one topic, so its number needs no saying.
fn of_reply(id: u32, event: Event) -> Down {
    match event {
        Event::Update(part) => Down::Part(id, part),
        Event::Skipped { count, .. } => Down::PartSkipped(id, count),
        Event::Gap { through } => Down::PartGap(id, through),
    }
}

/// What a client has asked for and not got yet.
#[derive(Default)]
struct Asked {
    /// The application is given one post at a time, which is what keeps them in order however long it takes.
    posting: Option<BoxFuture<'static, (u32, Result<(), Refused>)>>,
    /// Behind that one.
    waiting: VecDeque<(u32, Bytes)>,
    replies: Vec<OpenReply>,
}

struct OpenReply {
    id: u32,
    hub: Hub,
    feed: Feed,
}

/// Nobody wants a reply whose connection is gone.
impl Drop for OpenReply {
    fn drop(&mut self) {
        self.hub.stop();
    }
}

enum Pending {
    Answer(Down),
    Part(u32, Batch),
}

impl Asked {
    /// Takes a message from the client; returns what must be said at once.
    fn take(&mut self, hub: &Hub, up: Up) -> Option<Down> {
        match up {
            Up::Post(id, body) => {
                if self.posting.is_none() {
                    self.posting = Some(posting(hub, id, body));
                } else {
                    self.waiting.push_back((id, body));
                }
                None
            }
            Up::Ask(id, question) => {
                self.ask(hub, id, question).err().map(|error| Down::Refused(id, error.0))
            }
            Up::Stop(id) => {
                let before = self.replies.len();
                self.replies.retain(|reply| reply.id != id);
                (self.replies.len() < before).then_some(Down::End(id))
            }
        }
    }

    fn ask(&mut self, hub: &Hub, id: u32, question: Bytes) -> Result<(), Refused> {
        if self.replies.len() == MAX_REPLIES {
            return Err(Refused(format!("{MAX_REPLIES} replies are under way on this connection")));
        }
        let reply = hub.ask(question)?;
        let feed = reply.feed(&Subscription::new(vec![0]));
        self.replies.push(OpenReply { id, hub: reply, feed });
        Ok(())
    }

    /// Posts that the application has not taken.
    fn posts(&self) -> usize {
        usize::from(self.posting.is_some()) + self.waiting.len()
    }

    fn poll_next(&mut self, hub: &Hub, cx: &mut Context<'_>) -> Poll<Pending> {
        if let Some(taking) = &mut self.posting
            && let Poll::Ready((id, outcome)) = taking.poll_unpin(cx)
        {
            self.posting = self.waiting.pop_front().map(|(id, body)| posting(hub, id, body));
            return Poll::Ready(Pending::Answer(match outcome {
                Ok(()) => Down::Ack(id),
                Err(Refused(why)) => Down::Refused(id, why),
            }));
        }
        for place in 0..self.replies.len() {
            let reply = &mut self.replies[place];
            match Pin::new(&mut reply.feed).poll_next(cx) {
                Poll::Ready(Some(batch)) => {
                    let id = reply.id;
                    // The next one that is looked at is another one.
                    self.replies.rotate_left(place + 1);
                    return Poll::Ready(Pending::Part(id, batch));
                }
                Poll::Ready(None) => {
                    let id = self.replies.swap_remove(place).id;
                    return Poll::Ready(Pending::Answer(Down::End(id)));
                }
                Poll::Pending => {}
            }
        }
        Poll::Pending
    }
}

fn posting(hub: &Hub, id: u32, body: Bytes) -> BoxFuture<'static, (u32, Result<(), Refused>)> {
    let hub = hub.clone();
    Box::pin(async move { (id, hub.post(body).await) })
}

#[cfg(test)]
mod tests;
