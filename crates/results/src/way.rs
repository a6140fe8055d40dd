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

/// What somebody on the way could see of one connection: its first bytes in each direction, beneath TLS.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaptureSeen {
    /// From the client.
    pub up: SeenBytes,
    /// To it.
    pub down: SeenBytes,
}

/// Bytes as text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenBytes {
    /// Letters, digits and signs as they are, and a dot for every byte that is none.
    pub text: String,
    /// How many bytes there were.
    pub bytes: u64,
    /// How many of them are in a row of six or more that can be read.
    pub readable: u64,
}

impl From<&[u8]> for SeenBytes {
    fn from(bytes: &[u8]) -> Self {
        const SHORTEST: usize = 6;
        let is_readable = |byte: &u8| byte.is_ascii_graphic() || byte.is_ascii_whitespace();
        let runs = bytes.chunk_by(|left, right| is_readable(left) == is_readable(right));
        let readable =
            runs.filter(|run| is_readable(&run[0]) && run.len() >= SHORTEST).map(<[u8]>::len).sum::<usize>();
        let text = bytes.iter().filter(|byte| **byte != b'\r').map(|byte| match byte {
            b'\n' => '\n',
            byte if is_readable(byte) => char::from(*byte),
            _ => '\u{b7}',
        });
        SeenBytes { text: text.collect(), bytes: bytes.len() as u64, readable: readable as u64 }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_read_is_told_from_what_happens_to_look_so() {
        let seen = SeenBytes::from(&b"GET /x\r\n\x00\x01ab\xff"[..]);
        assert_eq!(seen.text, "GET /x\n\u{b7}\u{b7}ab\u{b7}");
        assert_eq!((seen.bytes, seen.readable), (13, 8), "two letters between others are no word");
        assert_eq!(SeenBytes::from(&[][..]), SeenBytes::default());
    }
}
