//! What a scenario claims and asks for, as it is written into the header of a run.

use crate::transports;
use results::{
    BoundaryRecord, CheckRecord, ClaimRecord, LimitsRecord, MattersRecord, ObjectiveRecord, PublishedRecord,
    ScaleRecord,
};
use scenario::{
    At, Check, Claim, Entry, Figure, Limits, Matters, Objective, Published, Scale, Scenario, model,
};

pub(crate) fn claims(scenario: &Scenario) -> Vec<ClaimRecord> {
    scenario.claims.iter().map(|claim| self::claim(scenario, claim)).collect()
}

pub(crate) fn published(scenario: &Scenario) -> Vec<PublishedRecord> {
    let record = |published: &Published| PublishedRecord {
        source: published.source.clone(),
        says: published.says.clone(),
        differs: published.differs.clone(),
        check: check(&published.check),
        value: published.value,
    };
    scenario.published.iter().map(record).collect()
}

pub(crate) fn objectives(scenario: &Scenario) -> Vec<ObjectiveRecord> {
    let record = |objective: &Objective| ObjectiveRecord {
        figure: objective.figure.to_string(),
        at: at(objective.figure, objective.at),
        limits: limits(objective.limits),
    };
    scenario.objectives.iter().map(record).collect()
}

pub(crate) fn needs(scenario: &Scenario) -> Vec<String> {
    scenario.needs.iter().map(|need| (*need).to_owned()).collect()
}

/// None where the scenario says nothing of it.
pub(crate) fn scale(scenario: &Scenario) -> Option<ScaleRecord> {
    let Scale { users, hours_per_day } = scenario.scale;
    (scenario.scale != Scale::default()).then_some(ScaleRecord { users, hours_per_day })
}

/// None where the scenario says nothing of it.
pub(crate) fn matters(scenario: &Scenario) -> Option<MattersRecord> {
    let Matters { delay_ns, staleness_ns, cpu_cores, memory_bytes, traffic_bits_per_s, requests_per_s } =
        scenario.matters;
    (scenario.matters != Matters::default()).then_some(MattersRecord {
        delay_ns,
        staleness_ns,
        cpu_cores,
        memory_bytes,
        traffic_bits_per_s,
        requests_per_s,
    })
}

/// None of a transport of which nobody has written down what it can do: then nothing is held against it.
pub(crate) fn abilities(entry: &Entry) -> Option<Vec<String>> {
    let each: Option<Vec<_>> = entry.chain().map(|(kind, _)| transports::abilities(kind.name)).collect();
    let (first, others) = each.as_ref()?.split_first()?;
    // Which of them it is that carries, nobody knows before.
    let in_all = |ability: &&&str| others.iter().all(|other| other.contains(*ability));
    Some(first.iter().filter(in_all).map(|ability| (*ability).to_owned()).collect())
}

fn claim(scenario: &Scenario, claim: &Claim) -> ClaimRecord {
    let boundary = model::boundary(scenario, claim).map(|boundary| BoundaryRecord {
        at_ns: u64::try_from(boundary.at.as_nanos()).unwrap_or(u64::MAX),
        key: boundary.key,
        holds_below: boundary.holds_below,
    });
    ClaimRecord {
        says: claim.says.clone(),
        checks: claim.checks.iter().map(check).collect(),
        boundary,
        model: claim.model.clone(),
    }
}

fn check(check: &Check) -> CheckRecord {
    CheckRecord {
        figure: check.figure.to_string(),
        at: at(check.figure, check.at),
        of: check.of.clone(),
        against: check.against.clone(),
        limits: limits(check.limits),
    }
}

fn at(figure: Figure, at: Option<At>) -> Option<String> {
    at.map(|at| at.print(figure.facts().unit))
}

fn limits(limits: Limits) -> LimitsRecord {
    let Limits { are_factors, at_least, at_most } = limits;
    LimitsRecord { are_factors, at_least, at_most }
}
