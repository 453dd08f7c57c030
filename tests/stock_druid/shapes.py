"""Columns of any shape: rows with numbers, arrays, mixed values and objects, which Druid must give back as they were
read, and count by their nested fields."""

import json

ROWS = 400
SOURCE = "shapes"

DIMENSIONS = [{"type": "auto", "name": name} for name in
              ["word", "number", "decimal", "mixed", "numbers", "decimals", "words", "constant", "object"]]
DIMENSIONS.append({"type": "json", "name": "document"})


def row(i):
    """Values of which every so manieth is null or missing; a missing one reads as null."""
    values = {
        "ts": f"2024-05-01T{i // 60:02}:{i % 60:02}:00.000Z",
        "word": None if i % 11 == 0 else f"wört {i * 7 % 31}",
        "number": None if i % 13 == 0 else (i * 2654435761) % 1000003 - 500000,
        "decimal": None if i % 17 == 0 else i / 8 - 3.5,
        "mixed": [f"text {i % 5}", i % 9, i / 4 + 0.25, None][i % 4],
        "numbers": None if i % 7 == 0 else [j - 2 if j % 3 else None for j in range(i % 5)],
        "decimals": None if i % 5 == 0 else [i / 2 + 0.25, -1.5],
        "words": [f"w{i % 3}", None, "ü" * (i % 4)],
        "constant": 7,
        "object": {"x": {"y": i % 10, "z": f"z{i % 6}"}, "list": [{"a": i % 3}, {"a": None}], "flat": i / 2},
        "document": [{"kind": "click", "at": [i % 4, i % 5]}, f"only text {i % 3}", i % 8, None][i % 4],
    }
    return {name: value for name, value in values.items() if value is not None or i % 2 == 0}


def write(folder):
    (folder / "shapes.json").write_text("".join(json.dumps(row(i), ensure_ascii=False) + "\n" for i in range(ROWS)))


def task(data_source, spec):
    return {"type": "index_parallel", "spec": {
        "dataSchema": {
            "dataSource": data_source,
            "timestampSpec": {"column": "ts", "format": "iso"},
            "dimensionsSpec": {"dimensions": DIMENSIONS},
            "metricsSpec": [],
            "granularitySpec": {"segmentGranularity": "day", "queryGranularity": "none", "rollup": False}},
        "ioConfig": {"type": "index_parallel", "inputSource": {"type": "local", "files": ["shapes.json"]},
                     "inputFormat": {"type": "json"}},
        "tuningConfig": {"type": "index_parallel", "indexSpec": spec}}}


def nested(value, path):
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def count(cluster, data_source, column, path, kind, value):
    """Rows where the nested field is `value`, as Druid counts them."""
    virtual = {"type": "nested-field", "columnName": column, "outputName": "v", "path": "$." + ".".join(path)}
    answer = cluster.query({
        "queryType": "timeseries", "dataSource": data_source, "intervals": ["2024-05-01/P1D"], "granularity": "all",
        "virtualColumns": [virtual], "aggregations": [{"type": "count", "name": "rows"}],
        "filter": {"type": "equals", "column": "v", "matchValueType": kind, "matchValue": value}})
    return answer[0]["result"]["rows"] if answer else 0


def compare(cluster, data_source):
    """(number of equal rows and counts, complaints)"""
    names, complaints, equal = [dimension["name"] for dimension in DIMENSIONS], [], 0
    blocks = cluster.query({"queryType": "scan", "dataSource": data_source, "intervals": ["2024-05-01/P1D"],
                            "columns": ["__time", *names], "resultFormat": "list", "order": "ascending"})
    found = [event for block in blocks for event in block["events"]]
    if len(found) != ROWS:
        complaints.append(f"{data_source} has {len(found)} rows, {ROWS} were written")
    for i, event in enumerate(found):
        wrong = [name for name in names if event.get(name) != row(i).get(name)]
        complaints += [f"row {i} of {data_source}: {name} is {event.get(name)!r}, was {row(i).get(name)!r}" for name in wrong]
        equal += not wrong
    for column, path, kind, value in [("object", ["x", "y"], "LONG", 3), ("object", ["x", "z"], "STRING", "z4"),
                                      ("object", ["flat"], "DOUBLE", 20.5), ("document", ["kind"], "STRING", "click")]:
        wanted = sum(nested(row(i).get(column), path) == value for i in range(ROWS))
        counted = count(cluster, data_source, column, path, kind, value)
        equal += counted == wanted
        if counted != wanted:
            complaints.append(f"{data_source}: {column} {path} is {value!r} in {counted} rows, was in {wanted}")
    return equal, complaints
