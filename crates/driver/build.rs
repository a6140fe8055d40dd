//! Notes the git revision that is being built, where there is one.

use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=../../.git/HEAD");
    println!("cargo::rerun-if-changed=../../.git/refs/heads");
    let output = Command::new("git").args(["describe", "--always", "--dirty", "--abbrev=12"]).output();
    if let Ok(output) = output
        && output.status.success()
    {
        println!("cargo::rustc-env=PUSHPULL_REVISION={}", String::from_utf8_lossy(&output.stdout).trim());
    }
}
