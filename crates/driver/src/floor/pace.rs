//! How a crowd says to its server how far it has come, eight bytes, big-endian, on a connection of their own:
//! updates that arrived, by subscribers. In lockstep that is how many updates all have; with a window it is an average.

use std::io;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use wire::Connection;

/// The server's end.
#[derive(Debug)]
pub struct Pacer {
    connection: Connection,
    complete: u64,
}

impl Pacer {
    /// Nothing is complete yet.
    #[must_use]
    pub fn new(connection: Connection) -> Self {
        Pacer { connection, complete: 0 }
    }

    /// Updates that subscribers have, on average.
    #[must_use]
    pub fn complete(&self) -> u64 {
        self.complete
    }

    /// Waits until the crowd says more.
    ///
    /// # Errors
    /// When it is gone.
    pub async fn more(&mut self) -> io::Result<()> {
        self.complete = self.connection.read_u64().await?;
        Ok(())
    }
}

/// Says it, on the crowd's end.
///
/// # Errors
/// When the server is gone.
pub async fn say(connection: &mut Connection, complete: u64) -> io::Result<()> {
    connection.write_all(&complete.to_be_bytes()).await
}
