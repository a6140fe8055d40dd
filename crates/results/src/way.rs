//! What lies between clients and servers, as it is written down.

use crate::histogram;
use ledger::Distribution;
use serde::{Deserialize, Serialize};

/// A proxy that transports may have before them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViaRecord {
    /// What transports call it.
    pub name: String,
    /// The program.
    pub program: String,
    /// What the program says of its version, where it does.
    pub version: Option<String>,
    /// How it is set up, in words.
    pub setup: String,
}

/// What a link of packets carried in a round, warm-up and setting up included.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LinkSeen {
    /// From the server to the clients.
    pub down: PacketsSeen,
    /// From the clients to the server.
    pub up: PacketsSeen,
    /// How much later than it was to be each packet was handed over, in nanoseconds.
    #[serde(with = "histogram")]
    pub lateness: Distribution,
}

/// What became of the packets of one direction of a link.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PacketsSeen {
    /// Packets that were sent.
    pub offered: u64,
    /// Bytes of them, with their IP headers.
    pub bytes: u64,
    /// Lost, as the scenario says.
    pub lost: u64,
    /// Dropped where the queue before the link was full.
    pub dropped: u64,
    /// Overtaken by later ones, as the scenario says.
    pub overtaken: u64,
    /// Dropped because more was under way than the program that carries them holds.
    pub overflowed: u64,
}

/// What a proxy had noted when its round was over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViaSeen {
    /// Its configuration, whole.
    pub configuration: String,
    /// The first line of its access log for each kind of request.
    pub access: Vec<String>,
    /// The last lines that it complained with.
    pub errors: Vec<String>,
}
