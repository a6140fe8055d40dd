//! The doubts about a whole run.

use super::Doubt;
use super::thresholds::{FEW_ROUNDS, FOREIGN_INVALID, USUAL_CONGESTION_CONTROLS, USUAL_GOVERNORS};
use crate::{Contrast, Judgement, due, fan_out, format};
use ledger::Distribution;
use results::{Run, Severity, Warning, WarningKind};

/// The doubts about a whole run, to be written down when its last round is closed.
#[must_use]
pub fn of_run(run: &Run) -> Vec<Warning> {
    let judgement = Judgement::of(run);
    let found = [
        rounds(run),
        foreign(run),
        control(&judgement),
        company(&judgement),
        client_limited(run),
        tail(run),
        kernel_stamps(run),
        governor(run),
        congestion_control(run),
    ];
    let of_all = found.into_iter().flatten().map(|doubt| doubt.about(None, None));
    of_all.chain(waiting(&judgement)).collect()
}

fn rounds(run: &Run) -> Option<Doubt> {
    match run.header.rounds {
        0 | 1 => {
            let message =
                "there is one round: nothing tells a difference between transports from an accident";
            let advice = "run it with --rounds 5";
            Some(Doubt::new(WarningKind::SingleRound, Severity::Note, message.to_owned(), advice))
        }
        few if few < FEW_ROUNDS => {
            let message = format!("{few} rounds find large differences only: intervals over them are wide");
            let advice = "run it with --rounds 5, or with 10 to find small ones";
            Some(Doubt::new(WarningKind::TooFewSamples, Severity::Note, message, advice))
        }
        _ => None,
    }
}

/// One disturbed round widens intervals, as it should. Where it is most of the run, nothing is left.
fn foreign(run: &Run) -> Option<Doubt> {
    let accounts = run.accounts.iter().filter(|account| account.mode == run.mode());
    let shares: Vec<f64> = accounts.filter_map(|account| Some(account.host?.foreign_share())).collect();
    let share = shares.iter().sum::<f64>() / shares.len().max(1) as f64;
    (share > FOREIGN_INVALID).then(|| {
        let message = format!(
            "over the whole run, programs that do not belong to it, or other guests of the same host, used {} of \
            the machine's processor time",
            format::part(share)
        );
        let advice = "close other programs, or wait until the machine is quiet, and run it again";
        Doubt::new(WarningKind::HostBusy, Severity::Invalid, message, advice)
    })
}

/// The same transport twice must come out the same.
fn control(judgement: &Judgement) -> Option<Doubt> {
    let differing: Vec<&Contrast> = judgement.control.iter().filter(|contrast| contrast.differs()).collect();
    let first = differing.first()?;
    let said: Vec<String> =
        differing.iter().map(|contrast| format!("{} {} times", contrast.metric, contrast.text())).collect();
    let message = format!(
        "{} repeats {} exactly, and still differs from it by more than {}: {}",
        first.other,
        first.base,
        format::part(first.margin),
        said.join(", ")
    );
    let advice = "take no smaller difference between transports for theirs; close other programs, pin servers and \
        clients, or run more rounds";
    Some(Doubt::new(WarningKind::ControlDiffers, Severity::Doubt, message, advice))
}

/// Known exactly where rounds of both modes can be held against each other. The figures are those of rounds
/// apart then, so it takes nothing away from them.
fn company(judgement: &Judgement) -> Option<Doubt> {
    let disturbed: Vec<String> = judgement
        .interference
        .iter()
        .filter(|contrast| contrast.differs())
        .map(|contrast| format!("{} {}", contrast.other, contrast.text()))
        .collect();
    (!disturbed.is_empty()).then(|| {
        let message = format!(
            "running at once changes medians by more than {}, to so many times what they are apart: {}",
            format::part(judgement.margin),
            disturbed.join(", ")
        );
        let advice =
            "figures and verdict are those of rounds apart; rounds together show only how crowded it was";
        Doubt::new(WarningKind::Interference, Severity::Note, message, advice)
    })
}

