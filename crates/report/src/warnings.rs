//! What speaks against the figures, each once: as a list of the page, as lines of text, and as marks in cells.

use crate::tables::rounds;
use results::{Run, Severity, Warning, WarningKind};
use verdict::Metric;
use verdict::warnings::{Class, Group, groups, is_of_all, spoils, title};

/// More lines than these are folded.
const MOST_OPEN: usize = 6;

/// The list of a page.
pub(crate) struct Section {
    pub lines: Vec<Line>,
    /// All of it in short.
    pub summary: String,
    /// Whether the list opens on demand only.
    pub is_folded: bool,
}

/// A group of warnings, ready to print.
pub(crate) struct Line {
    pub class: &'static str,
    pub title: &'static str,
    /// Which transports and rounds; may be empty.
    pub about: String,
    pub line: String,
    pub advice: Option<String>,
    pub command: Option<String>,
}

/// The warnings of a run, the worst first; none where nothing was found.
pub(crate) fn section(run: &Run) -> Option<Section> {
    let groups = groups(run);
    let (summary, is_folded) = (summed_up(&groups), groups.len() > MOST_OPEN);
    let lines: Vec<Line> = groups.into_iter().map(Line::of).collect();
    (!lines.is_empty()).then_some(Section { lines, summary, is_folded })
}

/// How many warnings of which class there are, and what it says where there is a single one that may change the answer.
#[must_use]
pub fn one_line(run: &Run) -> String {
    summed_up(&groups(run))
}

/// A line of plain text for each group of warnings: its class, what it is about, what was seen and what to do.
#[must_use]
pub fn lines(run: &Run) -> Vec<String> {
    groups(run).into_iter().map(|group| Line::of(group).text()).collect()
}

/// Of those that may change the answer, how many there are; none where there are none.
pub(crate) fn serious(run: &Run) -> Option<String> {
    let groups = groups(run);
    let counted = [Class::Invalid, Class::Caution].into_iter().filter_map(|class| counted(&groups, class));
    let counted: Vec<String> = counted.collect();
    (!counted.is_empty()).then(|| counted.join(", "))
}

fn summed_up(groups: &[Group]) -> String {
    let classes = [Class::Invalid, Class::Caution, Class::Note, Class::Expected];
    let mut counts: Vec<String> = classes.into_iter().filter_map(|class| counted(groups, class)).collect();
    if groups.iter().all(|group| group.class == Class::Expected) {
        counts.insert(0, "No warnings".to_owned());
    }
    let serious: Vec<&Group> = groups.iter().filter(|group| group.class <= Class::Caution).collect();
    match (serious.as_slice(), counts.split_first()) {
        ([only], Some((first, []))) => format!("{first}: {}.", placed(only)),
        ([only], Some((first, others))) => format!("{first}: {}. {}.", placed(only), others.join(", ")),
        _ => format!("{}.", counts.join(", ")),
    }
}

fn counted(groups: &[Group], class: Class) -> Option<String> {
    let count = groups.iter().filter(|group| group.class == class).count();
    let noun = match class {
        Class::Invalid => "invalid",
        Class::Caution if count == 1 => "caution",
        Class::Caution => "cautions",
        Class::Note if count == 1 => "note",
        Class::Note => "notes",
        Class::Expected => "expected by the scenario",
    };
    (count > 0).then(|| format!("{count} {noun}"))
}

/// What was seen, and where.
fn placed(group: &Group) -> String {
    match (group.who.is_empty(), group.about.is_empty()) {
        (_, true) => group.line.clone(),
        (true, _) => format!("{} in {}", group.line, group.about),
        (false, _) => format!("{} ({})", group.line, group.about),
    }
}

impl Line {
    fn of(group: Group) -> Self {
        let Group { class, title, about, line, advice, command, .. } = group;
        Line { class: class.key(), title, about, line, advice, command }
    }

