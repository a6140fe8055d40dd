//! What a scenario says about the decision that its run is for.

use std::fmt;

/// What an entry is in the decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// A transport that may be recommended. `"candidate"`.
    Candidate,
    /// A baseline that is no choice, such as raw TCP. `"reference"`.
    Reference,
    /// A transport under other conditions, or a variant that shows something. `"what-if"`.
    WhatIf,
}

/// How large the deployment is that costs are told for.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Scale {
    /// Users that are connected at the same time. None is as many as the scenario has subscribers.
    /// Key `users`.
    pub users: Option<u32>,
    /// For how many hours of a day. None is all 24.
    /// Key `hours_per_day`.
    pub hours_per_day: Option<f64>,
}

/// From which amount on, at the scale, a difference matters. None is the default, which `docs/method.md` argues for.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Matters {
    /// Nanoseconds of delay.
    /// Key `delay`, default a tenth of the objective's limit, or `"10ms"` without an objective.
    pub delay_ns: Option<f64>,
    /// Nanoseconds of data age.
    /// Key `staleness`, default a tenth of the objective's limit.
    pub staleness_ns: Option<f64>,
    /// Server CPU, as a part of one core.
    /// Key `cpu`, default `"5%"`.
    pub cpu_cores: Option<f64>,
    /// Server memory in bytes.
    /// Key `memory`, default `"64MiB"`.
    pub memory_bytes: Option<f64>,
    /// Traffic in both directions, in bits per second.
    /// Key `traffic`, default `"1Mbit/s"`.
    pub traffic_bits_per_s: Option<f64>,
    /// Polling requests per second.
    /// Key `requests`, default `100`.
    pub requests_per_s: Option<f64>,
}

impl Role {
    /// All of them.
    pub const ALL: [Role; 3] = [Role::Candidate, Role::Reference, Role::WhatIf];

    /// The word that scenarios and results files have for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Role::Candidate => "candidate",
            Role::Reference => "reference",
            Role::WhatIf => "what-if",
        }
    }

    /// The role of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.name() == word)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
