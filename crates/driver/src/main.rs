//! The binary `pushpull`.

fn main() -> std::process::ExitCode {
    driver::main()
}
