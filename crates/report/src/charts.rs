//! Which figures become pictures, and how each is read.

use crate::chart::axis::{Axis, Quantity};
use crate::chart::lanes::{self, Backdrop, Entry, Lanes, Mark};
use crate::standing::{self, NOT_CLOSED, Standing};
use crate::table::Cell;
use crate::{columns, costs, format, traces};
use ledger::Distribution;
use results::{Merged, Run};

/// The title of the ages of what is shown.
pub(crate) const AGE: &str = "Data age";

const PER_UPDATE: &str = "for each update that arrived in the measured window";

/// All charts of lanes for which there is anything to draw.
pub(crate) fn of(run: &Run, standings: &[Standing]) -> Vec<Lanes> {
    let charts = [
        server_cpu(standings),
        client_cpu(standings),
        idle(run, standings),
        bytes(standings),
        set_up(standings),
        staleness(standings),
        traces::ages(standings, run.header.measure_ns),
        traces::memory(run, standings),
        batching(standings),
    ];
    charts.into_iter().flatten().collect()
}

fn server_cpu(standings: &[Standing]) -> Option<Lanes> {
    let reading = format!(
        "Processor time of the server's transport thread {PER_UPDATE}; shorter is cheaper. The publisher and the \
        harness are not in it. The kernel's share is of the whole process."
    );
    times(standings, "Server time per delivery", reading, |merged| {
        (costs::server_cpu_ns(merged), costs::kernel_share(&merged.server_costs))
    })
}

fn client_cpu(standings: &[Standing]) -> Option<Lanes> {
    let reading = format!(
        "Processor time of the clients' transport threads {PER_UPDATE}; shorter is cheaper. These are bare programs: a \
        browser spends more. The kernel's share is of the whole process."
    );
    times(standings, "Client time per delivery", reading, |merged| {
        (costs::client_cpu_ns(merged), costs::kernel_share(&merged.client_costs))
    })
}

/// Processor time for each transport, and which part of it was the kernel's; the system may tell neither.
fn times(
    standings: &[Standing],
    title: &'static str,
    reading: String,
    figure: impl Fn(&Merged) -> (Option<f64>, Option<f64>),
) -> Option<Lanes> {
    let value = |standing: &Standing| standing.merged.as_ref().and_then(|merged| figure(merged).0);
    let entry = |standing: &Standing| match standing.merged.as_ref().map(&figure) {
        None => (Vec::new(), Cell::missing(NOT_CLOSED)),
        Some((None, _)) => (Vec::new(), Cell::untold()),
        Some((Some(ns), kernel)) => {
            let kernel =
                kernel.map(|share| format!(", {} kernel", format::part((share * 100.0).round() / 100.0)));
            let said = format!("{}{}", format::duration_f64(ns), kernel.unwrap_or_default());
            (vec![Mark::Bar(ns)], Cell::plain(said))
        }
    };
    from_zero(standings, title, reading, Quantity::Time, floor(standings, value), entry)
}

fn idle(run: &Run, standings: &[Standing]) -> Option<Lanes> {
    run.idle.as_ref()?;
    let kernel = run.idle.as_ref().and_then(results::Idle::kernel_per_connection).map_or_else(
        || "What the kernel adds, the system does not tell.".to_owned(),
        |bytes| {
            format!(
                "The kernel adds about {} for both ends, whatever the transport.",
                format::kibibytes(bytes)
            )
        },
    );
    let reading = format!(
        "The server's own memory for one more connection that has received three updates and waits; shorter is \
        cheaper. {kernel}"
    );
    let value = |standing: &Standing| costs::idle_bytes(run, standing.label());
    let entry = |standing: &Standing| match value(standing) {
        None => (Vec::new(), Cell::missing("its idle connections were not measured")),
        Some(bytes) => (vec![Mark::Bar(bytes.max(0.0))], Cell::plain(format::kibibytes(bytes))),
    };
    let floor = floor(standings, value);
    from_zero(standings, "Memory per idle connection", reading, Quantity::Bytes, floor, entry)
}

fn bytes(standings: &[Standing]) -> Option<Lanes> {
    let reading = format!(
        "What went over the clients' sockets {PER_UPDATE}, above TCP: full colour is what the server sent, the paler \
        rest what clients sent to get it."
    );
    let each = |merged: &Merged| {
        let steady = merged.steady;
        let each = |bytes: u64| bytes as f64 / steady.updates as f64;
        (steady.updates > 0).then(|| (each(steady.bytes_in), each(steady.bytes_out)))
    };
    let value = |standing: &Standing| {
        let (down, up) = each(standing.merged.as_ref()?)?;
        Some(down + up)
    };
    let entry = |standing: &Standing| match standing.merged.as_ref().map(each) {
        None => (Vec::new(), Cell::missing(NOT_CLOSED)),
        Some(None) => (Vec::new(), Cell::missing("no update arrived in the measured window")),
        Some(Some((down, up))) => {
            let said = format!("{} ↓ + {} ↑", format::bytes(down), format::bytes(up));
            (vec![Mark::Bar(down), Mark::More(down, down + up)], Cell::plain(said))
        }
    };
    let floor = floor(standings, value);
    from_zero(standings, "Bytes per update", reading, Quantity::Bytes, floor, entry)
}

