//! One bench for each transport, and how large the harness is beside the smallest of them.

use crate::stand::Stand;
use criterion::{BenchmarkId, Criterion, Throughput};
use driver::transports::TRANSPORTS;
use options::{Carriage, Values};
use std::time::Duration;
use transport::Description;

/// The group of what the harness does itself, and of it what it does for each delivery.
pub const HARNESS: &str = "harness";
pub const ARRIVAL: &str = "arrival";
/// A bench that was only tried has one.
const MIN_SAMPLES: u64 = 10;

/// Benches that answer one question, side by side.
#[derive(Clone, Copy)]
pub struct Group {
    name: &'static str,
    /// Of one iteration.
    elements: u64,
    span: Option<Duration>,
}

impl Group {
    pub const fn new(name: &'static str, elements: u64) -> Self {
        Group { name, elements, span: None }
    }

    /// Measures for this long, after a quarter of it to warm up, whatever the command line says.
    pub const fn during(self, span: Duration) -> Self {
        Group { span: Some(span), ..self }
    }
}

/// Runs benches and remembers what came out.
pub struct Compare {
    criterion: Criterion,
    totals: Vec<Total>,
}

/// What all samples of a bench come to.
struct Total {
    group: &'static str,
    name: &'static str,
    samples: u64,
    elements: u64,
    took: Duration,
}

impl Compare {
    pub fn new(criterion: Criterion) -> Self {
        Compare { criterion, totals: Vec::new() }
    }

    /// Transports that carry an update at once; a subscriber for each element.
    pub fn pushed<F>(&mut self, group: Group, iterate: F)
    where
        F: AsyncFn(&mut Stand, u64) -> Duration,
    {
        let at_once = |description: &&Description| {
            let carriage = (description.carriage)(&Values::defaults(description.options));
            matches!(carriage, Carriage::Push | Carriage::LongPoll { .. })
        };
        TRANSPORTS
            .iter()
            .filter(at_once)
            .for_each(|description| self.transport(group, description, &iterate));
    }

    /// All transports; a subscriber for each element.
    pub fn all<F>(&mut self, group: Group, iterate: F)
    where
        F: AsyncFn(&mut Stand, u64) -> Duration,
    {
        TRANSPORTS
            .iter()
            .filter(|description| description.is_live)
            .for_each(|description| self.transport(group, description, &iterate));
    }

    fn transport<F>(&mut self, group: Group, description: &'static Description, iterate: &F)
    where
        F: AsyncFn(&mut Stand, u64) -> Duration,
    {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let set_up = || runtime.block_on(Stand::new(description, group.elements));
        let stand = self.bench(group, description.name, set_up, |stand, iterations| {
            runtime.block_on(stand.within_limit(iterate, iterations))
        });
        if let Some(stand) = stand {
            runtime.block_on(stand.end());
        }
    }

    /// One bench; `iterate` tells how long so many iterations took. What was set up is given back, unless
    /// the command line left this bench out.
    pub fn bench<S>(
        &mut self,
        group: Group,
        name: &'static str,
        set_up: impl Fn() -> S,
        mut iterate: impl FnMut(&mut S, u64) -> Duration,
    ) -> Option<S> {
        let mut total = Total { group: group.name, name, samples: 0, elements: 0, took: Duration::ZERO };
        let mut state = None;
        let mut benches = self.criterion.benchmark_group(group.name);
        benches.throughput(Throughput::Elements(group.elements));
        if let Some(span) = group.span {
            benches.warm_up_time(span / 4).measurement_time(span);
        }
        benches.bench_function(BenchmarkId::from_parameter(name), |bencher| {
            let state = state.get_or_insert_with(&set_up);
            bencher.iter_custom(|iterations| {
                let took = iterate(state, iterations);
                total.samples += 1;
                total.elements += iterations * group.elements;
                total.took += took;
                took
            });
        });
        benches.finish();
        self.totals.push(total);
        state
    }

    /// Sums up, and says how large the harness is beside the smallest delivery of those measured.
    #[expect(clippy::print_stdout, reason = "a bench speaks to the terminal, as criterion does")]
    pub fn finish(self) {
        self.criterion.final_summary();
        let measured = self.totals.iter().filter(|total| total.samples >= MIN_SAMPLES);
        let (own, carried): (Vec<_>, Vec<_>) = measured.partition(|total| total.group == HARNESS);
        let arrival = own.into_iter().find(|total| total.name == ARRIVAL);
        let smallest =
            carried.into_iter().min_by(|one, other| one.per_element_ns().total_cmp(&other.per_element_ns()));
        if let (Some(arrival), Some(smallest)) = (arrival, smallest) {
            let (own_ns, smallest_ns) = (arrival.per_element_ns(), smallest.per_element_ns());
            println!(
                "an arrival costs the harness {own_ns:.0} ns, {:.1} % of the smallest thing measured: {smallest_ns:.0} ns, \
                 {}/{}",
                100.0 * own_ns / smallest_ns,
                smallest.group,
                smallest.name
            );
        }
    }
}

impl Total {
    fn per_element_ns(&self) -> f64 {
        self.took.as_nanos() as f64 / self.elements as f64
    }
}
