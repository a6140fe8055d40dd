//! Notes the git revision that is being built, where there is one.

use std::process::Command;

fn main() {
    // What is built decides whether the revision is all there is to it, or `-dirty`.
    for changed in [".git/HEAD", ".git/refs/heads", "Cargo.lock", "crates"] {
        println!("cargo::rerun-if-changed=../../{changed}");
    }
    let output = Command::new("git").args(["describe", "--always", "--dirty", "--abbrev=12"]).output();
    if let Ok(output) = output
        && output.status.success()
    {
        println!("cargo::rustc-env=PUSHPULL_REVISION={}", String::from_utf8_lossy(&output.stdout).trim());
    }
}
