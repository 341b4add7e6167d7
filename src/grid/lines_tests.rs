use proptest::prelude::*;

use super::*;

fn groups(sizes: &[usize]) -> Arc<[ServiceGroup]> {
    let group = |(number, rows): (usize, &usize)| ServiceGroup {
        service: ServiceId::new(format!("db{number}")),
        label: format!("service {number}"),
        rows: *rows,
        failed: 0,
    };
    sizes.iter().enumerate().map(group).collect()
}

fn collapsed(numbers: &[usize]) -> BTreeSet<ServiceId> {
    numbers.iter().map(|number| ServiceId::new(format!("db{number}"))).collect()
}

#[test]
fn a_table_that_is_not_grouped_has_a_line_for_each_row() {
    let lines = TableLines::from(Arc::from([7, 3]));
    assert_eq!((lines.len(), lines.is_grouped(), lines.order()), (2, false, &[7, 3][..]));
    assert_eq!([0, 1, 2].map(|line| lines.at(line)), [Some(Line::Row(0)), Some(Line::Row(1)), None]);
    assert_eq!((lines.line_of_row(1), lines.row_from(1), lines.group_of_row(1)), (1, 1, None));
    assert!(TableLines::default().is_empty());
}

#[test]
fn a_collapsed_group_has_its_own_line_alone() {
    use Line::{Group, Row};
    let lines = TableLines::new(&Arc::from([5, 4, 3, 2, 1, 0]), &groups(&[2, 3, 1]), &collapsed(&[1]));
    let shown: Vec<Line> = (0..lines.len()).map_while(|line| lines.at(line)).collect();
    assert_eq!(shown, [Group(0), Row(0), Row(1), Group(1), Group(2), Row(2)]);
    assert_eq!(lines.order(), [5, 4, 0]);
    assert_eq!([0, 1, 2, 3].map(|number| lines.is_expanded(number)), [true, false, true, false]);
    assert_eq!([1, 3, 5].map(|line| lines.row_at(line)), [Some(5), None, Some(0)]);
    assert_eq!([0, 3, 4, 5, 6].map(|line| lines.row_from(line)), [0, 2, 2, 2, 3]);
    assert_eq!([0, 1, 2].map(|position| lines.group_of_row(position)), [Some(0), Some(0), Some(2)]);
    assert_eq!(lines.line_of_group(&ServiceId::new("db2")), Some(4));
    assert_eq!(lines.line_of_group(&ServiceId::new("other")), None);
    assert_eq!(rows_of_group(&groups(&[2, 3, 1]), &ServiceId::new("db1")), 2..5);
    assert_eq!(rows_of_group(&groups(&[2]), &ServiceId::new("db1")), 0..0);
}

proptest! {
    #[test]
    fn lines_are_the_groups_and_the_rows_of_those_that_are_expanded(
        sizes in proptest::collection::vec(1_usize..5, 1..8), hidden in proptest::collection::vec(0_usize..8, 0..8),
    ) {
        let count: usize = sizes.iter().sum();
        let order: Arc<[u32]> = (0..u32::try_from(count).unwrap()).rev().collect();
        let lines = TableLines::new(&order, &groups(&sizes), &collapsed(&hidden));
        let (mut expected, mut row, mut shown) = (Vec::new(), 0, 0);
        for (number, size) in sizes.iter().enumerate() {
            expected.push((Line::Group(number), None));
            for _ in 0..*size {
                if !hidden.contains(&number) {
                    expected.push((Line::Row(shown), Some(order[row])));
                    prop_assert_eq!(lines.line_of_row(shown), expected.len() - 1);
                    prop_assert_eq!(lines.group_of_row(shown), Some(number));
                    shown += 1;
                }
                row += 1;
            }
        }
        let all: Vec<_> = (0..lines.len()).map(|line| (lines.at(line).unwrap(), lines.row_at(line))).collect();
        prop_assert_eq!(all, expected);
        prop_assert_eq!(lines.at(lines.len()), None);
        prop_assert_eq!(lines.order().len(), shown);
    }
}