    /// What was seen as the end of a sentence.
    pub fn sentence(&self) -> String {
        let stop = if self.line.ends_with('\u{2026}') { "" } else { "." };
        format!("{}{stop}", self.line)
    }

    /// The advice as the beginning of a sentence.
    pub fn capital_advice(&self) -> Option<String> {
        let mut letters = self.advice.as_deref()?.trim_end_matches('.').chars();
        let first = letters.next()?;
        Some(first.to_uppercase().chain(letters).collect())
    }

    fn text(&self) -> String {
        let about = if self.about.is_empty() { String::new() } else { format!(" ({})", self.about) };
        let advice = match (&self.advice, &self.command) {
            (Some(advice), Some(command)) => format!("; {advice}: {command}"),
            (Some(only), None) | (None, Some(only)) => format!("; {only}"),
            (None, None) => String::new(),
        };
        format!("{}: {}{about}: {}{advice}", self.class, self.title, self.line)
    }
}

/// Why this figure is to be read with care, as a footnote says it; none where nothing speaks against it.
pub(crate) fn against(run: &Run, label: &str, metric: Metric) -> Option<String> {
    verdict::warnings::against(run, label, metric).map(|warning| footnote(warning.kind))
}

/// The same for a mark at the figure of a transport. What speaks against all figures alike stands in the list alone.
pub(crate) fn mark(run: &Run, label: &str, metric: Metric) -> Option<String> {
    let mut touching = run.warnings.iter().filter(|warning| touches(warning, label, metric));
    touching.find(|warning| !is_of_all(run, warning)).map(|warning| footnote(warning.kind))
}

/// The same for a single round, of which all figures may differ from another round's.
pub(crate) fn mark_round(run: &Run, label: &str, round: u32, metric: Metric) -> Option<String> {
    let in_round = |warning: &&Warning| warning.round.is_none_or(|about| about == round);
    let mut touching = run.warnings.iter().filter(|warning| touches(warning, label, metric)).filter(in_round);
    touching
        .find(|warning| !is_of_all(run, warning) || !is_of_every_round(run, warning))
        .map(|warning| footnote(warning.kind))
}

fn touches(warning: &Warning, label: &str, metric: Metric) -> bool {
    warning.severity > Severity::Note
        && warning.label.as_deref().is_none_or(|about| about == label)
        && spoils(warning.kind).contains(&metric)
}

fn is_of_every_round(run: &Run, warning: &Warning) -> bool {
    let alike = |other: &&Warning| other.kind == warning.kind && other.severity > Severity::Note;
    let has = |round: u32| {
        run.warnings.iter().filter(alike).any(|other| other.round.is_none_or(|about| about == round))
    };
    (0..run.rounds_started()).all(has)
}

fn footnote(kind: WarningKind) -> String {
    format!("{}: see the warnings", title(kind).to_lowercase())
}

/// Says that the run did not finish, and how far it came. None when it did.
pub(crate) fn unfinished(run: &Run) -> Option<String> {
    if run.is_complete() {
        return None;
    }
    let reason = match &run.end {
        Some(end) if !end.completed => end.reason.as_str(),
        _ if run.truncated => "its file breaks off within a line, which was left out",
        _ => "its file has no end, so it is still running or was killed",
    };
    let reason = reason.trim_end_matches('.');
    Some(format!("This run did not finish: {reason}. {} What follows is all there is.", progress(run)))
}

fn progress(run: &Run) -> String {
    let closed = run.accounts.iter().map(|account| account.round).max();
    let last = run.seconds.iter().max_by_key(|second| (second.round, second.second));
    let planned = run.header.rounds;
    match (closed, last) {
        (Some(round), _) => {
            format!("Accounts were written up to round {} of {planned}.", rounds::number(round))
        }
        (None, Some(last)) => format!(
            "No account was written; the last second on record is number {} of round {} of {planned}.",
            last.second,
            rounds::number(last.round)
        ),
        (None, None) => "Nothing was on record yet.".to_owned(),
    }
}
