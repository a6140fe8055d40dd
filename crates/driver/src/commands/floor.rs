//! `pushpull floor`.

use super::scenarios::Wrong;
use super::{EXIT_INTERRUPTED, by_hand, interruption, say};
use crate::cli::FloorArgs;
use crate::floor::{self, Request};
use crate::limits;
use std::io::Write;
use std::process::ExitCode;

pub async fn floor(args: &FloorArgs) -> anyhow::Result<ExitCode> {
    if let Some(unknown) = args.transports.iter().find(|name| !floor::contestants().contains(&name.as_str()))
    {
        let wrong = format!(
            "--transports: `{unknown}` is none that can be held against the floor; those are {}",
            floor::contestants().join(", ")
        );
        return Err(Wrong::new(wrong).into());
    }
    // The floor five times over: as itself, as its control, and with halves of it bare.
    limits::check_connections("--subscribers", args.subscribers, floor::contestants().len() + 5)?;
    let request = Request {
        blocks: args.blocks,
        subscribers: args.subscribers,
        window: args.window,
        leg: by_hand::duration("--leg", &args.leg)?,
        only: args.transports.clone(),
    };
    let interrupted = interruption();
    let told = |what: &str| {
        let _ = writeln!(std::io::stderr(), "{what}");
    };
    let outcome = floor::run(request, interrupted.clone(), told).await?;
    match args.json {
        true => say(format_args!("{}", floor::json(&outcome))),
        false => say(format_args!("{}", floor::text(&outcome))),
    }
    Ok(if *interrupted.borrow() { ExitCode::from(EXIT_INTERRUPTED) } else { ExitCode::SUCCESS })
}
