//! Pictures over time of what one reader had: how old it was, and how much of it was still to come.

use crate::chart::axis::{Axis, Quantity};
use crate::chart::lanes::{self, Backdrop, Entry, Lanes, Strip};
use crate::format;
use crate::standing::{self, NOT_CLOSED, Standing};
use crate::table::Cell;
use ledger::Trace;
use results::{MemoryAt, Run};

/// Along the time of the window, in nanoseconds.
/// The title of the ages of what one subscriber held.
pub(crate) const AGES: &str = "Data age over time";

type Curve = Vec<(f64, f64)>;

/// How old what one subscriber held of one topic was; none where nobody held anything.
pub(crate) fn ages(standings: &[Standing], measure_ns: u64) -> Option<Lanes> {
    let peak = |peak: f64| format!("at most {}", format::duration_f64(peak));
    let reading = |top: f64| {
        format!(
            "The age of what one subscriber held of one topic in the first round: it grows with the clock and falls when \
             something newer arrives. Everybody shows the same updates, and the full height of each lane is {}.",
            format::duration_f64(top)
        )
    };
    over_time(standings, AGES, |trace| sawtooth(trace, measure_ns), reading, peak)
}

/// How many posts of its room one member had still to get; none where nobody got any.
pub(crate) fn behind(standings: &[Standing]) -> Option<Lanes> {
    let peak = |peak: f64| format!("at most {}", format::count(peak as u64));
    let reading = |top: f64| {
        format!(
            "How many posts of its room had been due and had not come yet to one member in the first round, of those that it got \
             in the end. The full height of each lane is {}.",
            format::count(top as u64)
        )
    };
    over_time(standings, "Posts behind, over time", backlog, reading, peak)
}

/// The share of posts that a whole room has, against the time since each was due.
pub(crate) fn convergence(standings: &[Standing]) -> Option<Lanes> {
    let reading = "The share of posts that all members of their room have, against the time since they were due: a lane is full \
        where nobody misses anything any more."
        .to_owned();
    let slowest = |standing: &Standing| {
        let merged = standing.merged.as_ref()?;
        let slowest = &merged.account.slowest;
        let curve: Curve = slowest.curve(4).map(|(share, ns)| (ns as f64, share)).collect();
        Some((curve, slowest.quantile(0.5)?, slowest.max()?))
    };
    let drawn: Vec<_> =
        standing::without_controls(standings).map(|standing| (standing, slowest(standing))).collect();
    let values = drawn.iter().filter_map(|(_, drawn)| drawn.as_ref()).flat_map(|(curve, ..)| curve);
    let axis = Axis::over(Quantity::Time, values.map(|(ns, _)| *ns))?;
    let (mut entries, mut strips) = (Vec::new(), Vec::new());
    for (standing, found) in drawn {
        let cell = found.as_ref().map_or_else(
            || Cell::missing(NOT_CLOSED),
            |(_, half, all)| {
                Cell::plain(format!("half by {}, all by {}", format::duration(*half), format::duration(*all)))
            },
        );
        entries.push(entry(standing, cell));
        strips
            .push(found.map(|(curve, ..)| vec![Strip::Under(to_the_end(curve, &axis))]).unwrap_or_default());
    }
    let mut chart = lanes::lanes("Convergence, post by post", reading, &axis, Backdrop::Nothing, entries);
    chart.add_tall(strips.into_iter(), &axis);
    Some(chart)
}

/// Begins at nothing and stays at all of it.
fn to_the_end(curve: Curve, axis: &Axis) -> Curve {
    let first = curve.first().map(|(ns, _)| (*ns, 0.0));
    let last = axis.end();
    first.into_iter().chain(curve).chain([(last, 1.0)]).collect()
}

/// A curve of each transport's trace, all with the same axes.
fn over_time(
    standings: &[Standing],
    title: &'static str,
    curve: impl Fn(&Trace) -> Curve,
    reading: impl Fn(f64) -> String,
    peak: impl Fn(f64) -> String,
) -> Option<Lanes> {
    let of = |standing: &Standing| {
        Some(curve(standing.merged.as_ref()?.account.trace.as_ref()?)).filter(|curve| !curve.is_empty())
    };
    lanes_over_time(standings, title, of, reading, peak)
}

/// What each server held in the first round, its own and the kernel's for its sockets; none where nobody looked.
pub(crate) fn memory(run: &Run, standings: &[Standing]) -> Option<Lanes> {
    let peak = |peak: f64| format!("at most {}", format::bytes(peak));
    let reading = |top: f64| {
        format!(
            "The server's own memory, and what the kernel held for the data of its sockets, in the first round; a server that keeps \
             something for slow readers grows. Looking takes time of its processor. The full height of each lane is {}.",
            format::bytes(top)
        )
    };
    let of = |standing: &Standing| {
        let rounds = run.rounds_of(standing.label());
        let held = |at: &MemoryAt| (at.at_ns as f64, (at.own_bytes + at.socket_bytes) as f64);
        let curve: Curve = rounds.first()?.memory.iter().map(held).collect();
        (!curve.is_empty()).then_some(curve)
    };
    lanes_over_time(standings, "Server memory over time", of, reading, peak)
}

