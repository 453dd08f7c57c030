"""The index specs that are proven, each with the recorded inputs that are written with it."""

import dataclasses
import itertools


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    source: str  # "events" or "events_rollup" of the recordings, "shapes" or "places"
    spec: dict  # an index spec as Druid's
    always: bool  # False: only where the whole matrix is asked for
    merged: bool = False  # made by `sarsen merge` of Druid's own segments, not of the input

    @property
    def data_source(self):
        """The name under which its segments are written and loaded."""
        return f"{self.source}__{self.name.replace('-', '_')}" + ("__merged" if self.merged else "")

    @property
    def knows_complex_nulls(self):
        """Whether complex metrics are compressed: only there Druid knows whether one is null, elsewhere it says so of
        each column."""
        return self.spec.get("complexMetricCompression") in CODECS[:3]


def spec(bitmap="roaring", dimensions="lz4", metrics="lz4", longs="longs", dictionary=None, **others):
    bitmap = bitmap if isinstance(bitmap, dict) else {"type": bitmap}
    return {"bitmap": bitmap, "dimensionCompression": dimensions, "metricCompression": metrics, "longEncoding": longs,
            "stringDictionaryEncoding": dictionary or {"type": "utf8"}, **others}


def front_coded(bucket_size, version):
    return {"type": "frontCoded", "bucketSize": bucket_size, "formatVersion": version}


MADE = ["shapes", "places"]  # by a module of that name
SOURCES = ["events", "events_rollup", *MADE]
CODECS = ["lz4", "lzf", "zstd", "uncompressed"]

ALWAYS = {
    "default": {},
    "scan": {"preset": "scan"},
    "druid": {"preset": "druid"},
    "concise-lzf-auto": spec(bitmap="concise", dimensions="lzf", metrics="lzf", longs="auto"),
    "front4-v1-zstd": spec(dimensions="zstd", metrics="zstd", dictionary=front_coded(4, 1),
                           complexMetricCompression="zstd"),
}
MERGED_ALWAYS = "front4-v1-zstd"


def on_request():
    """Each choice beside the defaults of the others, and pairs where choices meet in one column."""
    yield "concise", spec(bitmap="concise")
    yield "roaring-without-runs", spec(bitmap={"type": "roaring", "compressRunOnSerialization": False})
    for dimensions, metrics in itertools.product(CODECS, [*CODECS, "none"]):
        yield f"{dimensions}-{metrics}", spec(dimensions=dimensions, metrics=metrics)
    for metrics in [*CODECS, "none"]:
        yield f"auto-{metrics}", spec(metrics=metrics, longs="auto")
    for bucket_size, version in itertools.product([1, 4, 16, 128], [0, 1]):
        yield f"front{bucket_size}-v{version}", spec(dictionary=front_coded(bucket_size, version))
    for codec in [*CODECS, "none"]:
        yield f"complex-{codec}", spec(complexMetricCompression=codec)
    yield "loader", spec(segmentLoader={"type": "broadcastJoinableMMapSegmentFactory", "keyColumns": ["city"]})


def fits(name, source):
    """JSON is in shapes only, complex metrics in events_rollup, the key column of the other loader in both events."""
    if source in MADE:
        return not name.startswith(("complex-", "loader", *(["json-"] if source == "places" else [])))
    return not name.startswith("json-") and (source == "events_rollup" or not name.startswith("complex-"))


def cases(everything):
    named = [(name, index_spec, True) for name, index_spec in ALWAYS.items()]
    named += [(name, index_spec, False) for name, index_spec in on_request()]
    named += [("json-" + codec, spec(jsonCompression=codec), False) for codec in CODECS]
    found = [Case(name, source, index_spec, always) for name, index_spec, always in named for source in SOURCES
             if fits(name, source)]
    found += [dataclasses.replace(case, merged=True, always=case.name == MERGED_ALWAYS) for case in found
              if case.source not in MADE]
    return [case for case in found if everything or case.always]
