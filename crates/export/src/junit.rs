//! Objectives and claims as test cases, in the XML that servers for continuous integration read (JUnit).

use results::Run;
use std::fmt::Write;
use verdict::decision::names;
use verdict::{Answer, Checked, Decision, claims};

/// A test suite of a run's candidates and objectives, and one of its claims. A missed objective and a refuted claim are
/// failures. An inconclusive one is skipped, with the reason.
#[must_use]
pub fn junit(run: &Run) -> String {
    let decision = Decision::of(run);
    let candidates = decision.held.iter().filter(|held| decision.sheet.row(&held.label).is_some());
    let objectives = candidates.flat_map(|held| {
        held.objectives.iter().map(|checked| Case {
            class: held.label.clone(),
            name: format!("{} {}", checked.measure, checked.asked()),
            answer: checked.answer,
            said: said(checked),
        })
    });
    let claims = claims::claims(run, &decision.judgement).into_iter().map(|claimed| Case {
        class: "claims".to_owned(),
        name: claimed.says.clone(),
        answer: claimed.answer,
        said: claimed.checks.iter().map(said).collect::<Vec<_>>().join("; "),
    });
    let name = &run.header.scenario_name;
    let suites = [
        (format!("{name}: objectives"), objectives.collect::<Vec<_>>()),
        (format!("{name}: claims"), claims.collect()),
        (format!("{name}: answer"), vec![answer(&decision)]),
    ];
    let mut xml =
        String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"pushpull\">\n");
    for (name, cases) in suites.iter().filter(|(_, cases)| !cases.is_empty()) {
        suite(&mut xml, name, &run.header.started, cases);
    }
    xml.push_str("</testsuites>\n");
    xml
}

struct Case {
    class: String,
    name: String,
    answer: Answer,
    said: String,
}

/// Whether the recommended transport is shown to meet every objective.
fn answer(decision: &Decision<'_>) -> Case {
    let missing = decision.not_shown();
    Case {
        class: "answer".to_owned(),
        name: "a recommended transport is shown to meet every objective".to_owned(),
        answer: if missing.is_empty() { Answer::Holds } else { Answer::DoesNotHold },
        said: if missing.is_empty() { decision.headline() } else { missing.join("; ") },
    }
}

fn said(checked: &Checked) -> String {
    let came_out = checked.came_out().unwrap_or_else(|| verdict::format::NONE.to_owned());
    let name = names::protocol(&checked.of);
    let why = checked.why.as_deref().map(|why| format!(" ({why})")).unwrap_or_default();
    format!("{}, {name}: {came_out}, {}{why}", checked.measure, checked.asked())
}

fn suite(xml: &mut String, name: &str, started: &str, cases: &[Case]) {
    let count = |answer: Answer| cases.iter().filter(|case| case.answer == answer).count();
    let _ = writeln!(
        xml,
        "  <testsuite name=\"{}\" timestamp=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\">",
        escape(name),
        escape(started.trim_end_matches('Z')),
        cases.len(),
        count(Answer::DoesNotHold),
        count(Answer::CantTell)
    );
    for case in cases {
        let _ = write!(
            xml,
            "    <testcase classname=\"{}\" name=\"{}\"",
            escape(&case.class),
            escape(&case.name)
        );
        let said = escape(&case.said);
        let _ = match case.answer {
            Answer::Holds => writeln!(xml, "/>"),
            Answer::DoesNotHold => writeln!(xml, "><failure message=\"{said}\"/></testcase>"),
            Answer::CantTell => writeln!(xml, "><skipped message=\"{said}\"/></testcase>"),
        };
    }
    let _ = writeln!(xml, "  </testsuite>");
}

/// What may stand in an attribute. Control characters have no place in XML 1.0.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn no_text_becomes_markup() {
        assert_eq!(escape("a<b>&\"c\"\u{1b}\n"), "a&lt;b&gt;&amp;&quot;c&quot;  ");
    }
}
