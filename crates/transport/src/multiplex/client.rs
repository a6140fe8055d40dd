//! The client's half.

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
use std::task::{Context, Poll, ready};
use tokio::sync::{mpsc, oneshot};
use wire::Timer;

/// Requests that wait to be written; the next one waits for a place.
const MAX_WAITING: usize = 64;
/// Parts of a reply that its reader has not taken; beyond it the connection is not read.
const MAX_PARTS: usize = 64;

/// Splits a connection into what arrives and what is sent; it ends when the server is silent for too
/// long.
pub fn client<C>(connection: C, silence: Silence) -> (Updates, Requests)
where
    C: Stream<Item = Result<Down, Error>> + Sink<Up, Error = Error> + Unpin + Send + 'static,
{
    let (commands, waiting) = mpsc::channel(MAX_WAITING);
    let sender = Sender { commands: commands.clone(), timer: silence.timer().clone() };
    let client = Client {
        connection,
        silence,
        waiting,
        asked: HashMap::new(),
        last_id: 0,
        must_flush: false,
        held_back: None,
        stop: commands.downgrade(),
        ended: false,
    };
    (client.boxed(), Requests::new(Arc::new(sender)))
}

struct Sender {
    commands: mpsc::Sender<Command>,
    timer: Timer,
}

enum Command {
    Post(Bytes, oneshot::Sender<Result<(), Error>>),
    Ask(Bytes, oneshot::Sender<Result<Reply, Error>>),
    Stop(u32),
}

impl Upstream for Sender {
    fn post(&self, body: Bytes) -> BoxFuture<'static, Result<(), Error>> {
        let (commands, timer) = (self.commands.clone(), self.timer.clone());
        Box::pin(async move {
            let (answer, answered) = oneshot::channel();
            let posting = async {
                commands.send(Command::Post(body, answer)).await.map_err(|_| Error::Closed)?;
                answered.await.unwrap_or(Err(Error::Closed))
            };
            timer.at_most(ANSWER_LIMIT, posting).await.unwrap_or(Err(Error::Silent(ANSWER_LIMIT)))
        })
    }

    fn ask(&self, body: Bytes) -> BoxFuture<'static, Result<Reply, Error>> {
        let commands = self.commands.clone();
        Box::pin(async move {
            let (answer, answered) = oneshot::channel();
            commands.send(Command::Ask(body, answer)).await.map_err(|_| Error::Closed)?;
            answered.await.unwrap_or(Err(Error::Closed))
        })
    }
}

/// What a request waits for.
enum Asked {
    Ack(oneshot::Sender<Result<(), Error>>),
    Reply(mpsc::Sender<Result<Batch, Error>>),
}

struct Client<C> {
    connection: C,
    silence: Silence,
    waiting: mpsc::Receiver<Command>,
    asked: HashMap<u32, Asked>,
    last_id: u32,
    must_flush: bool,
    /// The reply whose reader is slow, and a future place for its next part.
    held_back: Option<(u32, BoxFuture<'static, ()>)>,
    stop: mpsc::WeakSender<Command>,
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
        self.waiting.close();
        while self.waiting.try_recv().is_ok() {}
    }

    fn send_waiting(&mut self, cx: &mut Context<'_>) -> Result<(), Error> {
        while let Poll::Ready(ready) = Pin::new(&mut self.connection).poll_ready(cx) {
            ready?;
            let Poll::Ready(Some(command)) = self.waiting.poll_recv(cx) else { break };
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
                self.asked.insert(id, Asked::Reply(parts));
                let _ = answer.send(Ok(self.reply(id, updates)));
                Up::Ask(id, question)
            }
            Command::Stop(id) => {
                // Its parts are not wanted any more, and must not keep us from reading on.
                self.asked.remove(&id);
                self.held_back.take_if(|(of, _)| *of == id);
                Up::Stop(id)
            }
        }
    }

    fn reply(&self, id: u32, parts: mpsc::Receiver<Result<Batch, Error>>) -> Reply {
        let (commands, on_drop) = (self.stop.clone(), self.stop.clone());
        let stop = async move {
            let Some(commands) = commands.upgrade() else { return Err(Error::Closed) };
            commands.send(Command::Stop(id)).await.map_err(|_| Error::Closed)
        };
        Reply { updates: Parts { parts, id, on_drop }.boxed(), stop: Box::pin(stop) }
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
                Some(Asked::Reply(parts)) => self.deliver(id, &parts, Err(Error::refused(&why))),
                None => {}
            },
            Down::Part(id, update) => {
                if let Some(Asked::Reply(parts)) = self.asked.get(&id) {
                    let parts = parts.clone();
                    self.deliver(id, &parts, Ok(Event::Update(update).into()));
                }
            }
            Down::End(id) => {
                self.asked.remove(&id);
            }
            Down::Update(_) | Down::Skipped { .. } | Down::Gap { .. } | Down::Heartbeat => {}
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

/// The parts of one reply; dropping them before the end tells the server to stop.
struct Parts {
    parts: mpsc::Receiver<Result<Batch, Error>>,
    id: u32,
    on_drop: mpsc::WeakSender<Command>,
}

impl Stream for Parts {
    type Item = Result<Batch, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.parts.poll_recv(cx)
    }
}

impl Drop for Parts {
    fn drop(&mut self) {
        if !self.parts.is_closed()
            && let Some(commands) = self.on_drop.upgrade()
        {
            // A queue of requests that is full is that of a connection which is not polled: it will be
            // dropped, and that ends its replies.
            let _ = commands.try_send(Command::Stop(self.id));
        }
    }
}
