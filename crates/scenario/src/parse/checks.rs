//! What single keys can't show: parts of a scenario that contradict each other, and sizes that only
//! come together from several of them. All of it is computed from rates; nothing is generated yet.

use super::quote::{grouped, not_one_of};
use super::section::Found;
use super::topics::{self, Per, TopicEntry};
use super::{Draft, TopicsEach};
use crate::mistake::Mistakes;
use crate::{Entry, Instant, PostTo, Schedule, Shape, What, limits};
use options::{Carriage, print_duration};
use std::time::Duration;

impl Draft {
    /// Complains about what does not go together. What could not be read is left out of the sums, so
    /// that one mistake is not told twice.
    pub(super) fn check(&mut self, mistakes: &Mistakes) {
        self.check_drain(mistakes);
        self.check_crowds(mistakes);
        self.check_stamps(mistakes);
        self.check_control(mistakes);
        self.check_disturbances(mistakes);
        self.check_topics_there(mistakes);
        self.spell_out();
        self.check_live(mistakes);
        self.check_posts(mistakes);
        self.check_questions(mistakes);
        let too_many = self.check_topic_count(mistakes);
        if let (false, Some(entries)) = (too_many, &self.topics) {
            topics::check_names(mistakes, entries);
            self.check_topics_each(mistakes, entries);
            self.check_pairs(mistakes, entries);
            self.check_plan(mistakes, entries);
            self.check_window(mistakes, entries);
            self.check_kept(mistakes, entries);
        }
        if too_many {
            // Nothing may be spelt out from such an entry.
            self.topics = None;
        }
    }

    fn check_drain(&self, mistakes: &Mistakes) {
        let (Some(drain), Some(entries)) = (&self.drain, &self.transports) else { return };
        let wait = |entry: &Found<Entry>| (entry.value.kind.carriage)(&entry.value.values).longest_wait();
        let needs = |entry: &Found<Entry>| wait(entry) + entry.value.way.delay * 4;
        let Some(slowest) = entries.iter().flatten().max_by_key(|entry| needs(entry)) else { return };
        let (needed, delay) = (needs(slowest), slowest.value.way.delay);
        if drain.value < needed {
            // A default can't be what the reader should look at.
            let at = if drain.at == 0 { slowest.at } else { drain.at };
            mistakes.add(at, too_short(drain.value, wait(slowest), delay, &slowest.value.label));
        }
    }

    fn check_crowds(&self, mistakes: &Mistakes) {
        let (Some(count), Some(crowds)) = (&self.audience.count, &self.audience.crowds) else { return };
        if crowds.value > count.value {
            let (crowds_found, count) = (crowds.value, count.value);
            mistakes.add(
                crowds.at,
                format!("`subscribers.crowds`: found {crowds_found}, allowed is at most `count`, {count}"),
            );
        }
    }

    fn check_stamps(&self, mistakes: &Mistakes) {
        let (Some(stamps), Some(way), Some(entries)) = (&self.kernel_stamps, &self.way, &self.transports)
        else {
            return;
        };
        let mut ways = entries.iter().flatten().map(|entry| &entry.value.way).chain([&way.value]);
        let between = ways.find_map(|way| match (way.delay.is_zero(), way.tls.is_on()) {
            (false, _) => Some(format!("`network.delay` of \"{}\"", print_duration(way.delay))),
            (true, true) => Some("`network.tls`".to_owned()),
            (true, false) => None,
        });
        if let Some(between) = between.filter(|_| stamps.value) {
            mistakes.add(
                stamps.at,
                format!(
                    "`kernel_stamps`: found true beside a {between}: what the kernel has is held back behind it, so its \
                     stamps would say nothing; take one of the two out"
                ),
            );
        }
    }

    /// Whether what happens happens within the window, and can happen to such work.
    fn check_disturbances(&self, mistakes: &Mistakes) {
        let (Some(measure), Some(shape), Some(all)) = (&self.measure, &self.shape, &self.disturbances) else {
            return;
        };
        for one in all {
            let value = &one.value;
            let span = if matches!(value.what, What::Cut(_)) { Duration::ZERO } else { value.span };
            let begins = match value.at {
                Instant::After(after) => after,
                Instant::Random => Duration::ZERO,
            };
            if begins + span > measure.value {
                let (end, window) = (print_duration(begins + span), print_duration(measure.value));
                mistakes.add(
                    one.at,
                    format!("`disturbance`: it would last until {end}, and the measured window is over after {window}"),
                );
            }
            if shape.value.asks() || (value.what.replaces_the_server() && shape.value != Shape::Broadcast) {
                mistakes.add(
                    one.at,
                    format!(
                        "`disturbance.what`: what clients told a server, and what it was answering, is gone with its \
                         connection or with the server; allowed with shape = \"{}\" is {}",
                        shape.value.name(),
                        if shape.value.asks() { "nothing" } else { "cut, outage, stall or pause" }
                    ),
                );
            }
        }
    }

