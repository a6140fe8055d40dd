//! Age of information: how old is what the client shows, averaged over time.

use crate::Schedule;

/// Mean age in seconds of the newest update that a client holds of one topic.
///
/// At the server the age averages E\[X²\] / (2 E\[X\]), X being the time between updates (Kaul, Yates and
/// Gruteser, INFOCOM 2012): half the period, or one mean gap when they come at random. One transit
/// comes on top, and half of `cycle_s`, the time between polls, where the client polls on its own clock.
#[must_use]
pub fn age_of_information(schedule: &Schedule, one_way_s: f64, cycle_s: Option<f64>) -> f64 {
    let at_server = match schedule {
        Schedule::Periodic { period } | Schedule::Bursts { period, .. } => period.as_secs_f64() / 2.0,
        Schedule::Poisson { rate_per_s } => 1.0 / rate_per_s,
    };
    at_server + one_way_s + cycle_s.unwrap_or(0.0) / 2.0
}

/// The same where a long-polling client follows one random topic of `topic_per_s`, within all the
/// random updates of `updates_per_s` that answer its polls.
///
/// From one response to the next the client's view stands still: if the newest update of the topic is
/// a seconds old at a response, and the next follows after C, the age adds up to a C + C² / 2. The
/// mean of a follows from what a cycle does to it: the update that ends a quiet cycle may be of the topic,
/// or one of the topic came in the gap, or everything got older by C.
#[must_use]
pub fn age_long_polled(
    topic_per_s: f64,
    updates_per_s: f64,
    one_way_s: f64,
    turnaround_s: f64,
    hold_s: f64,
) -> f64 {
    let (gap, all, own) = (2.0 * one_way_s + turnaround_s, updates_per_s, topic_per_s);
    let (idle, quiet) = ((-all * gap).exp(), (-own * gap).exp());
    // exp(-inf) is 0, but inf times 0 is nothing at all.
    let hold = hold_s.min(700.0 / all);
    let expired = (-all * hold).exp();
    let others = 1.0 - own / all;

    // The wait of a poll that found nothing: its mean, and the part of it that ends with an update.
    let wait = (1.0 - expired) / all;
    let wait_squared = 2.0 / (all * all) * (1.0 - expired * (1.0 + all * hold));
    let wait_answered = wait - hold * expired;

    let kept = idle * (others * (1.0 - expired) + expired) + (quiet - idle);
    let grown = idle * (others * ((1.0 - expired) * gap + wait_answered) + expired * (gap + hold))
        + (quiet - idle) * gap
        + (1.0 - quiet * (1.0 + own * gap)) / own;
    let at_response = grown / (1.0 - kept);

    let cycle = gap + idle * wait;
    let cycle_squared = gap * gap + idle * (2.0 * gap * wait + wait_squared);
    one_way_s + at_response + cycle_squared / (2.0 * cycle)
}

#[cfg(test)]
mod tests {
    use super::super::short_polling;
    use super::super::simulation::{age, assert_near, long_polls, periodic, poisson, short_polls, thin};
    use super::*;
    use options::Pacing;
    use std::time::Duration;

    #[test]
    fn a_simulation_agrees_for_short_polling() {
        let model = short_polling(1.0, 0.1, Pacing::FixedDelay);
        let seen = short_polls(&poisson(2.0, 200_000), 1.0, 0.1, Pacing::FixedDelay);
        let random = Schedule::Poisson { rate_per_s: 2.0 };
        assert_near(age(&seen.deliveries), age_of_information(&random, 0.1, Some(model.cycle_s)), 0.01);

        let period = 0.618;
        let seen = short_polls(&periodic(period, 100_000), 1.0, 0.1, Pacing::FixedRate);
        let steady = Schedule::Periodic { period: Duration::from_secs_f64(period) };
        assert_near(age(&seen.deliveries), age_of_information(&steady, 0.1, Some(1.0)), 0.01);
    }

    #[test]
    fn a_simulation_agrees_for_long_polling_of_one_topic() {
        for (rate, hold) in [(1.0, f64::INFINITY), (4.0, 25.0), (10.0, 25.0), (1.0, 0.5)] {
            let seen = long_polls(&poisson(rate, 400_000), 0.1, 0.05, hold);
            assert_near(age(&seen.deliveries), age_long_polled(rate, rate, 0.1, 0.05, hold), 0.01);
        }
    }

    #[test]
    fn a_simulation_agrees_for_one_of_several_topics() {
        for hold in [25.0, 0.3] {
            let seen = long_polls(&poisson(4.0, 800_000), 0.1, 0.05, hold);
            let own = thin(&seen.deliveries, 0.25);
            assert_near(age(&own), age_long_polled(1.0, 4.0, 0.1, 0.05, hold), 0.01);
        }
    }

    #[test]
    fn without_distance_long_polling_is_as_fresh_as_push() {
        let push = age_of_information(&Schedule::Poisson { rate_per_s: 3.0 }, 0.0, None);
        assert_near(age_long_polled(3.0, 5.0, 0.0, 0.0, f64::INFINITY), push, 1e-9);
        assert_near(age_long_polled(3.0, 5.0, 0.0, 0.0, 1.0), push, 1e-9);
    }
}
