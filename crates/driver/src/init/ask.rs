//! The questions that `pushpull init` asks in a terminal.

use super::{Kind, Wishes, limit, rate, rtt};
use clap::ValueEnum;
use std::io::{BufRead, Write};

/// Asks for everything, or for all but the kind. An empty line is the usual answer, and so is the end of the input.
///
/// # Errors
/// When nobody can be asked.
pub fn ask(kind: Option<Kind>, from: &mut impl BufRead, to: &mut impl Write) -> std::io::Result<Wishes> {
    let kind = match kind {
        Some(kind) => kind,
        None => {
            for kind in Kind::value_variants() {
                let help = kind.to_possible_value().and_then(|value| Some(value.get_help()?.to_string()));
                writeln!(to, "  {:<14} {}", kind.word(), help.unwrap_or_default())?;
            }
            question(from, to, "What is it?", Kind::Dashboard, &Kind::Dashboard.word(), read_kind)?
        }
    };
    let usual = kind.usual();
    let print = options::print_duration;
    let users = question(from, to, "How many users?", usual.users, &usual.users.to_string(), read_users)?;
    let what = capital(kind.updates_are());
    let updates =
        question(from, to, &what, usual.updates_per_s, &format!("{}/s", usual.updates_per_s), rate)?;
    let what = capital(kind.limit_is());
    let limit = question(from, to, &what, usual.limit, &print(usual.limit), limit)?;
    let what = "From a client to the server and back";
    let rtt = question(from, to, what, usual.rtt, &print(usual.rtt), rtt)?;
    let clients_send = kind.may_send() && question(from, to, "Do clients send too?", false, "no", read_yes)?;
    Ok(Wishes { kind, users, updates_per_s: updates, limit, rtt, clients_send })
}

/// Asks until an answer can be read.
fn question<T>(
    from: &mut impl BufRead,
    to: &mut impl Write,
    what: &str,
    usual: T,
    shown: &str,
    read: impl Fn(&str) -> Result<T, String>,
) -> std::io::Result<T> {
    loop {
        write!(to, "{what} [{shown}] ")?;
        to.flush()?;
        let mut line = String::new();
        let is_over = from.read_line(&mut line)? == 0;
        if is_over || line.trim().is_empty() {
            return Ok(usual);
        }
        match read(line.trim()) {
            Ok(answer) => return Ok(answer),
            Err(wrong) => writeln!(to, "  {wrong}")?,
        }
    }
}

fn read_kind(text: &str) -> Result<Kind, String> {
    let kinds = Kind::value_variants();
    let words: Vec<String> = kinds.iter().map(|kind| kind.word()).collect();
    let text = text.to_lowercase().replace(' ', "-");
    let found = kinds.iter().find(|kind| kind.word() == text).copied();
    found.ok_or_else(|| {
        let meant = options::nearest(&text, words.iter().map(String::as_str));
        let hint = meant.map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default();
        format!("needed is one of {}{hint}", words.join(", "))
    })
}

fn read_users(text: &str) -> Result<u32, String> {
    let number = text.replace(['_', ',', '.', '\''], "").parse::<u32>().ok();
    let number = number.filter(|number| super::USERS.contains(number));
    number.ok_or_else(|| "needed is a whole number, from 1 to 1,000,000,000".to_owned())
}

fn read_yes(text: &str) -> Result<bool, String> {
    match text.to_lowercase().as_str() {
        "y" | "yes" => Ok(true),
        "n" | "no" => Ok(false),
        _ => Err("needed is yes or no".to_owned()),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn answers(text: &str) -> (Wishes, String) {
        let mut said = Vec::new();
        let wishes = ask(None, &mut text.as_bytes(), &mut said).unwrap();
        (wishes, String::from_utf8(said).unwrap())
    }

    #[test]
    fn empty_lines_are_the_usual_answers() {
        assert_eq!(answers("\n\n\n\n\n\n").0, Kind::Dashboard.usual());
        assert_eq!(answers("").0, Kind::Dashboard.usual(), "the end of the input too");
        assert_eq!(answers("ai answer\n").0, Kind::AiAnswer.usual());
    }

    #[test]
    fn what_cannot_be_read_is_asked_again() {
        let (wishes, said) = answers("tickr\nticker\n5,000\n2\n2/s\n500\n500ms\n80ms\nmaybe\nyes\n");
        assert_eq!(wishes.kind, Kind::Ticker);
        assert_eq!((wishes.users, wishes.updates_per_s, wishes.clients_send), (5_000, 2.0, true));
        assert_eq!((wishes.limit, wishes.rtt), (Duration::from_millis(500), Duration::from_millis(80)));
        for part in ["did you mean `ticker`?", "2/s or 30/min", "250ms", "yes or no"] {
            assert!(said.contains(part), "{part} is missing in: {said}");
        }
    }
}
