//! A server-side application to test against.

use bytes::Bytes;
use futures_util::future::BoxFuture;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;
use transport::{Application, Hub, Refused};

/// Remembers posts, refuses the post `"no"`, and answers:
/// `"parts N"` with N parts, `"endless"` with parts for as long as somebody wants them; it refuses all
/// other questions.
#[derive(Debug)]
pub struct Sample {
    posts: Mutex<Vec<Bytes>>,
    stopped: watch::Sender<usize>,
}

impl Default for Sample {
    fn default() -> Self {
        Sample { posts: Mutex::default(), stopped: watch::channel(0).0 }
    }
}

impl Sample {
    /// What was posted so far.
    pub fn posts(&self) -> Vec<Bytes> {
        self.posts.lock().unwrap_or_else(PoisonError::into_inner).clone()
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
        let outcome = if body == "no" {
            Err(Refused("not wanted".to_owned()))
        } else {
            self.0.posts.lock().unwrap_or_else(PoisonError::into_inner).push(body);
            Ok(())
        };
        Box::pin(async { outcome })
    }

    fn ask(&self, question: Bytes) -> Result<Hub, Refused> {
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
