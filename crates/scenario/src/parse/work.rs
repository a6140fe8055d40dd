//! Reads what clients do: `shape`, `[rooms]`, `[[post]]`, `[reply]` and `[exchange]`.

mod reply;

use super::quote::not_one_of;
use super::section::{Absent, Found, Section, text};
use super::topics::{self, Per, TopicEntry};
use crate::{Followers, PostStream, PostTo, ReplyWork, Shape, Source, Topic, limits};
use toml_span::value::{Table, ValueInner};

const POST_KEYS: &[&str] = &["name", "every", "poisson", "burst", "body", "to", "conflate"];

pub(super) fn shape(value: ValueInner<'_>) -> Result<Shape, String> {
    let words = Shape::ALL.map(|(name, _)| name);
    let word = text(value, "the shape of the work in quotes, such as \"rooms\"")?;
    Shape::parse(&word).ok_or_else(|| not_one_of(&word, &words))
}

/// What could be read of it.
pub(super) struct Work {
    pub(super) members: Option<Found<i64>>,
    pub(super) posts: Option<Vec<Option<PostStream>>>,
    /// Where the first `[[post]]` begins.
    pub(super) posts_at: usize,
    pub(super) reply: Option<Option<Found<ReplyWork>>>,
}

impl Work {
    pub(super) fn read(file: &mut Section<'_, '_>, shape: Option<Shape>) -> Work {
        let there = |section: &Section<'_, '_>, key| section.has(key);
        let has_rooms = there(file, "rooms");
        let members = match file.table("rooms", "rooms.", &["members"]) {
            Some(mut rooms) if has_rooms || shape == Some(Shape::Rooms) => {
                rooms.whole("members", &limits::MEMBERS, Absent::Needs("members = 8"))
            }
            Some(_) => Some(Found { value: 0, at: 0 }),
            None => None,
        };
        let tables = file.tables("post");
        let posts_at = tables.iter().flatten().next().map_or(0, |table| table.at);
        let in_rooms = shape == Some(Shape::Rooms);
        let read = |table| post(file, table, in_rooms);
        let posts = tables.map(|tables| tables.into_iter().map(read).collect());
        let work = Work { members, posts, posts_at, reply: reply::read(file) };
        if let Some(shape) = shape {
            work.check(file, shape, has_rooms);
        }
        work
    }

    /// What each shape needs, and what means nothing in it.
    fn check(&self, file: &Section<'_, '_>, shape: Shape, has_rooms: bool) {
        let name = shape.name();
        let complain = |at, what: String| file.mistakes.add(at, what);
        let posts = self.posts.as_ref().map_or(0, Vec::len);
        let speaks = matches!(shape, Shape::Rooms | Shape::Telemetry | Shape::Duplex);
        if speaks && posts == 0 && self.posts.is_some() {
            complain(
                file.at,
                format!(
                    "`post` is missing: with shape = \"{name}\", a [[post]] has to say what clients send"
                ),
            );
        }
        if !speaks && posts > 0 {
            complain(
                self.posts_at,
                format!(
                    "`post`: means nothing with shape = \"{name}\"; clients post in rooms, telemetry and duplex"
                ),
            );
        }
        if posts > limits::POST_STREAMS {
            complain(
                self.posts_at,
                format!("`post`: found {posts} entries, allowed are {}", limits::POST_STREAMS),
            );
        }
        if has_rooms && shape != Shape::Rooms {
            complain(
                file.at,
                format!("`rooms`: means nothing with shape = \"{name}\"; needed is shape = \"rooms\""),
            );
        }
        let table = if shape == Shape::Exchange { "exchange" } else { "reply" };
        match &self.reply {
            Some(None) if shape.asks() => {
                complain(
                    file.at,
                    format!(
                        "`{table}` is missing: with shape = \"{name}\", a [{table}] has to say what is asked and answered"
                    ),
                );
            }
            Some(Some(found)) if !shape.asks() => {
                complain(
                    found.at,
                    format!(
                        "a table of questions means nothing with shape = \"{name}\"; needed is shape = \"reply\" or \"exchange\""
                    ),
                );
            }
            _ => {}
        }
    }

    /// What a scenario holds of it.
    pub(super) fn parts(self) -> Option<(u32, Vec<PostStream>, Option<ReplyWork>)> {
        let posts = self.posts?.into_iter().collect::<Option<Vec<_>>>()?;
        let reply = self.reply?.map(|found| found.value);
        Some((self.members?.value as u32, posts, reply))
    }
}

fn post(file: &Section<'_, '_>, found: Found<Table<'_>>, in_rooms: bool) -> Option<PostStream> {
    let mut section = Section::new(file.mistakes, "post.", found.at, found.value, POST_KEYS);
    let usual = if in_rooms { PostTo::Room } else { PostTo::Server };
    let name = topics::name(&mut section);
    let schedule = topics::schedule(&mut section);
    let body = topics::body(&mut section, "body", ("post.body.", "post.body.log_normal."));
    let to = section.read("to", Absent::Is(usual), to);
    let conflate = section.flag("conflate", false);
    if let (Some(Found { value: PostTo::Room, at }), false) = (to, in_rooms) {
        section.complain(at, "to", "found \"room\", but there are no rooms; needed is shape = \"rooms\"");
        return None;
    }
    let (name, conflate) = (name?.value, conflate?.value);
    Some(PostStream { name, schedule: schedule?, body: body?, to: to?.value, conflate })
}

fn to(value: ValueInner<'_>) -> Result<PostTo, String> {
    match text(value, "\"room\" or \"server\"")?.as_str() {
        "room" => Ok(PostTo::Room),
        "server" => Ok(PostTo::Server),
        other => Err(not_one_of(other, &["room", "server"])),
    }
}

/// The topics that an entry stands for.
pub(super) fn published(entry: TopicEntry, clients: u32, members: u32) -> Option<Vec<Topic>> {
    let (schedule, body) = (entry.schedule?, entry.body?);
    let (name, per, effects) = (entry.name?.value, entry.per?.value, entry.effects?.value);
    let followers: Vec<Followers> = match per {
        Per::All => vec![Followers::Anybody; entry.count?.value as usize],
        Per::Room => (0..rooms(clients, members)).map(Followers::Room).collect(),
        Per::Subscriber => (0..clients).map(Followers::One).collect(),
    };
    let names = topics::names(&name, followers.len() as u32);
    let topic = |(name, followers)| Topic {
        name,
        schedule,
        body,
        followers,
        source: Source::Server,
        conflate: true,
        effects,
    };
    Some(names.zip(followers).map(topic).collect())
}

/// A topic for each room of each stream that goes to rooms.
pub(super) fn relayed(posts: &[PostStream], clients: u32, members: u32) -> Vec<Topic> {
    let streams = (0..).zip(posts).filter(|(_, stream)| stream.to == PostTo::Room);
    let topics = streams.flat_map(|(number, stream)| {
        let rooms = rooms(clients, members);
        topics::names(&stream.name, rooms)
            .zip(0..rooms)
            .map(move |(name, room)| Topic {
                name,
                schedule: stream.schedule,
                body: stream.body,
                followers: Followers::Room(room),
                source: Source::Members(number),
                conflate: stream.conflate,
                effects: false,
            })
            .collect::<Vec<_>>()
    });
    topics.collect()
}

fn rooms(clients: u32, members: u32) -> u32 {
    if members == 0 { 0 } else { clients.div_ceil(members) }
}
