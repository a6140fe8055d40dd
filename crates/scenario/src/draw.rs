//! Random numbers that follow from a seed, on every platform and for good.
//!
//! ChaCha with eight rounds is defined to the bit. All that is derived from it here uses additions,
//! multiplications, divisions and square roots only, which IEEE 754 defines to the bit too; `ln` and
//! `exp` of the standard library may differ between platforms, so two short series stand in.
//! Each purpose has a stream of its own for each topic or subscriber: one more topic does not change
//! what the others draw.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// What a stream of numbers is for. The numbers are part of every recorded result: never change one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// When the first update of a topic is due.
    FirstDue = 1,
    /// The gaps between the updates of a topic.
    Gaps = 2,
    /// The sizes of the bodies of a topic.
    Sizes = 3,
    /// Which topics a subscriber follows.
    Follows = 4,
    /// Where in its interval a subscriber begins to poll.
    Phase = 5,
    /// The pad that bodies are cut from.
    Pad = 6,
    /// When a client's posts are due.
    Posts = 7,
    /// How long they are.
    PostSizes = 8,
    /// When a client asks.
    Questions = 9,
    /// How long its questions and their answers are, and which it stops.
    Replies = 10,
    /// To whom something happens, and when.
    Disturbances = 11,
}

/// One stream of random numbers.
pub(crate) struct Draw(ChaCha8Rng);

impl Draw {
    /// The stream of a purpose for one topic or subscriber.
    pub(crate) fn new(seed: u64, purpose: Purpose, index: u32) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        let mut numbers = ChaCha8Rng::from_seed(key);
        numbers.set_stream((purpose as u64) << 32 | u64::from(index));
        Draw(numbers)
    }

    /// Fills a slice with random bytes.
    pub(crate) fn fill(&mut self, bytes: &mut [u8]) {
        self.0.fill_bytes(bytes);
    }

    /// Uniform in [0, 1), of 53 bits.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Uniform in `0..end`, without bias; 0 when there is nothing to choose.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        let biased = end.wrapping_neg().checked_rem(end).unwrap_or(0);
        loop {
            let product = u128::from(self.0.next_u64()) * u128::from(end);
            if product as u64 >= biased {
                return (product >> 64) as u64;
            }
        }
    }

    /// Exponential with mean 1, by inversion.
    pub(crate) fn exponential(&mut self) -> f64 {
        -ln(1.0 - self.unit())
    }

    /// Normal with mean 0 and deviation 1, by Marsaglia's polar method, which needs no cosine.
    pub(crate) fn normal(&mut self) -> f64 {
        loop {
            let (x, y) = (2.0 * self.unit() - 1.0, 2.0 * self.unit() - 1.0);
            let square = x * x + y * y;
            if square > 0.0 && square < 1.0 {
                return x * (-2.0 * ln(square) / square).sqrt();
            }
        }
    }
}

/// The natural logarithm of a positive, normal number.
fn ln(x: f64) -> f64 {
    let exponent = ((x.to_bits() >> 52) as i64 - 1_023) as f64;
    let mantissa = f64::from_bits(x.to_bits() & ((1 << 52) - 1) | 1_023 << 52);
    // ln m = 2 artanh((m - 1) / (m + 1)), where the argument is below 1/3: 17 terms do.
    let argument = (mantissa - 1.0) / (mantissa + 1.0);
    let square = argument * argument;
    let series = (0..17).rev().fold(0.0, |sum, term| sum * square + 1.0 / f64::from(2 * term + 1));
    exponent * std::f64::consts::LN_2 + 2.0 * argument * series
}

/// e to the power of a number between -700 and 700.
pub(crate) fn exp(x: f64) -> f64 {
    let x = x.clamp(-700.0, 700.0);
    let power = (x / std::f64::consts::LN_2).round();
    let rest = x - power * std::f64::consts::LN_2;
    let series = (1..=18).rev().fold(1.0, |sum, term| 1.0 + sum * rest / f64::from(term));
    series * f64::from_bits(((power as i64 + 1_023) as u64) << 52)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_numbers_of_a_stream_are_fixed_for_good() {
        let mut draw = Draw::new(1, Purpose::Gaps, 7);
        insta::assert_snapshot!(
            format!("{:?} {} {:?} {:?}", draw.unit(), draw.below(1_000), draw.exponential(), draw.normal()),
            @r"0.5765716472626047 244 3.2988852615564044 -0.864658837585808"
        );
    }

    #[test]
    fn moments_are_right() {
        let mut draw = Draw::new(3, Purpose::Sizes, 0);
        let count = 200_000;
        let mean = |draws: Vec<f64>| draws.iter().sum::<f64>() / f64::from(count);
        assert!((mean((0..count).map(|_| draw.exponential()).collect()) - 1.0).abs() < 0.01);
        assert!(mean((0..count).map(|_| draw.normal()).collect()).abs() < 0.01);
        assert!((mean((0..count).map(|_| draw.normal().powi(2)).collect()) - 1.0).abs() < 0.02);
        assert!((mean((0..count).map(|_| draw.below(3) as f64).collect()) - 1.0).abs() < 0.01);
    }

    #[test]
    fn streams_differ_by_seed_purpose_and_index() {
        let first = |seed, purpose, index| Draw::new(seed, purpose, index).below(u64::MAX);
        let one = first(1, Purpose::Gaps, 0);
        assert_ne!(one, first(2, Purpose::Gaps, 0));
        assert_ne!(one, first(1, Purpose::Sizes, 0));
        assert_ne!(one, first(1, Purpose::Gaps, 1));
    }

    proptest! {
        #[test]
        fn the_series_agree_with_the_library(x in 1e-16_f64..1e6, y in -50.0_f64..50.0) {
            prop_assert!((ln(x) - x.ln()).abs() <= 1e-14 * x.ln().abs().max(1.0));
            prop_assert!((exp(y) / y.exp() - 1.0).abs() < 1e-13);
        }

        #[test]
        fn below_stays_below(seed: u64, end in 1_u64..) {
            prop_assert!(Draw::new(seed, Purpose::Phase, 0).below(end) < end);
        }
    }
}
