//! What single keys can't show: parts of a scenario that contradict each other, and sizes that only
//! come together from several of them. All of it is computed from rates; nothing is generated yet.

mod per_topic;

use super::Draft;
use super::quote::{grouped, not_one_of};
use super::section::Found;
use super::topics::{self, Per};
use crate::mistake::Mistakes;
use crate::{Entry, Instant, Shape, limits};
use options::{Carriage, print_duration};
use std::time::Duration;

impl Draft {
    /// Complains about what does not go together. What could not be read is left out of the sums, so
    /// that one mistake is not told twice.
    pub(super) fn check(&mut self, mistakes: &Mistakes) {
        self.check_drain(mistakes);
        self.check_crowds(mistakes);
        self.check_tabs(mistakes);
        self.check_stamps(mistakes);
        self.check_links(mistakes);
        self.check_memory(mistakes);
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
        let wait = |entry: &Found<Entry>| entry.value.longest_wait();
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

    /// A connection that several tabs use is nobody's own.
    fn check_tabs(&self, mistakes: &Mistakes) {
        let Some(tabs) = self.audience.tabs.filter(|tabs| tabs.value > 1) else { return };
        let happens = self.disturbances.as_ref().is_some_and(|all| !all.is_empty());
        let stamped = self.kernel_stamps.is_some_and(|stamps| stamps.value);
        if self.audience.crowds.is_some_and(|crowds| crowds.value > 1) {
            mistakes.add(
                tabs.at,
                "`subscribers.tabs`: the tabs of a browser share connections, so they belong into one process; needed is \
                 `subscribers.crowds` of 1",
            );
        }
        if happens || stamped {
            let what = if happens { "[[disturbance]]" } else { "`kernel_stamps`" };
            mistakes.add(
                tabs.at,
                format!("`subscribers.tabs`: tabs share connections, and a {what} is about those of one subscriber; take one of the two out"),
            );
        }
    }

    fn check_stamps(&self, mistakes: &Mistakes) {
        let (Some(stamps), Some(way), Some(entries)) = (&self.kernel_stamps, &self.way, &self.transports)
        else {
            return;
        };
        let mut ways = entries.iter().flatten().map(|entry| &entry.value.way).chain([&way.value]);
        let between = ways.find_map(|way| match (way.is_held_back(), way.tls.is_on()) {
            (true, _) => Some(format!("`network.delay` of \"{}\"", print_duration(way.delay))),
            (false, true) => Some("`network.tls`".to_owned()),
            (false, false) => None,
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

    fn check_memory(&self, mistakes: &Mistakes) {
        let (Some(every), Some(measure)) = (&self.memory_every, &self.measure) else { return };
        let looks = every.value.map_or(0, |every| measure.value.as_nanos() / every.as_nanos().max(1));
        if looks > limits::MEMORY_LOOKS {
            let (found, allowed) = (grouped(looks), grouped(limits::MEMORY_LOOKS));
            mistakes.add(
                every.at,
                format!("`memory_every`: that is {found} looks in `measure`, allowed are {allowed}"),
            );
        }
    }

    /// Whether what carries a link can do what is asked of it.
    fn check_links(&self, mistakes: &Mistakes) {
        let Some(entries) = &self.transports else { return };
        let count = self.audience.count.map_or(0, |count| count.value);
        for entry in entries.iter().flatten() {
            let (way, label) = (&entry.value.way, &entry.value.label);
            let link = &way.link;
            if !way.has_packets() && (link.lost_per_million > 0 || link.overtaken_per_million > 0) {
                mistakes.add(
                    entry.at,
                    format!(
                        "`{label}`: `loss` and `overtaken` are about packets, and with link = \"bytes\" there are none to \
                         lose; needed is link = \"packets\" (Linux, as root)"
                    ),
                );
            }
            if way.has_packets() && way.via.is_some() {
                mistakes.add(
                    entry.at,
                    format!(
                        "`{label}`: link = \"packets\" has no room for a proxy yet; take `via` or `link` out"
                    ),
                );
            }
            if way.congestion_control.is_some() && way.via.is_some() {
                mistakes.add(
                    entry.at,
                    format!("`{label}`: `congestion_control` is not the proxy's, which sends to clients; take it or `via` out"),
                );
            }
            if way.has_packets() && count > limits::LINK_CLIENTS {
                let (found, allowed) = (grouped(count), grouped(limits::LINK_CLIENTS));
                mistakes.add(
                    entry.at,
                    format!("`{label}`: found `subscribers.count` of {found}, allowed with link = \"packets\" is {allowed}"),
                );
            }
        }
    }

    /// Whether what happens happens within the window, and can happen to such work.
    fn check_disturbances(&self, mistakes: &Mistakes) {
        let (Some(measure), Some(shape), Some(all)) = (&self.measure, &self.shape, &self.disturbances) else {
            return;
        };
        for one in all {
            let value = &one.value;
            let begins = match value.at {
                Instant::After(after) => after,
                Instant::Random => Duration::ZERO,
            };
            let ends = begins + value.lasts();
            if ends > measure.value {
                let (end, window) = (print_duration(ends), print_duration(measure.value));
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
            for entry in entries.iter().flatten().filter(|entry| !entry.value.fallback.is_empty()) {
                mistakes.add(entry.at, "`transport.fallback`: means nothing where clients ask; take it out");
            }
            return;
        }
        let whole = |entry: &&Found<Entry>| {
            entry.value.chain().any(|(kind, values)| (kind.carriage)(&values) == Carriage::Whole)
        };
        for entry in entries.iter().flatten().filter(whole) {
            let name = entry.value.kind.name;
            mistakes.add(
                entry.at,
                format!("`transport.use`: \"{name}\" brings answers and no updates; needed is shape = \"reply\" or \"exchange\""),
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