fn batching(standings: &[Standing]) -> Option<Lanes> {
    let reading =
        "Updates per frame, event or response that carried any. More means fewer messages to handle, and \
        updates that waited for each other."
            .to_owned();
    let entry = |standing: &Standing| {
        let (mut marks, cell) = match &standing.merged {
            None => (Vec::new(), Cell::missing(NOT_CLOSED)),
            Some(merged) => match merged.account.batch.mean() {
                None => (Vec::new(), Cell::missing("no frame, event or response came")),
                Some(mean) => (vec![Mark::Bar(mean)], Cell::plain(format::number(mean))),
            },
        };
        let model = standing.entry.prediction.as_ref().and_then(|model| model.updates_per_response);
        marks.extend(model.map(Mark::Model));
        (marks, cell)
    };
    from_zero(standings, "Updates per response", reading, Quantity::Number, Backdrop::Nothing, entry)
}

fn set_up(standings: &[Standing]) -> Option<Lanes> {
    let reading =
        "From the dial to the first response: the marker is the median, the bar reaches to the 99th \
        percentile, or to the longest where connections are too few for one."
            .to_owned();
    spread(
        standings,
        "Connection set-up",
        reading,
        |merged| &merged.account.setup,
        |_| None,
        |setup| columns::independent(setup, 0.5, "no connection was set up"),
    )
}

fn staleness(standings: &[Standing]) -> Option<Lanes> {
    let reading = "How old the newest update was that a subscriber held, weighted by time: the marker is the median, \
        the bar reaches to the 99th percentile, and the figure is the mean. It holds the time until the next update \
        is due, which no transport can shorten."
        .to_owned();
    let model = |standing: &Standing| standing.entry.prediction.as_ref()?.staleness_mean_ns;
    spread(
        standings,
        AGE,
        reading,
        |merged| &merged.account.staleness,
        model,
        |ages| columns::mean(ages, "no subscriber ever held an update"),
    )
}

/// From the median to the 99th percentile of a distribution of times.
fn spread(
    standings: &[Standing],
    title: &'static str,
    reading: String,
    of: impl Fn(&Merged) -> &Distribution,
    model: impl Fn(&Standing) -> Option<u64>,
    say: impl Fn(&Distribution) -> Cell,
) -> Option<Lanes> {
    let known = |standing: &Standing| Some(of(standing.merged.as_ref()?).quantile(0.5)? as f64);
    let backdrop = floor(standings, known);
    let entry = |standing: &Standing| match standing.merged.as_ref().map(&of) {
        None => (Vec::new(), Cell::missing(NOT_CLOSED)),
        Some(times) => {
            let ends = times.quantile(0.5).zip(match times.supports(0.99) {
                true => times.quantile(0.99),
                false => times.max(),
            });
            let marks = ends.map(|(p50, end)| [Mark::Range(p50 as f64, end as f64), Mark::Dot(p50 as f64)]);
            let model = model(standing).map(|ns| Mark::Model(ns as f64));
            (marks.into_iter().flatten().chain(model).collect(), say(times))
        }
    };
    let entries = entries(standings, entry);
    let axis = Axis::over(Quantity::Time, lanes::values(&entries))?;
    Some(lanes::lanes(title, reading, &axis, backdrop, entries))
}

fn from_zero(
    standings: &[Standing],
    title: &'static str,
    reading: String,
    quantity: Quantity,
    backdrop: Backdrop,
    entry: impl Fn(&Standing) -> (Vec<Mark>, Cell),
) -> Option<Lanes> {
    let entries = entries(standings, entry);
    let axis = Axis::from_zero(quantity, lanes::values(&entries))?;
    Some(lanes::lanes(title, reading, &axis, backdrop, entries))
}

/// One for each transport that stands for itself: a control is a matter of the rounds.
fn entries(standings: &[Standing], entry: impl Fn(&Standing) -> (Vec<Mark>, Cell)) -> Vec<Entry> {
    let drawn = standing::without_controls(standings);
    drawn
        .map(|standing| {
            let (marks, cell) = entry(standing);
            Entry { label: standing.name().to_owned(), look: standing.look, marks, cell }
        })
        .collect()
}

/// What the floor comes to, where there is one and its figure is known.
fn floor(standings: &[Standing], value: impl Fn(&Standing) -> Option<f64>) -> Backdrop {
    let floor = standings.iter().find(|standing| standing.entry.floor);
    floor.and_then(value).map_or(Backdrop::Nothing, Backdrop::Floor)
}
