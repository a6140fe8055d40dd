//! The drawing in `docs/architecture.md` is true.

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, PackageId};
use std::collections::{BTreeMap, BTreeSet};

const DOCUMENT: &str = include_str!("../../../docs/architecture.md");

/// Crates that must not know a runtime, and what would betray one.
const PURE: &[&str] = &["options", "scenario", "ledger", "results", "verdict", "report"];
const RUNTIMES: &[&str] = &["tokio", "mio", "hyper", "socket2", "rustix"];

fn metadata() -> Metadata {
    MetadataCommand::new().other_options(["--locked".to_owned()]).exec().expect("cargo knows the workspace")
}

fn drawn() -> BTreeMap<String, BTreeSet<String>> {
    let block = DOCUMENT.split("```dependencies\n").nth(1).and_then(|rest| rest.split("```").next());
    let lines = block.expect("the document has the block").lines();
    let entry = |line: &str| {
        let (name, needs) = line.split_once(':').expect("a line is `crate: dependencies`");
        (name.to_owned(), needs.split_whitespace().map(str::to_owned).collect())
    };
    lines.map(entry).collect()
}

#[test]
fn manifests_say_what_the_drawing_says() {
    let metadata = metadata();
    let members: BTreeSet<String> =
        metadata.workspace_packages().iter().map(|package| package.name.to_string()).collect();
    let mut found = BTreeMap::new();
    for package in metadata.workspace_packages() {
        let needs: BTreeSet<String> = package
            .dependencies
            .iter()
            .filter(|dependency| {
                dependency.kind == DependencyKind::Normal && members.contains(&dependency.name)
            })
            .map(|dependency| dependency.name.clone())
            .collect();
        found.insert(package.name.to_string(), needs);
    }
    assert_eq!(found, drawn(), "left: the manifests, right: docs/architecture.md");
}

#[test]
fn a_crate_is_named_after_its_folder() {
    for package in metadata().workspace_packages() {
        let folder = package.manifest_path.parent().and_then(|folder| folder.file_name());
        assert_eq!(folder, Some(package.name.as_str()));
    }
}

#[test]
fn the_pure_crates_know_no_runtime() {
    let metadata = metadata();
    let resolve = metadata.resolve.as_ref().expect("cargo resolved the workspace");
    let names: BTreeMap<&PackageId, &str> =
        metadata.packages.iter().map(|package| (&package.id, package.name.as_str())).collect();
    for pure in metadata.workspace_packages().iter().filter(|package| PURE.contains(&package.name.as_str())) {
        let mut reached = BTreeSet::from([&pure.id]);
        let mut open = vec![&pure.id];
        while let Some(id) = open.pop() {
            let node = resolve.nodes.iter().find(|node| &node.id == id).expect("every package has a node");
            let normal = node.deps.iter().filter(|dependency| {
                dependency.dep_kinds.iter().any(|kind| kind.kind == DependencyKind::Normal)
            });
            for dependency in normal {
                if reached.insert(&dependency.pkg) {
                    open.push(&dependency.pkg);
                }
            }
        }
        let betrayed: Vec<&str> =
            reached.iter().map(|id| names[id]).filter(|name| RUNTIMES.contains(name)).collect();
        assert!(betrayed.is_empty(), "{} reaches {betrayed:?}", pure.name);
    }
}
