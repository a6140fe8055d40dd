//! What the page prints of one run.

use crate::chart::curves::{self, Curves};
use crate::chart::lanes::Lanes;
use crate::chart::over_time::{self, OverTime};
use crate::facts::{self, Fact};
use crate::feature::{self, Feature};
use crate::standing::{self, Standing};
use crate::table::Table;
use crate::tables::{
    books, claims, company, expenses, models, objectives, percentiles, rounds, sent, side_by_side, split, way,
};
use crate::warnings::{self, Section};
use crate::{charts, contrasts};
use results::Run;
use verdict::{Judgement, Verdict, rule_of};

pub(super) struct RunView<'a> {
    /// Makes the identifiers of its elements unique on the page.
    number: usize,
    /// Of the heading that is its question: 1 when it has the page to itself.
    pub level: u8,
    /// Whether all of it is printed, or what answers the question alone.
    pub full: bool,
    pub question: &'a str,
    pub name: &'a str,
    pub started: &'a str,
    pub invalid: Option<String>,
    pub unfinished: Option<String>,
    pub answer: Vec<String>,
    pub changes: &'a [String],
    pub glance: Vec<Fact>,
    pub warnings: Option<Section>,
    pub claims: Option<claims::Claims>,
    pub published: Option<Table>,
    pub objectives: Option<Table>,
    pub way: Option<way::WaySection>,
    pub features: Vec<Feature>,
    pub comparison: Table,
    pub curves: Option<Curves>,
    pub percentiles: Table,
    pub over_time: Option<OverTime>,
    pub charts: Vec<Lanes>,
    pub sent: Table,
    pub split: Option<Table>,
    pub round_charts: Vec<Lanes>,
    pub company: Option<Table>,
    pub rounds: Option<Table>,
    pub models: Option<Table>,
    pub assumptions: Vec<(String, String)>,
    pub books: Table,
    pub carriage: Table,
    pub harness: Table,
    pub servers: Table,
    pub clients: Table,
    pub machine: Vec<Fact>,
    pub method: Vec<Fact>,
    pub settings: Vec<(&'a str, String)>,
    pub scenario_text: &'a str,
    pub command: &'a str,
    pub rule: &'static str,
    pub holds_back: bool,
}

impl<'a> RunView<'a> {
    pub fn of(run: &'a Run, number: usize, level: u8, full: bool) -> Self {
        let standings = standing::of(run);
        let judgement = Judgement::of(run);
        let invalid = verdict::warnings::first_line(run);
        let mut answer = Verdict::from_judgement(run, &judgement).sentences;
        // Where that line is the answer, it stands above the question already.
        answer.retain(|sentence| Some(sentence) != invalid.as_ref());
        let header = &run.header;
        RunView {
            number,
            level,
            full,
            question: question(run),
            name: &header.scenario_name,
            started: &header.started,
            invalid,
            unfinished: warnings::unfinished(run),
            answer,
            changes: &header.changes,
            glance: facts::glance(run),
            warnings: warnings::section(run),
            claims: claims::claims(run, &judgement),
            published: claims::published(run, &judgement),
            objectives: objectives::table(run, &judgement, &standings),
            way: way::section(run, &standings),
            features: feature::of(run, &standings),
            comparison: side_by_side::table(run, &judgement, &standings),
            curves: curves::of(&standings),
            percentiles: percentiles::table(&standings),
            over_time: over_time::of(run, &standings),
            charts: charts::of(run, &standings),
            sent: sent::table(&standings),
            split: split::table(run, &standings),
            round_charts: round_charts(run, &judgement, &standings),
            company: company::table(run, &judgement, &standings),
            rounds: rounds::table(run, &standings),
            models: models::table(&standings),
            assumptions: models::assumptions(&standings),
            books: books::books(&standings),
            carriage: books::carriage(&standings),
            harness: books::harness(&standings),
            servers: expenses::servers(&standings),
            clients: expenses::clients(&standings),
            machine: facts::machine(run, &judgement),
            method: facts::method(header),
            settings: facts::settings(header),
            scenario_text: &header.scenario_text,
            command: &header.command,
            rule: rule_of(run),
            holds_back: holds_back(run),
        }
    }

    /// Whether packets are carried between somebody and the server.
    pub fn has_links(&self) -> bool {
        self.way.as_ref().is_some_and(|way| way.links.is_some())
    }

    /// For links within the page.
    pub fn id(&self) -> String {
        format!("run-{}", self.number)
    }

    /// The parts of its page: the end of each one's identifier, and its title.
    pub fn sections(&self) -> Vec<(&'static str, &'static str)> {
        let all = [
            ("claims", "Claims"),
            ("published", "Published"),
            ("objectives", "Objectives"),
            ("figures", "Figures"),
            ("way", "The way"),
            ("recovery", "What broke"),
            ("feature", "The feature"),
            ("charts", "Charts"),
            ("instants", "Due and sent"),
            ("split", "Where the time goes"),
            ("rounds", "Rounds"),
            ("books", "Books"),
            ("models", "Models"),
            ("costs", "Costs"),
            ("machine", "Machine, method"),
            ("again", "Run it again"),
        ];
        let is_there = |name: &str| match name {
            "claims" => self.claims.is_some(),
            "published" => self.published.is_some(),
            "objectives" => self.objectives.is_some(),
            "feature" | "recovery" => self.full && self.features.iter().any(|feature| feature.id == name),
            "way" => self.way.is_some(),
            "models" => self.models.is_some(),
            "split" => self.split.is_some(),
            _ => true,
        };
        all.into_iter().filter(|(name, _)| is_there(name)).collect()
    }
}

fn round_charts(run: &Run, judgement: &Judgement, standings: &[Standing]) -> Vec<Lanes> {
    rounds::strips(run, standings).into_iter().chain(contrasts::charts(judgement, standings)).collect()
}

/// Whether the way of some transport takes time by a program of its clients.
fn holds_back(run: &Run) -> bool {
    let header = &run.header;
    header.entries.iter().any(|entry| {
        let delay_ns = entry.delay_ns.unwrap_or(header.delay_ns);
        let carried =
            run.accounts.iter().any(|account| account.label == entry.label && account.link.is_some());
        !carried && (delay_ns > 0 || entry.way.contains_key("link"))
    })
}

/// What a run is about, in the words of its scenario.
pub(super) fn question(run: &Run) -> &str {
    match run.header.question.trim() {
        "" => &run.header.scenario_name,
        question => question,
    }
}
