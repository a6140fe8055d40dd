//! Any bytes are a run, of which a report can be made, or are refused.
#![no_main]

use libfuzzer_sys::fuzz_target;
use results::Run;

fuzz_target!(|file: &[u8]| {
    if let Ok(run) = Run::read(file) {
        let page = report::render(std::slice::from_ref(&run));
        assert!(page.ends_with("</html>\n") || page.ends_with("</html>"), "a whole page");
        let _ = (report::answer(&run), export::json(&run), export::csv(&run));
        for label in run.labels() {
            let _ = results::hlog(&run, label);
        }
    }
});
