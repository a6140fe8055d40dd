//! What tcpdump sees: when each update passed by.

use driver::clock;
use rustix::process::{Pid, Signal, geteuid, kill_process};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A running capture of the loopback device.
pub struct Capture {
    tcpdump: Child,
    file: PathBuf,
    ahead_ns: i64,
}

/// An update that passed by, on the driver's clock.
#[derive(Debug, Clone, Copy)]
pub struct Passed {
    pub sent_ns: u64,
    pub seen_ns: u64,
}

/// Why nothing can be captured here, if so.
pub fn missing() -> Option<&'static str> {
    let found = Command::new("tcpdump").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    match found {
        Err(_) => Some("there is no tcpdump"),
        Ok(_) if !geteuid().is_root() => Some("only root may capture"),
        Ok(_) => None,
    }
}

impl Drop for Capture {
    fn drop(&mut self) {
        // Only a panic finds it running.
        let _ = self.tcpdump.kill();
        let _ = self.tcpdump.wait();
    }
}

impl Capture {
    /// Starts, and waits until it listens. All updates of a run have to fit into its buffer.
    pub fn start(file: &Path) -> Self {
        let mut tcpdump = Command::new("tcpdump")
            .args(["-i", "lo", "--time-stamp-precision=nano", "-s", "320", "-B", "65536", "-Z", "root", "-w"])
            .args([file.as_os_str(), "tcp".as_ref()])
            .stderr(Stdio::piped())
            .spawn()
            .expect("tcpdump starts");
        let mut said = BufReader::new(tcpdump.stderr.take().expect("a pipe")).lines().map_while(Result::ok);
        assert!(said.any(|line| line.contains("listening on")), "tcpdump listens");
        // Whatever else it says must not fill the pipe.
        std::thread::spawn(move || said.for_each(drop));
        Capture { tcpdump, file: file.to_owned(), ahead_ns: clock::real_ahead_ns() }
    }

    /// Ends it, and looks at what it saw. None where a clock was set meanwhile.
    pub fn finish(mut self) -> Option<Vec<Passed>> {
        // The kernel hands packets to tcpdump in blocks, the last of them a second late.
        clock::block_until(clock::now_ns() + 1_200_000_000);
        let pid = i32::try_from(self.tcpdump.id()).ok().and_then(Pid::from_raw).expect("a process");
        kill_process(pid, Signal::INT).expect("it is there");
        assert!(self.tcpdump.wait().expect("it ends").success());
        let bytes = std::fs::read(&self.file).expect("it wrote a file");
        let held = self.ahead_ns.abs_diff(clock::real_ahead_ns()) <= 5_000;
        held.then(|| packets(&bytes).flat_map(|packet| updates(&packet, self.ahead_ns)).collect())
    }
}

struct Packet<'a> {
    real_ns: u64,
    bytes: &'a [u8],
}

/// The packets of a file in pcap's format with nanoseconds, written on this machine.
fn packets(file: &[u8]) -> impl Iterator<Item = Packet<'_>> {
    const MAGIC: u32 = 0xa1b2_3c4d;
    let word = |bytes: &[u8], at: usize| {
        bytes.get(at..at + 4).map(|word| u32::from_ne_bytes(word.try_into().expect("four")))
    };
    assert_eq!(word(file, 0), Some(MAGIC), "a capture with nanoseconds");
    let mut rest = file.get(24..).unwrap_or_default();
    std::iter::from_fn(move || {
        let (seconds, nanos) = (word(rest, 0)?, word(rest, 4)?);
        let bytes = rest.get(16..16 + word(rest, 8)? as usize)?;
        rest = &rest[16 + bytes.len()..];
        Some(Packet { real_ns: u64::from(seconds) * 1_000_000_000 + u64::from(nanos), bytes })
    })
}

/// The updates in a packet: bodies begin with 16 hexadecimal digits of the instant of sending. Other digits,
/// and those of a body with one more before them, are of no recent instant.
fn updates(packet: &Packet<'_>, ahead_ns: i64) -> Vec<Passed> {
    const RECENT_NS: u64 = 1_000_000_000;
    let seen_ns = packet.real_ns.saturating_add_signed(-ahead_ns);
    let stamps = packet.bytes.windows(16).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
    let instants =
        stamps.filter_map(|digits| u64::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
    let recent = instants.filter(|sent_ns| (seen_ns.saturating_sub(RECENT_NS)..=seen_ns).contains(sent_ns));
    recent.map(|sent_ns| Passed { sent_ns, seen_ns }).collect()
}
