//! The polling protocol, server and client. Long polling holds a request that has nothing to bring;
//! short polling answers at once and asks again later. Nothing else tells them apart.
//!
//! | request | answer |
//! | --- | --- |
//! | `GET /updates?topics=0-3&cursor=17` | 200 with what is newer, see [`crate::poll_body`]; 204 when nothing came |
//! | the same with `&wait=0` | at once, also from a server that holds |
//! | `POST /posts` | 204, see [`crate::up`] |
//! | `POST /asks` | 201 with the number of the reply |
//! | `GET /replies/N?cursor=3` | as for updates; the last one says `end` |
//! | `DELETE /replies/N` | 204: no more of it |

mod client;
mod server;

pub use client::Pace;

use crate::polling::client::Poller;
use crate::{Pool, nothing};
use futures_util::future::BoxFuture;
use std::io;
use std::time::Duration;
use transport::{Error, Hub, Requests, Subscription, Updates};
use wire::{Dialer, Listener, Timer};

/// What a polling transport is made of.
#[derive(Debug, Clone)]
pub struct Polling {
    /// How long the server holds a request that has nothing to bring; zero answers at once.
    pub hold: Duration,
    /// How much longer than that a client waits for an answer to a poll.
    pub patience: Duration,
    /// How long the server waits for a complete request, also between two on one connection.
    pub request_limit: Duration,
}

impl Polling {
    /// Serves the hub, see [`transport::Transport::serve`].
    pub fn serve(&self, listener: Listener, hub: Hub, timer: Timer) -> BoxFuture<'static, io::Result<()>> {
        Box::pin(server::serve(self.clone(), listener, hub, timer))
    }

    /// Opens a client that waits between two polls as `pace` says, see
    /// [`transport::Transport::connect`].
    pub fn connect(
        &self,
        dialer: Dialer,
        subscription: Subscription,
        timer: Timer,
        pace: Pace,
    ) -> BoxFuture<'static, Result<(Updates, Requests), Error>> {
        let (hold, patience) = (self.hold, self.patience);
        Box::pin(async move {
            if subscription.is_none() {
                let pool = Pool::new(dialer, timer);
                return Ok((nothing(), client::requests(pool, pace, hold)));
            }
            Poller::open(dialer, &subscription, timer, (pace, hold, patience)).await
        })
    }
}
