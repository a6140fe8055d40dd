//! Bodies that can be checked by comparison.

use crate::draw::{Draw, Purpose};
use crate::{Planned, limits};

/// How many places there are at which a body may be cut from the pad. A prime, so that neither the
/// next updates of a topic nor any wrong digit of a stamp lead to the same place.
const OFFSETS: u64 = 65_521;
const STAMP_BYTES: usize = 16;
const NUMBER_BYTES: usize = 8;
/// Letters and digits with what stands between them in JSON; 64, so that six random bits choose one.
/// No line ends and no NUL, which a line-based protocol could not carry.
const CHARACTERS: &[u8; 64] = b"abcdefghijklmnopqrstuvwxyz0123456789ABCDEF\"\"\"\"\"\"{}[]::,,..-_/+  ";

/// Makes and checks bodies: the instant of sending as 16 lower-case hexadecimal digits, then a slice
/// of one random pad. Where the slice begins follows from topic, index and stamp, so a body that
/// belongs to another update, or whose stamp has a wrong digit, does not match.
///
/// What can't be found: damage to a body of just 16 bytes, which is nothing but a stamp. One that is
/// a little longer has little to compare.
#[derive(Debug, Clone)]
pub struct Bodies {
    pad: Vec<u8>,
}

/// In what way a body is not the one that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Damaged {
    /// It is shorter or longer.
    #[error("a body of {found} bytes came where {expected} were sent")]
    Length {
        /// Bytes that were sent.
        expected: usize,
        /// Bytes that came.
        found: usize,
    },
    /// It does not begin with 16 lower-case hexadecimal digits.
    #[error("the stamp of a body is unreadable")]
    Stamp,
    /// Something behind the stamp differs, or the stamp belongs to another body.
    #[error("the content of a body is not what was sent")]
    Content,
}

impl Bodies {
    /// Draws the pad: printable ASCII of about one mebibyte.
    #[must_use]
    pub fn new(seed: u64) -> Bodies {
        let mut pad = vec![0; limits::BODY_BYTES.end() + OFFSETS as usize];
        Draw::new(seed, Purpose::Pad, 0).fill(&mut pad);
        for byte in &mut pad {
            *byte = CHARACTERS[usize::from(*byte % 64)];
        }
        Bodies { pad }
    }

    /// The body of an update that is sent at an instant of the common clock, in nanoseconds.
    ///
    /// # Panics
    /// When the update is longer than any scenario allows.
    #[must_use]
    pub fn write(&self, planned: &Planned, sent_ns: u64) -> Vec<u8> {
        self.write_with(planned, sent_ns, b"")
    }

    /// The body of something that a client sends, with its number in the plan.
    ///
    /// # Panics
    /// As [`Bodies::write`].
    #[must_use]
    pub fn write_numbered(&self, planned: &Planned, number: u64, sent_ns: u64) -> Vec<u8> {
        self.write_with(&by_number(planned, number), sent_ns, &digits::<NUMBER_BYTES>(number))
    }

    /// A body with these bytes behind its stamp; they are not what is checked.
    ///
    /// # Panics
    /// As [`Bodies::write`].
    #[must_use]
    pub fn write_with(&self, planned: &Planned, sent_ns: u64, head: &[u8]) -> Vec<u8> {
        let mut body = Vec::with_capacity(planned.bytes as usize);
        body.extend_from_slice(&digits::<STAMP_BYTES>(sent_ns));
        body.extend_from_slice(head);
        body.extend_from_slice(self.slice(planned, sent_ns, head.len()));
        body
    }

    /// Compares a body with the one that was sent, and returns the instant of sending in nanoseconds.
    ///
    /// # Errors
    /// What differs.
    #[inline]
    pub fn check(&self, planned: &Planned, body: &[u8]) -> Result<u64, Damaged> {
        self.check_with(planned, body, 0)
    }

    /// The same of something that a client sent.
    ///
    /// # Errors
    /// As [`Bodies::check`].
    pub fn check_numbered(&self, planned: &Planned, number: u64, body: &[u8]) -> Result<u64, Damaged> {
        self.check_with(&by_number(planned, number), body, NUMBER_BYTES)
    }

