//! The client's half.

use super::commands::{Command, Commands};
use super::{Down, Up};
use crate::{ANSWER_LIMIT, Batch, Error, Event, Reply, Requests, Silence, Updates, Upstream};
use bytes::Bytes;
use futures_util::Stream;
use futures_util::future::BoxFuture;
use futures_util::sink::Sink;
use futures_util::stream::StreamExt;
use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use tokio::sync::{mpsc, oneshot};
use wire::Timer;

/// Parts of a reply that its reader has not taken; beyond it the connection is not read.
const MAX_PARTS: usize = 64;

/// Splits a connection into what arrives and what is sent; it ends when the server is silent for too
/// long.
pub fn client<C>(connection: C, silence: Silence) -> (Updates, Requests)
where
    C: Stream<Item = Result<Down, Error>> + Sink<Up, Error = Error> + Unpin + Send + 'static,
{
    let commands = Arc::<Commands>::default();
    let sender = Sender { commands: commands.clone(), timer: silence.timer().clone() };
    let client = Client {
        connection,
        silence,
        commands,
        asked: HashMap::new(),
        last_id: 0,
        must_flush: false,
        held_back: None,
        ended: false,
    };
    (client.boxed(), Requests::new(Arc::new(sender)))
}

struct Sender {
    commands: Arc<Commands>,
    timer: Timer,
}

impl Upstream for Sender {
    fn post(&self, body: Bytes) -> BoxFuture<'static, Result<(), Error>> {
        let (commands, timer) = (self.commands.clone(), self.timer.clone());
        Box::pin(async move {
            let (answer, answered) = oneshot::channel();
            let posting = async {
                commands.push(Command::Post(body, answer))?;
                answered.await.unwrap_or(Err(Error::Closed))
            };
            timer.at_most(ANSWER_LIMIT, posting).await.unwrap_or(Err(Error::Silent(ANSWER_LIMIT)))
        })
    }

    fn ask(&self, body: Bytes) -> BoxFuture<'static, Result<Reply, Error>> {
        let commands = self.commands.clone();
        Box::pin(async move {
            let (answer, answered) = oneshot::channel();
            commands.push(Command::Ask(body, answer))?;
            answered.await.unwrap_or(Err(Error::Closed))
        })
    }
}

/// What a request waits for.
enum Asked {
    Ack(oneshot::Sender<Result<(), Error>>),
    Reply(OpenReply),
}

/// Where the parts of a reply go, and whether no more will come for a good reason.
struct OpenReply {
    parts: mpsc::Sender<Result<Batch, Error>>,
    is_over: Arc<AtomicBool>,
}

impl OpenReply {
    fn finish(&self) {
        self.is_over.store(true, Ordering::Release);
    }
}

struct Client<C> {
    connection: C,
    silence: Silence,
    commands: Arc<Commands>,
    asked: HashMap<u32, Asked>,
    last_id: u32,
    must_flush: bool,
    /// The reply whose reader is slow, and a future place for its next part.
    held_back: Option<(u32, BoxFuture<'static, ()>)>,
    ended: bool,
}

impl<C> Stream for Client<C>
where
    C: Stream<Item = Result<Down, Error>> + Sink<Up, Error = Error> + Unpin + Send,
{
    type Item = Result<Batch, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let next = ready!(self.poll_event(cx));
        if !matches!(next, Some(Ok(_))) {
            self.end();
        }
        Poll::Ready(next.map(|event| event.map(Batch::from)))
    }
}

