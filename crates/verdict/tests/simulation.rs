//! What the intervals and findings are worth, tried on systems whose truth is known.
//!
//! Everything is drawn from fixed seeds, so nothing here depends on a machine. Bounds allow four standard
//! errors of a share over so many trials: a right implementation would fail once in ten thousand seeds.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use verdict::statistics::{Finding, Ratio, paired, unpaired};

const TRIALS: usize = 4_000;

/// A source of noise. Log-normal where `freedom` is none; else logarithms follow Student's t, scaled to the
/// same deviation: now and then a round is far off.
struct Noise {
    source: ChaCha8Rng,
    freedom: Option<u32>,
}

impl Noise {
    fn log_normal(seed: u64) -> Self {
        Noise { source: ChaCha8Rng::seed_from_u64(seed), freedom: None }
    }

    fn heavy_tailed(seed: u64) -> Self {
        Noise { freedom: Some(5), ..Noise::log_normal(seed) }
    }

    fn uniform(&mut self) -> f64 {
        ((self.source.next_u64() >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        (-2.0 * self.uniform().ln()).sqrt() * (std::f64::consts::TAU * self.uniform()).cos()
    }

    /// Of mean 0 and deviation 1.
    fn standard(&mut self) -> f64 {
        let normal = self.normal();
        let Some(freedom) = self.freedom else { return normal };
        let square: f64 = (0..freedom).map(|_| self.normal().powi(2)).sum();
        let student = normal / (square / f64::from(freedom)).sqrt();
        student / (f64::from(freedom) / f64::from(freedom - 2)).sqrt()
    }

    /// 1, moved by so much.
    fn factor(&mut self, deviation: f64) -> f64 {
        (deviation * self.standard()).exp()
    }

    /// Rounds of two systems, the second slower by `slowdown`. Each moves by `own`; what happens in a round
    /// moves both by `shared`.
    fn rounds(&mut self, count: usize, slowdown: f64, own: f64, shared: f64) -> Vec<(f64, f64)> {
        let round = |noise: &mut Noise| {
            let both = noise.factor(shared);
            (both * noise.factor(own), both * slowdown * noise.factor(own))
        };
        (0..count).map(|_| round(self)).collect()
    }
}

fn welch(rounds: &[(f64, f64)]) -> Option<Ratio> {
    let (a, b): (Vec<f64>, Vec<f64>) = rounds.iter().copied().unzip();
    unpaired(&a, &b)
}

fn share(mut is_so: impl FnMut() -> bool) -> f64 {
    (0..TRIALS).filter(|_| is_so()).count() as f64 / TRIALS as f64
}

fn four_errors(share: f64) -> f64 {
    4.0 * (share * (1.0 - share) / TRIALS as f64).sqrt()
}

fn finds(ratio: Option<Ratio>, margin: f64, finding: Finding) -> bool {
    ratio.unwrap().finding(margin) == finding
}

fn differs(ratio: Option<Ratio>, margin: f64) -> bool {
    finds(ratio, margin, Finding::Lower) || finds(ratio, margin, Finding::Higher)
}

#[test]
fn intervals_cover_the_truth_95_times_in_100() {
    // Student's t is exact for log-normal noise. With heavier tails it covers a little more, since a round
    // that is far off widens the interval more than it moves it: up to 1.5 points at these counts.
    let truth = 1.3;
    for count in [3, 5, 10, 20] {
        for (mut noise, excess) in [(Noise::log_normal(1), 0.0), (Noise::heavy_tailed(2), 0.015)] {
            for judge in [paired, welch as fn(&[(f64, f64)]) -> Option<Ratio>] {
                let covered = share(|| {
                    let ratio = judge(&noise.rounds(count, truth, 0.05, 0.0)).unwrap();
                    ratio.low <= truth && truth <= ratio.high
                });
                let (low, high) = (0.95 - four_errors(0.95), 0.95 + four_errors(0.95) + excess);
                // Welch's degrees of freedom are an approximation, on the safe side at three rounds.
                let high = if count == 3 { high + 0.015 } else { high };
                assert!((low..high).contains(&covered), "{covered} over {count} rounds");
            }
        }
    }
}

#[test]
fn identical_systems_seldom_differ_and_never_beyond_a_margin() {
    for mut noise in [Noise::log_normal(3), Noise::heavy_tailed(4)] {
        for count in [2, 5, 10] {
            let mut none = 0;
            let mut ten = 0;
            for _ in 0..TRIALS {
                let ratio = paired(&noise.rounds(count, 1.0, 0.05, 0.1));
                none += usize::from(differs(ratio, 0.0));
                ten += usize::from(differs(ratio, 0.1));
            }
            let [none, ten] = [none, ten].map(|found| found as f64 / TRIALS as f64);
            assert!(none <= 0.05 + four_errors(0.05), "{none} over {count} rounds");
            assert!(ten <= 0.005, "{ten} beyond 10 % over {count} rounds");
        }
    }
}

/// The power of paired rounds: how often a slowdown of 5 % is found where each side moves by 3 % from round
/// to round. The shares stand here so that nobody has to guess how many rounds a question takes.
#[test]
fn a_slowdown_of_5_percent_is_found_with_enough_rounds() {
    for (count, at_zero, beyond_two) in
        [(5, 0.50, 0.20), (10, 0.89, 0.48), (20, 0.997, 0.82), (40, 1.0, 0.99)]
    {
        let mut noise = Noise::log_normal(5);
        let mut finds_so =
            |margin, finding| share(|| finds(paired(&noise.rounds(count, 1.05, 0.03, 0.1)), margin, finding));
        let found = [finds_so(0.0, Finding::Higher), finds_so(0.02, Finding::Higher)];
        let near = |found: f64, expected: f64| (found - expected).abs() < four_errors(expected) + 0.01;
        assert!(near(found[0], at_zero) && near(found[1], beyond_two), "{count} rounds: {found:?}");
        let wrong = finds_so(0.0, Finding::Lower);
        assert!(wrong < 0.005, "{count} rounds: {wrong} the wrong way round");
    }
}

#[test]
fn five_rounds_settle_what_lies_far_from_the_margin() {
    let mut noise = Noise::log_normal(6);
    let mut is =
        |slowdown, finding| share(|| finds(paired(&noise.rounds(5, slowdown, 0.02, 0.1)), 0.1, finding));
    let (same, slow) = (is(1.0, Finding::NoDifference), is(1.25, Finding::Higher));
    assert!(same > 0.95 && slow > 0.95, "{same} and {slow}");
    // At the margin itself, neither side may be named more often than the interval errs.
    let (inside, beyond) = (is(1.1, Finding::NoDifference), is(1.1, Finding::Higher));
    assert!(inside < 0.025 + four_errors(0.025) && beyond < 0.025 + four_errors(0.025), "{inside}, {beyond}");
}

#[test]
fn pairing_finds_what_a_shared_disturbance_hides() {
    let mut noise = Noise::log_normal(7);
    let (mut by_pairs, mut by_sides) = (0, 0);
    for _ in 0..TRIALS {
        let rounds = noise.rounds(8, 1.1, 0.03, 0.15);
        by_pairs += usize::from(finds(paired(&rounds), 0.0, Finding::Higher));
        by_sides += usize::from(finds(welch(&rounds), 0.0, Finding::Higher));
    }
    let [by_pairs, by_sides] = [by_pairs, by_sides].map(|found| found as f64 / TRIALS as f64);
    assert!(by_pairs > 0.99 && by_sides < 0.4, "{by_pairs} and {by_sides}");
}

/// Why an update is no replicate: whatever moves a round moves all its updates, so a test over thousands of
/// them takes that for a certainty.
#[test]
fn a_test_over_updates_finds_differences_between_identical_systems() {
    const UPDATES: usize = 500;
    let mut noise = Noise::log_normal(8);
    let trials = 400;
    let (mut by_updates, mut by_rounds) = (0, 0);
    for _ in 0..trials {
        let mut latencies = [Vec::new(), Vec::new()];
        let mut rounds = Vec::new();
        for _ in 0..5 {
            let mut of_round = |side: usize| {
                let level = noise.factor(0.05);
                let values: Vec<f64> = (0..UPDATES).map(|_| level * noise.factor(0.2)).collect();
                let mean_log = values.iter().map(|value| value.ln()).sum::<f64>() / UPDATES as f64;
                latencies[side].extend(values);
                mean_log.exp()
            };
            rounds.push((of_round(0), of_round(1)));
        }
        by_updates += usize::from(differs(unpaired(&latencies[0], &latencies[1]), 0.0));
        by_rounds += usize::from(differs(paired(&rounds), 0.0));
    }
    let [by_updates, by_rounds] = [by_updates, by_rounds].map(|found| found as f64 / f64::from(trials));
    assert!(by_updates > 0.7, "{by_updates}");
    assert!(by_rounds <= 0.05 + 4.0 * (0.05_f64 * 0.95 / f64::from(trials)).sqrt(), "{by_rounds}");
}
