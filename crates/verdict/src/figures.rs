//! The value of every figure that a scenario may name, of a round or of rounds merged.

use crate::Untold;
use crate::due;
use ledger::{Account, Distribution, Posts, Replies};
use results::{Costs, ExchangeTraffic, Merged, Run, Steady, Traffic, Uplink};
use scenario::{At, Figure};

/// What a round, or several as one, have to say of a transport.
pub(crate) struct Told<'a> {
    account: Account,
    uplink: Option<&'a Uplink>,
    exchanges: Option<&'a ExchangeTraffic>,
    steady: Steady,
    server: &'a Costs,
    client: &'a Costs,
    sockets: Traffic,
    /// Measured time, over all rounds that are in it.
    window_s: f64,
    clients: f64,
    rounds: u64,
    idle_bytes: Option<f64>,
    polls: bool,
    /// Whether a tail is known only if enough of *this* lies beyond it. Else rounds are looked at one by one
    /// for what all of them together support.
    alone: bool,
}

impl<'a> Told<'a> {
    /// One round.
    pub fn of_round(run: &'a Run, round: &'a results::Account) -> Told<'a> {
        Told {
            account: (&round.ledger).into(),
            uplink: round.uplink.as_ref(),
            exchanges: round.exchanges.as_ref(),
            steady: round.steady,
            server: &round.server_costs,
            client: &round.client_costs,
            sockets: round.clients,
            window_s: run.header.measure_ns as f64 / 1e9,
            clients: f64::from(run.header.subscribers),
            rounds: 1,
            idle_bytes: run.idle.as_ref().and_then(|idle| idle.per_connection(&round.label)),
            polls: polls(run, &round.label),
            alone: false,
        }
    }

    /// All rounds of a transport.
    pub fn of_rounds(run: &'a Run, label: &str, merged: &'a Merged) -> Told<'a> {
        Told {
            account: merged.account.clone(),
            uplink: merged.uplink.as_ref(),
            exchanges: merged.exchanges.as_ref(),
            steady: merged.steady,
            server: &merged.server_costs,
            client: &merged.client_costs,
            sockets: merged.clients,
            window_s: run.header.measure_ns as f64 / 1e9 * merged.rounds as f64,
            clients: f64::from(run.header.subscribers),
            rounds: merged.rounds as u64,
            idle_bytes: run.idle.as_ref().and_then(|idle| idle.per_connection(label)),
            polls: polls(run, label),
            alone: true,
        }
    }

    /// The value of a figure: nanoseconds, bytes, a part of one or a number. What lies among what never
    /// arrived is infinite.
    ///
    /// # Errors
    /// When it is not told, or too little lies beyond a quantile.
    pub fn value(&self, figure: Figure, at: Option<At>) -> Result<f64, Untold> {
        match at {
            Some(at) if figure == Figure::Latency => self.latency(at),
            Some(at) => {
                let (values, absent) = self.values(figure).ok_or(Untold::Nothing)?;
                read(values, absent, at, self.alone)
            }
            None => self.scalar(figure),
        }
    }

    /// Of latency the ledger knows how many different updates lie beyond a quantile.
    fn latency(&self, at: At) -> Result<f64, Untold> {
        let account = &self.account;
        let At::Quantile(q) = at else { return read(&account.latency, due::absent(account), at, self.alone) };
        match due::quantile(account, q) {
            // What all rounds together support, each may say for itself.
            Ok(figure) if q <= 0.5 || figure.is_known() || !self.alone => Ok(figure.value_ns as f64),
            Ok(_) => Err(Untold::TooFewUpdates),
            Err(due::NEVER_ARRIVED) => Ok(f64::INFINITY),
            Err(_) if account.books.expected > account.books.superseded => Ok(f64::INFINITY),
            Err(_) => Err(Untold::NothingDelivered),
        }
    }

    /// The values of a distribution, and how many more there should have been: those are infinitely late.
    fn values(&self, figure: Figure) -> Option<(&Distribution, u64)> {
        let account = &self.account;
        let replies = account.replies.as_ref();
        let posts = account.posts.as_ref();
        let relayed = account.relayed.as_ref();
        let recovery = account.recovery.as_ref();
        let playback = replies.and_then(|replies| replies.playback.as_ref());
        let unanswered = |replies: &Replies| replies.failed.saturating_add(replies.unfinished);
        let never_began =
            |replies: &Replies| unanswered(replies).min(replies.asked.saturating_sub(replies.first.len()));
        let unacknowledged = |posts: &Posts| posts.due.saturating_sub(posts.acknowledged);
        Some(match figure {
            Figure::SentLatency => (&account.sent_latency, due::absent(account)),
            Figure::Staleness => (&account.staleness, 0),
            Figure::SetUp => (&account.setup, account.never_connected),
            Figure::Noticed => (&recovery?.noticed, 0),
            Figure::Reconnected => (&recovery?.reconnected, recovery?.not_back),
            Figure::CaughtUp => (&recovery?.caught_up, recovery?.not_back),
            Figure::Away => (&recovery?.away, recovery?.not_back),
            Figure::Undisturbed => (&recovery?.undisturbed, 0),
            Figure::FirstUpdate => {
                let clients = self.clients as u64 * self.rounds;
                (&account.first_update, clients.saturating_sub(account.first_update.len()))
            }
            Figure::SeenByAll => (&account.slowest, due::absent(account)),
            Figure::OwnEcho => (&relayed?.own_echo, due::absent(account)),
            Figure::OpsBehind => (&relayed?.behind, 0),
            Figure::Acknowledged => (&posts?.acknowledgement, unacknowledged(posts?)),
            Figure::Effect => (&posts?.effect, unacknowledged(posts?)),
            Figure::Uplink => {
                let books = self.uplink?.posts.as_ref()?;
                let arrived = books.books.delivered.saturating_add(books.books.superseded);
                (&books.latency, books.books.expected.saturating_sub(arrived))
            }
            Figure::FirstChunk => (&replies?.first, never_began(replies?)),
            Figure::ChunkGap => (&replies?.gap, 0),
            Figure::PerChunk => (&replies?.per_chunk, unanswered(replies?)),
            Figure::Whole => (&replies?.whole, unanswered(replies?)),
            Figure::Wait => (&replies?.wait, unanswered(replies?)),
            Figure::LongestStall => (&replies?.longest_stall, unanswered(replies?)),
            Figure::Stop => (&self.uplink?.stopped.as_ref()?.0, 0),
            Figure::Unwanted => (&replies?.unwanted, 0),
            Figure::ForNothing => (&self.uplink?.for_nothing.as_ref()?.0, 0),
            Figure::Silence => (&playback?.silence, 0),
            Figure::LeastBuffer => (&playback?.least_buffer, unanswered(replies?)),
            Figure::FirstSound => (&playback?.first_sound, unanswered(replies?)),
            // Which of the two an unanswered one was is not known, so both have it.
            Figure::Cold => (&replies?.cold, unanswered(replies?)),
            Figure::Warm => (&replies?.warm, unanswered(replies?)),
            _ => return None,
        })
    }

    fn scalar(&self, figure: Figure) -> Result<f64, Untold> {
        let (account, steady) = (&self.account, &self.steady);
        let both = steady.bytes_in as f64 + steady.bytes_out as f64;
        let updates = steady.updates as f64;
        let cpu = |costs: &Costs| costs.transport_ns.map(|ns| ns as f64).ok_or(Untold::NotAvailable);
        let replies = account.replies.as_ref().ok_or(Untold::Nothing);
        let played = || replies?.playback.as_ref().ok_or(Untold::Nothing);
        let exchanged = |of: fn(&ExchangeTraffic) -> (Traffic, u64)| {
            let (traffic, count) = self.exchanges.map(of).ok_or(Untold::Nothing)?;
            ratio(traffic.bytes_in as f64 + traffic.bytes_out as f64, count as f64, Untold::Nothing)
        };
        match figure {
            Figure::ServerCpu => ratio(cpu(self.server)?, updates, Untold::NothingDelivered),
            Figure::ClientCpu => ratio(cpu(self.client)?, updates, Untold::NothingDelivered),
            Figure::IdleCpu => ratio(cpu(self.server)?, self.clients * self.window_s, Untold::Nothing),
            Figure::IdleMemory => self.idle_bytes.ok_or(Untold::NotAvailable),
            Figure::Bytes => ratio(steady.bytes_in as f64, updates, Untold::NothingDelivered),
            Figure::BytesBoth => ratio(both, updates, Untold::NothingDelivered),
            Figure::BytesPerHour => ratio(both * 3600.0, self.clients * self.window_s, Untold::Nothing),
            Figure::Requests => {
                let polls = if self.polls { account.responses as f64 } else { 0.0 };
                ratio(polls, self.clients * self.window_s, Untold::Nothing)
            }
            Figure::EmptyPolls => {
                ratio(account.empty_responses as f64, account.responses as f64, Untold::Nothing)
            }
            Figure::Retransmitted => {
                let again = self.server.retransmitted.ok_or(Untold::NotAvailable)?;
                let sent = self.server.segments_out.ok_or(Untold::NotAvailable)?;
                ratio(again as f64, sent as f64, Untold::Nothing)
            }
            Figure::Reach => {
                let due = account.books.expected.saturating_sub(account.books.superseded);
                ratio(account.books.delivered as f64, due as f64, Untold::Nothing)
            }
            Figure::Lost => Ok(due::absent(account) as f64),
            Figure::Reconnects => Ok(account.reconnects as f64),
            Figure::Gaps => Ok(account.books.gaps as f64),
            Figure::Again => Ok(account.books.duplicated as f64),
            Figure::Disagreements => {
                account.relayed.as_ref().map(|relayed| relayed.disagreements as f64).ok_or(Untold::Nothing)
            }
            Figure::UplinkBytes => {
                let posts = account.posts.as_ref().ok_or(Untold::Nothing)?;
                ratio(steady.bytes_out as f64, posts.due as f64, Untold::Nothing)
            }
            Figure::Stutter => {
                ratio(replies?.stutters as f64, replies?.streamed_ns as f64 / 60e9, Untold::Nothing)
            }
            Figure::Fluidity => ratio(replies?.in_time as f64, replies?.after_first as f64, Untold::Nothing),
            Figure::Connections => {
                ratio(self.sockets.connections as f64, replies?.asked as f64, Untold::Nothing)
            }
            Figure::Underruns => ratio(played()?.underruns as f64, played()?.played as f64, Untold::Nothing),
            Figure::Handshake => {
                let median = |of: &Distribution| of.quantile(0.5).map(|ns| ns as f64).ok_or(Untold::Nothing);
                Ok(median(&replies?.cold)? - median(&replies?.warm)?)
            }
            Figure::BytesCold => exchanged(|traffic| (traffic.cold, traffic.cold_exchanges)),
            Figure::BytesWarm => exchanged(|traffic| (traffic.warm, traffic.warm_exchanges)),
            // All others are distributions, and are always read in some way.
            _ => Err(Untold::Nothing),
        }
    }
}

