//! What clients did, as it is written down. The ledger defines what each figure means.

#![expect(missing_docs, reason = "the ledger defines these words, and one definition is enough")]

use crate::{AccountRecord, Traffic, histogram};
use ledger::{Distribution, Playback, Posts, Recovery, Relayed, Replies, Timeline};
use serde::{Deserialize, Serialize};

/// A [`Posts`] that can be written down.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PostsRecord(#[serde(with = "PostsDef")] pub Posts);

/// A [`Relayed`] that can be written down.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RelayedRecord(#[serde(with = "RelayedDef")] pub Relayed);

/// A [`Recovery`] that can be written down.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RecoveryRecord(#[serde(with = "RecoveryDef")] pub Recovery);

/// A [`Replies`] that can be written down.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RepliesRecord(#[serde(with = "RepliesDef")] pub Replies);

/// What the server has to say of what clients sent it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Uplink {
    /// Posts as they reached the server's application: arrived minus due, and the books of them. None where
    /// clients post nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub posts: Option<Box<AccountRecord>>,
    /// For each interrupted reply, how many chunks the server made after its reader was due to stop it. None where
    /// nobody asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub for_nothing: Option<DistributionRecord>,
    /// For each interrupted reply, from when stopping it was due until the server knew, in nanoseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<DistributionRecord>,
}

/// A histogram on its own.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DistributionRecord(#[serde(with = "histogram")] pub Distribution);

/// What exchanges cost on the wire in the measured window: those over a connection of their own, and those over a kept
/// one, counted at the clients' sockets. Bytes are counted by when they went, exchanges by when they were due.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExchangeTraffic {
    pub cold_exchanges: u64,
    pub cold: Traffic,
    pub warm_exchanges: u64,
    pub warm: Traffic,
}

impl Uplink {
    pub(crate) fn merge(&mut self, other: &Uplink) {
        match (&mut self.posts, &other.posts) {
            (Some(mine), Some(theirs)) => {
                let mut account = ledger::Account::from(&**mine);
                account.merge_round(&ledger::Account::from(&**theirs));
                **mine = AccountRecord::from(&account);
            }
            (none, other) => *none = none.take().or_else(|| other.clone()),
        }
        let pairs = [(&mut self.for_nothing, &other.for_nothing), (&mut self.stopped, &other.stopped)];
        for (mine, theirs) in pairs {
            match (mine, theirs) {
                (Some(mine), Some(theirs)) => mine.0.merge(&theirs.0),
                (none, theirs) => *none = none.take().or_else(|| theirs.clone()),
            }
        }
    }
}

impl ExchangeTraffic {
    /// Adds another crowd's or another round's.
    pub fn add(&mut self, other: &ExchangeTraffic) {
        self.cold_exchanges += other.cold_exchanges;
        self.cold.add(other.cold);
        self.warm_exchanges += other.warm_exchanges;
        self.warm.add(other.warm);
    }
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Posts")]
struct PostsDef {
    due: u64,
    acknowledged: u64,
    failed: u64,
    #[serde(with = "histogram")]
    acknowledgement: Distribution,
    #[serde(with = "histogram")]
    effect: Distribution,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Relayed")]
struct RelayedDef {
    #[serde(with = "histogram")]
    own_echo: Distribution,
    #[serde(with = "histogram")]
    behind: Distribution,
    disagreements: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Recovery")]
struct RecoveryDef {
    hits: u64,
    #[serde(with = "histogram")]
    noticed: Distribution,
    #[serde(with = "histogram")]
    reconnected: Distribution,
    #[serde(with = "histogram")]
    caught_up: Distribution,
    #[serde(with = "histogram")]
    away: Distribution,
    not_back: u64,
    unnoticed: u64,
    replayed: u64,
    #[serde(with = "histogram")]
    undisturbed: Distribution,
    peak_opened: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Replies")]
struct RepliesDef {
    asked: u64,
    answered: u64,
    interrupted: u64,
    failed: u64,
    unfinished: u64,
    overlapped: u64,
    withdrawn: u64,
    #[serde(with = "histogram")]
    unwanted: Distribution,
    #[serde(with = "histogram")]
    stop: Distribution,
    #[serde(with = "histogram")]
    first: Distribution,
    #[serde(with = "histogram")]
    gap: Distribution,
    #[serde(with = "histogram")]
    per_chunk: Distribution,
    #[serde(with = "histogram")]
    whole: Distribution,
    #[serde(with = "histogram")]
    wait: Distribution,
    #[serde(with = "histogram")]
    longest_stall: Distribution,
    stutters: u64,
    streamed_ns: u64,
    in_time: u64,
    after_first: u64,
    #[serde(default, with = "playback", skip_serializing_if = "Option::is_none")]
    playback: Option<Playback>,
    #[serde(default, with = "timeline", skip_serializing_if = "Option::is_none")]
    typical: Option<Timeline>,
    #[serde(default, with = "timeline", skip_serializing_if = "Option::is_none")]
    worst: Option<Timeline>,
    #[serde(with = "histogram")]
    cold: Distribution,
    #[serde(with = "histogram")]
    warm: Distribution,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Playback")]
struct PlaybackDef {
    start_buffer_ns: u64,
    chunk_ns: u64,
    played: u64,
    underruns: u64,
    #[serde(with = "histogram")]
    silence: Distribution,
    #[serde(with = "histogram")]
    least_buffer: Distribution,
    #[serde(with = "histogram")]
    first_sound: Distribution,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Timeline")]
struct TimelineDef {
    chunks: Vec<(u64, u64)>,
    stop_ns: Option<u64>,
    every_ns: u64,
}

/// A remote type within an option, which the derive macro does not reach into.
macro_rules! optional {
    ($name:ident, $type:ty, $def:literal) => {
        mod $name {
            use super::*;

            #[derive(Serialize, Deserialize)]
            #[serde(transparent)]
            struct Record(#[serde(with = $def)] $type);

            pub(super) fn serialize<S: serde::Serializer>(
                value: &Option<$type>,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                value.clone().map(Record).serialize(serializer)
            }

            pub(super) fn deserialize<'de, D: serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Option<$type>, D::Error> {
                Ok(Option::<Record>::deserialize(deserializer)?.map(|record| record.0))
            }
        }
    };
}

optional!(playback, Playback, "PlaybackDef");
optional!(timeline, Timeline, "TimelineDef");