/// Estimated where there are only rounds together, of each transport that waited for long.
fn waiting(judgement: &Judgement) -> impl Iterator<Item = Warning> {
    let crowded = judgement.waiting.iter().filter(|(_, share)| *share > judgement.margin);
    crowded.map(|(label, share)| {
        let message = format!(
            "the transports ran at once, and waiting for a processor took about {} of its median latency",
            format::part(*share)
        );
        let advice = "run it with --set order=apart, or with order=both to see how much that changes";
        Doubt::new(WarningKind::Interference, Severity::Doubt, message, advice).about(Some(label), None)
    })
}

/// An update that goes to many is handled for one client after the other, on this machine only: their own
/// readers' machines work at the same time. Where that is a visible part of the median, it is said.
fn client_limited(run: &Run) -> Option<Doubt> {
    // An update to many is needed for it; of replies, each goes to one.
    if matches!(run.header.shape.as_str(), "reply" | "exchange" | "telemetry" | "duplex") {
        return None;
    }
    let limited: Vec<String> = run
        .labels()
        .filter_map(|label| {
            let fan_out_ns = fan_out::clients_pace_ns(run, label)?;
            let median_ns = run.merged(label)?.account.latency.quantile(0.5)? as f64;
            (fan_out_ns > run.header.margin * median_ns)
                .then(|| format!("{} of {} over {label}", time(fan_out_ns), time(median_ns)))
        })
        .collect();
    (!limited.is_empty()).then(|| {
        let message = format!(
            "a delivery costs the clients more than the server, so the clients set the pace of an update to many: \
            that makes about {} at the median",
            limited.join(", ")
        );
        let advice = "real readers do not share a processor: take a difference of that size for the clients', or \
            raise subscribers.crowds where there are processors to spare";
        Doubt::new(WarningKind::ClientLimited, Severity::Note, message, advice)
    })
}

fn tail(run: &Run) -> Option<Doubt> {
    let thin: Vec<String> = run
        .labels()
        .filter_map(|label| {
            let account = run.merged(label)?.account;
            let figure = due::quantile(&account, 0.99).ok().filter(|figure| !figure.is_known())?;
            let beyond = account.quantile(figure.share_of_arrived)?.distinct_updates_beyond;
            Some(format!("{beyond} over {label}"))
        })
        .collect();
    (!thin.is_empty()).then(|| {
        let message = format!(
            "too few different updates lie beyond the 99th percentile to know it ({} are needed): {}",
            Distribution::TAIL_SAMPLES,
            thin.join(", ")
        );
        let advice = "measure longer, as with --set measure=30s: it takes about a thousand different updates";
        Doubt::new(WarningKind::TooFewSamples, Severity::Note, message, advice)
    })
}

/// A run that was made to look inside, and not to be quoted.
fn kernel_stamps(run: &Run) -> Option<Doubt> {
    run.header.kernel_stamps.then(|| {
        let message = "the kernel noted when what clients read had come, which makes each of their reads dearer";
        let advice = "take from this run where the time goes; quote, and compare with runs without, the figures of \
            one with kernel_stamps = false";
        Doubt::new(WarningKind::KernelStamps, Severity::Note, message.to_owned(), advice)
    })
}

fn governor(run: &Run) -> Option<Doubt> {
    let governor = run.header.machine.governor.as_deref()?;
    (!USUAL_GOVERNORS.contains(&governor)).then(|| {
        let message =
            format!("the frequency governor is `{governor}`: a processor with little to do may run slowly");
        let advice = "compare with runs under the same governor only; where you may, set it to `performance`";
        Doubt::new(WarningKind::Environment, Severity::Note, message, advice)
    })
}

fn congestion_control(run: &Run) -> Option<Doubt> {
    let control = run.header.machine.congestion_control.as_deref()?;
    (!USUAL_CONGESTION_CONTROLS.contains(&control)).then(|| {
        let message = format!("TCP's congestion control is `{control}`; most machines have `cubic` or `bbr`");
        let advice = "it matters little on one host, and more on the way to your readers";
        Doubt::new(WarningKind::Environment, Severity::Note, message, advice)
    })
}

fn time(ns: f64) -> String {
    format::duration_f64(ns)
}