/// A curve of each transport, all with the same axes.
fn lanes_over_time(
    standings: &[Standing],
    title: &'static str,
    of: impl Fn(&Standing) -> Option<Curve>,
    reading: impl Fn(f64) -> String,
    peak: impl Fn(f64) -> String,
) -> Option<Lanes> {
    let drawn: Vec<_> =
        standing::without_controls(standings).map(|standing| (standing, of(standing))).collect();
    let points = || drawn.iter().filter_map(|(_, curve)| curve.as_ref()).flatten();
    let axis = Axis::from_zero(Quantity::Time, points().map(|(ns, _)| *ns))?;
    let top = points().map(|(_, value)| *value).fold(0.0, f64::max).max(1.0);
    let (mut entries, mut strips) = (Vec::new(), Vec::new());
    for (standing, curve) in drawn {
        let highest = curve.iter().flatten().map(|(_, value)| *value).reduce(f64::max);
        let cell =
            highest.map_or_else(|| Cell::missing("nothing came of it"), |highest| Cell::plain(peak(highest)));
        entries.push(entry(standing, cell));
        let shares = |curve: Curve| curve.into_iter().map(|(ns, value)| (ns, value / top)).collect();
        strips.push(curve.map(|curve| vec![Strip::Under(shares(curve))]).unwrap_or_default());
    }
    let mut chart = lanes::lanes(title, reading(top), &axis, Backdrop::Nothing, entries);
    chart.add_tall(strips.into_iter(), &axis);
    Some(chart)
}

fn entry(standing: &Standing, cell: Cell) -> Entry {
    Entry { label: standing.name().to_owned(), look: standing.look, marks: Vec::new(), cell }
}

/// From the first arrival to the end of the window, or to the last arrival that was kept.
fn sawtooth(trace: &Trace, measure_ns: u64) -> Curve {
    let last_ns = trace.came.iter().map(|(_, came_ns)| *came_ns).max().unwrap_or_default();
    let end_ns = if trace.came.len() < Trace::UPDATES { measure_ns } else { last_ns.min(measure_ns) };
    let mut curve = Curve::new();
    let mut held: Option<u64> = None;
    let age = |at_ns: u64, due_ns: u64| (at_ns as f64, at_ns.saturating_sub(due_ns) as f64);
    for (due_ns, came_ns) in trace.came.iter().copied().filter(|(_, came_ns)| *came_ns < end_ns) {
        match held {
            Some(older_ns) if older_ns >= due_ns => continue,
            Some(older_ns) => curve.push(age(came_ns, older_ns)),
            None => {}
        }
        curve.push(age(came_ns, due_ns));
        held = Some(due_ns);
    }
    curve.extend(held.map(|due_ns| age(end_ns, due_ns)));
    curve
}

/// Steps: one up when something is due, one down when it comes.
fn backlog(trace: &Trace) -> Curve {
    let due = trace.came.iter().map(|(due_ns, _)| (*due_ns, 1.0));
    let came = trace.came.iter().map(|(_, came_ns)| (*came_ns, -1.0));
    let mut steps: Vec<(u64, f64)> = due.chain(came).collect();
    steps.sort_by(|left, right| left.partial_cmp(right).unwrap_or(std::cmp::Ordering::Equal));
    let mut level: f64 = 0.0;
    let mut curve = Curve::new();
    for (at_ns, step) in steps {
        curve.push((at_ns as f64, level));
        level = (level + step).max(0.0);
        curve.push((at_ns as f64, level));
    }
    curve
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trace(came: &[(u64, u64)]) -> Trace {
        Trace { came: came.to_vec() }
    }

    #[test]
    fn an_age_grows_with_the_clock_and_falls_when_something_newer_comes() {
        // What is older than what is held changes nothing.
        let curve = sawtooth(&trace(&[(0, 10), (100, 130), (50, 140), (200, 210)]), 300);
        let expected =
            [(10.0, 10.0), (130.0, 130.0), (130.0, 30.0), (210.0, 110.0), (210.0, 10.0), (300.0, 100.0)];
        assert_eq!(curve, expected);
        assert!(sawtooth(&trace(&[(0, 400)]), 300).is_empty(), "it came when all was over");
    }

    #[test]
    fn a_backlog_is_what_was_due_and_has_not_come() {
        let curve = backlog(&trace(&[(0, 30), (10, 30), (40, 45)]));
        let highest = curve.iter().map(|(_, level)| *level).fold(0.0, f64::max);
        assert_eq!((highest, curve.last()), (2.0, Some(&(45.0, 0.0))));
        assert!(curve.contains(&(30.0, 0.0)) && curve.contains(&(40.0, 1.0)));
    }
}
