//! Cron in English, against expected sentences.

use super::tests::cron;
use super::{describe_recurrence, describe_recurrence_with_zone};
use crate::domain::Recurrence;

#[test]
fn common_shapes_read_naturally() {
    let cases = [
        ("0 2 * * 1-5", "At 02:00, Monday to Friday"),
        ("*/15 * * * *", "Every 15 minutes"),
        ("* * * * *", "Every minute"),
        ("5 * * * *", "Every hour at :05"),
        ("0 * * * *", "Every hour on the hour"),
        ("0 2 1 * *", "At 02:00 on day 1 of the month"),
        ("0 2,14 * * *", "At 02:00 and 14:00 every day"),
        ("0 2 * * *", "At 02:00 every day"),
        ("0 */6 * * *", "At 00:00, 06:00, 12:00 and 18:00 every day"),
        ("0 */2 * * *", "Every 2 hours at :00"),
        ("45 */4 * * *", "Every 4 hours at :45"),
        ("0 1/2 * * *", "Every 2 hours at :00, from 01:00"),
        ("10,40 */4 * * *", "Every 4 hours at :10 and :40"),
        ("0 */5 * * *", "Every 5 hours from 00:00 to 20:00 (restarts each day)"),
        ("10,40 */5 * * *", "Every 5 hours at :10 and :40, from 00:10 to 20:40 (restarts each day)"),
        ("0 9-17 * * 1-5", "Every hour from 09:00 to 17:00, Monday to Friday"),
        ("7 9-17 * * *", "Every hour from 09:07 to 17:07"),
        ("0,30 9-17 * * *", "Every 30 minutes from 09:00 to 17:30"),
        ("5 1,2,5,9,20 * * *", "At :05 in the hours 01, 02, 05, 09 and 20"),
        ("*/7 * * * *", "Every 7 minutes from :00 to :56 (restarts each hour)"),
        ("5/15 * * * *", "Every 15 minutes from :05"),
        ("9-59/10 * * * *", "Every 10 minutes from :09"),
        ("0-40/10 * * * *", "Every 10 minutes from :00 to :40 (restarts each hour)"),
        ("1-5,9 * * * *", "Every hour at :01 to :05 and :09"),
        ("* 9 * * *", "Every minute from 09:00 to 09:59"),
        ("1-5 9 * * *", "Every minute from 09:01 to 09:05"),
        ("1-5 9-17 * * *", "Every minute from :01 to :05, in the hours 09 to 17"),
        ("*/15 9-17 * * 1", "Every 15 minutes from 09:00 to 17:45 on Mondays"),
        ("*/10 1,5,9 * * *", "Every 10 minutes from :00 to :50, in the hours 01, 05 and 09"),
        ("*/15 * * * 6,0", "Every 15 minutes on Saturdays and Sundays"),
        ("0 2 1 * 1", "At 02:00 on day 1 of the month and every Monday"),
        ("0 2 1 6 1-5", "At 02:00 on 1 June and every day from Monday to Friday in June"),
        ("0 2 1 6 *", "At 02:00 on 1 June"),
        ("0 2 * * 0", "At 02:00 every Sunday"),
        ("0 2 * * 6,0", "At 02:00 every Saturday and Sunday"),
        ("0 2 * * 1,3,5", "At 02:00 every Monday, Wednesday and Friday"),
        ("0 2 1,15 1,7 *", "At 02:00 on days 1 and 15 of January and July"),
        ("0 2 1-7 * *", "At 02:00 on days 1 to 7 of the month"),
        ("0 2 15-31 * *", "At 02:00 from day 15 to the last day of the month"),
        ("0 2 */2 * *", "At 02:00 on odd days of the month"),
        ("0 2 2/2 * *", "At 02:00 on even days of the month"),
        ("0 2 */3 * *", "At 02:00 on every 3rd day from day 1 of the month (restarts each month)"),
        (
            "0 2 */15 * *",
            "At 02:00 on days 1, 16 and 31 of the month (no day 31 in February, April, June, September or November)",
        ),
        ("0 2 * 1-3 *", "At 02:00 every day from January to March"),
        ("0 2 * 1 1-5", "At 02:00, Monday to Friday, in January"),
        // Days that not every month has.
        ("0 2 29 * *", "At 02:00 on day 29 of the month (in February only in leap years)"),
        ("0 2 30 * *", "At 02:00 on day 30 of the month (skips February)"),
        ("0 2 31 * *", "At 02:00 on day 31 of the month (skips February, April, June, September and November)"),
        ("0 2 30 1,2 *", "At 02:00 on 30 January"),
        (
            "0 2 30,31 * *",
            "At 02:00 on days 30 and 31 of the month (no day 30 in February; no day 31 in February, April, June, September or November)",
        ),
        ("0 0 29 2 *", "At 00:00 on 29 February, in leap years only"),
        ("0 2 31 2 *", "Never runs: there is no day 31 in February"),
        ("0 2 30,31 2 *", "Never runs: there are no days 30 or 31 in February"),
        // Two readings.
        (
            "0 0 */2 * 1",
            "At 00:00, either on odd days of the month that fall on Monday, or on odd days of the month and every Monday",
        ),
        (
            "0 0 1-7 * */7",
            "At 00:00, either on days 1 to 7 of the month that fall on Sunday, or on days 1 to 7 of the month and every Sunday",
        ),
        (
            "0 0 1 * */2",
            "At 00:00, either on day 1 of the month if it falls on Tuesday, Thursday, Saturday or Sunday, or on day 1 of the month and every Tuesday, Thursday, Saturday and Sunday",
        ),
        ("0 2 1-31 * 1", "At 02:00, either every Monday, or every day"),
        ("0 2 1,* * 1-5", "At 02:00, either Monday to Friday, or every day"),
        ("0 2 */2 * 0-6", "At 02:00, either on odd days of the month, or every day"),
        (
            "*/15 * */2 * 1",
            "Every 15 minutes, either on odd days of the month that fall on Monday, or on odd days of the month and every Monday",
        ),
        ("0 0 30 2 */2", "Either never, or at 00:00 every Tuesday, Thursday, Saturday and Sunday in February"),
    ];
    for (text, want) in cases {
        assert_eq!(cron(text).describe_in(""), want, "{text}");
    }
}

