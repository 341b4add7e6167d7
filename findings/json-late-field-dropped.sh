#!/usr/bin/env bash
# A field that first appears late in a JSON file is missing from the table that DuckDB and Polars make of it, some of them without a word.
#
# Expected: every field of every object is a column, as in pandas; a reader that looks at the first rows only says so when it meets another field.
# Seen: with a field that only the last row has, DuckDB 2.0.1 (read_json, array and lines alike) leaves it out without a word once 20,480
# rows come before it. Polars 2.1.0 looks at 100 rows: read_ndjson, scan_ndjson and DataFrame leave the field out without a word; read_json
# refuses the whole file. DuckDB with sample_size=-1 and Polars with infer_schema_length=None have the field.
# Versions: DuckDB 2.0.1, pandas 3.1.1, Polars 2.1.0 (PyPI).
# Decision in SkyBackup: a field that the service did not send is left out of a JSON object and not written as null, so that a file says
# what was sent; docs/exports.md gives the readers these options. CSV has every column in its header.
# Needs: python3 with venv.
set -u
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 2

python3 -m venv venv >/dev/null 2>&1 && venv/bin/pip install -q duckdb==2.0.1 pandas==3.1.1 polars==2.1.0 >/dev/null 2>&1 ||
    { echo "could not install duckdb, pandas and polars"; exit 2; }

cat >read.py <<'PYTHON'
import json, duckdb, pandas, polars

readers = {
    "DuckDB, array": lambda rows: duckdb.sql("FROM read_json('rows.json')").columns,
    "DuckDB, lines": lambda rows: duckdb.sql("FROM read_json('rows.ndjson')").columns,
    "DuckDB, sample_size=-1": lambda rows: duckdb.sql("FROM read_json('rows.json', sample_size=-1)").columns,
    "Polars read_json": lambda rows: polars.read_json("rows.json").columns,
    "Polars read_json, infer_schema_length=None": lambda rows: polars.read_json("rows.json", infer_schema_length=None).columns,
    "Polars read_ndjson": lambda rows: polars.read_ndjson("rows.ndjson").columns,
    "Polars scan_ndjson": lambda rows: polars.scan_ndjson("rows.ndjson").collect().columns,
    "Polars DataFrame": lambda rows: polars.DataFrame(rows).columns,
    "pandas read_json": lambda rows: list(pandas.read_json("rows.json").columns),
}
for before in [99, 100, 20_479, 20_480]:
    rows = [{"id": f"backup-{number}", "start_time": "2026-08-21T02:00:07Z"} for number in range(before + 1)]
    rows[-1]["end_time"] = "2026-08-21T02:03:00Z"
    lines = [json.dumps(row) for row in rows]
    open("rows.json", "w").write("[\n" + ",\n".join(lines) + "\n]\n")
    open("rows.ndjson", "w").write("\n".join(lines) + "\n")
    for name, read in readers.items():
        try:
            result = "has the field" if "end_time" in read(rows) else "field dropped"
        except Exception as error:
            result = f"refused: {str(error).split(',')[0]}"
        print(f"after {before} rows: {name}: {result}")
PYTHON
timeout 200 venv/bin/python -W ignore read.py >seen || { echo "the files could not be read"; exit 2; }
cat >expected <<'EXPECTED'
after 99 rows: DuckDB, array: has the field
after 99 rows: DuckDB, lines: has the field
after 99 rows: DuckDB, sample_size=-1: has the field
after 99 rows: Polars read_json: has the field
after 99 rows: Polars read_json, infer_schema_length=None: has the field
after 99 rows: Polars read_ndjson: has the field
after 99 rows: Polars scan_ndjson: has the field
after 99 rows: Polars DataFrame: has the field
after 99 rows: pandas read_json: has the field
after 100 rows: DuckDB, array: has the field
after 100 rows: DuckDB, lines: has the field
after 100 rows: DuckDB, sample_size=-1: has the field
after 100 rows: Polars read_json: refused: extra field in struct data: end_time
after 100 rows: Polars read_json, infer_schema_length=None: has the field
after 100 rows: Polars read_ndjson: field dropped
after 100 rows: Polars scan_ndjson: field dropped
after 100 rows: Polars DataFrame: field dropped
after 100 rows: pandas read_json: has the field
after 20479 rows: DuckDB, array: has the field
after 20479 rows: DuckDB, lines: has the field
after 20479 rows: DuckDB, sample_size=-1: has the field
after 20479 rows: Polars read_json: refused: extra field in struct data: end_time
after 20479 rows: Polars read_json, infer_schema_length=None: has the field
after 20479 rows: Polars read_ndjson: field dropped
after 20479 rows: Polars scan_ndjson: field dropped
after 20479 rows: Polars DataFrame: field dropped
after 20479 rows: pandas read_json: has the field
after 20480 rows: DuckDB, array: field dropped
after 20480 rows: DuckDB, lines: field dropped
after 20480 rows: DuckDB, sample_size=-1: has the field
after 20480 rows: Polars read_json: refused: extra field in struct data: end_time
after 20480 rows: Polars read_json, infer_schema_length=None: has the field
after 20480 rows: Polars read_ndjson: field dropped
after 20480 rows: Polars scan_ndjson: field dropped
after 20480 rows: Polars DataFrame: field dropped
after 20480 rows: pandas read_json: has the field
EXPECTED
cat seen
if diff -u expected seen; then
    echo "as described"
else
    echo "changed"
    exit 1
fi
