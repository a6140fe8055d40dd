//! What one more idle connection costs, worked out from a file.

use results::{Idle, IdlePoint, IdleServer, IdleStep, Line, write_line};

fn point(connections: u32, servers: &[(&str, u64)], kernel_bytes: Option<u64>) -> IdlePoint {
    let server =
        |(label, bytes): &(&str, u64)| IdleServer { label: (*label).to_owned(), anonymous_bytes: *bytes };
    IdlePoint { connections, servers: servers.iter().map(server).collect(), kernel_bytes }
}

/// As it comes back from a file.
fn read(points: Vec<IdlePoint>) -> Idle {
    let line = write_line(&Line::Idle(Idle { points }));
    match serde_json::from_str(&line).expect("a line") {
        Line::Idle(idle) => idle,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_slope_between_two_counts_is_the_cost_of_a_connection() {
    let fewer = point(100, &[("tcp", 2_000_000), ("sse", 3_000_000)], Some(1_000_000));
    let more = point(500, &[("sse", 7_800_000), ("tcp", 3_600_000)], Some(9_000_000));
    let idle = read(vec![fewer, more]);
    assert_eq!(idle.per_connection("tcp"), Some(4_000.0));
    assert_eq!(idle.per_connection("sse"), Some(12_000.0));
    // Four hundred more over each of two transports.
    assert_eq!(idle.kernel_per_connection(), Some(10_000.0));
}

#[test]
fn what_is_missing_at_one_count_has_no_slope() {
    let fewer = point(100, &[("tcp", 2_000_000)], None);
    let more = point(500, &[("tcp", 3_600_000), ("sse", 7_800_000)], Some(9_000_000));
    let idle = read(vec![fewer, more.clone()]);
    assert_eq!(idle.per_connection("sse"), None);
    assert_eq!(idle.kernel_per_connection(), None);
    assert_eq!(read(vec![more]).per_connection("tcp"), None, "one count alone");
}

#[test]
fn more_counts_have_a_slope_from_each_to_the_next() {
    let fewer = point(100, &[("tcp", 2_000_000), ("sse", 3_000_000)], Some(1_000_000));
    let more = point(200, &[("tcp", 2_400_000), ("sse", 4_000_000)], Some(3_000_000));
    let most = point(600, &[("tcp", 4_800_000)], None);
    let idle = read(vec![fewer, more, most]);
    let steps = |steps: Vec<IdleStep>| -> Vec<(u32, u32, f64)> {
        steps.iter().map(|step| (step.from, step.to, step.bytes)).collect()
    };
    assert_eq!(steps(idle.steps("tcp")), [(100, 200, 4_000.0), (200, 600, 6_000.0)]);
    assert_eq!(idle.per_connection("tcp"), Some(5_600.0), "from the fewest to the most");
    // Where it could not be looked at with the most, the others still say something.
    assert_eq!(steps(idle.steps("sse")), [(100, 200, 10_000.0)]);
    assert_eq!(idle.per_connection("sse"), Some(10_000.0));
    assert_eq!(steps(idle.kernel_steps()), [(100, 200, 10_000.0)]);
}
