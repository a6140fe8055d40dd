//! One step: a run, and whether everything held in it.

use crate::progress::Progress;
use crate::run::{self, Request};
use anyhow::Context;
use results::{Account, Run, Severity, Warning, WarningKind};
use scenario::Scenario;
use tokio::sync::watch;
use verdict::{Checked, Judgement, format, objectives};

/// With which transport and how many.
pub(super) struct Load<'a> {
    pub label: &'a str,
    pub count: u32,
}

/// What came of a step.
pub(crate) struct Stepped {
    pub count: u32,
    /// Why it is not good, the first reason that was found; none if everything held.
    pub gave_way: Option<String>,
    /// Which objective this one round could not tell, where everything else held: too little happened.
    pub untold: Option<String>,
    /// Who else used the machine meanwhile, where it gave way: then it may not have been the load.
    pub disturbed: Option<String>,
    /// Which part of one core the server's transport used.
    pub server_share: Option<f64>,
    /// The same of the clients.
    pub client_share: Option<f64>,
    /// The server's own memory at the end of the window, in bytes.
    pub memory_bytes: Option<u64>,
}

/// From this share of a core on, a process has nothing left to give.
const FULL: f64 = 0.9;

/// Warnings that end a search: what they say is that the load is more than something can carry.
const ENDING: [WarningKind; 10] = [
    WarningKind::PublisherLate,
    WarningKind::CrowdSaturated,
    WarningKind::MachineSaturated,
    WarningKind::ConnectionsMissing,
    WarningKind::Unsustained,
    WarningKind::ChildDied,
    WarningKind::Books,
    WarningKind::Bytes,
    WarningKind::Link,
    WarningKind::Clock,
];

impl Load<'_> {
    pub async fn run(
        &self,
        request: &Request,
        interrupted: &watch::Receiver<bool>,
    ) -> anyhow::Result<Stepped> {
        let (begun, _begins) = watch::channel(None);
        let show = |scenario: &Scenario| Progress::silent(scenario, begun);
        let refused = crate::limits::check(&request.scenario).err();
        if let Some(refused) = refused {
            return Ok(Stepped::refused(self.count, format!("{refused:#}")));
        }
        let finished = run::run_showing(request, interrupted.clone(), show).await;
        let finished = finished.with_context(|| format!("failed with {} subscribers", self.count))?;
        Ok(self.judge(&finished.run))
    }

    fn judge(&self, run: &Run) -> Stepped {
        let rounds = run.rounds_of(self.label);
        let account = rounds.first().copied();
        let window_ns = run.header.measure_ns as f64;
        let share = |costs: &results::Costs| Some(costs.transport_ns? as f64 / window_ns);
        let stepped = Stepped {
            count: self.count,
            gave_way: None,
            untold: None,
            disturbed: None,
            server_share: account.and_then(|account| share(&account.server_costs)),
            client_share: account.and_then(|account| share(&account.client_costs)),
            memory_bytes: account.and_then(|account| account.server_costs.anonymous_bytes),
        };
        let objectives = self.objectives(run);
        let reason = reason(run, account, &objectives);
        let gave_way = reason.map(|reason| format!("{}: {reason}", stepped.bottleneck()));
        // What held in spite of others holds without them too.
        let disturbed = gave_way.as_ref().and_then(|_| others(run));
        let untold = if gave_way.is_none() { untold(objectives) } else { None };
        Stepped { gave_way, untold, disturbed, ..stepped }
    }

    /// The objectives, as far as this one round tells of them.
    fn objectives(&self, run: &Run) -> Vec<Checked> {
        let held = objectives::objectives(run, &Judgement::of(run));
        held.into_iter().find(|held| held.label == self.label).map(|held| held.objectives).unwrap_or_default()
    }
}

/// The first thing that speaks against the step.
fn reason(run: &Run, account: Option<&Account>, objectives: &[Checked]) -> Option<String> {
    let Some(account) = account.filter(|account| account.complete) else {
        return Some("the round did not close".to_owned());
    };
    let books = &account.ledger.books;
    let missing = books.expected.saturating_sub(books.delivered.saturating_add(books.superseded));
    if missing > 0 {
        return Some(format!("{} of what was due did not arrive", format::percent(missing, books.expected)));
    }
    if let Some(missed) = missed(objectives) {
        return Some(missed);
    }
    cautions(run).find(|warning| ENDING.contains(&warning.kind)).map(|warning| warning.message.clone())
}

/// The first objective whose figure is not known at all.
fn untold(objectives: Vec<Checked>) -> Option<String> {
    let unknown = objectives.into_iter().find(|objective| objective.of_value.is_none())?;
    Some(format!("{}: {}", unknown.measure, unknown.why.unwrap_or_default()))
}

/// The first that the round misses.
fn missed(objectives: &[Checked]) -> Option<String> {
    objectives.iter().find_map(|objective| {
        let value = objective.of_value?;
        (objective.limits.judge(value, value) == Some(false)).then(|| {
            format!(
                "{} was {}, and {} is asked",
                objective.measure,
                objective.print(value),
                objective.asked()
            )
        })
    })
}

fn cautions(run: &Run) -> impl Iterator<Item = &Warning> {
    run.warnings.iter().filter(|warning| warning.severity >= Severity::Caution)
}

fn others(run: &Run) -> Option<String> {
    cautions(run).find(|warning| warning.kind == WarningKind::HostBusy).map(|warning| warning.message.clone())
}

impl Stepped {
    /// One that the machine or the scenario's limits did not let begin.
    pub fn refused(count: u32, why: String) -> Self {
        let gave_way = Some(format!("the machine's limits: {why}"));
        Stepped {
            count,
            gave_way,
            untold: None,
            disturbed: None,
            server_share: None,
            client_share: None,
            memory_bytes: None,
        }
    }

    /// What had nothing left to give.
    fn bottleneck(&self) -> &'static str {
        let full = |share: Option<f64>| share.is_some_and(|share| share >= FULL);
        match (full(self.server_share), full(self.client_share)) {
            (true, true) => "the server's processor and the generator's",
            (true, false) => "the server's processor",
            (false, true) => "the generator's processor, so the server may carry more",
            (false, false) => "no processor was full",
        }
    }

    /// For a person who watches.
    pub fn outcome(&self) -> String {
        match (&self.gave_way, &self.disturbed) {
            (None, _) => match &self.untold {
                None => "everything held".to_owned(),
                Some(untold) => format!("everything held that could be told ({untold})"),
            },
            (Some(reason), None) => format!("gave way ({reason})"),
            (Some(reason), Some(others)) => {
                format!("gave way ({reason}), and that may be others\u{2019} doing: {others}")
            }
        }
    }
}
