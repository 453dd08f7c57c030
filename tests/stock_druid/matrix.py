"""The index specs that are proven, each with the recorded inputs that are written with it."""

import dataclasses
import itertools


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    source: str  # of the recordings: "events" or "events_rollup"
    spec: object  # an index spec as Druid's
    always: bool  # False: only where the whole matrix is asked for

    @property
    def data_source(self):
        """The name under which its segments are written and loaded."""
        return f"{self.source}__{self.name.replace('-', '_')}"


def spec(bitmap="roaring", dimensions="lz4", metrics="lz4", longs="longs", dictionary=None, **others):
    bitmap = bitmap if isinstance(bitmap, dict) else {"type": bitmap}
    return {"bitmap": bitmap, "dimensionCompression": dimensions, "metricCompression": metrics, "longEncoding": longs,
            "stringDictionaryEncoding": dictionary or {"type": "utf8"}, **others}


def front_coded(bucket_size, version):
    return {"type": "frontCoded", "bucketSize": bucket_size, "formatVersion": version}


ALWAYS = {
    "default": {},
    "scan": spec(dimensions="uncompressed", metrics="none"),
}

# Each choice alone, beside the defaults of the others.
ALONE = {
    "concise": spec(bitmap="concise"),
    "roaring-without-runs": spec(bitmap={"type": "roaring", "compressRunOnSerialization": False}),
}


def compressions():
    """Dimensions and metrics by every pair of codecs."""
    for dimensions, metrics in itertools.product(["lz4", "uncompressed"], ["lz4", "none"]):
        yield f"{dimensions}-{metrics}", spec(dimensions=dimensions, metrics=metrics)


def cases(everything):
    named = [(name, index_spec, True) for name, index_spec in ALWAYS.items()]
    named += [(name, index_spec, False) for name, index_spec in [*ALONE.items(), *compressions()]]
    found = [Case(name, source, index_spec, always) for name, index_spec, always in named
             for source in ["events", "events_rollup"]]
    return [case for case in found if everything or case.always]
