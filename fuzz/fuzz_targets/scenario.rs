//! Any text is a scenario or has mistakes that lie within it; a scenario stands up to being changed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scenario::{Scenario, override_keys};

fuzz_target!(|text: &str| {
    let kinds = driver::transports::kinds();
    match Scenario::parse(text, &kinds) {
        Err(mistakes) => {
            let lines = text.matches('\n').count() + 1;
            assert!(!mistakes.is_empty());
            assert!(mistakes.iter().all(|mistake| (1..=lines).contains(&mistake.line)), "{mistakes:?}");
        }
        Ok(right) => {
            for entry in &right.transports {
                let _ = scenario::model::predict(&right, entry);
            }
            let twice =
                override_keys(text, &[("rounds".to_owned(), "2".to_owned())]).expect("a key of the root");
            let twice = Scenario::parse(&twice, &kinds).expect("as right as before");
            assert_eq!(twice.rounds, 2);
        }
    }
});
