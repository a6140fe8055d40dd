//! A link of packets: the process that carries them, and who belongs to which of its ends.

use crate::job::{Command, Event, Job, Linked};
use crate::worker::Reporter;
use crate::{clock, limits};
use ::link::{Conditions, OneWay};
use anyhow::Context;
use results::{LinkSeen, PacketsSeen};
use scenario::Way;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use tokio::sync::mpsc;
use wire::Dialer;

/// Where a server listens that has a link to its clients.
pub(crate) const SERVER: SocketAddr = SocketAddr::new(IpAddr::V4(::link::SERVER), 0);

/// Whether a link can be made here.
///
/// # Errors
/// When it can't, with what is missing.
pub(crate) fn check() -> anyhow::Result<()> {
    match ::link::missing() {
        None => Ok(()),
        Some(what) => anyhow::bail!(
            "link = \"packets\" needs {what}: run it as root on Linux, or write link = \"bytes\", which needs no rights \
             and has delay, jitter and rates, but no loss"
        ),
    }
}

/// Moves this process to an end of a link.
///
/// # Errors
/// When there is none.
pub(crate) fn join(namespace: &Path) -> anyhow::Result<()> {
    #[cfg(target_os = "linux")]
    return ::link::join(namespace).with_context(|| format!("failed to join {}", namespace.display()));
    #[cfg(not(target_os = "linux"))]
    anyhow::bail!("there are no network namespaces here to join {}", namespace.display());
}

/// A dialer for one client, by its number and that of its first subscriber: from an address of its own over a link, and
/// else from one of this machine's that has ports left for so many.
pub(crate) fn placed(dialer: Dialer, (client, subscriber): (u32, u32)) -> Dialer {
    match dialer.address().ip() == SERVER.ip() {
        true => dialer.from_address(::link::client_address(client)),
        false => dialer.from_place(limits::place(subscriber)),
    }
}

const _: () =
    assert!(::link::CLIENTS as i64 == scenario::limits::LINK_CLIENTS, "scenarios allow what a link has");

/// What a way does in each direction.
fn conditions(way: &Way) -> Conditions {
    let one_way = |bits_per_s| OneWay {
        delay: way.delay,
        jitter: way.link.jitter,
        bits_per_s,
        queue: way.link.queue,
        lost_per_million: way.link.lost_per_million,
        in_a_row: way.link.in_a_row,
        overtaken_per_million: way.link.overtaken_per_million,
    };
    Conditions { down: one_way(way.link.down), up: one_way(way.link.up) }
}

/// Makes a link, says so, and carries packets until it is told to finish.
///
/// # Errors
/// When the system has no namespaces or devices for it, or takes one away.
#[cfg(target_os = "linux")]
pub(crate) async fn serve(
    job: &Job,
    commands: &mut mpsc::Receiver<Command>,
    reporter: &Reporter,
) -> anyhow::Result<Event> {
    use ledger::Distribution;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use tokio::sync::oneshot;

    let (_, entry) = job.read()?;
    let (conditions, seed) = (conditions(&entry.way), job.seed);
    let stop = Arc::<AtomicBool>::default();
    let (ready, linked) = oneshot::channel();
    let (ended, mut ending) = oneshot::channel();
    let stopped = stop.clone();
    let carry = move || {
        clock::wake_this_thread_sharply();
        let carrying = || {
            let ends = ::link::ends().context("failed to make the link")?;
            let linked = Linked { servers: ends.servers_namespace(), clients: ends.clients_namespace() };
            let _ = ready.send(linked);
            let mut lateness = Distribution::default();
            let carried = ::link::carry(&ends, &conditions, seed, &stopped, clock::now_ns, |late| {
                lateness.record(late);
            });
            let carried = carried.context("the link broke")?;
            Ok(LinkSeen { down: seen(carried.down), up: seen(carried.up), lateness })
        };
        let _ = ended.send(carrying());
    };
    std::thread::Builder::new().name("link".to_owned()).spawn(carry)?;
    if let Ok(linked) = linked.await {
        reporter.send(&Event::Linked(linked))?;
    }
    tokio::select! {
        outcome = &mut ending => return Err(broken(outcome)),
        _ = commands.recv() => stop.store(true, Ordering::Relaxed),
    }
    let seen: anyhow::Result<LinkSeen> = ending.await.context("the link's thread broke down")?;
    Ok(Event::Link(Box::new(seen?)))
}

/// Refuses: there are no links on this system.
///
/// # Errors
/// Always.
#[cfg(not(target_os = "linux"))]
pub(crate) async fn serve(_: &Job, _: &mut mpsc::Receiver<Command>, _: &Reporter) -> anyhow::Result<Event> {
    check().and_then(|()| anyhow::bail!("there is no link on this system"))
}

/// Why a link ended that nobody had told to.
#[cfg(target_os = "linux")]
fn broken<E: std::error::Error + Send + Sync + 'static>(
    outcome: Result<anyhow::Result<LinkSeen>, E>,
) -> anyhow::Error {
    match outcome {
        Ok(Ok(_)) => anyhow::anyhow!("the link ended by itself"),
        Ok(Err(error)) => error,
        Err(error) => anyhow::Error::new(error).context("the link's thread broke down"),
    }
}

fn seen(counts: ::link::Counts) -> PacketsSeen {
    PacketsSeen {
        offered: counts.offered,
        bytes: counts.bytes,
        lost: counts.lost,
        dropped: counts.dropped,
        overtaken: counts.overtaken,
        overflowed: counts.overflowed,
    }
}
