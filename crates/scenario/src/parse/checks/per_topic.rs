//! What topics contradict, and sizes that come together from them.

use crate::mistake::Mistakes;
use crate::parse::quote::grouped;
use crate::parse::section::Found;
use crate::parse::topics::{Per, TopicEntry};
use crate::parse::{Draft, TopicsEach};
use crate::{PostTo, Schedule, Shape, limits};
use options::print_duration;

impl Draft {
    /// Whether the shape has what is to come down, and from one source.
    pub(super) fn check_topics_there(&self, mistakes: &Mistakes) {
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

    pub(super) fn stamps_found(&self) -> Option<Found<bool>> {
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

    pub(super) fn check_topic_count(&self, mistakes: &Mistakes) -> bool {
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

    pub(super) fn check_topics_each(&self, mistakes: &Mistakes, entries: &[TopicEntry]) {
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

    pub(super) fn check_pairs(&self, mistakes: &Mistakes, entries: &[TopicEntry]) {
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

    pub(super) fn check_plan(&self, mistakes: &Mistakes, entries: &[TopicEntry]) {
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

    pub(super) fn check_window(&self, mistakes: &Mistakes, entries: &[TopicEntry]) {
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

    pub(super) fn check_kept(&self, mistakes: &Mistakes, entries: &[TopicEntry]) {
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
