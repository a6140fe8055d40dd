//! What lies between clients and servers, as it is written down.

use serde::{Deserialize, Serialize};

/// A proxy that transports may have before them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViaRecord {
    /// What transports call it.
    pub name: String,
    /// The program.
    pub program: String,
    /// What the program says of its version, where it does.
    pub version: Option<String>,
    /// How it is set up, in words.
    pub setup: String,
}

/// What a proxy had noted when its round was over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViaSeen {
    /// Its configuration, whole.
    pub configuration: String,
    /// The first line of its access log for each kind of request.
    pub access: Vec<String>,
    /// The last lines that it complained with.
    pub errors: Vec<String>,
}
