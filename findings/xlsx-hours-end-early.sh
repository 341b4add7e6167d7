#!/usr/bin/env bash
# SheetJS and read-excel-file read times of a workbook a millisecond early, so that what happened at 01:00:00 belongs to the hour before.
#
# Expected: a cell of 2026-08-22 01:00:00 is read as that time: a day has 86,400 seconds, and the numbers in a workbook (17 digits) tell them
# apart to some microseconds.
# Seen: with cellDates, SheetJS makes 00:59:59.999 of it, and so of a third of all seconds of that day: both cut the milliseconds instead of
# rounding them. Of its whole hours these are 1, 4, 7 … 22 o'clock, at which jobs begin; counted by hour they land in the hour before.
# SheetJS is right where it gives text (raw: false, sheet_to_csv), ExcelJS is right throughout, as are openpyxl and calamine.
# Versions: xlsx 0.18.5 (SheetJS), read-excel-file 9.3.17, exceljs 4.4.0 (npm); XlsxWriter 3.2.9, openpyxl 3.1.5, python-calamine 0.9.1 (PyPI).
# Decision in SkyBackup: a workbook is for people; scripts get CSV or JSON, whose times are text (docs/exports.md).
# Needs: python3 with venv, node and npm.
set -u
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 2

python3 -m venv venv >/dev/null 2>&1 && venv/bin/pip install -q XlsxWriter==3.2.9 openpyxl==3.1.5 python-calamine==0.9.1 >/dev/null 2>&1 ||
    { echo "could not install XlsxWriter, openpyxl and python-calamine"; exit 2; }
echo '{"private":true,"type":"module"}' >package.json
npm install --silent --no-fund --no-audit xlsx@0.18.5 exceljs@4.4.0 read-excel-file@9.3.17 >/dev/null 2>&1 ||
    { echo "could not install xlsx, exceljs and read-excel-file"; exit 2; }

# Every second of a day.
cat >write.py <<'PYTHON'
import datetime, xlsxwriter

book = xlsxwriter.Workbook("times.xlsx")
sheet = book.add_worksheet()
time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
sheet.write_string(0, 0, "Started")
for second in range(86_400):
    sheet.write_datetime(second + 1, 0, datetime.datetime(2026, 8, 22) + datetime.timedelta(seconds=second), time)
book.close()
PYTHON
cat >read.mjs <<'NODE'
import XLSX from "xlsx";
import ExcelJS from "exceljs";
import readXlsxFile from "read-excel-file/node";

const day = Date.UTC(2026, 7, 22);
const tell = (name, times) => {
    const early = times.flatMap((time, second) => (time < day + second * 1000 ? [second] : []));
    const late = times.filter((time, second) => time > day + second * 1000).length;
    const hours = early.filter((second) => second % 3600 === 0).map((second) => second / 3600);
    console.log(`${name}: ${times.length} times, ${early.length} early, ${late} late, of whole hours early: ${hours.join(" ") || "none"}`);
};
const sheet = (options) => XLSX.readFile("times.xlsx", options).Sheets.Sheet1;
const dates = XLSX.utils.sheet_to_json(sheet({ cellDates: true })).map((row) => row.Started);
tell("SheetJS, cellDates", dates.map(Number));
console.log(`SheetJS, cellDates: 01:00:00 is ${dates[3600].toISOString()}`);
tell("SheetJS, text", XLSX.utils.sheet_to_json(sheet({}), { raw: false }).map((row) => Date.parse(`${row.Started.replace(" ", "T")}Z`)));
const [first] = await readXlsxFile("times.xlsx");
tell("read-excel-file", first.data.slice(1).map(([time]) => Number(time)));
const book = new ExcelJS.Workbook();
await book.xlsx.readFile("times.xlsx");
tell("ExcelJS", book.worksheets[0].getColumn(1).values.slice(2).map(Number));
NODE
cat >read.py <<'PYTHON'
import datetime, openpyxl, python_calamine

day = datetime.datetime(2026, 8, 22)
readers = {
    "openpyxl": openpyxl.load_workbook("times.xlsx", read_only=True).active.values,
    "calamine": python_calamine.CalamineWorkbook.from_path("times.xlsx").get_sheet_by_index(0).to_python(),
}
for name, rows in readers.items():
    # calamine gives a date without a time for midnight.
    times = [time if isinstance(time, datetime.datetime) else datetime.datetime.combine(time, datetime.time()) for time, in list(rows)[1:]]
    wrong = sum(time != day + datetime.timedelta(seconds=second) for second, time in enumerate(times))
    print(f"{name}: {len(times)} times, {wrong} wrong")
PYTHON
venv/bin/python write.py || { echo "the workbook could not be written"; exit 2; }
{ TZ=UTC timeout 120 node read.mjs && timeout 120 venv/bin/python -W ignore read.py; } >seen || { echo "the workbook could not be read"; exit 2; }
cat >expected <<'EXPECTED'
SheetJS, cellDates: 86400 times, 25856 early, 0 late, of whole hours early: 1 4 7 10 13 16 19 22
SheetJS, cellDates: 01:00:00 is 2026-08-22T00:59:59.999Z
SheetJS, text: 86400 times, 0 early, 0 late, of whole hours early: none
read-excel-file: 86400 times, 31104 early, 0 late, of whole hours early: 1 4 7 10 13 16 19 22
ExcelJS: 86400 times, 0 early, 0 late, of whole hours early: none
openpyxl: 86400 times, 0 wrong
calamine: 86400 times, 0 wrong
EXPECTED
cat seen
if diff -u expected seen; then
    echo "as described"
else
    echo "changed"
    exit 1
fi
