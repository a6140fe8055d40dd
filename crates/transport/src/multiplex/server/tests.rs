//! Nobody who always has more keeps the others from being heard.

use super::*;
use crate::Application;
use futures_util::FutureExt;
use std::sync::Arc;

const UPDATES: usize = 50_000;

/// Answers each question with more than anybody wants at once.
struct Talkative;

impl Application for Talkative {
    fn post(&self, _: Bytes) -> BoxFuture<'static, Result<(), Refused>> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn ask(&self, _: Bytes) -> Result<Hub, Refused> {
        Ok(full(Arc::new(())))
    }
}

fn full(application: Arc<dyn Application>) -> Hub {
    let hub = Hub::new(1, UPDATES, application);
    for _ in 0..UPDATES {
        hub.publish(0, Bytes::from_static(b"x"));
    }
    hub
}

/// A client that says what it has to say whenever it is heard, and takes everything.
struct Client {
    says: Vec<Up>,
    heard: Vec<Down>,
}

impl Stream for Client {
    type Item = Result<Up, Error>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.says.pop().map(Ok))
    }
}

impl Sink<Down> for Client {
    type Error = Error;

    fn poll_ready(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn start_send(mut self: Pin<&mut Self>, message: Down) -> Result<(), Error> {
        self.heard.push(message);
        Ok(())
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }
}

/// Rings never.
struct Silent;

impl wire::Alarm for Silent {
    fn after(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(std::future::pending())
    }

    fn on_grid(&self, _: Duration, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(std::future::pending())
    }
}

#[test]
fn a_client_is_heard_and_replies_take_turns_however_much_there_is_to_say() {
    let ask = |id| Up::Ask(id, Bytes::new());
    // What stops nothing only takes its turn.
    let idle = || vec![Up::Stop(9); 4];
    let mut says = [vec![ask(1), ask(2)], idle(), vec![Up::Post(3, Bytes::new())], idle()].concat();
    says.extend([Up::Stop(2), Up::Stop(1)]);
    says.reverse();
    let mut client = Client { says, heard: Vec::new() };
    let heartbeat = Heartbeat { every: Duration::from_secs(1), timer: Timer::new(Arc::new(Silent)) };
    let hub = full(Arc::new(Talkative));
    // It ends when the client has said all.
    let served = serve(&mut client, hub, Subscription::new(vec![0]), heartbeat).now_or_never();
    assert!(matches!(served, Some(Ok(()))));
    let count = |of: fn(&Down) -> bool| client.heard.iter().filter(|message| of(message)).count();
    let updates = count(|message| matches!(message, Down::Update(_)));
    assert!(updates > 0 && updates < UPDATES, "{updates} updates went before the client had said all");
    let parts = [1, 2].map(|reply| {
        client.heard.iter().filter(|message| matches!(message, Down::Part(id, _) if *id == reply)).count()
    });
    assert!(parts.iter().all(|parts| (1..UPDATES).contains(parts)), "{parts:?}");
    assert_eq!(count(|message| matches!(message, Down::Ack(3))), 1);
    assert_eq!(count(|message| matches!(message, Down::End(_))), 2);
}
