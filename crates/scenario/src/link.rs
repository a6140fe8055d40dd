//! What a link does to what is sent over it, and who carries it.

use crate::Way;
use std::time::Duration;

/// What the way does beside taking its time. Keys of `[network]` and of every `[[transport]]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// Who carries what is sent.
    /// Key `link`, default `"bytes"`.
    pub carried: Carried,
    /// Up to so much more than the delay, each time another one, evenly spread.
    /// Key `jitter`, default `"0ms"`.
    pub jitter: Duration,
    /// Bits per second from the server to each client. None is as fast as it goes.
    /// Key `down`, default `"unlimited"`.
    pub down: Option<u64>,
    /// Bits per second from each client to the server.
    /// Key `up`, default `"unlimited"`.
    pub up: Option<u64>,
    /// How long what is sent may have to wait for what was sent before it.
    /// Key `queue`, default `"100ms"`.
    pub queue: Duration,
    /// So many of a million packets are lost, in each direction.
    /// Key `loss`, default `"0%"`.
    pub lost_per_million: u32,
    /// How many of them in a row, on average.
    /// Key `lost_in_a_row`, default `1`: each is lost or not for itself.
    pub in_a_row: u32,
    /// So many of a million packets are overtaken by later ones, in each direction.
    /// Key `overtaken`, default `"0%"`.
    pub overtaken_per_million: u32,
}

/// Who carries what is sent between clients and server.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Carried {
    /// Clients hold back bytes in their own process. `"bytes"`.
    #[default]
    Bytes,
    /// Both ends are namespaces of their own, and IP packets are carried between them. `"packets"`.
    Packets,
}

impl Default for Link {
    fn default() -> Self {
        Link {
            carried: Carried::Bytes,
            jitter: Duration::ZERO,
            down: None,
            up: None,
            queue: Duration::from_millis(100),
            lost_per_million: 0,
            in_a_row: 1,
            overtaken_per_million: 0,
        }
    }
}

impl Link {
    /// Whether it does anything that a delay does not.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        *self == Link { queue: self.queue, in_a_row: self.in_a_row, ..Link::default() }
    }

    /// What it does, in words; what it does not do is not said.
    #[must_use]
    pub fn describe(&self) -> String {
        let share = |per_million: u32| format!("{} %", f64::from(per_million) / 1e4);
        let mut words = Vec::new();
        match (self.down, self.up) {
            (None, None) => {}
            (down, up) if down == up => words.push(print_rate(down)),
            (down, up) => words.push(format!("{} down, {} up", print_rate(down), print_rate(up))),
        }
        if !self.jitter.is_zero() {
            words.push(format!("jitter up to {}", options::print_duration(self.jitter)));
        }
        if self.lost_per_million > 0 {
            let row = if self.in_a_row > 1 { format!(", {} in a row", self.in_a_row) } else { String::new() };
            words.push(format!("{} lost{row}", share(self.lost_per_million)));
        }
        if self.overtaken_per_million > 0 {
            words.push(format!("{} overtaken", share(self.overtaken_per_million)));
        }
        let what = words.join(", ");
        match self.carried {
            Carried::Bytes => what,
            Carried::Packets if what.is_empty() => "a link of IP packets".to_owned(),
            Carried::Packets => format!("a link of IP packets: {what}"),
        }
    }
}

/// A rate as scenarios write it, in the largest unit that keeps it whole.
#[must_use]
pub fn print_rate(bits_per_s: Option<u64>) -> String {
    let Some(bits) = bits_per_s else { return "unlimited".to_owned() };
    match UNITS.iter().find(|(_, unit)| bits % unit == 0) {
        Some((name, unit)) => format!("{} {name}", bits / unit),
        None => format!("{bits} bit/s"),
    }
}

const UNITS: [(&str, u64); 3] = [("Gbit/s", 1_000_000_000), ("Mbit/s", 1_000_000), ("kbit/s", 1_000)];

