"""Rows with places, which have a spatial index, sorted by a dimension before the time: Druid must find them by areas and
by time, and have them in that order."""

import json

ROWS = 6000
SOURCE = "places"
DAY = "2024-05-01"
NAMES = ["word", "spot", "number"]


def row(i):
    """Some have no place, and some only half of one."""
    values = {"ts": f"{DAY}T{i * 7 % 24:02}:{i * 13 % 60:02}:00.000Z", "word": f"w{i * 31 % 17}", "number": i,
              "lat": i * 7919 % 721 / 4 - 90, "lon": str(i * 104729 % 1441 / 4 - 180)}
    if i % 11 == 0:
        del values["lat"]
    if i % 13 == 0:
        values["lon"] = "east"
    if i % 17 == 0:
        values["spot"] = f"{i % 9}.50,-{i % 7}"
    return values


def place(i):
    """(x, y), and the text; None where the row has no place."""
    values = row(i)
    if "spot" not in values and ("lat" not in values or values["lon"] == "east"):
        return None
    text = values.get("spot") or f"{values['lat']},{values['lon']}"
    x, y = map(float, text.split(","))
    return x, y, text


def write(folder):
    (folder / "places.json").write_text("".join(json.dumps(row(i)) + "\n" for i in range(ROWS)))


def task(data_source, spec):
    return {"type": "index_parallel", "spec": {
        "dataSchema": {
            "dataSource": data_source,
            "timestampSpec": {"column": "ts", "format": "iso"},
            "dimensionsSpec": {"dimensions": ["word", {"type": "long", "name": "__time"},
                                              {"type": "spatial", "name": "spot", "dims": ["lat", "lon"]},
                                              {"type": "long", "name": "number"}],
                               "forceSegmentSortByTime": False},
            "metricsSpec": [],
            "granularitySpec": {"segmentGranularity": "day", "queryGranularity": "none", "rollup": False}},
        "ioConfig": {"type": "index_parallel", "inputSource": {"type": "local", "files": ["places.json"]},
                     "inputFormat": {"type": "json"}},
        # Several pieces, which are merged.
        "tuningConfig": {"type": "index_parallel", "indexSpec": spec, "maxRowsInMemory": 2500}}}


AREAS = [
    ({"type": "rectangular", "minCoords": [-10.25, -20], "maxCoords": [15, 0.5]},
     lambda x, y: -10.25 <= x <= 15 and -20 <= y <= 0.5),
    ({"type": "rectangular", "minCoords": [-90, -180], "maxCoords": [90, 180]}, lambda x, y: True),
    ({"type": "radius", "coords": [8.5, -4], "radius": 40}, lambda x, y: (x - 8.5) ** 2 + (y + 4) ** 2 <= 1600),
    ({"type": "rectangular", "minCoords": [100, 0], "maxCoords": [110, 10]}, lambda x, y: False),
]
HOURS = [(0, 24), (0, 1), (5, 13), (23, 24)]


def count(cluster, data_source, interval, area=None):
    query = {"queryType": "timeseries", "dataSource": data_source, "intervals": [interval], "granularity": "all",
             "aggregations": [{"type": "count", "name": "rows"}]}
    if area:
        query["filter"] = {"type": "spatial", "dimension": "spot", "bound": area}
    answer = cluster.query(query)
    return answer[0]["result"]["rows"] if answer else 0


def compare_rows(cluster, data_source):
    blocks = cluster.query({"queryType": "scan", "dataSource": data_source, "intervals": [f"{DAY}/P1D"],
                            "columns": ["__time", *NAMES], "resultFormat": "list"})
    found = [event for block in blocks for event in block["events"]]
    keys = [(event["word"], event["__time"]) for event in found]
    complaints = [] if keys == sorted(keys) else [f"{data_source} is not sorted by word and time"]
    found.sort(key=lambda event: event["number"])
    if [event["number"] for event in found] != list(range(ROWS)):
        return 0, complaints + [f"{data_source} has other rows than were written"]
    equal = 0
    for i, event in enumerate(found):
        wanted = place(i)
        wrong = event["spot"] != (wanted and wanted[2]) or event["word"] != row(i)["word"]
        complaints += [f"row {i} of {data_source} is {event}"] if wrong else []
        equal += not wrong
    return equal, complaints


def compare(cluster, data_source):
    """(number of equal rows and counts, complaints)"""
    equal, complaints = compare_rows(cluster, data_source)
    for first, end in HOURS:
        interval = f"{DAY}T{first:02}/PT{end - first}H"
        inside = [i for i in range(ROWS) if first <= int(row(i)["ts"][11:13]) < end]
        wanted = {None: len(inside)}
        for number, (area, holds) in enumerate(AREAS):
            wanted[number] = sum(place(i) is not None and holds(*place(i)[:2]) for i in inside)
        for number, rows in wanted.items():
            area = None if number is None else AREAS[number][0]
            counted = count(cluster, data_source, interval, area)
            equal += counted == rows
            if counted != rows:
                complaints.append(f"{data_source}: {counted} rows of {interval} in {area}, were {rows}")
    return equal, complaints
