//! How a reply would have sounded.

use crate::Playback;
use std::time::Duration;

/// A player that begins when it holds enough sound, plays while it has any, and waits for the next chunk when
/// it has not.
#[derive(Debug)]
pub(super) struct Player {
    chunk_ns: u64,
    start_ns: u64,
}

impl Player {
    pub fn new(chunk: Duration, start: Duration) -> Self {
        Player { chunk_ns: (chunk.as_nanos() as u64).max(1), start_ns: start.as_nanos() as u64 }
    }

    pub fn account(&self) -> Playback {
        Playback { start_buffer_ns: self.start_ns, chunk_ns: self.chunk_ns, ..Playback::default() }
    }

    /// Plays a whole reply, given when its chunks came, in their order.
    pub fn play(&self, arrivals: &[u64], playback: &mut Playback) {
        // A chunk can be played when it and all before it are there.
        let ready: Vec<u64> = arrivals
            .iter()
            .scan(0, |latest, at_ns| {
                *latest = (*latest).max(*at_ns);
                Some(*latest)
            })
            .collect();
        let (Some(least), Some(first)) = (self.least(&ready), self.begin(&ready, self.start_ns)) else {
            return;
        };
        playback.played += 1;
        playback.least_buffer.record(least * self.chunk_ns);
        playback.first_sound.record(first);
        let mut plays_at_ns = first;
        for at_ns in &ready {
            if *at_ns > plays_at_ns {
                playback.underruns += 1;
                playback.silence.record(at_ns - plays_at_ns);
                plays_at_ns = *at_ns;
            }
            plays_at_ns += self.chunk_ns;
        }
    }

    /// When so much sound is there, or all of it.
    fn begin(&self, ready: &[u64], sound_ns: u64) -> Option<u64> {
        let chunks = sound_ns.div_ceil(self.chunk_ns).max(1) as usize;
        ready.get(chunks.min(ready.len()).checked_sub(1)?).copied()
    }

    /// The least number of chunks to begin with that leaves no break.
    fn least(&self, ready: &[u64]) -> Option<u64> {
        // By when the first would have to be played for each to be there in its turn.
        let turns = ready.iter().zip(0_u64..);
        let needed_ns = turns.map(|(at_ns, turn)| at_ns.saturating_sub(turn * self.chunk_ns)).max()?;
        let chunks = ready.iter().position(|at_ns| *at_ns >= needed_ns)?;
        Some(chunks as u64 + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MS: u64 = 1_000_000;

    fn played(arrivals_ms: &[u64], start_chunks: u64) -> Playback {
        let player = Player::new(Duration::from_millis(20), Duration::from_millis(20 * start_chunks));
        let mut playback = player.account();
        player.play(&arrivals_ms.iter().map(|ms| ms * MS).collect::<Vec<_>>(), &mut playback);
        playback
    }

    /// To the nearest, since a distribution keeps three digits.
    fn ms(ns: Option<u64>) -> Option<u64> {
        ns.map(|ns| (ns + MS / 2) / MS)
    }

    #[test]
    fn a_gap_longer_than_what_is_held_is_heard() {
        // The third chunk comes 30 ms after it would have been played.
        let playback = played(&[0, 20, 70, 80], 1);
        assert_eq!((playback.underruns, ms(playback.silence.max())), (1, Some(30)));
        assert_eq!(played(&[0, 20, 70, 80], 3).underruns, 0);
        // Two chunks are not enough: the third comes 10 ms after both have been played.
        assert_eq!(played(&[0, 20, 70, 80], 2).underruns, 1);
        assert_eq!(ms(playback.least_buffer.max()), Some(60));
    }

    #[test]
    fn what_comes_at_once_needs_one_chunk() {
        let playback = played(&[500, 500, 500], 1);
        assert_eq!((playback.underruns, playback.first_sound.len()), (0, 1));
        assert_eq!((ms(playback.least_buffer.max()), ms(playback.first_sound.max())), (Some(20), Some(500)));
    }

    proptest! {
        #[test]
        fn the_least_buffer_is_the_least_that_has_no_break(gaps in prop::collection::vec(0_u64..60, 1..30)) {
            let arrivals: Vec<u64> = gaps.iter().scan(0, |at, gap| { *at += gap; Some(*at) }).collect();
            let count = arrivals.len() as u64;
            let silent = (1..=count).find(|chunks| played(&arrivals, *chunks).underruns == 0);
            let player = Player::new(Duration::from_millis(20), Duration::ZERO);
            let ready: Vec<u64> = arrivals.iter().map(|ms| ms * MS).collect();
            // Chunks that came together can only be begun with together.
            let least = player.least(&ready).unwrap();
            prop_assert_eq!(Some(ready[least as usize - 1]), silent.map(|chunks| ready[chunks as usize - 1]));
        }
    }
}
