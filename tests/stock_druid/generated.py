"""Data that is not small: rows of every shape, of which `sarsen` makes segments for both to read. The same number of rows gives the
same data. `events` has the recorded columns and others; each of its days has a shape of its own. `rolled` is rolled up, with sketches."""

import json
import random
import subprocess

from cluster import Failure

SEED = 33
DAYS = ["2024-02-28", "2024-02-29", "2024-03-01", "2024-03-02"]
SHARES = [0.45, 0.3, 0.2, 0.05]  # of the rows, by day
HOUR_MS = 3600 * 1000

PLAIN = ["user", "city", "level", "device", {"type": "string", "name": "tags", "multiValueHandling": "SORTED_ARRAY"}, "code", "flag",
         "path",
         {"type": "long", "name": "qty"}, {"type": "long", "name": "big"}, {"type": "double", "name": "price"},
         {"type": "float", "name": "ratio"}, {"type": "double", "name": "lat"}, "many", "skewed", "sparse"]
AUTO = [{"type": "auto", "name": name} for name in ["words", "counts", "mixed", "document"]]
LISTS_AS_THEY_ARE = [{"type": "string", "name": "tags", "multiValueHandling": "ARRAY"} if spec == PLAIN[4] else spec for spec in PLAIN]
# The last day has other types, and lacks some columns.
OTHERS = ["user", "level", "device", "code", {"type": "double", "name": "qty"}, {"type": "float", "name": "price"},
          {"type": "float", "name": "lat"}, {"type": "long", "name": "ratio"}, "many"]
DIMENSIONS = [[*PLAIN, *AUTO], LISTS_AS_THEY_ARE, [*AUTO, *reversed(PLAIN)], OTHERS]
METRICS = [
    {"type": "count", "name": "count"}, {"type": "longSum", "name": "qty", "fieldName": "qty"},
    {"type": "doubleSum", "name": "price", "fieldName": "price"}, {"type": "doubleMin", "name": "price_min", "fieldName": "price"},
    {"type": "floatMax", "name": "ratio", "fieldName": "ratio"}, {"type": "floatSum", "name": "lat", "fieldName": "lat"},
    {"type": "longMax", "name": "big", "fieldName": "big"},
    {"type": "longLast", "name": "qty_last", "fieldName": "qty"}, {"type": "stringFirst", "name": "path_first", "fieldName": "path"},
    {"type": "hyperUnique", "name": "users_unique", "fieldName": "user"},
    {"type": "thetaSketch", "name": "users_theta", "fieldName": "user"},
    {"type": "HLLSketchBuild", "name": "users_hll", "fieldName": "user", "lgK": 12},
    {"type": "quantilesDoublesSketch", "name": "prices", "fieldName": "price", "k": 64},
    {"type": "approxHistogramFold", "name": "price_histogram", "fieldName": "price", "resolution": 20},
]


class Rows:
    def __init__(self):
        self.random = random.Random(SEED)

    def one(self, day, share):
        """A row of a day; share: how much of the day was before it."""
        draw, choose = self.random.random, self.random.choice
        odd = draw() < 0.02  # values that filters ask for
        number = self.random.randrange(1 << 20)
        return {
            "ts": self.time(day, share),
            "user": f"u{int(draw() ** 3 * 2000)}", "city": choose(["東京", "Łódź", "", "tab\there", "Zürich", "New York", "back\\slash",
                                                                   "𝔘nicode", None]),
            "level": choose(["high", "mid", "mid", "low", None]),
            "device": choose(["phone", "phone", "phone", "tablet", "desktop", "watch"]),
            "tags": self.tags(), "code": choose(["007", "1e3", "3.5", "", "x"]) if odd else str(number % 251 - 20), "flag": draw() < 0.7,
            "path": choose(["/Shop/d%20e/", "/shop/a/", "/blog/b/", "/help/"]) + f"{int(draw() ** 2 * 60)}.html",
            "qty": None if draw() < 0.1 else int(draw() * 100), "big": choose([0, 1, 9007199254740993, 10 ** 15, -(1 << 63), number]),
            "price": None if draw() < 0.05 else round(draw() ** 2 * 300, 2), "ratio": None if draw() < 0.1 else round(draw(), 4),
            "lat": self.random.uniform(-90, 90) if not odd else choose([0.0, 15.39746, -0.0]),
            "many": f"{number % 50021:x}-é{number % 7}", "skewed": "common" if draw() < 0.9 else f"rare {int(draw() * 3000)}",
            "sparse": choose(["", "a", "ä"]) if draw() < 0.01 else None,
            "words": None if draw() < 0.1 else [choose(["ab", "c", "", None]) for _ in range(number % 4)],
            "counts": [number % 9, None, number % 3][:number % 4],
            "mixed": choose([number % 50, f"text {number % 50}", number % 50 / 4, None]),
            "document": {"a": {"b": number % 100}, "c": choose(["x", "y", None, number % 5])} if draw() < 0.9 else None,
        }

    def tags(self):
        count = int(self.random.random() ** 2 * 5)
        tags = [self.random.choice(["green", "beta", "", "y", "x", "blue", "délta", "9", "gamma", "alpha"]) for _ in range(count)]
        return tags[0] if len(tags) == 1 else tags if tags or self.random.random() < 0.5 else None

    def time(self, day, share):
        """Milliseconds of the first day come in no order, the second has few times, the others come in order."""
        ms = int({0: self.random.random(), 1: int(self.random.random() * 40) / 40}.get(day, share) * 24 * HOUR_MS)
        return f"{DAYS[day]}T{ms // HOUR_MS:02}:{ms // 60000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}Z"

    def of_day(self, day, count):
        return [self.one(day, i / count) for i in range(count)]


def task(data_source, file, dimensions, **granularity):
    return {"type": "index_parallel", "spec": {
        "dataSchema": {"dataSource": data_source, "timestampSpec": {"column": "ts", "format": "iso"},
                       "dimensionsSpec": {"dimensions": dimensions}, "metricsSpec": METRICS if granularity else [],
                       "granularitySpec": {"segmentGranularity": "day", "queryGranularity": "none", "rollup": False, **granularity}},
        "ioConfig": {"type": "index_parallel", "inputSource": {"type": "local", "files": [file]}, "inputFormat": {"type": "json"}},
        "tuningConfig": {"type": "index_parallel"}}}


def write(sarsen, folder, rows_count):
    """The folder of the segments."""
    rows = Rows()
    segments = folder / "segments"
    for day, share in enumerate(SHARES):
        (folder / "rows.json").write_text("".join(json.dumps(row) + "\n" for row in rows.of_day(day, max(1, int(rows_count * share)))))
        ingest(sarsen, folder, task("events", "rows.json", DIMENSIONS[day]))
        ingest(sarsen, folder, task("rolled", "rows.json", ["city", "level", PLAIN[4], "flag"], queryGranularity="hour", rollup=True))
    return segments


def ingest(sarsen, folder, spec):
    (folder / "task.json").write_text(json.dumps(spec))
    done = subprocess.run([sarsen, "ingest", folder / "task.json", "--base-dir", folder, "--out", folder / "segments"],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        raise Failure(f"sarsen ingest:\n{done.stdout.strip()}")
