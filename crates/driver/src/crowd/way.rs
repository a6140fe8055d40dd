//! What lies between clients and their server, as their dialers have it.

use crate::job::Job;
use anyhow::Context;
use results::CaptureSeen;
use scenario::{Entry, Tls, Way};
use wire::{Capture, Captured, ClientTls, Dialer, Distance, Meter};

/// What clients hold back themselves: nothing where packets are carried.
pub(super) fn distance(way: &Way, seed: u64) -> Distance {
    if !way.is_held_back() {
        return Distance::default();
    }
    Distance {
        one_way: way.delay,
        jitter: way.link.jitter,
        down: way.link.down,
        up: way.link.up,
        queue: way.link.queue,
        seed,
        ..Distance::default()
    }
}

/// What the way of an entry adds to a dialer: TLS and header fields.
///
/// # Errors
/// When the authority is none.
pub(crate) fn dialler(
    job: &Job,
    entry: &Entry,
    plain: &Meter,
) -> anyhow::Result<impl Fn(Dialer) -> Dialer + use<>> {
    let resumes = entry.way.tls == Tls::Resuming;
    let tls = job.certificates.as_ref().map(|certificates| ClientTls::new(&certificates.authority, resumes));
    let tls = tls.transpose().context("failed to set up TLS")?;
    let headers = match entry.way.headers {
        scenario::Headers::Bare => wire::Headers::Bare,
        scenario::Headers::Browser => wire::Headers::Browser,
    };
    let plain = plain.clone();
    let congestion_control = entry.way.congestion_control.clone();
    Ok(move |dialer: Dialer| {
        let dialer = dialer.with_headers(headers);
        let dialer = match &congestion_control {
            None => dialer,
            Some(algorithm) => dialer.controlling_congestion(algorithm),
        };
        match &tls {
            None => dialer,
            Some(tls) => dialer.secured(tls.clone(), plain.clone()),
        }
    })
}

/// What was kept of a connection, as text.
pub(super) fn seen(capture: &Capture) -> CaptureSeen {
    let Captured { up, down } = capture.captured();
    CaptureSeen { up: up.as_slice().into(), down: down.as_slice().into() }
}