    /// The same of a body that has so many bytes of another meaning behind its stamp.
    ///
    /// # Errors
    /// As [`Bodies::check`].
    #[inline]
    pub fn check_with(&self, planned: &Planned, body: &[u8], head_bytes: usize) -> Result<u64, Damaged> {
        let expected = (planned.bytes as usize).max(STAMP_BYTES + head_bytes);
        if body.len() != expected {
            return Err(Damaged::Length { expected, found: body.len() });
        }
        let (stamp, content) = body.split_at(STAMP_BYTES);
        let sent_ns = read_stamp(stamp).ok_or(Damaged::Stamp)?;
        let is_same = &content[head_bytes..] == self.slice(planned, sent_ns, head_bytes);
        if is_same { Ok(sent_ns) } else { Err(Damaged::Content) }
    }

    fn slice(&self, planned: &Planned, sent_ns: u64, head_bytes: usize) -> &[u8] {
        // Multipliers without a common factor, and sums that can't overflow.
        let place = u64::from(planned.topic) * 7_919 + u64::from(planned.index) * 31 + sent_ns % OFFSETS;
        let begin = (place % OFFSETS) as usize;
        &self.pad[begin..begin + (planned.bytes as usize).saturating_sub(STAMP_BYTES + head_bytes)]
    }
}

/// In which topic a post is, client and server see differently; its number is the same.
fn by_number(planned: &Planned, number: u64) -> Planned {
    Planned { topic: (number % OFFSETS) as u32, index: 0, ..*planned }
}

/// The number that stands behind the stamp of what a client sends.
#[must_use]
pub fn read_number(body: &[u8]) -> Option<u64> {
    body.get(STAMP_BYTES..STAMP_BYTES + NUMBER_BYTES).and_then(read_stamp)
}

fn digits<const N: usize>(number: u64) -> [u8; N] {
    let mut digits = [0; N];
    for (place, digit) in (0..N).rev().zip(&mut digits) {
        *digit = b"0123456789abcdef"[(number >> (4 * place)) as usize & 0xf];
    }
    digits
}

/// The instant of sending that the first digits of a body say, in nanoseconds; none if they are none.
#[must_use]
pub fn read_stamp(digits: &[u8]) -> Option<u64> {
    digits.iter().try_fold(0, |sum: u64, digit| {
        let value = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            _ => return None,
        };
        Some(sum << 4 | u64::from(value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::sync::LazyLock;

    static BODIES: LazyLock<Bodies> = LazyLock::new(|| Bodies::new(1));

    fn planned(topic: u32, index: u32, bytes: u32) -> Planned {
        Planned { due_ns: 0, topic, index, bytes }
    }

    #[test]
    fn a_body_is_a_stamp_and_printable_text() {
        let body = BODIES.write(&planned(3, 9, 1 << 20), 0xabc);
        assert_eq!(body.len(), 1 << 20);
        assert_eq!(&body[..16], b"0000000000000abc");
        assert!(body.iter().all(|byte| (b' '..=b'~').contains(byte)));
        assert_ne!(Bodies::new(2).pad, BODIES.pad);
    }

    #[test]
    fn only_lower_case_digits_make_a_stamp() {
        let update = planned(0, 0, 16);
        assert_eq!(BODIES.check(&update, b"00000000000000ff"), Ok(255));
        assert_eq!(BODIES.check(&update, b"00000000000000FF"), Err(Damaged::Stamp));
        assert_eq!(BODIES.check(&update, b"+0000000000000ff"), Err(Damaged::Stamp));
        assert_eq!(BODIES.check(&update, b"ff"), Err(Damaged::Length { expected: 16, found: 2 }));
    }

    proptest! {
        #[test]
        fn what_was_written_is_accepted(topic: u32, index: u32, bytes in 16_u32..2_000, sent_ns: u64) {
            let update = planned(topic, index, bytes);
            prop_assert_eq!(BODIES.check(&update, &BODIES.write(&update, sent_ns)), Ok(sent_ns));
        }

        #[test]
        fn any_changed_byte_is_found(
            topic in 0_u32..100, index: u32, bytes in 48_u32..500, sent_ns: u64, place: prop::sample::Index, flip in 1_u8..,
        ) {
            let update = planned(topic, index, bytes);
            let mut body = BODIES.write(&update, sent_ns);
            let place = place.index(body.len());
            body[place] ^= flip;
            prop_assert!(BODIES.check(&update, &body).is_err());
        }

        #[test]
        fn a_body_of_another_update_is_found(index in 0_u32..1_000_000, apart in 1_u32..65_000, sent_ns: u64) {
            let body = BODIES.write(&planned(0, index, 64), sent_ns);
            prop_assert!(BODIES.check(&planned(0, index + apart, 64), &body).is_err());
            prop_assert!(BODIES.check(&planned(1, index, 64), &body).is_err());
        }
    }
}
