//! The scenarios that ship with the program, so that a name is enough to run one.

use std::fmt;

/// What a scenario is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// A feature of an application.
    Features,
    /// What lies or happens between a server and its clients.
    Conditions,
    /// What others have published.
    Published,
}

impl Group {
    /// All of them, in the order in which names are looked up.
    pub const ALL: [Group; 3] = [Group::Features, Group::Conditions, Group::Published];

    /// Its folder below `scenarios`, with a slash where there is one.
    #[must_use]
    pub fn folder(self) -> &'static str {
        match self {
            Group::Features => "",
            Group::Conditions => "conditions/",
            Group::Published => "published/",
        }
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Group::Features => "features",
            Group::Conditions => "conditions",
            Group::Published => "published",
        })
    }
}

/// One scenario of the program's own.
#[derive(Debug, Clone, Copy)]
pub struct Shipped {
    /// What it is about.
    pub group: Group,
    /// Its file's name without the ending.
    pub name: &'static str,
    /// The text of the file.
    pub text: &'static str,
}

macro_rules! shipped {
    ($($group:ident $folder:literal $($name:literal)*;)*) => {
        /// All of them: each group by itself, in the order of [`Group::ALL`], and by name within a group.
        pub const SHIPPED: &[Shipped] = &[$($(Shipped {
            group: Group::$group,
            name: $name,
            text: include_str!(concat!("../../../scenarios/", $folder, $name, ".toml")),
        }),*),*];
    };
}

shipped! {
    Features ""
        "ai-chat" "chat-rooms" "collaborative-editing" "dashboard" "far-away" "form" "growth"
        "image-progress" "iot-telemetry" "library-defaults" "live-captions" "multiplayer" "notifications"
        "once-a-minute" "smoke" "sports-scores" "stock-ticker" "tts-audio" "voice-assistant";
    Conditions "conditions/"
        "behind-haproxy" "behind-nginx" "browser-tabs" "corporate-proxy" "deploy-restart" "fallback"
        "flaky-mobile" "idle-timeout" "large-and-far" "lossy-link" "reconnect-storm" "slow-readers"
        "soak" "tls-cost";
    Published "published/"
        "abril-2017" "bozdag-2007" "heartbeat-equals-idle" "idle-memory" "kaazing-2009" "nchan-2015"
        "pimentel-2012" "rfc6202" "same-code-three-times";
}

/// The scenario of this name. `lossy-link`, `conditions/lossy-link` and `scenarios/conditions/lossy-link.toml` are
/// the same one; of two with the same name in different folders, the short form means the one whose group comes
/// first in [`Group::ALL`].
#[must_use]
pub fn find(word: &str) -> Option<&'static Shipped> {
    find_in(SHIPPED, word)
}

/// The name that was most likely meant.
#[must_use]
pub fn nearest(word: &str) -> Option<&'static str> {
    let word = bare(word);
    let name = word.rsplit('/').next().unwrap_or(word);
    options::nearest(name, SHIPPED.iter().map(|shipped| shipped.name))
}

fn find_in<'a>(list: &'a [Shipped], word: &str) -> Option<&'a Shipped> {
    let word = bare(word);
    let whole = |shipped: &&Shipped| {
        word.strip_prefix(shipped.group.folder()).is_some_and(|name| name == shipped.name)
    };
    let of = |group| list.iter().filter(move |shipped| shipped.group == group);
    list.iter()
        .find(whole)
        .or_else(|| Group::ALL.into_iter().find_map(|group| of(group).find(|shipped| shipped.name == word)))
}

fn bare(word: &str) -> &str {
    let word = word.strip_prefix("scenarios/").unwrap_or(word);
    word.strip_suffix(".toml").unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::path::Path;

    #[test]
    fn the_list_has_every_file_of_the_folder() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
        let mut there = BTreeSet::new();
        for group in Group::ALL {
            for entry in std::fs::read_dir(root.join(group.folder())).unwrap() {
                let path = entry.unwrap().path();
                if path.extension().is_some_and(|kind| kind == "toml") {
                    there.insert(format!(
                        "{}{}",
                        group.folder(),
                        path.file_stem().unwrap().to_string_lossy()
                    ));
                }
            }
        }
        let listed: BTreeSet<String> =
            SHIPPED.iter().map(|shipped| format!("{}{}", shipped.group.folder(), shipped.name)).collect();
        assert_eq!(listed, there, "left: the list in shipped.rs, right: the folder");
        let folders =
            std::fs::read_dir(root).unwrap().filter(|entry| entry.as_ref().unwrap().path().is_dir());
        assert_eq!(folders.count(), Group::ALL.len() - 1, "every folder is a group");
    }

    #[test]
    fn names_are_in_order_and_found_in_each_form() {
        let key = |shipped: &Shipped| (shipped.group as usize, shipped.name);
        assert!(SHIPPED.windows(2).all(|pair| key(&pair[0]) < key(&pair[1])));
        for word in
            ["lossy-link", "conditions/lossy-link", "scenarios/conditions/lossy-link.toml", "lossy-link.toml"]
        {
            assert_eq!(find(word).map(|found| found.name), Some("lossy-link"), "{word}");
        }
        assert!(find("published/lossy-link").is_none());
        assert!(find("./dashboard").is_none(), "that is a path");
        assert_eq!(nearest("scenarios/dashbord.toml"), Some("dashboard"));
        assert_eq!(nearest("xyz"), None);
    }

    #[test]
    fn of_two_with_one_name_the_earlier_group_is_meant() {
        let one = |group, text| Shipped { group, name: "twice", text };
        let list = [one(Group::Published, "p"), one(Group::Conditions, "c")];
        let text = |word| find_in(&list, word).map(|found| found.text);
        assert_eq!(text("twice"), Some("c"));
        assert_eq!(text("published/twice"), Some("p"));
        assert_eq!(text("conditions/twice"), Some("c"));
        let list = [list[0], list[1], one(Group::Features, "f")];
        assert_eq!(find_in(&list, "twice").map(|found| found.text), Some("f"));
    }
}