/// Reads `"5Mbit/s"`, `"384 kbit/s"` or `"unlimited"`.
pub(crate) fn parse_rate(text: &str) -> Option<Option<u64>> {
    if text == "unlimited" {
        return Some(None);
    }
    let (name, unit) = UNITS.iter().find(|(name, _)| text.ends_with(name))?;
    let number = text.strip_suffix(name)?.trim();
    // `f64` would also read "inf", "nan" and "1e9".
    if !number.chars().all(|c| c.is_ascii_digit() || c == '.') {
        return None;
    }
    Some(Some((number.parse::<f64>().ok()? * *unit as f64).round() as u64))
}

/// Links that have a name. Key `profile`; whatever is said beside it stands.
const PROFILES: [(&str, Profile); 5] = [
    // Two virtual machines in one zone of a public cloud: 0.9 ms there and back (S. Painter, "Exploring Azure Network
    // Latency", 2025). The rate is gigabit Ethernet's.
    ("lan", Profile { delay_us: 450, down: 1_000_000_000, up: 1_000_000_000, lost_per_million: 0 }),
    // WebPageTest's settings/connectivity.ini: "Cable (5/1 Mbps 28ms RTT)".
    ("broadband", Profile { delay_us: 14_000, down: 5_000_000, up: 1_000_000, lost_per_million: 0 }),
    // The same file's "4G (9 Mbps 170ms RTT)".
    ("4g", Profile { delay_us: 85_000, down: 9_000_000, up: 9_000_000, lost_per_million: 0 }),
    // The longest way within Asia between two regions of a public cloud: 134 ms there and back (Microsoft, "Azure network
    // round-trip latency statistics", October 2019). The rates are that file's "FIOS (20/5 Mbps 4ms RTT)".
    ("far", Profile { delay_us: 67_000, down: 20_000_000, up: 5_000_000, lost_per_million: 0 }),
    // That line, with one packet in fifty lost in each direction: a round number of ours.
    ("lossy-wifi", Profile { delay_us: 2_000, down: 20_000_000, up: 5_000_000, lost_per_million: 20_000 }),
];

#[derive(Debug, Clone, Copy)]
struct Profile {
    delay_us: u64,
    down: u64,
    up: u64,
    lost_per_million: u32,
}

/// The names of all profiles.
pub(crate) fn profiles() -> [&'static str; 5] {
    PROFILES.map(|(name, _)| name)
}

impl Way {
    /// The same with what a profile says of delay, rates and loss. None is no such profile.
    pub(crate) fn as_profile(&self, name: &str) -> Option<Way> {
        let (_, profile) = PROFILES.iter().find(|(known, _)| *known == name)?;
        let link = Link {
            jitter: Duration::ZERO,
            down: Some(profile.down),
            up: Some(profile.up),
            lost_per_million: profile.lost_per_million,
            overtaken_per_million: 0,
            ..self.link
        };
        Some(Way { delay: Duration::from_micros(profile.delay_us), link, ..self.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_read_and_printed_alike() {
        for (text, bits) in [("5Mbit/s", 5_000_000), ("384 kbit/s", 384_000), ("1.5Mbit/s", 1_500_000)] {
            assert_eq!(parse_rate(text), Some(Some(bits)), "{text}");
            assert_eq!(parse_rate(&print_rate(Some(bits))), Some(Some(bits)), "{text}");
        }
        assert_eq!(parse_rate("unlimited"), Some(None));
        for wrong in ["5", "5MB/s", "Mbit/s", "-1Mbit/s", "inf Gbit/s", "1e3kbit/s"] {
            assert_eq!(parse_rate(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_link_says_what_it_does_and_nothing_else() {
        assert!(Link::default().is_plain());
        let way = Way::default().as_profile("lossy-wifi").expect("a profile");
        assert!(!way.link.is_plain());
        assert_eq!(way.link.describe(), "20 Mbit/s down, 5 Mbit/s up, 2 % lost");
        let link = Link { carried: Carried::Packets, jitter: Duration::from_millis(5), ..Link::default() };
        assert_eq!(link.describe(), "a link of IP packets: jitter up to 5ms");
        let link = Link { carried: Carried::Packets, ..Link::default() };
        assert_eq!(link.describe(), "a link of IP packets");
    }
}