    fn check_control(&self, mistakes: &Mistakes) {
        let (Some(control), Some(entries)) = (&self.control, &self.transports) else { return };
        let Some(found) = &control.value else { return };
        let labels: Vec<&str> = entries.iter().flatten().map(|entry| entry.value.label.as_str()).collect();
        if !labels.contains(&found.as_str()) && labels.len() == entries.len() {
            mistakes.add(control.at, format!("`control`: {}", not_one_of(found, &labels)));
        }
    }

    /// Counts the topics that are made of each room or subscriber.
    fn spell_out(&mut self) {
        let (Some(subscribers), Some(members)) = (&self.audience.count, &self.work.members) else { return };
        let (subscribers, members) = (subscribers.value as u32, members.value as u32);
        for entry in self.topics.iter_mut().flatten() {
            let each = match entry.per.map(|per| per.value) {
                Some(Per::Subscriber) => subscribers,
                Some(Per::Room) => subscribers.div_ceil(members.max(1)),
                _ => continue,
            };
            entry.count = entry.count.map(|count| count.map(|_| each));
        }
    }

    /// Whether everybody can carry what the shape has.
    fn check_live(&self, mistakes: &Mistakes) {
        let (Some(shape), Some(entries)) = (&self.shape, &self.transports) else { return };
        if shape.value.asks() {
            return;
        }
        let whole =
            |entry: &&Found<Entry>| (entry.value.kind.carriage)(&entry.value.values) == Carriage::Whole;
        for entry in entries.iter().flatten().filter(whole) {
            let name = entry.value.kind.name;
            mistakes.add(
                entry.at,
                format!("`transport.use`: \"{name}\" brings answers and no updates; needed is shape = \"reply\" or \"exchange\""),
            );
        }
    }

    /// Whether the shape has what is to come down, and from one source.
    fn check_topics_there(&self, mistakes: &Mistakes) {
        let (Some(shape), Some(entries), Some(posts)) = (self.shape, &self.topics, &self.work.posts) else {
            return;
        };
        let name = shape.value.name();
        let relays = posts.iter().flatten().any(|post| post.to == PostTo::Room);
        match entries.first() {
            None if shape.value.asks() || relays => {}
            None if self.topics.is_some() => {
                mistakes.add(0, "`topic` is missing: at least one [[topic]] has to say what is published")
            }
            Some(first) if shape.value.asks() => mistakes.add(
                first.at,
                format!("`topic`: means nothing with shape = \"{name}\", where nothing is published"),
            ),
            Some(first) if relays => mistakes.add(
                first.at,
                "`topic`: members' posts come down already; publish topics, or relay posts, but not both: \
                 write `to = \"server\"` in each [[post]]",
            ),
            _ => {}
        }
        for entry in entries {
            self.check_per(mistakes, entry, shape.value);
        }
        let counts = |entry: &TopicEntry| entry.effects.is_some_and(|effects| effects.value);
        if let Some(first) = entries.iter().find(|entry| !counts(entry))
            && entries.iter().any(counts)
        {
            mistakes
                .add(first.at, "`topic.effects`: where one topic says which posts it counts, all have to");
        }
        self.check_stamped_replies(mistakes, shape.value);
    }

    /// Of a reply, a read of the socket and a chunk are not told apart.
    fn check_stamped_replies(&self, mistakes: &Mistakes, shape: Shape) {
        if let Some(stamps) = &self.stamps_found()
            && shape.asks()
        {
            mistakes.add(stamps.at, "`kernel_stamps`: means nothing where clients ask; take it out");
        }
    }

    fn stamps_found(&self) -> Option<Found<bool>> {
        self.kernel_stamps.filter(|stamps| stamps.value)
    }

    fn check_per(&self, mistakes: &Mistakes, entry: &TopicEntry, shape: Shape) {
        let Some(per) = entry.per else { return };
        if let (Some(count), Per::Subscriber) = (&self.audience.count, per.value)
            && count.value > limits::OWN_TOPICS
        {
            let allowed = limits::OWN_TOPICS;
            mistakes.add(
                per.at,
                format!(
                    "`topic.per`: found {} subscribers, of whom each gets a topic; allowed are {}",
                    grouped(count.value),
                    grouped(allowed)
                ),
            );
        }
        if per.value == Per::Room && shape != Shape::Rooms {
            mistakes.add(
                per.at,
                "`topic.per`: found \"room\", but there are no rooms; needed is shape = \"rooms\"",
            );
        }
        if let (Some(count), true) = (entry.count, per.value != Per::All)
            && count.value != 1
        {
            mistakes.add(count.at, "`topic.count`: means nothing beside `per`, which makes a topic of each");
        }
        if let Some(effects) = entry.effects
            && effects.value
            && per.value != Per::Room
        {
            mistakes.add(
                effects.at,
                "`topic.effects`: needs `per = \"room\"`: a room's updates count its members' posts",
            );
        }
    }