fn polls(run: &Run, label: &str) -> bool {
    run.header.entries.iter().any(|entry| entry.label == label && entry.polls)
}

fn ratio(amount: f64, by: f64, else_: Untold) -> Result<f64, Untold> {
    if by > 0.0 { Ok(amount / by) } else { Err(else_) }
}

/// Reads a distribution to which so many infinite values have to be added.
fn read(values: &Distribution, absent: u64, at: At, alone: bool) -> Result<f64, Untold> {
    let all = values.len().saturating_add(absent);
    if all == 0 {
        return Err(Untold::Nothing);
    }
    let share_of_values = |q: f64| q * (all as f64 / values.len() as f64);
    match at {
        At::Quantile(_) | At::Mean | At::Max if values.is_empty() => Ok(f64::INFINITY),
        At::Quantile(q) if share_of_values(q) > 1.0 => Ok(f64::INFINITY),
        At::Quantile(q) if q <= 0.5 || beyond(values, absent, q) >= needed(alone) => {
            let value = values.quantile(share_of_values(q)).ok_or(Untold::Nothing)?;
            Ok(value as f64)
        }
        At::Quantile(_) => Err(Untold::TooFewUpdates),
        At::Mean if absent > 0 => Ok(f64::INFINITY),
        At::Mean => values.mean().ok_or(Untold::Nothing),
        At::Max if absent > 0 => Ok(f64::INFINITY),
        At::Max => values.max().map(|value| value as f64).ok_or(Untold::Nothing),
        At::Beyond(limit) => {
            let beyond = values.count_above(limit.max(0.0) as u64).saturating_add(absent);
            Ok(beyond as f64 / all as f64)
        }
    }
}

