//! What the scenario claims, and what came of it.

use crate::format;
use crate::table::{Cell, Group, Row, Table};
use results::Run;
use verdict::claims::Beside;
use verdict::{Answer, Checked, Claimed, Judgement};

/// Claims as a table, and what models and theory say of them.
pub(crate) struct Claims {
    pub table: Table,
    /// How many came out how, in a few words.
    pub counted: String,
    /// A line for each claim.
    pub list: Vec<Line>,
    /// For each claim of which there is something to say: the claim, and that.
    pub notes: Vec<(String, String)>,
}

/// A claim in a line.
pub(crate) struct Line {
    pub verdict: String,
    pub class: &'static str,
    pub says: String,
    /// What decided: the check that failed, else the first one.
    pub came_out: String,
}

fn line(claim: &Claimed) -> Line {
    let decisive = claim.checks.iter().find(|check| check.answer == claim.answer).or(claim.checks.first());
    let came_out = decisive.and_then(|check| {
        let against = check.against.as_ref().map(|against| format!(" against {against}")).unwrap_or_default();
        Some(format!("{}, {}{against}: {}", check.measure, check.of, check.came_out()?))
    });
    Line {
        verdict: signed(claim.answer, claim.answer.said()),
        class: match claim.answer {
            Answer::Holds => "ok",
            Answer::DoesNotHold => "bad",
            Answer::CantTell => "dim",
        },
        says: claim.says.clone(),
        came_out: came_out.unwrap_or_default(),
    }
}

/// None where the scenario claims nothing.
pub(crate) fn claims(run: &Run, judgement: &Judgement) -> Option<Claims> {
    let claims = verdict::claims::claims(run, judgement);
    if claims.is_empty() {
        return None;
    }
    let counted = |answer: Answer| {
        let count = claims.iter().filter(|claim| claim.answer == answer).count();
        (count > 0).then(|| format!("{count} {}", answer.said()))
    };
    let counted: Vec<String> =
        [Answer::Holds, Answer::DoesNotHold, Answer::CantTell].into_iter().filter_map(counted).collect();
    let caption = "The checks behind each claim".to_owned();
    let table = Table {
        caption,
        corner: "Claim",
        groups: vec![Group::new("", &["Verdict", "Pooled", "Over rounds", "Has to be"])],
        rows: claims.iter().flat_map(rows).collect(),
    };
    let list = claims.iter().map(line).collect();
    Some(Claims { table, counted: counted.join(", "), list, notes: claims.iter().filter_map(note).collect() })
}

/// What others published, and what came out here; none where the scenario knows of nothing.
pub(crate) fn published(run: &Run, judgement: &Judgement) -> Option<Table> {
    let all = verdict::claims::published(run, judgement);
    let row = |beside: &Beside| {
        let ours = match beside.here() {
            Some(ours) => {
                let over = beside.ours.against.as_ref().map(|against| format!(" against {against}"));
                let under =
                    format!("{}, {}{}", beside.ours.measure, beside.ours.of, over.unwrap_or_default());
                Cell::plain(ours).with_under(Some(under))
            }
            None => Cell::missing(beside.ours.why.as_deref().unwrap_or("it is not known")),
        };
        let times = beside.times().map_or_else(
            || Cell::missing("one of the two is nothing or not known"),
            |times| Cell::plain(format!("\u{d7}{}", format::number(times))),
        );
        Row {
            head: beside.says.clone(),
            cells: vec![
                Cell::plain(beside.theirs()).with_under(Some(beside.source.clone())),
                ours,
                times,
                Cell::plain(beside.differs.clone()),
            ],
            ..Row::default()
        }
    };
    (!all.is_empty()).then(|| Table {
        caption: "What others published, beside what came out here".to_owned(),
        corner: "Published",
        groups: vec![Group::new("", &["theirs", "here", "here over theirs", "what differs"])],
        rows: all.iter().map(row).collect(),
    })
}

/// An answer with a sign, so that neither colour nor reading alone tells it.
pub(crate) fn signed(answer: Answer, words: &str) -> String {
    let sign = match answer {
        Answer::Holds => '\u{2713}',
        Answer::DoesNotHold => '\u{2717}',
        Answer::CantTell => '?',
    };
    format!("{sign} {words}")
}

fn rows(claim: &Claimed) -> Vec<Row> {
    let verdict = |answer: Answer| Cell::plain(signed(answer, answer.said()));
    if let [only] = claim.checks.as_slice() {
        return vec![row(claim.says.clone(), verdict(claim.answer), only)];
    }
    let mut whole = vec![verdict(claim.answer)];
    whole.resize(4, Cell::plain(""));
    let head = Row { head: claim.says.clone(), cells: whole, ..Row::default() };
    let parts = claim
        .checks
        .iter()
        .map(|check| row(format!("\u{21b3} {}", check.measure), verdict(check.answer), check));
    std::iter::once(head).chain(parts).collect()
}

fn row(head: String, verdict: Cell, check: &Checked) -> Row {
    let came_out = match check.came_out() {
        Some(came_out) => Cell::plain(came_out).with_under(check.why.clone()),
        None => Cell::plain(format::NONE).with_under(check.why.clone()),
    };
    let has_to_be = Cell::plain(check.asked());
    Row { head, cells: vec![verdict, measured(check), came_out, has_to_be], ..Row::default() }
}

/// Whose figures they are, rounds merged.
fn measured(check: &Checked) -> Cell {
    let value = |label: &str, value: Option<f64>| {
        let value = value.map_or_else(|| format::NONE.to_owned(), |value| check.print(value));
        format!("{label} {value}")
    };
    let of = value(&check.of, check.of_value);
    let both = match &check.against {
        Some(against) => format!("{of}, {}", value(against, check.against_value)),
        None => of,
    };
    Cell::plain(both).with_under(Some(check.measure.clone()))
}

fn note(claim: &Claimed) -> Option<(String, String)> {
    let said: Vec<&str> = claim.boundary.iter().chain(&claim.model).map(String::as_str).collect();
    (!said.is_empty()).then(|| (claim.says.clone(), said.join(" ")))
}
