//! The numbers that the rule looks at, each taken from a round once.

use super::criterion::{Criterion, Kind};
use super::role::{Path, role};
use crate::claims::measure::{self, Measure};
use crate::{Judgement, Reach};
use results::{EntryRecord, Run};
use scenario::{At, Figure, Limits, Role, Unit};

/// The values of a figure over rounds, each with the round's seed; or why there are none.
pub type Series = Result<Vec<(u64, f64)>, String>;

/// One candidate, in numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its label.
    pub label: String,
    /// Its transport.
    pub transport: String,
    /// Which of [`Sheet::paths`] it was measured over.
    pub path: usize,
    /// Needs of the scenario that the transport can't meet.
    pub lacks: Vec<String>,
    /// Whether everything due arrived in every round. True where an objective says how much has to.
    pub is_whole: bool,
    /// Amounts at the scale, one series a criterion.
    pub values: Vec<Series>,
    /// The figures that objectives limit, one series an objective.
    pub limited: Vec<Series>,
    /// What share of its latency may have been waiting for a processor.
    pub waited: f64,
}

/// An objective, in numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limit {
    /// The figure; none where this version does not know it.
    pub figure: Option<Figure>,
    /// How it is read.
    pub at: Option<At>,
    /// Between what it has to lie.
    pub limits: Limits,
}

/// All candidates of a run, in numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// By what they are told apart.
    pub criteria: Vec<Criterion>,
    /// What the scenario asks of them.
    pub limits: Vec<Limit>,
    /// The network paths that candidates were measured over, in the order of the header.
    pub paths: Vec<Path>,
    /// The candidates, in the order of the header.
    pub rows: Vec<Row>,
    /// The scenario's margin, or the run's own noise where that is more, one a criterion.
    pub margins: Vec<f64>,
    /// The scenario's margin: how well a figure is known that a run looks at once.
    pub margin: f64,
    /// Seeds of the rounds that were started.
    pub rounds: Vec<u64>,
}

impl Sheet {
    /// The numbers of a run.
    #[must_use]
    pub fn of(run: &Run, judgement: &Judgement) -> Sheet {
        let criteria = Criterion::all(run);
        let limits = limits(run);
        let candidates: Vec<&EntryRecord> =
            run.header.entries.iter().filter(|entry| role(run, entry) == Role::Candidate).collect();
        let mut paths: Vec<Path> = Vec::new();
        for entry in &candidates {
            let path = Path::of(run, entry);
            if !paths.contains(&path) {
                paths.push(path);
            }
        }
        let rows = candidates.iter().map(|entry| row(run, judgement, entry, (&criteria, &limits, &paths)));
        let rows: Vec<Row> = rows.collect();
        let margin = |criterion: &Criterion| {
            let noise = measure(run, judgement, criterion.figure, criterion.at).noise(true);
            run.header.margin.max(noise)
        };
        let seeds = (0..run.rounds_started()).map(|round| run.header.seed + u64::from(round)).collect();
        Sheet {
            margins: criteria.iter().map(margin).collect(),
            criteria,
            limits,
            paths,
            rows,
            margin: run.header.margin,
            rounds: seeds,
        }
    }

    /// The row of this label.
    #[must_use]
    pub fn row(&self, label: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.label == label)
    }

    /// The mean amount of a criterion over rounds; none where it is not known.
    #[must_use]
    pub fn amount(&self, label: &str, criterion: usize) -> Option<f64> {
        mean_of(self.row(label)?.values.get(criterion)?)
    }
}

/// The amount of a criterion of any entry of the run, also of one that is no candidate.
pub(super) fn amount_of(run: &Run, label: &str, criterion: &Criterion) -> Option<f64> {
    mean_of(&series(run, label, criterion))
}

/// The amounts of a criterion over rounds, of any entry of the run.
pub(super) fn series(run: &Run, label: &str, criterion: &Criterion) -> Series {
    let values = measure::series(run, label, &[(criterion.figure, criterion.at)]).remove(0);
    scaled(run, label, criterion, values)
}

fn mean_of(series: &Series) -> Option<f64> {
    let values = series.as_ref().ok().filter(|values| !values.is_empty())?;
    Some(values.iter().map(|(_, value)| value).sum::<f64>() / values.len() as f64)
}

fn limits(run: &Run) -> Vec<Limit> {
    let limit = |record: &results::ObjectiveRecord| {
        let figure = Figure::parse(&record.figure);
        let unit = figure.map_or(Unit::Number, |figure| figure.facts().unit);
        let at = record.at.as_deref().map(|at| At::parse(at, unit));
        let results::LimitsRecord { are_factors, at_least, at_most } = record.limits;
        let is_known = !matches!(at, Some(None));
        Limit {
            figure: figure.filter(|_| is_known),
            at: at.flatten(),
            limits: Limits { are_factors, at_least, at_most },
        }
    };
    run.header.objectives.iter().map(limit).collect()
}

fn row(
    run: &Run,
    judgement: &Judgement,
    entry: &EntryRecord,
    (criteria, limits, paths): (&[Criterion], &[Limit], &[Path]),
) -> Row {
    let label = entry.label.as_str();
    let path = Path::of(run, entry);
    let figures: Vec<(Figure, Option<At>)> = criteria
        .iter()
        .map(|criterion| (criterion.figure, criterion.at))
        .chain(limits.iter().filter_map(|limit| Some((limit.figure?, limit.at))))
        .collect();
    let mut all = measure::series(run, label, &figures);
    let mut known = all.split_off(criteria.len()).into_iter();
    let unknown = || Err("this version does not know the figure".to_owned());
    let limited = limits.iter().map(|limit| limit.figure.and_then(|_| known.next()).unwrap_or_else(unknown));
    let limits_delivery =
        limits.iter().any(|limit| matches!(limit.figure, Some(Figure::Reach | Figure::Lost)));
    Row {
        label: label.to_owned(),
        transport: entry.transport.clone(),
        path: paths.iter().position(|other| *other == path).unwrap_or_default(),
        lacks: run.header.needs.iter().filter(|need| !entry.can(need)).cloned().collect(),
        is_whole: limits_delivery || Reach::of(run, label).is_whole(),
        values: criteria
            .iter()
            .zip(all)
            .map(|(criterion, values)| scaled(run, label, criterion, values))
            .collect(),
        limited: limited.collect(),
        waited: measure(run, judgement, Figure::Latency, None).waited(label),
    }
}

/// The values of a figure as amounts at the scale.
fn scaled(run: &Run, label: &str, criterion: &Criterion, values: Series) -> Series {
    if criterion.kind == Kind::Memory {
        return memory(run, label).map(|bytes| vec![(run.header.seed, bytes * criterion.factor)]);
    }
    Ok(values?.into_iter().map(|(seed, value)| (seed, value * criterion.factor)).collect())
}

/// The server's own memory of one more idle connection, and its half of what the kernel holds for both ends.
fn memory(run: &Run, label: &str) -> Result<f64, String> {
    let idle = run.idle.as_ref().ok_or("idle connections were not looked at")?;
    let own = idle.per_connection(label).ok_or("idle connections were not looked at")?;
    Ok(own.max(0.0) + idle.kernel_per_connection().unwrap_or(0.0).max(0.0) / 2.0)
}

fn measure<'a>(run: &'a Run, judgement: &'a Judgement, figure: Figure, at: Option<At>) -> Measure<'a> {
    Measure { run, judgement, figure, at }
}