/// How many of all rank beyond a quantile.
fn beyond(values: &Distribution, absent: u64, q: f64) -> u64 {
    let all = values.len().saturating_add(absent);
    all.saturating_sub((q * all as f64).ceil() as u64)
}

/// In a round alone, one has to lie beyond; in all together as many as tails always need.
fn needed(alone: bool) -> u64 {
    if alone { Distribution::TAIL_SAMPLES } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hundred() -> Distribution {
        let mut values = Distribution::default();
        (1..=100).for_each(|value| values.record(value));
        values
    }

    #[test]
    fn what_never_came_is_infinitely_late() {
        let values = hundred();
        assert_eq!(read(&values, 0, At::Quantile(0.5), true), Ok(50.0));
        assert_eq!(read(&values, 100, At::Quantile(0.25), true), Ok(50.0), "of 200 the 50th");
        assert_eq!(read(&values, 100, At::Quantile(0.6), true), Ok(f64::INFINITY));
        assert_eq!(read(&values, 1, At::Max, true), Ok(f64::INFINITY));
        assert_eq!(read(&values, 1, At::Mean, true), Ok(f64::INFINITY));
        assert_eq!(read(&values, 0, At::Mean, true), Ok(50.5));
        assert_eq!(read(&values, 100, At::Beyond(90.0), true), Ok(110.0 / 200.0));
        assert_eq!(read(&Distribution::default(), 5, At::Quantile(0.5), true), Ok(f64::INFINITY));
        assert_eq!(read(&Distribution::default(), 0, At::Quantile(0.5), true), Err(Untold::Nothing));
    }

    #[test]
    fn a_tail_needs_ten_beyond_it_in_all_and_one_in_each_round() {
        let values = hundred();
        assert_eq!(read(&values, 0, At::Quantile(0.9), true), Ok(90.0));
        assert_eq!(read(&values, 0, At::Quantile(0.91), true), Err(Untold::TooFewUpdates));
        assert_eq!(read(&values, 0, At::Quantile(0.99), false), Ok(99.0));
        assert_eq!(read(&values, 0, At::Quantile(0.995), false), Err(Untold::TooFewUpdates));
    }
}