    fn check_posts(&self, mistakes: &Mistakes) {
        let (Some(warm_up), Some(measure), Some(count), Some(posts)) =
            (&self.warm_up, &self.measure, &self.audience.count, &self.work.posts)
        else {
            return;
        };
        let span_s = (warm_up.value + measure.value).as_secs_f64();
        let rate_per_s: f64 = posts.iter().flatten().map(|post| post.schedule.rate_per_s()).sum();
        let expected = rate_per_s * span_s * count.value as f64;
        if expected > limits::UPDATES {
            let (found, allowed) = (grouped(expected.round() as u64), grouped(limits::UPDATES));
            mistakes.add(
                self.work.posts_at,
                format!("`post`: about {found} posts are due in `warm_up` and `measure`, allowed are {allowed} a round"),
            );
        }
    }

    fn check_questions(&self, mistakes: &Mistakes) {
        let (Some(warm_up), Some(measure), Some(count), Some(Some(reply))) =
            (&self.warm_up, &self.measure, &self.audience.count, &self.work.reply)
        else {
            return;
        };
        let span_s = (warm_up.value + measure.value).as_secs_f64();
        let asked = reply.value.schedule.rate_per_s() * span_s * count.value as f64;
        let chunks = asked * f64::from(reply.value.chunks.max);
        if chunks > limits::ALL_CHUNKS {
            let (found, allowed) = (grouped(chunks.round() as u64), grouped(limits::ALL_CHUNKS));
            mistakes
                .add(reply.at, format!("about {found} chunks are answered, allowed are {allowed} a round"));
        }
        let longest = reply.value.think.max + reply.value.every * reply.value.chunks.max;
        if let Some(drain) = &self.drain
            && drain.value < longest
        {
            let at = if drain.at == 0 { reply.at } else { drain.at };
            let (found, needed) = (print_duration(drain.value), print_duration(longest));
            mistakes.add(at, format!("`drain`: found \"{found}\", needed is at least {needed}: the longest reply takes that long"));
        }
    }

    fn check_topic_count(&self, mistakes: &Mistakes) -> bool {
        let Some(entries) = &self.topics else { return false };
        let (total, allowed) = (topic_count(entries), *limits::TOPICS.end());
        let too_many = total > allowed as u64;
        if too_many {
            let at = entries.iter().filter_map(|entry| entry.count).max_by_key(|count| count.value);
            mistakes.add(
                at.map_or(0, |count| count.at),
                format!(
                    "`topic.count`: found {} topics in all, allowed are {}",
                    grouped(total),
                    grouped(allowed)
                ),
            );
        }
        too_many
    }

    fn check_topics_each(&self, mistakes: &Mistakes, entries: &[TopicEntry]) {
        let Some(Found { value: TopicsEach::Some(each), at }) = self.audience.topics else { return };
        let total = topic_count(entries);
        if u64::from(each) > total && entries.iter().all(|entry| entry.count.is_some()) {
            mistakes.add(
                at,
                format!(
                    "`subscribers.topics`: found {each}, allowed is at most the number of topics, {total}"
                ),
            );
        }
    }

    fn check_pairs(&self, mistakes: &Mistakes, entries: &[TopicEntry]) {
        let Some(count) = &self.audience.count else { return };
        let pairs: u64 = entries.iter().map(|entry| followed(entry, count.value as u64)).sum();
        if pairs > limits::PAIRS {
            mistakes.add(
                count.at,
                format!(
                    "`subscribers.count`: found {} pairs of topic and subscriber, allowed are {}",
                    grouped(pairs),
                    grouped(limits::PAIRS)
                ),
            );
        }
    }

    fn check_plan(&self, mistakes: &Mistakes, entries: &[TopicEntry]) {
        let (Some(warm_up), Some(measure)) = (&self.warm_up, &self.measure) else { return };
        let span_s = (warm_up.value + measure.value).as_secs_f64();
        let updates: f64 = entries.iter().map(|entry| expected_updates(entry, span_s)).sum();
        if updates > limits::UPDATES {
            let most = entries
                .iter()
                .max_by(|a, b| expected_updates(a, span_s).total_cmp(&expected_updates(b, span_s)));
            mistakes.add(
                most.map_or(0, |entry| entry.at),
                format!(
                    "`topic`: about {} updates are due in `warm_up` and `measure`, allowed are {} a round; most \
                     of them come from here",
                    grouped(updates.round() as u64),
                    grouped(limits::UPDATES)
                ),
            );
        }
        self.check_deliveries(mistakes, entries, (updates, span_s));
    }

