"""Calls of pydruid's native client, as its users write them. usage: pydruid_calls.py URL; prints one JSON line a call."""

import json
import sys
import urllib.error  # the client leaves these to its user
import urllib.request  # noqa: F401

from pydruid.client import PyDruid
from pydruid.utils import aggregators as aggregate
from pydruid.utils.dimensions import (DimensionSpec, ListFilteredSpec, MapLookupExtraction, RegexExtraction,
                                      TimeFormatExtraction)
from pydruid.utils.filters import Bound, Dimension, Filter, Interval
from pydruid.utils.having import Aggregation
from pydruid.utils.postaggregator import Const, Field, HyperUniqueCardinality, ThetaSketch, ThetaSketchEstimate

EVENTS = {"datasource": "events", "intervals": "2024-02-28/2024-03-02"}
ROLLED_UP = {"datasource": "events_rollup", "intervals": "2024-02-28/2024-03-02"}


def calls(client):
    yield "timeseries", lambda: client.timeseries(
        **EVENTS, granularity="day", descending=True,
        aggregations={"rows": aggregate.count("rows"), "qty": aggregate.longsum("qty"),
                      "least": aggregate.doublemin("price"), "most": aggregate.doublemax("price")},
        post_aggregations={"mean": Field("qty") / Field("rows"), "more": Field("qty") + Const(1)},
        filter=(Dimension("device") == "phone") | (Dimension("level") == "high"))
    yield "timeseries with filtered aggregators", lambda: client.timeseries(
        **EVENTS, granularity="all",
        aggregations={"phones": aggregate.filtered(Dimension("device") == "phone", aggregate.count("rows")),
                      "users": aggregate.cardinality("user"), "first": aggregate.stringfirst("city"),
                      "last": aggregate.stringlast("level")})
    yield "topN", lambda: client.topn(
        **EVENTS, granularity="all", dimension="city", metric="qty", threshold=5,
        aggregations={"qty": aggregate.longsum("qty"), "rows": aggregate.count("rows")},
        filter=Dimension("flag") == "true")
    yield "topN by an extraction", lambda: client.topn(
        **EVENTS, granularity="day", metric="rows", threshold=3, aggregations={"rows": aggregate.count("rows")},
        dimension=DimensionSpec("path", "kind", extraction_function=RegexExtraction("^/([a-zA-Z]+)/")))
    yield "groupBy", lambda: client.groupby(
        **EVENTS, granularity="all", dimensions=["device", "level"],
        aggregations={"rows": aggregate.count("rows"), "price": aggregate.doublesum("price")},
        filter=~(Dimension("device") == "tablet") & Bound("qty", "10", None, ordering="numeric", alphaNumeric=False),
        having=(Aggregation("rows") > 20),
        limit_spec={"type": "default", "limit": 20, "columns": [
            {"dimension": "rows", "direction": "descending"}, "device", "level"]})
    yield "groupBy in the hours of a time zone", lambda: client.groupby(
        **EVENTS, granularity={"type": "period", "period": "P1D", "timeZone": "Europe/Paris"},
        dimensions=[DimensionSpec("level", "LEVEL", extraction_function=MapLookupExtraction({"high": "H"}, retain_missing_values=True)),
                    DimensionSpec("__time", "hour", extraction_function=TimeFormatExtraction("HH", "Europe/Paris"))],
        aggregations={"rows": aggregate.count("rows")}, filter=Dimension("city") == "東京")
    yield "groupBy of a query", lambda: client.groupby(
        datasource=json.loads(json.dumps({"type": "query", "query": {
            "queryType": "groupBy", "dataSource": "events", "intervals": EVENTS["intervals"], "granularity": "all",
            "dimensions": ["user"], "aggregations": [{"type": "count", "name": "n"}]}})),
        intervals=EVENTS["intervals"], granularity="all", dimensions=[],
        aggregations={"users": aggregate.count("users"), "rows": aggregate.longsum("n"), "most": aggregate.longmax("n")})
    yield "sketches", lambda: client.timeseries(
        **ROLLED_UP, granularity="day",
        aggregations={"users_hu": aggregate.hyperunique("users_hu"), "theta": aggregate.thetasketch("users_theta"),
                      "rows": aggregate.longsum("count"), "quantiles": aggregate.quantilesDoublesSketch("price_q")},
        post_aggregations={"unique": HyperUniqueCardinality("users_hu"),
                           "estimate": ThetaSketchEstimate(ThetaSketch("theta"))})
    yield "filters", lambda: client.timeseries(
        **EVENTS, granularity="all", aggregations={"rows": aggregate.count("rows")},
        filter=Filter(type="and", fields=[
            Filter(type="in", dimension="level", values=["high", "mid"]),
            Filter(type="like", dimension="path", pattern="/shop/%"),
            Filter(type="regex", dimension="user", pattern="[0-5]$"),
            Interval("__time", ["2024-02-28/2024-02-29T12:00"])]))
    yield "scan", lambda: client.scan(
        **EVENTS, granularity="all", columns=["__time", "user", "tags", "qty", "price"], limit=7, order="ascending",
        filter=Dimension("device") == "phone")
    yield "groupBy of chosen values", lambda: client.groupby(
        **EVENTS, granularity="all", aggregations={"rows": aggregate.count("rows")},
        dimensions=[DimensionSpec("tags", "tag", filter_spec=ListFilteredSpec(["green", "beta"]))])
    yield "timeBoundary", lambda: client.time_boundary(datasource="events")
    yield "segmentMetadata", lambda: client.segment_metadata(**EVENTS, merge=True, analysisTypes=["cardinality", "minmax"])
    yield "a mistake", lambda: client.timeseries(
        datasource="events", intervals="2024-02-28", granularity="day", aggregations={"rows": aggregate.count("rows")})


def answer(call):
    try:
        return call().result
    except (IOError, ValueError) as error:  # the client's own words are of no interest
        return f"refused: {type(error).__name__}"


def main():
    client = PyDruid(sys.argv[1], "druid/v2")
    for name, call in calls(client):
        print(json.dumps({"call": name, "result": answer(call)}, sort_keys=True))


if __name__ == "__main__":
    main()
