//! The warnings about a whole run.

use super::draft::{Draft, Found};
use super::machine::QUIET;
use super::sentence::Sentence;
use super::thresholds::{FOREIGN_INVALID, USUAL_CONGESTION_CONTROLS, USUAL_GOVERNORS};
use super::{remedy, rounds, tail};
use crate::{Contrast, Judgement, fan_out};
use results::{Run, Warning, WarningKind};

/// The warnings about a whole run, to be written down when its last round is closed.
#[must_use]
pub fn of_run(run: &Run) -> Vec<Warning> {
    found(run).into_iter().map(Found::into_warning).collect()
}

pub(super) fn found(run: &Run) -> Vec<Found> {
    let judgement = Judgement::of(run);
    let of_all = [
        rounds::rounds(run, &judgement),
        foreign(run),
        control(&judgement),
        kernel_stamps(run),
        governor(run),
        congestion_control(run),
    ];
    let of_all = of_all.into_iter().flatten().map(|draft| draft.about(None, None));
    let of_each = [company(&judgement), waiting(run, &judgement), client_limited(run), tail::tail(run)];
    of_all.chain(of_each.into_iter().flatten()).collect()
}

/// One disturbed round widens intervals, as it should. Where it is most of the run, nothing is left.
fn foreign(run: &Run) -> Option<Draft> {
    let accounts = run.accounts.iter().filter(|account| account.mode == run.mode());
    let shares: Vec<f64> = accounts.filter_map(|account| Some(account.host?.foreign_share())).collect();
    let share = shares.iter().sum::<f64>() / shares.len().max(1) as f64;
    (share > FOREIGN_INVALID).then(|| {
        let sentence =
            Sentence::of("other programs used ").share(share).text(" of the CPU over the whole run");
        Draft::invalid(WarningKind::HostBusy, sentence, QUIET)
    })
}

/// The same transport twice must come out the same.
fn control(judgement: &Judgement) -> Option<Draft> {
    let differing: Vec<&Contrast> = judgement.control.iter().filter(|contrast| contrast.differs()).collect();
    let first = differing.first()?;
    let ratio = first.ratio.ok()?.ratio;
    let others = match differing.len() - 1 {
        0 => String::new(),
        1 => "; one more figure differs too".to_owned(),
        more => format!("; {more} more figures differ too"),
    };
    let sentence = Sentence::of(format!("{} repeats {}: its {} is ", first.other, first.base, first.metric));
    let sentence = sentence.times(ratio).text(format!(" times as high{others}"));
    let advice =
        "take no smaller difference for one between transports; use a quieter machine or more rounds";
    Some(Draft::caution(WarningKind::ControlDiffers, sentence, advice))
}

/// Known exactly where rounds of both modes can be held against each other. The figures are those of rounds
/// apart then, so it takes nothing away from them.
fn company(judgement: &Judgement) -> Vec<Found> {
    let differing = judgement.interference.iter().filter(|contrast| contrast.differs());
    let found = |contrast: &Contrast| {
        let sentence = Sentence::of("running at once made the median ").times(contrast.ratio.ok()?.ratio);
        let advice = "figures and answer are those of one transport at a time";
        let draft = Draft::note(WarningKind::Interference, sentence.text(" times what it is apart"), advice);
        Some(draft.about(Some(&contrast.other), None))
    };
    differing.filter_map(found).collect()
}

/// Estimated where there are only rounds together, of each transport that waited for long.
fn waiting(run: &Run, judgement: &Judgement) -> Vec<Found> {
    let crowded = judgement.waiting.iter().filter(|(_, share)| *share > judgement.margin);
    let found = |(label, share): &(String, f64)| {
        let sentence =
            Sentence::of("waiting for a CPU took about ").share(*share).text(" of the median latency");
        let advice = "run one transport at a time";
        let draft = Draft::caution(WarningKind::Interference, sentence, advice);
        draft.with(remedy::apart(&run.header, run.mode())).about(Some(label), None)
    };
    crowded.map(found).collect()
}

/// An update that goes to many is handled for one client after the other, on this machine only: their own
/// readers' machines work at the same time. Where that is a visible part of the median, it is said.
fn client_limited(run: &Run) -> Vec<Found> {
    // An update to many is needed for it; of replies, each goes to one.
    if matches!(run.header.shape.as_str(), "reply" | "exchange" | "telemetry" | "duplex") {
        return Vec::new();
    }
    let found = |label: &str| {
        let fan_out_ns = fan_out::clients_pace_ns(run, label)?;
        let median_ns = run.merged(label)?.account.latency.quantile(0.5)? as f64;
        if fan_out_ns <= run.header.margin * median_ns {
            return None;
        }
        let sentence = Sentence::of("about ").time(fan_out_ns.min(median_ns)).text(" of the median of ");
        let sentence = sentence.time(median_ns).text(" is the test clients' own CPU time");
        let advice = "readers with machines of their own would see less of it";
        let draft = Draft::note(WarningKind::ClientLimited, sentence, advice);
        Some(draft.with(remedy::crowds(&run.header)).about(Some(label), None))
    };
    run.labels().filter_map(found).collect()
}

/// A run that was made to look inside, and not to be quoted.
fn kernel_stamps(run: &Run) -> Option<Draft> {
    run.header.kernel_stamps.then(|| {
        let sentence =
            Sentence::of("the kernel noted when each read's data had come, which makes reads cost more");
        let advice = "take from this run where the time goes, and figures to quote from one without";
        let draft = Draft::note(WarningKind::KernelStamps, sentence, advice);
        draft.with(Some("--set kernel_stamps=false".to_owned()))
    })
}

fn governor(run: &Run) -> Option<Draft> {
    let governor = run.header.machine.governor.as_deref()?;
    (!USUAL_GOVERNORS.contains(&governor)).then(|| {
        let sentence =
            Sentence::of(format!("the frequency governor `{governor}` may run an idle CPU slowly"));
        let advice = "compare with runs under the same governor only, or set it to `performance`";
        Draft::note(WarningKind::Environment, sentence, advice)
    })
}

fn congestion_control(run: &Run) -> Option<Draft> {
    let control = run.header.machine.congestion_control.as_deref()?;
    (!USUAL_CONGESTION_CONTROLS.contains(&control)).then(|| {
        let sentence = Sentence::of(format!("TCP's congestion control is `{control}`, not `cubic` or `bbr`"));
        let advice = "it matters little on one host, and more on the way to your readers";
        Draft::note(WarningKind::Environment, sentence, advice)
    })
}