    fn check_deliveries(&self, mistakes: &Mistakes, entries: &[TopicEntry], (updates, span_s): (f64, f64)) {
        let (Some(count), Some(each)) = (&self.audience.count, &self.audience.topics) else { return };
        let share = match each.value {
            TopicsEach::All => 1.0,
            TopicsEach::Some(each) => f64::from(each) / topic_count(entries).max(1) as f64,
        };
        let followers = |entry: &TopicEntry| match entry.per.map(|per| per.value) {
            Some(Per::Subscriber) => 1.0,
            Some(Per::Room) => self.work.members.map_or(1.0, |members| members.value as f64),
            _ => share * count.value as f64,
        };
        let deliveries: f64 =
            entries.iter().map(|entry| expected_updates(entry, span_s) * followers(entry)).sum();
        if updates <= limits::UPDATES && deliveries > limits::DELIVERIES {
            mistakes.add(
                count.at,
                format!(
                    "`subscribers.count`: about {} deliveries a round, allowed are {}",
                    grouped(deliveries.round() as u64),
                    grouped(limits::DELIVERIES)
                ),
            );
        }
    }

    fn check_window(&self, mistakes: &Mistakes, entries: &[TopicEntry]) {
        let Some(measure) = &self.measure else { return };
        if entries.is_empty() {
            return;
        }
        let times = |entry: &TopicEntry| {
            let (Some(count), Some(schedule)) = (entry.count, entry.schedule) else { return f64::INFINITY };
            f64::from(count.value) * instants_per_s(&schedule) * measure.value.as_secs_f64()
        };
        let times: f64 = entries.iter().map(times).sum();
        if times < 1.0 {
            mistakes.add(
                measure.at,
                format!(
                    "`measure`: found \"{}\", in which updates are due less than once on average",
                    print_duration(measure.value)
                ),
            );
        }
    }

    fn check_kept(&self, mistakes: &Mistakes, entries: &[TopicEntry]) {
        let (Some(retention), Some(warm_up), Some(measure)) = (&self.retention, &self.warm_up, &self.measure)
        else {
            return;
        };
        let span_s = (warm_up.value + measure.value).as_secs_f64();
        let kept = |entry: &TopicEntry| {
            let (Some(count), Some(body)) = (entry.count, entry.body) else { return 0.0 };
            let most = f64::from(count.value) * retention.value as f64;
            expected_updates(entry, span_s).min(most) * body.mean_bytes()
        };
        let kept_gib = entries.iter().map(kept).sum::<f64>() / f64::from(1 << 30);
        if kept_gib > limits::KEPT_GIB {
            mistakes.add(
                retention.at,
                format!(
                    "`hub.retention`: found {}, with which the hub keeps about {kept_gib:.1} GiB of bodies, allowed are {} GiB",
                    grouped(retention.value),
                    limits::KEPT_GIB
                ),
            );
        }
    }
}

fn too_short(drain: Duration, wait: Duration, delay: Duration, label: &str) -> String {
    let [found, needed, waits, distance] = [drain, wait + delay * 4, wait, delay].map(print_duration);
    let besides = match delay {
        Duration::ZERO => String::new(),
        _ => format!(", and four times the one-way delay of {distance} comes on top"),
    };
    format!(
        "`drain`: found \"{found}\", needed is at least {needed}: an update may wait {waits} in `{label}`{besides}"
    )
}

/// Pairs of a topic of this entry and who follows it, at the most.
fn followed(entry: &TopicEntry, subscribers: u64) -> u64 {
    match entry.per.map(|per| per.value) {
        Some(Per::Room | Per::Subscriber) => subscribers,
        Some(Per::All) | None => entry.count.map_or(0, |count| u64::from(count.value)) * subscribers,
    }
}

fn topic_count(entries: &[TopicEntry]) -> u64 {
    entries.iter().filter_map(|entry| entry.count).map(|count| u64::from(count.value)).sum()
}

/// Updates of all topics of an entry; the first of a period may be due at once.
fn expected_updates(entry: &TopicEntry, span_s: f64) -> f64 {
    let (Some(count), Some(schedule)) = (entry.count, entry.schedule) else { return 0.0 };
    let of_one = match schedule {
        Schedule::Periodic { .. } => schedule.rate_per_s() * span_s + 1.0,
        Schedule::Poisson { rate_per_s } => rate_per_s * span_s,
        Schedule::Bursts { size, .. } => schedule.rate_per_s() * span_s + f64::from(size),
    };
    f64::from(count.value) * of_one
}

fn instants_per_s(schedule: &Schedule) -> f64 {
    match schedule {
        Schedule::Bursts { period, .. } => 1.0 / period.as_secs_f64(),
        other => other.rate_per_s(),
    }
}
