//! Numbers for people: three significant digits, a unit, thin spaces between groups of digits.

/// A narrow space that does not break the line.
const THIN: char = '\u{202f}';

/// Stands where there is no number.
pub const NONE: &str = "–";

/// A span of time, in the unit that suits it.
#[must_use]
pub fn duration(ns: u64) -> String {
    duration_f64(ns as f64)
}

/// The same, of a computed value.
#[must_use]
pub fn duration_f64(ns: f64) -> String {
    let (value, unit) = in_unit(ns);
    with_unit(&significant(value), unit)
}

/// A round value on an axis: `1 ms`, not `1.00 ms`.
#[must_use]
pub fn tick(ns: f64) -> String {
    let (value, unit) = in_unit(ns);
    let number = significant(value);
    let short = if number.contains('.') {
        number.trim_end_matches('0').trim_end_matches('.')
    } else {
        number.as_str()
    };
    with_unit(short, unit)
}

/// The unit follows from the rounded value, so that 999 999 ns become 1.00 ms and not 1 000 µs.
fn in_unit(ns: f64) -> (f64, &'static str) {
    let rounded = round(ns);
    match rounded {
        _ if rounded < 1e3 => (rounded, "ns"),
        _ if rounded < 1e6 => (rounded / 1e3, "µs"),
        _ if rounded < 1e9 => (rounded / 1e6, "ms"),
        _ => (rounded / 1e9, "s"),
    }
}

/// A number of things, to the last one.
#[must_use]
pub fn count(number: u64) -> String {
    group(&number.to_string())
}

/// A computed number without a unit.
#[must_use]
pub fn number(value: f64) -> String {
    significant(value)
}

/// Bytes, a few or a share of some.
#[must_use]
pub fn bytes(value: f64) -> String {
    if !value.is_finite() || value < 10_000.0 {
        return with_unit(&significant(value), "B");
    }
    let units = ["KiB", "MiB", "GiB", "TiB"];
    let scaled = |power: usize| value / 1024f64.powi(power as i32 + 1);
    let power = (0..units.len() - 1).find(|&power| round(scaled(power)) < 1024.0);
    let power = power.unwrap_or(units.len() - 1);
    with_unit(&significant(scaled(power)), units[power])
}

/// Bytes in KiB, however few: for lists in which one unit reads better.
#[must_use]
pub fn kibibytes(value: f64) -> String {
    with_unit(&significant(value / 1024.0), "KiB")
}

/// A share of a whole, which says 100 % only of all and 0 % only of none.
#[must_use]
pub fn percent(part: u64, whole: u64) -> String {
    let share = part as f64 / whole as f64 * 100.0;
    match () {
        () if whole == 0 => NONE.to_owned(),
        () if part == whole => with_unit("100", "%"),
        () if part == 0 => with_unit("0", "%"),
        () if part < whole && share > 99.99 => with_unit(">99.99", "%"),
        () if part < whole && share > 99.0 => with_unit(&format!("{:.2}", share.min(99.99)), "%"),
        () if share < 0.01 => with_unit("<0.01", "%"),
        () => with_unit(&significant(share), "%"),
    }
}

/// A part of one as a share, without the digits that say nothing: `10 %`, `2.5 %`.
#[must_use]
pub fn part(part: f64) -> String {
    let text = significant(part * 100.0);
    let short = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    with_unit(short, "%")
}

/// How many times as much, as in "206 times", with the digits that a sentence needs.
#[must_use]
pub fn times(ratio: f64) -> String {
    if !ratio.is_finite() {
        return NONE.to_owned();
    }
    let decimals = if ratio < 1.995 { 2 } else { usize::from(ratio < 9.95) };
    if decimals == 0 { significant(ratio) } else { format!("{ratio:.decimals$}") }
}

/// A date and time as people write them: "27 Nov 2026, 19:30 UTC". What is no such date stays as it is.
#[must_use]
pub fn date(rfc3339: &str) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let part = |from: usize, to: usize| rfc3339.get(from..to);
    let number = |from, to| part(from, to)?.parse::<usize>().ok();
    let date = || {
        let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
        let month = MONTHS.get(month.checked_sub(1)?)?;
        let time = part(11, 16).filter(|_| rfc3339.ends_with('Z'))?;
        Some(format!("{day} {month} {year}, {time} UTC"))
    };
    date().unwrap_or_else(|| rfc3339.to_owned())
}

