use super::*;
use crate::{SERVER, client_address};
use std::time::Duration;

const MS: u64 = 1_000_000;

fn packet(client: u32, bytes: usize) -> Vec<u8> {
    let mut packet = vec![0; bytes];
    packet[0] = 0x45;
    packet[12..16].copy_from_slice(&SERVER.octets());
    packet[16..20].copy_from_slice(&client_address(client).octets());
    packet
}

fn open() -> OneWay {
    OneWay { queue: Duration::from_secs(3600), in_a_row: 1, ..OneWay::default() }
}

/// Sends a packet every so often and lists when each that arrived did, by its number.
fn run(conditions: OneWay, bytes: usize, every_ns: u64, count: u64) -> (Vec<(u64, u64)>, Counts) {
    let mut down = Direction::down(conditions, 7);
    for number in 0..count {
        let mut one = packet(3, bytes);
        one[20..28].copy_from_slice(&number.to_be_bytes());
        down.send(&one, number * every_ns, 0);
    }
    let mut arrived = Vec::new();
    while let Some(Arrival { at_ns, packet, .. }) = down.arrival(u64::MAX) {
        arrived.push((u64::from_be_bytes(packet[20..28].try_into().expect("eight bytes")), at_ns));
    }
    (arrived, down.counts())
}

#[test]
fn a_packet_takes_the_delay_and_its_length_at_the_rate() {
    let way = OneWay { delay: Duration::from_millis(20), bits_per_s: Some(1_000_000), ..open() };
    // 1,250 bytes are 10,000 bits: 10 ms of a megabit per second, and the second one waits for the first.
    let (arrived, counts) = run(way, 1_250, 0, 2);
    assert_eq!(arrived, [(0, 30 * MS), (1, 40 * MS)]);
    assert_eq!((counts.offered, counts.bytes), (2, 2_500));
}

#[test]
fn a_full_queue_drops_and_lets_in_again_what_comes_later() {
    let way = OneWay { bits_per_s: Some(1_000_000), queue: Duration::from_millis(25), ..open() };
    // Each takes 10 ms and one comes every 5: by the sixth the wait is 25 ms, and then every other one is dropped.
    let (arrived, counts) = run(way, 1_250, 5 * MS, 40);
    assert_eq!(arrived.len() as u64 + counts.dropped, 40);
    assert!(counts.dropped >= 15, "{counts:?}");
    assert!(arrived.iter().all(|(number, at_ns)| at_ns - number * 5 * MS <= 35 * MS + 10), "{arrived:?}");
}

#[test]
fn each_client_has_a_line_of_its_own() {
    let mut down = Direction::down(OneWay { bits_per_s: Some(1_000_000), ..open() }, 1);
    (0..3).for_each(|client| down.send(&packet(client, 1_250), 0, 0));
    for _ in 0..3 {
        assert_eq!(down.arrival(u64::MAX).map(|one| one.at_ns), Some(10 * MS));
    }
}

#[test]
fn jitter_spreads_and_does_not_reorder() {
    let way = OneWay { delay: Duration::from_millis(10), jitter: Duration::from_millis(10), ..open() };
    let (arrived, _) = run(way, 100, 100 * MS, 10_000);
    assert!(arrived.windows(2).all(|pair| pair[0].0 < pair[1].0));
    let mean_ms =
        arrived.iter().map(|(number, at_ns)| (at_ns - number * 100 * MS) as f64 / MS as f64).sum::<f64>()
            / 1e4;
    assert!((14.8..15.2).contains(&mean_ms), "{mean_ms}");
    let (crowded, _) = run(way, 100, MS / 10, 10_000);
    assert!(crowded.windows(2).all(|pair| pair[0].0 < pair[1].0), "a wait is handed on");
}

#[test]
fn as_many_are_lost_as_is_said_alone_or_in_a_row() {
    let lost = |in_a_row: u32| {
        let way = OneWay { lost_per_million: 20_000, in_a_row, ..open() };
        let (arrived, counts) = run(way, 100, MS, 200_000);
        assert_eq!(arrived.len() as u64 + counts.lost, 200_000);
        let runs = 1 + arrived.windows(2).filter(|pair| pair[1].0 - pair[0].0 > 1).count();
        (counts.lost as f64 / 2e5, counts.lost as f64 / runs as f64)
    };
    let (share, length) = lost(1);
    assert!((0.018..0.022).contains(&share), "{share}");
    assert!((1.0..1.1).contains(&length), "{length}");
    let (share, length) = lost(4);
    assert!((0.017..0.023).contains(&share), "{share}");
    assert!((3.6..4.5).contains(&length), "{length}");
}

#[test]
fn who_is_overtaken_comes_behind_those_that_follow() {
    let way = OneWay { delay: Duration::from_millis(10), overtaken_per_million: 50_000, ..open() };
    let (arrived, counts) = run(way, 100, 2 * MS, 10_000);
    let late = arrived.windows(2).filter(|pair| pair[0].0 > pair[1].0).count() as u64;
    assert!((400..600).contains(&counts.overtaken), "{counts:?}");
    assert!(late.abs_diff(counts.overtaken) <= 60, "{late} of {counts:?}: several may be overtaken at once");
}

#[test]
fn the_same_seed_loses_the_same_packets_whoever_else_sends() {
    let way = OneWay { lost_per_million: 100_000, jitter: Duration::from_millis(3), ..open() };
    let alone = {
        let mut down = Direction::down(way, 5);
        (0..200).for_each(|number| down.send(&packet(1, 100), number * MS, 0));
        std::iter::from_fn(|| down.arrival(u64::MAX).map(|one| one.at_ns)).collect::<Vec<_>>()
    };
    let mut down = Direction::down(way, 5);
    for number in 0..200 {
        down.send(&packet(2, 100), number * MS, 0);
        down.send(&packet(1, 100), number * MS, 0);
    }
    let of_first = packet(1, 100);
    let beside: Vec<u64> = std::iter::from_fn(|| down.arrival(u64::MAX))
        .filter(|one| one.packet[16..20] == of_first[16..20])
        .map(|one| one.at_ns)
        .collect();
    assert_eq!(alone, beside);
}

#[test]
fn what_is_nobodys_is_not_carried() {
    let mut down = Direction::down(open(), 1);
    for stray in [&[][..], &[0x60; 60], &[0x45; 10], &[0x45; 60]] {
        down.send(stray, 0, 0);
    }
    assert_eq!(down.counts(), Counts::default());
    assert_eq!(down.next_arrival_ns(), None);
}
