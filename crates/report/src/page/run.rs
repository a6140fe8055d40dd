//! What the page prints of one run.

use crate::card::{self, Card};
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
use crate::{charts, contrasts, notes, outcomes};
use results::Run;
use verdict::decision::Scale;
use verdict::{Decision, Judgement, RULE, format};

pub(super) struct RunView<'a> {
    /// Makes the identifiers of its elements unique on the page.
    number: usize,
    /// Of the heading that is its answer: 1 when it has the page to itself.
    pub level: u8,
    pub question: &'a str,
    pub name: &'a str,
    pub title: String,
    pub invalid: Option<String>,
    pub unfinished: Option<String>,
    pub card: Card,
    /// One line on what speaks against the figures.
    pub warned: String,
    /// Whether that line deserves a colour.
    pub warns: bool,
    pub changes: &'a [String],
    pub warnings: Option<Section>,
    pub claims: Option<claims::Claims>,
    pub published: Option<Table>,
    pub objectives: Option<Table>,
    pub way: Option<way::WaySection>,
    pub features: Vec<Feature>,
    /// The picture of the feature.
    pub lead: Option<Lanes>,
    pub costs: Vec<Lanes>,
    /// At which scale costs are told.
    pub users: String,
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
    pub notes: Vec<String>,
    pub scenario_text: &'a str,
    pub command: &'a str,
    pub rule: &'static str,
    pub holds_back: bool,
    results: Vec<(&'static str, String)>,
}

impl<'a> RunView<'a> {
    pub fn of(run: &'a Run, number: usize, level: u8) -> Self {
        let standings = standing::of(run);
        let decision = Decision::of(run);
        let judgement = &decision.judgement;
        let header = &run.header;
        let mut features = feature::of(run, &standings);
        let mut charts = charts::of(run, &standings);
        let lead = lead(&mut features, &mut charts);
        RunView {
            number,
            level,
            question: question(run),
            name: &header.scenario_name,
            title: decision.title(),
            invalid: verdict::warnings::first_line(run),
            unfinished: warnings::unfinished(run),
            card: card::of(run, &decision, &standings),
            warned: warnings::one_line(run),
            warns: warnings::serious(run).is_some(),
            changes: &header.changes,
            claims: claims::claims(run, judgement),
            published: claims::published(run, judgement),
            objectives: objectives::table(run, judgement, &standings),
            way: way::section(run, &standings),
            lead,
            costs: card::costs(&decision, &standings),
            users: users(run),
            comparison: side_by_side::table(run, judgement, &standings),
            curves: curves::of(&standings, decision.latency_limit()),
            percentiles: percentiles::table(&standings),
            over_time: over_time::of(run, &standings),
            sent: sent::table(&standings),
            split: split::table(run, &standings),
            round_charts: round_charts(run, judgement, &standings),
            company: company::table(run, judgement, &standings),
            rounds: rounds::table(run, &standings),
            models: models::table(&standings),
            assumptions: models::assumptions(&standings),
            books: books::books(&standings),
            carriage: books::carriage(&standings),
            harness: books::harness(&standings),
            servers: expenses::servers(&standings),
            clients: expenses::clients(&standings),
            machine: facts::machine(run, judgement),
            method: facts::method(run),
            settings: facts::settings(header),
            notes: notes::notes(&header.scenario_text),
            scenario_text: &header.scenario_text,
            command: &header.command,
            rule: RULE,
            holds_back: holds_back(run),
            results: outcomes::of(run, &decision, &features),
            charts,
            features,
            warnings: warnings::section(run),
        }
    }

    /// Whether packets are carried between a client and the server.
    pub fn has_links(&self) -> bool {
        self.way.as_ref().is_some_and(|way| way.links.is_some())
    }

    /// Whether there is anything to draw above the fold of evidence.
    pub fn has_pictures(&self) -> bool {
        self.lead.is_some() || self.curves.is_some() || !self.costs.is_empty()
    }

    /// Whether the scenario was changed for this run.
    pub fn changed(&self) -> bool {
        !self.changes.is_empty()
    }

    /// Whether there is a list of warnings.
    pub fn has_warnings(&self) -> bool {
        self.warnings.is_some()
    }

    /// For links within the page.
    pub fn id(&self) -> String {
        format!("run-{}", self.number)
    }

    /// What a section of evidence comes to, in a line.
    pub fn result(&self, section: &str) -> &str {
        let found = self.results.iter().find(|(name, _)| *name == section);
        found.map_or("", |(_, result)| result.as_str())
    }
}

/// The picture that tells most of a feature: its own first one, or the age of what is shown.
fn lead(features: &mut [Feature], charts: &mut Vec<Lanes>) -> Option<Lanes> {
    let feature = features.iter_mut().find(|feature| !feature.charts.is_empty());
    match feature {
        Some(feature) => Some(feature.charts.remove(0)),
        None => {
            let over_time = charts.iter().position(|chart| chart.title == crate::traces::AGES);
            let at = over_time.or_else(|| charts.iter().position(|chart| chart.title == charts::AGE))?;
            Some(charts.remove(at))
        }
    }
}

fn users(run: &Run) -> String {
    let scale = Scale::of(run);
    let users = format::count(scale.users as u64);
    let how = if scale.is_measured {
        "as many as the run had".to_owned()
    } else {
        format!("computed, linear, from {} measured", format::count(u64::from(run.header.subscribers)))
    };
    let hours = if scale.hours_per_day < 24.0 {
        let month_gb = |mbit_per_s: f64| mbit_per_s / 8.0 * 3600.0 * scale.hours_per_day * 30.0 / 1e3;
        format!("; 1 Mbit/s for {} hours a day is {:.0} GB in 30 days", scale.hours_per_day, month_gb(1.0))
    } else {
        "; 1 Mbit/s all day is 324 GB in 30 days".to_owned()
    };
    format!("{users} users at once: {how}{hours}")
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
