//! What there is to choose from: `pushpull scenarios`, `pushpull transports` and `pushpull figures`.

use super::say;
use super::scenarios::unknown;
use crate::cli::{ListArgs, ScenariosArgs};
use crate::shipped::{self, Group, SHIPPED, Shipped};
use crate::{paint, transports};
use scenario::{FIGURES, Unit};
use serde_json::{Value, json};
use std::io::Write;
use std::process::ExitCode;

/// Lists the shipped scenarios, or prints one as it is.
pub fn scenarios(args: &ScenariosArgs) -> anyhow::Result<ExitCode> {
    if let Some(name) = &args.name {
        let found = shipped::find(name).ok_or_else(|| unknown(name, false))?;
        // A reader that has gone away has seen enough.
        let _ = std::io::stdout().write_all(found.text.as_bytes());
        return Ok(ExitCode::SUCCESS);
    }
    if args.json {
        let all = SHIPPED.iter().map(|shipped| {
            json!({
                "name": shipped.name,
                "group": shipped.group.to_string(),
                "question": scenario::question(shipped.text),
            })
        });
        return Ok(document(all.collect()));
    }
    let width = SHIPPED.iter().map(|shipped| shipped.name.len()).max().unwrap_or_default();
    for group in Group::ALL {
        say(format_args!("{}", paint::bold(group)));
        for shipped in SHIPPED.iter().filter(|shipped| shipped.group == group) {
            say(format_args!("  {:<width$}  {}", shipped.name, in_a_line(shipped)));
        }
        say(format_args!(""));
    }
    say(format_args!(
        "{}",
        paint::dim("pushpull run NAME runs one, pushpull scenarios NAME prints its text.")
    ));
    Ok(ExitCode::SUCCESS)
}

/// The first sentence of its question, or what stands before a colon.
fn in_a_line(shipped: &Shipped) -> String {
    let question = scenario::question(shipped.text);
    let ends = [(". ", 0), (": ", 0), ("? ", 1)];
    let end = ends.iter().filter_map(|(mark, kept)| Some(question.find(mark)? + kept)).min();
    end.map_or(question.as_str(), |end| &question[..end]).trim_end_matches('.').to_owned()
}

/// Lists the transports with their settings.
pub fn transports(args: &ListArgs) -> ExitCode {
    if args.json {
        let all = transports::list().iter().map(|transport| {
            let settings = transport.options.iter().map(|option| {
                json!({
                    "name": option.name,
                    "default": option.default,
                    "allowed": option.allowed(),
                    "help": option.help,
                })
            });
            json!({
                "name": transport.name,
                "summary": transport.summary,
                "baseline": transport.is_floor,
                "settings": settings.collect::<Vec<_>>(),
            })
        });
        return document(all.collect());
    }
    for transport in transports::list() {
        say(format_args!("{}\n    {}", paint::bold(transport.name), transport.summary));
        for option in transport.options {
            let allowed = paint::dim(format!("({})", option.allowed()));
            say(format_args!("    {} = \"{}\"  {allowed}", option.name, option.default));
            say(format_args!("        {}", option.help));
        }
        say(format_args!(""));
    }
    ExitCode::SUCCESS
}

/// Lists the figures that claims and objectives may name.
pub fn figures(args: &ListArgs) -> ExitCode {
    let shapes = |facts: &scenario::Facts| facts.shapes.iter().map(|shape| shape.name()).collect::<Vec<_>>();
    if args.json {
        let all = FIGURES.iter().map(|facts| {
            json!({
                "name": facts.name,
                "title": facts.title,
                "unit": word(facts.unit),
                "shapes": shapes(facts),
                "one_value_a_round": facts.at.is_none(),
                "help": facts.help,
            })
        });
        return document(all.collect());
    }
    let width = FIGURES.iter().map(|facts| facts.name.len()).max().unwrap_or_default();
    for facts in FIGURES {
        let only = match facts.shapes {
            [] => String::new(),
            _ => format!("; only with shape {}", shapes(facts).join(", ")),
        };
        let name = paint::bold(format!("{:<width$}", facts.name));
        let unit = paint::dim(format!("({}{only})", word(facts.unit)));
        say(format_args!("{name}  {} {unit}", facts.title));
        say(format_args!("{:width$}  {}", "", facts.help));
    }
    ExitCode::SUCCESS
}

fn word(unit: Unit) -> &'static str {
    match unit {
        Unit::Time => "time",
        Unit::Bytes => "bytes",
        Unit::Share => "share",
        Unit::Number => "number",
    }
}

fn document(all: Vec<Value>) -> ExitCode {
    say(format_args!("{:#}", Value::Array(all)));
    ExitCode::SUCCESS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_scenario_has_a_line_that_fits() {
        for shipped in SHIPPED {
            let line = in_a_line(shipped);
            assert!((15..=130).contains(&line.chars().count()), "{}: {line}", shipped.name);
        }
    }
}
