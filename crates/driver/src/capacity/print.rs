//! What a search found, for a person.

use super::Found;
use super::step::Stepped;
use scenario::Scenario;
use verdict::format;

const GIB: f64 = (1_u64 << 30) as f64;

/// One transport, as soon as it is known.
pub(super) fn sentence(found: &Found) -> String {
    let label = &found.label;
    if let Some(disturbed) = &found.disturbed {
        return format!(
            "{label}: {}with {} something gave way, but others used the machine each time, so search again when it is \
             quiet: {}",
            found
                .good
                .as_ref()
                .map(|good| format!("{} subscribers hold; ", format::count(good.count.into())))
                .unwrap_or_default(),
            format::count(disturbed.count.into()),
            disturbed.disturbed.as_deref().unwrap_or_default()
        );
    }
    match (&found.good, &found.bad) {
        (Some(good), Some(bad)) => format!(
            "{label}: {} subscribers hold; with {} something gives way: {}",
            format::count(good.count.into()),
            format::count(bad.count.into()),
            reason(bad)
        ),
        (Some(good), None) if found.capped => {
            format!("{label}: {} subscribers hold, and more were not tried", format::count(good.count.into()))
        }
        (Some(good), None) => {
            format!("{label}: {} subscribers hold so far", format::count(good.count.into()))
        }
        (None, Some(bad)) => {
            let fewer =
                found.untold.as_ref().map(|untold| format!("; {}", too_few(untold))).unwrap_or_default();
            format!("{label}: not even {} hold: {}{fewer}", format::count(bad.count.into()), reason(bad))
        }
        (None, None) => match &found.untold {
            Some(untold) => format!("{label}: {}", too_few(untold)),
            None => format!("{label}: nothing was tried"),
        },
    }
}

fn too_few(untold: &Stepped) -> String {
    format!(
        "with {} it can\u{2019}t be told, measure longer: {}",
        format::count(untold.count.into()),
        untold.untold.as_deref().unwrap_or_default()
    )
}

fn reason(stepped: &Stepped) -> &str {
    stepped.gave_way.as_deref().unwrap_or("nothing")
}

/// All of them, with what the good steps would come to on a core and in a gigabyte.
pub(super) fn text(scenario: &Scenario, all: &[Found]) -> String {
    let mut lines = vec![
        scenario.question.clone(),
        String::new(),
        format!(
            "{:<20} {:>11} {:>11} {:>13} {:>13} {:>14} {:>13}",
            "transport",
            "holds",
            "gives way",
            "server core",
            "clients' core",
            "users per core",
            "users per GiB"
        ),
    ];
    lines.extend(all.iter().map(row));
    lines.push(String::new());
    lines.extend(all.iter().map(sentence));
    lines.push(String::new());
    lines.push(
        "Each step is one round in processes of its own, so a limit is known no better than rounds repeat. Users per core and per \
         GiB are a model: the last good step's processor time and memory of the server, taken as proportional to its \
         subscribers. Memory in the kernel is not in it, nor is what a processor does when it is full."
            .to_owned(),
    );
    lines.join("\n")
}

fn row(found: &Found) -> String {
    let count = |stepped: &Option<Stepped>| {
        stepped
            .as_ref()
            .map_or_else(|| format::NONE.to_owned(), |stepped| format::count(stepped.count.into()))
    };
    let share = |share: Option<f64>| share.map_or_else(|| format::NONE.to_owned(), format::part);
    let good = found.good.as_ref();
    let users = |users: Option<f64>| {
        users.map_or_else(|| format::NONE.to_owned(), |users| format!("~{}", format::count(users as u64)))
    };
    let per_core =
        good.and_then(|good| Some(f64::from(good.count) / good.server_share.filter(|share| *share > 0.0)?));
    let per_gib = good.and_then(|good| {
        Some(f64::from(good.count) * GIB / good.memory_bytes.filter(|bytes| *bytes > 0)? as f64)
    });
    format!(
        "{:<20} {:>11} {:>11} {:>13} {:>13} {:>14} {:>13}",
        found.label,
        count(&found.good),
        count(&found.bad),
        share(good.and_then(|good| good.server_share)),
        share(good.and_then(|good| good.client_share)),
        users(per_core),
        users(per_gib)
    )
}
