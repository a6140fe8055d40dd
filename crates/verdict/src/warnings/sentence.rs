//! Sentences with amounts in them. Several that differ in their amounts alone fold into one, with ranges.

use crate::format;

/// What was seen, as a fragment.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sentence(Vec<Part>);

#[derive(Debug, Clone, PartialEq)]
enum Part {
    Text(String),
    Amount { least: f64, most: f64, unit: Unit },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    /// A part of one.
    Share,
    /// Nanoseconds.
    Time,
    /// A number of things.
    Count,
    /// How many times as much.
    Factor,
}

impl Sentence {
    /// Begins with these words, which bring their own spaces, as all that follow do.
    pub fn of(words: impl Into<String>) -> Self {
        Sentence(vec![Part::Text(words.into())])
    }

    pub fn text(mut self, words: impl Into<String>) -> Self {
        self.0.push(Part::Text(words.into()));
        self
    }

    pub fn share(self, part: f64) -> Self {
        self.amount(part, Unit::Share)
    }

    pub fn time(self, ns: f64) -> Self {
        self.amount(ns, Unit::Time)
    }

    pub fn count(self, count: u64) -> Self {
        self.amount(count as f64, Unit::Count)
    }

    pub fn times(self, factor: f64) -> Self {
        self.amount(factor, Unit::Factor)
    }

    fn amount(mut self, value: f64, unit: Unit) -> Self {
        self.0.push(Part::Amount { least: value, most: value, unit });
        self
    }

    /// Whether the other one says the same of other amounts.
    pub fn is_like(&self, other: &Sentence) -> bool {
        self.0.len() == other.0.len()
            && self.0.iter().zip(&other.0).all(|(mine, theirs)| mine.is_like(theirs))
    }

    /// Takes the amounts of a sentence that is like this one into its ranges.
    pub fn widen(&mut self, other: &Sentence) {
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            if let (Part::Amount { least, most, .. }, Part::Amount { least: low, most: high, .. }) =
                (mine, theirs)
            {
                (*least, *most) = (least.min(*low), most.max(*high));
            }
        }
    }

    pub fn print(&self) -> String {
        self.0.iter().map(Part::print).collect()
    }
}

impl Part {
    fn is_like(&self, other: &Part) -> bool {
        match (self, other) {
            (Part::Text(mine), Part::Text(theirs)) => mine == theirs,
            (Part::Amount { unit, .. }, Part::Amount { unit: theirs, .. }) => unit == theirs,
            _ => false,
        }
    }

    fn print(&self) -> String {
        match self {
            Part::Text(words) => words.clone(),
            Part::Amount { least, most, unit } => range(&unit.print(*least), &unit.print(*most), *unit),
        }
    }
}

impl Unit {
    fn print(self, value: f64) -> String {
        match self {
            Unit::Share => share(value),
            Unit::Time => format::duration_f64(value),
            Unit::Count => format::count(value as u64),
            Unit::Factor => format::times(value),
        }
    }
}

/// Shares below this are printed as less than it.
const LEAST_SHARE: f64 = 1e-4;

/// Two digits are enough to decide by. Only all of it is 100 %.
fn share(part: f64) -> String {
    let digit = 10_f64.powf(1.0 - part.log10().floor());
    let rounded = (part * digit).round() / digit;
    match part {
        part if part > 0.0 && part < LEAST_SHARE => format!("<{}", format::part(LEAST_SHARE)),
        part if part < 1.0 && rounded >= 1.0 => format!(">{}", format::part(0.99)),
        part if part > 0.0 => format::part(rounded),
        _ => format::part(0.0),
    }
}

/// `7 to 10 %`, and the unit twice only where there are two.
fn range(low: &str, high: &str, unit: Unit) -> String {
    let has_unit = matches!(unit, Unit::Share | Unit::Time);
    let split = |text: &'_ str| -> Option<(String, String)> {
        let (number, unit) = text.rsplit_once(UNIT_SPACE).filter(|_| has_unit)?;
        Some((number.to_owned(), unit.to_owned()))
    };
    match (split(low), split(high)) {
        _ if low == high => low.to_owned(),
        (Some((number, mine)), Some((_, theirs))) if mine == theirs => format!("{number} to {high}"),
        _ => format!("{low} to {high}"),
    }
}

/// Between a number and its unit.
const UNIT_SPACE: char = '\u{202f}';

/// The most characters of what is said in one line.
pub const LINE_CHARS: usize = 110;

/// As much of a text as fits a line, ended where a clause ends, or else a word.
pub(super) fn shorten(text: &str) -> String {
    let text = text.trim().trim_end_matches('.');
    let Some((limit, _)) = text.char_indices().nth(LINE_CHARS) else {
        return text.to_owned();
    };
    let head = &text[..limit];
    // A clause that is too short says nothing: a list cut after its first word.
    let clause = [";", ": ", ", "].iter().find_map(|mark| head.rfind(mark).filter(|at| *at > LINE_CHARS / 3));
    match clause {
        Some(end) => head[..end].to_owned(),
        None => {
            let head: String = head.chars().take(LINE_CHARS - 1).collect();
            let end = head.rfind(' ').unwrap_or(head.len());
            format!("{}\u{2026}", &head[..end])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_fold_into_ranges() {
        let used = |part| Sentence::of("others used ").share(part).text(" of the CPU");
        let mut folded = used(0.07);
        assert_eq!(folded.print(), "others used 7\u{202f}% of the CPU");
        folded.widen(&used(0.104));
        folded.widen(&used(0.08));
        assert_eq!(folded.print(), "others used 7 to 10\u{202f}% of the CPU");
        assert!(folded.is_like(&used(0.5)) && !folded.is_like(&Sentence::of("others used ")));
    }

    #[test]
    fn a_range_over_two_units_has_both() {
        let mut took = Sentence::of("it took ").time(9e5);
        took.widen(&Sentence::of("it took ").time(1.2e6));
        assert_eq!(took.print(), "it took 900\u{202f}µs to 1.20\u{202f}ms");
        let mut counted = Sentence::of("").count(1_920);
        counted.widen(&Sentence::of("").count(2_920));
        assert_eq!(counted.print(), "1920 to 2920");
    }

    #[test]
    fn shares_are_neither_nothing_nor_all_where_they_are_not() {
        let said = |part| Sentence::of("").share(part).print().replace('\u{202f}', "");
        assert_eq!(
            [said(0.0), said(0.000_01), said(0.000_234), said(0.021)],
            ["0%", "<0.01%", "0.023%", "2.1%"]
        );
        assert_eq!([said(0.104), said(0.995), said(1.0)], ["10%", ">99%", "100%"]);
    }

    #[test]
    fn long_texts_end_with_a_clause() {
        assert_eq!(shorten("short enough."), "short enough");
        let clauses = format!("what was seen here, as it happens, in words; {}", "and more ".repeat(20));
        assert_eq!(shorten(&clauses), "what was seen here, as it happens, in words");
        let words = shorten(&"word ".repeat(40));
        assert!(words.ends_with("word\u{2026}") && words.chars().count() <= LINE_CHARS, "{words}");
        assert!(shorten(&"é".repeat(300)).chars().count() <= LINE_CHARS);
    }
}
