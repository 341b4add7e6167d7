#!/usr/bin/env bash
# xlsx2csv and pylightxl write a length of more than a day in a workbook without its days; xlsx2csv also without its seconds.
#
# Expected: a cell with the number format [h]:mm:ss, in which a spreadsheet shows 26:00:05, becomes 26:00:05, or the bare number.
# Seen: xlsx2csv 0.8.6 writes 02:00, for 24:00:00 and for 43 seconds 00:00; with -t %H:%M:%S it is 02:00:05. Its exit code is 0. With
# --ignore-formats time it is the number of days, 1.083391203703704. Of a time of 23:59:59.999 xlsx2csv writes the milliseconds as .000;
# pylightxl 1.61 reads it as the next day, and the length as 02:00:05. openpyxl 3.1.5 and python-calamine 0.9.1 read a timedelta of 1 day, 2:00:05.
# Versions: as named, and XlsxWriter 3.2.9 to write the workbook (PyPI).
# Decision in SkyBackup: lengths stay [h]:mm:ss, which every spreadsheet shows and sums; CSV has the seconds as a number beside the text,
# and docs/exports.md names the option that xlsx2csv needs.
# Needs: python3 with venv.
set -u
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 2

python3 -m venv venv >/dev/null 2>&1 &&
    venv/bin/pip install -q xlsx2csv==0.8.6 pylightxl==1.61 openpyxl==3.1.5 python-calamine==0.9.1 XlsxWriter==3.2.9 >/dev/null 2>&1 ||
    { echo "could not install xlsx2csv, pylightxl, openpyxl, python-calamine and XlsxWriter"; exit 2; }

cat >write.py <<'PYTHON'
import datetime, xlsxwriter

book = xlsxwriter.Workbook("lengths.xlsx")
sheet = book.add_worksheet()
length, time = (book.add_format({"num_format": text}) for text in ["[h]:mm:ss", "yyyy-mm-dd hh:mm:ss.000"])
for row, seconds in enumerate([43, 86_399, 86_400, 93_605, 7 * 86_400 + 59]):
    sheet.write_number(row, 0, seconds / 86_400, length)
    sheet.write_datetime(row, 1, datetime.datetime(2026, 8, 22, 23, 59, 59, 999_000), time)
book.close()
PYTHON
cat >read.py <<'PYTHON'
import openpyxl, pylightxl, python_calamine

readers = {
    "pylightxl": pylightxl.readxl("lengths.xlsx").ws("Sheet1").rows,
    "openpyxl": openpyxl.load_workbook("lengths.xlsx").active.values,
    "calamine": python_calamine.CalamineWorkbook.from_path("lengths.xlsx").get_sheet_by_index(0).to_python(),
}
for name, rows in readers.items():
    for row in rows:
        print(f"{name}: {row[0]} | {row[1]}")
PYTHON
venv/bin/python write.py || { echo "the workbook could not be written"; exit 2; }
{
    for options in "" "-t %H:%M:%S" "--ignore-formats time"; do
        echo "xlsx2csv $options"
        # shellcheck disable=SC2086
        venv/bin/xlsx2csv lengths.xlsx $options || exit 2
    done
    timeout 60 venv/bin/python -W ignore read.py || exit 2
} >seen
cat >expected <<'EXPECTED'
xlsx2csv 
00:00,2026-08-22 23:59:59.000
23:59,2026-08-22 23:59:59.000
00:00,2026-08-22 23:59:59.000
02:00,2026-08-22 23:59:59.000
00:00,2026-08-22 23:59:59.000
xlsx2csv -t %H:%M:%S
00:00:43,2026-08-22 23:59:59.000
23:59:59,2026-08-22 23:59:59.000
00:00:00,2026-08-22 23:59:59.000
02:00:05,2026-08-22 23:59:59.000
00:00:59,2026-08-22 23:59:59.000
xlsx2csv --ignore-formats time
0.0004976851851851852,2026-08-22 23:59:59.000
0.999988425925926,2026-08-22 23:59:59.000
1,2026-08-22 23:59:59.000
1.083391203703704,2026-08-22 23:59:59.000
7.000682870370371,2026-08-22 23:59:59.000
pylightxl: 00:00:43 | 2026/08/23 00:00:00
pylightxl: 23:59:59 | 2026/08/23 00:00:00
pylightxl: 00:00:00 | 2026/08/23 00:00:00
pylightxl: 02:00:05 | 2026/08/23 00:00:00
pylightxl: 00:00:59 | 2026/08/23 00:00:00
openpyxl: 0:00:43 | 2026-08-22 23:59:59.999000
openpyxl: 23:59:59 | 2026-08-22 23:59:59.999000
openpyxl: 1 day, 0:00:00 | 2026-08-22 23:59:59.999000
openpyxl: 1 day, 2:00:05 | 2026-08-22 23:59:59.999000
openpyxl: 7 days, 0:00:59 | 2026-08-22 23:59:59.999000
calamine: 0:00:43 | 2026-08-22 23:59:59.999000
calamine: 23:59:59 | 2026-08-22 23:59:59.999000
calamine: 1 day, 0:00:00 | 2026-08-22 23:59:59.999000
calamine: 1 day, 2:00:05 | 2026-08-22 23:59:59.999000
calamine: 7 days, 0:00:59 | 2026-08-22 23:59:59.999000
EXPECTED
cat seen
if diff -u expected seen; then
    echo "as described"
else
    echo "changed"
    exit 1
fi
