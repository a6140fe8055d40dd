//! The checks. Each tolerance is given with its reason.

mod books;
mod polling;
mod push;
mod stopped;

use super::lab::{Dose, Lab};

/// What theory says that a run must show.
#[derive(Debug, Clone, Copy)]
pub struct Check {
    /// Says what must be so.
    pub name: &'static str,
    /// The smallest edition that it belongs to.
    pub dose: Dose,
    /// Runs what it needs in a lab, and holds figures against predictions on its sheet.
    pub make: fn(&mut Lab) -> anyhow::Result<()>,
}

const fn short(name: &'static str, make: fn(&mut Lab) -> anyhow::Result<()>) -> Check {
    Check { name, dose: Dose::Short, make }
}

const fn thorough(name: &'static str, make: fn(&mut Lab) -> anyhow::Result<()>) -> Check {
    Check { name, dose: Dose::Thorough, make }
}

/// All checks, in the order in which they run. The books come last: they are those of all runs before.
pub const ALL: &[Check] = &[
    short("push is one transit, and WebSocket and SSE tie with the floor", push::one_transit),
    short("short polling waits half an interval", polling::short_polling),
    short("long polling at its limit batches", polling::long_polling_dense),
    thorough("long polling at a tenth of its limit is push with a tail", polling::long_polling_sparse),
    thorough("long polling has a knee where the round trip is the period", polling::the_knee),
    short("setting up takes two round trips", push::two_round_trips),
    thorough("a link of packets is as far as bytes held back", push::a_link),
    short("staleness follows from the schedule", push::staleness),
    short("a server that stands still is seen from due, not from sent", stopped::a_stopped_server),
    short("the books balance to the update, and both ends count the same bytes", books::books),
];

/// Those of an edition whose names have one of the words; all of them without any.
///
/// # Errors
/// With a word that no name has.
pub fn chosen(dose: Dose, words: &[String]) -> Result<Vec<Check>, String> {
    let has = |check: &Check, word: &String| check.name.to_lowercase().contains(&word.to_lowercase());
    // A check that is asked for by name is made, whatever the edition.
    let known = |word: &&String| !ALL.iter().any(|check| has(check, word));
    if let Some(unknown) = words.iter().find(known) {
        return Err(unknown.clone());
    }
    let belongs = |check: &&Check| match words {
        [] => dose == Dose::Thorough || check.dose == Dose::Short,
        words => words.iter().any(|word| has(check, word)),
    };
    Ok(ALL.iter().filter(belongs).copied().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_choose_and_one_that_no_name_has_is_a_mistake() {
        let count = |dose, words: &[&str]| {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            chosen(dose, &words).map(|checks| checks.len())
        };
        assert_eq!(count(Dose::Thorough, &[]), Ok(ALL.len()));
        assert!(count(Dose::Short, &[]).is_ok_and(|short| short < ALL.len()));
        assert_eq!(count(Dose::Short, &["KNEE", "one transit"]), Ok(2));
        assert_eq!(
            count(Dose::Short, &["knee", "nothing of the kind"]),
            Err("nothing of the kind".to_owned())
        );
    }
}