impl<C> Client<C>
where
    C: Stream<Item = Result<Down, Error>> + Sink<Up, Error = Error> + Unpin + Send,
{
    fn poll_event(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Event, Error>>> {
        if let Err(error) = self.send_waiting(cx) {
            return Poll::Ready(Some(Err(error)));
        }
        loop {
            if let Some((_, place)) = &mut self.held_back {
                ready!(place.as_mut().poll(cx));
                self.held_back = None;
            }
            let Poll::Ready(message) = self.connection.poll_next_unpin(cx) else {
                return self.silence.poll_too_long(cx).map(|error| Some(Err(error)));
            };
            self.silence.broken();
            return Poll::Ready(match message {
                Some(Ok(Down::Update(update))) => Some(Ok(Event::Update(update))),
                Some(Ok(Down::Skipped { topic, count })) => Some(Ok(Event::Skipped { topic, count })),
                Some(Ok(Down::Gap { through })) => Some(Ok(Event::Gap { through })),
                Some(Ok(answer)) => {
                    self.answer(answer);
                    continue;
                }
                Some(Err(error)) => Some(Err(error)),
                None => None,
            });
        }
    }

    /// Nothing will be answered any more: whoever waits is told by the drop of its channel.
    fn end(&mut self) {
        self.ended = true;
        self.asked.clear();
        self.held_back = None;
        self.commands.close();
    }

    fn send_waiting(&mut self, cx: &mut Context<'_>) -> Result<(), Error> {
        while let Poll::Ready(ready) = Pin::new(&mut self.connection).poll_ready(cx) {
            ready?;
            let Poll::Ready(command) = self.commands.poll_next(cx) else { break };
            let message = self.message(command);
            Pin::new(&mut self.connection).start_send(message)?;
            self.must_flush = true;
        }
        if self.must_flush
            && let Poll::Ready(flushed) = Pin::new(&mut self.connection).poll_flush(cx)
        {
            self.must_flush = false;
            flushed?;
        }
        Ok(())
    }

    fn message(&mut self, command: Command) -> Up {
        self.last_id = self.last_id.wrapping_add(1);
        let id = self.last_id;
        match command {
            Command::Post(body, answer) => {
                self.asked.insert(id, Asked::Ack(answer));
                Up::Post(id, body)
            }
            Command::Ask(question, answer) => {
                let (parts, updates) = mpsc::channel(MAX_PARTS);
                let is_over = Arc::<AtomicBool>::default();
                self.asked.insert(id, Asked::Reply(OpenReply { parts, is_over: is_over.clone() }));
                let _ = answer.send(Ok(self.reply(id, updates, is_over)));
                Up::Ask(id, question)
            }
            Command::Stop(id) => {
                // Its parts are not wanted any more, and must not keep us from reading on.
                if let Some(Asked::Reply(reply)) = self.asked.remove(&id) {
                    reply.finish();
                }
                self.held_back.take_if(|(of, _)| *of == id);
                Up::Stop(id)
            }
        }
    }

    fn reply(&self, id: u32, parts: mpsc::Receiver<Result<Batch, Error>>, is_over: Arc<AtomicBool>) -> Reply {
        let (commands, on_drop) = (self.commands.clone(), self.commands.clone());
        let stop = async move { commands.push(Command::Stop(id)) };
        Reply { updates: Parts { parts, is_over, id, on_drop }.boxed(), stop: Box::pin(stop) }
    }

    fn answer(&mut self, message: Down) {
        match message {
            Down::Ack(id) => {
                if let Some(Asked::Ack(answer)) = self.asked.remove(&id) {
                    let _ = answer.send(Ok(()));
                }
            }
            Down::Refused(id, why) => match self.asked.remove(&id) {
                Some(Asked::Ack(answer)) => {
                    let _ = answer.send(Err(Error::refused(&why)));
                }
                Some(Asked::Reply(reply)) => {
                    reply.finish();
                    self.deliver(id, &reply.parts, Err(Error::refused(&why)));
                }
                None => {}
            },
            Down::Part(id, update) => self.part(id, Event::Update(update)),
            Down::PartSkipped(id, count) => self.part(id, Event::Skipped { topic: 0, count }),
            Down::PartGap(id, through) => self.part(id, Event::Gap { through }),
            Down::End(id) => {
                if let Some(Asked::Reply(reply)) = self.asked.remove(&id) {
                    reply.finish();
                }
            }
            Down::Update(_) | Down::Skipped { .. } | Down::Gap { .. } | Down::Heartbeat => {}
        }
    }

    fn part(&mut self, id: u32, event: Event) {
        if let Some(Asked::Reply(reply)) = self.asked.get(&id) {
            let parts = reply.parts.clone();
            self.deliver(id, &parts, Ok(event.into()));
        }
    }

    fn deliver(&mut self, id: u32, parts: &mpsc::Sender<Result<Batch, Error>>, part: Result<Batch, Error>) {
        if let Err(mpsc::error::TrySendError::Full(part)) = parts.try_send(part) {
            let parts = parts.clone();
            let place = Box::pin(async move {
                let _ = parts.send(part).await;
            });
            self.held_back = Some((id, place));
        }
    }
}

/// Callers that still wait, and those to come, learn that nothing will be said.
impl<C> Drop for Client<C> {
    fn drop(&mut self) {
        self.commands.close();
    }
}

/// The parts of one reply; dropping them before the end tells the server to stop.
struct Parts {
    parts: mpsc::Receiver<Result<Batch, Error>>,
    /// Unless it is, the end of the parts is that of the connection.
    is_over: Arc<AtomicBool>,
    id: u32,
    on_drop: Arc<Commands>,
}

impl Stream for Parts {
    type Item = Result<Batch, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let part = ready!(self.parts.poll_recv(cx));
        let broke_off = part.is_none() && !self.is_over.swap(true, Ordering::AcqRel);
        Poll::Ready(if broke_off { Some(Err(Error::Closed)) } else { part })
    }
}

impl Drop for Parts {
    fn drop(&mut self) {
        if !self.is_over.load(Ordering::Acquire) {
            // A connection that is gone has ended its replies.
            let _ = self.on_drop.push(Command::Stop(self.id));
        }
    }
}
