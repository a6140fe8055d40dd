//! A server-side application to test against.

use bytes::Bytes;
use futures_util::future::BoxFuture;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;
use transport::{Application, Hub, Refused};

/// Remembers posts, refuses the post `"no"`, takes its time over posts that begin with `"slow"`, a different one
/// for each, and answers: `"parts N"` with N parts, `"endless"` with parts for as long as somebody wants them, and
/// what a check has prepared; it refuses all other questions.
#[derive(Debug)]
pub struct Sample {
    posts: Mutex<Vec<Bytes>>,
    asked: watch::Sender<usize>,
    stopped: watch::Sender<usize>,
    prepared: Mutex<HashMap<Bytes, Hub>>,
}

impl Default for Sample {
    fn default() -> Self {
        Sample {
            posts: Mutex::default(),
            asked: watch::channel(0).0,
            stopped: watch::channel(0).0,
            prepared: Mutex::default(),
        }
    }
}

impl Sample {
    /// What was posted so far.
    pub fn posts(&self) -> Vec<Bytes> {
        self.posts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Has this question answered with that reply.
    pub fn answer(&self, question: &'static str, reply: Hub) {
        self.prepared().insert(Bytes::from(question), reply);
    }

    fn prepared(&self) -> MutexGuard<'_, HashMap<Bytes, Hub>> {
        self.prepared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, body: Bytes) {
        self.posts.lock().unwrap_or_else(PoisonError::into_inner).push(body);
    }

    /// Waits until so many questions have come.
    pub async fn asked(&self, questions: usize) {
        let mut asked = self.asked.subscribe();
        let _ = asked.wait_for(|count| *count >= questions).await;
    }

    /// Waits until so many endless replies have been stopped.
    pub async fn stopped(&self, replies: usize) {
        let mut stopped = self.stopped.subscribe();
        let _ = stopped.wait_for(|count| *count >= replies).await;
    }
}

/// The application as a hub takes it; the test keeps the [`Sample`].
#[derive(Debug)]
pub(crate) struct Shared(pub(crate) Arc<Sample>);

impl Application for Shared {
    fn post(&self, body: Bytes) -> BoxFuture<'static, Result<(), Refused>> {
        if body == "no" {
            return Box::pin(std::future::ready(Err(Refused("not wanted".to_owned()))));
        }
        let sample = self.0.clone();
        Box::pin(async move {
            if body.starts_with(b"slow") {
                for _ in 0..body.last().copied().unwrap_or_default() % 7 {
                    tokio::task::yield_now().await;
                }
            }
            sample.take(body);
            Ok(())
        })
    }

    fn ask(&self, question: Bytes) -> Result<Hub, Refused> {
        self.0.asked.send_modify(|count| *count += 1);
        if let Some(reply) = self.0.prepared().get(&question) {
            return Ok(reply.clone());
        }
        let reply = Hub::new(1, 1 << 16, Arc::new(()));
        if question == "endless" {
            tokio::spawn(endless(reply.clone(), self.0.clone()));
            return Ok(reply);
        }
        let parts = question.strip_prefix(b"parts ").and_then(|n| std::str::from_utf8(n).ok());
        let Some(parts) = parts.and_then(|n| n.parse::<usize>().ok()) else {
            return Err(Refused("not a question".to_owned()));
        };
        for part in 0..parts {
            reply.publish(0, Bytes::from(format!("part {part}")));
        }
        reply.close();
        Ok(reply)
    }
}

async fn endless(reply: Hub, sample: Arc<Sample>) {
    let publishing = async {
        loop {
            reply.publish(0, Bytes::from_static(b"more"));
            tokio::task::yield_now().await;
            if reply.is_stopped() {
                break;
            }
        }
    };
    publishing.await;
    sample.stopped.send_modify(|count| *count += 1);
}