fn with_unit(number: &str, unit: &str) -> String {
    if number == NONE { NONE.to_owned() } else { format!("{number}{THIN}{unit}") }
}

fn round(value: f64) -> f64 {
    format!("{value:.2e}").parse().unwrap_or(value)
}

fn significant(value: f64) -> String {
    if !value.is_finite() {
        return NONE.to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    let rounded = round(value);
    let magnitude = rounded.abs().log10().floor() as i32;
    let decimals = (2 - magnitude).clamp(0, 6) as usize;
    let text = format!("{rounded:.decimals$}");
    if decimals == 0 { group(&text) } else { text }
}

fn group(digits: &str) -> String {
    // Four digits are read at a glance; only longer ones need help.
    if digits.len() <= 4 {
        return digits.to_owned();
    }
    let mut grouped = String::with_capacity(digits.len() * 2);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(THIN);
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: String) -> String {
        text.replace(THIN, " ")
    }

    #[test]
    fn durations_take_three_digits_and_the_unit_that_suits() {
        let cases = [
            (0, "0 ns"),
            (7, "7.00 ns"),
            (850, "850 ns"),
            (999_400, "999 µs"),
            (999_500, "1.00 ms"),
            (1_074_999, "1.07 ms"),
            (51_234_567, "51.2 ms"),
            (999_999_999, "1.00 s"),
            (1_234_000_000_000, "1230 s"),
            (u64::MAX, "18 400 000 000 s"),
        ];
        for (ns, text) in cases {
            assert_eq!(plain(duration(ns)), text);
        }
    }

    #[test]
    fn a_date_is_for_people() {
        assert_eq!(date("2026-11-27T09:30:25Z"), "27 Nov 2026, 09:30 UTC");
        for odd in ["", "yesterday", "2026-13-27T09:30:25Z", "2026-11-27"] {
            assert_eq!(date(odd), odd);
        }
    }

    #[test]
    fn ticks_are_short() {
        assert_eq!(plain(tick(1e6)), "1 ms");
        assert_eq!(plain(tick(2.5e5)), "250 µs");
        assert_eq!(plain(tick(1.5e9)), "1.5 s");
        assert_eq!(plain(tick(0.0)), "0 ns");
    }

    #[test]
    fn what_is_not_a_number_is_a_dash() {
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(
                (number(value), bytes(value), duration_f64(value)),
                (NONE.into(), NONE.into(), NONE.into())
            );
        }
        assert_eq!(percent(0, 0), NONE);
    }

    #[test]
    fn a_share_is_whole_only_when_nothing_is_missing() {
        let cases = [
            ((10, 10), "100 %"),
            ((0, 10), "0 %"),
            ((999_999, 1_000_000), ">99.99 %"),
            ((9_995, 10_000), "99.95 %"),
            ((981, 1_000), "98.1 %"),
            ((1, 1_000_000), "<0.01 %"),
            ((3, 2), "150 %"),
        ];
        for ((part, whole), text) in cases {
            assert_eq!(plain(percent(part, whole)), text);
        }
    }

    #[test]
    fn counts_are_exact_and_grouped() {
        assert_eq!(plain(count(1_234)), "1234");
        assert_eq!(plain(count(12_345)), "12 345");
        assert_eq!(plain(count(1_234_567)), "1 234 567");
    }

    #[test]
    fn ratios_and_margins_take_the_digits_that_a_sentence_needs() {
        for (ratio, text) in [(0.356, "0.36"), (1.163, "1.16"), (2.76, "2.8"), (9.96, "9.96"), (206.1, "206")]
        {
            assert_eq!(times(ratio), text);
        }
        assert_eq!(times(f64::INFINITY), NONE);
        for (margin, text) in [(0.1, "10 %"), (0.025, "2.5 %"), (0.27, "27 %"), (1.5, "150 %")] {
            assert_eq!(plain(part(margin)), text);
        }
        assert_eq!(plain(kibibytes(6_712.0)), "6.55 KiB");
    }

    #[test]
    fn bytes_grow_into_their_units() {
        assert_eq!(plain(bytes(2.041)), "2.04 B");
        assert_eq!(plain(bytes(1_236.0)), "1240 B");
        assert_eq!(plain(bytes(20_480.0)), "20.0 KiB");
        assert_eq!(plain(bytes(8.0 * 1024f64.powi(3))), "8.00 GiB");
    }
}
