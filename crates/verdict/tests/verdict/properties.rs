//! What the rule keeps to, whatever the figures: the judgement of two candidates uses nothing but these two, and removing
//! a candidate never reverses the places of two others.

use proptest::prelude::*;
use scenario::{Figure, Limits};
use verdict::decision::rule::{Ruling, Word};
use verdict::decision::sheet::{Limit, Row, Series, Sheet};
use verdict::decision::{Criterion, Kind, Path};
use verdict::known;

const ROUNDS: usize = 5;

fn criterion(kind: Kind, figure: Figure, floor: f64) -> Criterion {
    Criterion { kind, figure, at: None, factor: 1.0, floor, limit: None }
}

fn criteria() -> Vec<Criterion> {
    vec![
        criterion(Kind::Delay, Figure::SetUp, 10.0),
        criterion(Kind::Cpu, Figure::IdleCpu, 5.0),
        criterion(Kind::Traffic, Figure::BytesPerHour, 1.0),
        criterion(Kind::Requests, Figure::Requests, 100.0),
    ]
}

/// A value around the floor of a criterion, with noise over rounds that is sometimes nothing and sometimes all of it.
fn series(floor: f64) -> impl Strategy<Value = Series> {
    (0.0..4.0f64, 0.0..0.8f64, prop::collection::vec(-1.0..1.0f64, ROUNDS)).prop_map(
        move |(level, noise, draws)| {
            let value = |draw: &f64| (level * floor * (1.0 + noise * draw)).max(0.0);
            Ok(draws.iter().enumerate().map(|(round, draw)| (round as u64, value(draw))).collect())
        },
    )
}

fn row(index: usize) -> impl Strategy<Value = Row> {
    let floors: Vec<f64> = criteria().iter().map(|criterion| criterion.floor).collect();
    let values = floors.into_iter().map(|floor| series(floor).boxed()).collect::<Vec<_>>();
    (values, series(10.0), 0..10u8).prop_map(move |(values, limited, whole)| Row {
        label: format!("entry-{index}"),
        transport: known::TRANSPORTS[index % known::TRANSPORTS.len()].to_owned(),
        path: 0,
        lacks: Vec::new(),
        is_whole: whole > 0,
        values,
        limited: vec![limited],
        waited: 0.0,
    })
}

fn sheet() -> impl Strategy<Value = Sheet> {
    (2..7usize, 0.0..1.0f64)
        .prop_flat_map(|(entries, margin)| ((0..entries).map(row).collect::<Vec<_>>(), Just(margin)))
        .prop_map(|(rows, margin)| {
            let criteria = criteria();
            Sheet {
                margins: vec![margin; criteria.len()],
                criteria,
                limits: vec![Limit {
                    figure: Some(Figure::SetUp),
                    at: None,
                    limits: Limits { are_factors: false, at_least: None, at_most: Some(30.0) },
                }],
                paths: vec![Path { delay_ns: 0, way: Default::default() }],
                rows,
                margin,
                rounds: (0..ROUNDS as u64).collect(),
            }
        })
}

fn without(sheet: &Sheet, index: usize) -> Sheet {
    let mut rows = sheet.rows.clone();
    rows.remove(index);
    Sheet { rows, ..sheet.clone() }
}

/// In the class, fit, or neither: what a reader sees as better and worse.
fn rank(ruling: &Ruling, label: &str) -> u8 {
    let place = ruling.place(label).expect("every row has a place");
    match (place.is_in_class, place.word) {
        (true, _) => 0,
        (false, Word::Misses) => 2,
        (false, _) => 1,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn removing_an_entry_never_reverses_two_others(sheet in sheet()) {
        let order = known::order(false);
        let all = Ruling::of(&sheet, &order, None);
        for removed in 0..sheet.rows.len() {
            let fewer = without(&sheet, removed);
            let rest = Ruling::of(&fewer, &order, None);
            for one in &fewer.rows {
                for two in &fewer.rows {
                    let before = rank(&all, &one.label).cmp(&rank(&all, &two.label));
                    let after = rank(&rest, &one.label).cmp(&rank(&rest, &two.label));
                    prop_assert!(
                        before == after || before.is_eq() || after.is_eq(),
                        "{} and {} were reversed", one.label, two.label
                    );
                }
            }
        }
    }

    #[test]
    fn whether_an_entry_fits_depends_on_it_alone(sheet in sheet()) {
        let order = known::order(false);
        let all = Ruling::of(&sheet, &order, None);
        for row in &sheet.rows {
            let alone = Sheet { rows: vec![row.clone()], ..sheet.clone() };
            let alone = Ruling::of(&alone, &order, None);
            let misses = |ruling: &Ruling| ruling.place(&row.label).unwrap().word == Word::Misses;
            prop_assert_eq!(misses(&all), misses(&alone));
        }
    }

    #[test]
    fn there_is_one_recommendation_where_any_fits(sheet in sheet()) {
        let ruling = Ruling::of(&sheet, &known::order(false), None);
        let fit = ruling.places.iter().filter(|place| place.word != Word::Misses).count();
        let recommended = ruling.places.iter().filter(|place| place.word == Word::Recommended).count();
        prop_assert_eq!(recommended, usize::from(fit > 0));
        prop_assert!(ruling.places.iter().all(|place| place.word != Word::Recommended || place.is_in_class));
    }

    #[test]
    fn the_order_of_the_entries_decides_nothing(sheet in sheet()) {
        let order = known::order(false);
        let mut turned = sheet.clone();
        turned.rows.reverse();
        let (one, two) = (Ruling::of(&sheet, &order, None), Ruling::of(&turned, &order, None));
        for row in &sheet.rows {
            prop_assert_eq!(rank(&one, &row.label), rank(&two, &row.label));
        }
    }
}