#[test]
fn the_zone_is_named_where_it_matters() {
    let cases = [
        ("0 2 * * 1-5", "At 02:00 UTC, Monday to Friday"),
        ("0 2,14 * * *", "At 02:00 and 14:00 UTC every day"),
        ("*/15 * * * *", "Every 15 minutes"),
        ("* * * * *", "Every minute"),
        // In Kolkata it is half past.
        ("0 * * * *", "Every hour on the hour (UTC)"),
        ("*/20 * * * *", "Every 20 minutes (UTC)"),
        ("*/15 * * * 1", "Every 15 minutes on Mondays (UTC)"),
        ("45 */4 * * *", "Every 4 hours at :45 (UTC)"),
        (
            "0 0 */2 * 1",
            "At 00:00 UTC, either on odd days of the month that fall on Monday, or on odd days of the month and every Monday",
        ),
        ("0 0 30 2 */2", "Either never, or at 00:00 UTC every Tuesday, Thursday, Saturday and Sunday in February"),
        ("0 0 31 2 *", "Never runs: there is no day 31 in February"),
    ];
    for (text, want) in cases {
        assert_eq!(cron(text).describe_in("UTC"), want, "{text}");
    }
    let words = |text: &str| {
        (describe_recurrence(&Recurrence::read(text)), describe_recurrence_with_zone(&Recurrence::read(text)))
    };
    let same = |text: &str| (text.to_owned(), text.to_owned());
    assert_eq!(words("Once"), same("Once"));
    assert_eq!(words("cron"), same("Unreadable: cron"));
    assert_eq!(words("0 22-2 * * *"), same("Unreadable: 0 22-2 * * *"));
    assert_eq!(words("a\u{202e}b"), same("Unreadable: a\\u{202e}b"));
    assert_eq!(words("@weekly").0, "At 00:00 every Sunday");
    assert_eq!(words("@weekly").1, "At 00:00 UTC every Sunday");
}
