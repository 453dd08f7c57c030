"""Druid's kinds of queries over the rows of `wikipedia.py`, which Sarsen and stock Druid are asked over HTTP: those for which the peers have no words."""

from workload import Query, agg, best, native

SOURCE = "wikipedia"
ALL = "2015-09-01/2015-10-01"
DAY = "2015-09-12/2015-09-13"
COUNT, ADDED = {"type": "count", "name": "edits"}, agg("longSum", "added")
SUMS = [agg("longSum", name) for name in ["added", "deleted", "delta", "commentLength", "deltaBucket"]]
EXTREMES = [agg(kind, field, f"{kind}_{field}") for kind in ["longMin", "longMax"] for field in ["added", "deleted", "delta"]]
CONTEXT = {"useCache": False, "populateCache": False}


def plain(kind, interval=ALL, **more):
    return {"queryType": kind, "dataSource": SOURCE, "intervals": [interval], "context": CONTEXT, **more}


def search(dimensions, query, interval=ALL, **more):
    return plain("search", interval, granularity="all", searchDimensions=dimensions, query=query, **more)


def scan(name, interval=ALL, **more):
    return Query(name, plain("scan", interval, resultFormat="compactedList", **more), "")


def groups(name, dimensions, aggregations, interval=ALL, granularity="all", **more):
    return Query(name, native(SOURCE, "groupBy", aggregations, interval, granularity, dimensions=dimensions, **more), "")


def top(name, dimension, aggregations, **more):
    return Query(name, native(SOURCE, "topN", aggregations, ALL, dimension=dimension, metric=aggregations[0]["name"], threshold=100, **more), "")


def by_hour(name, aggregations, **more):
    return Query(name, native(SOURCE, "timeseries", aggregations, ALL, "hour", **more), "")


def selector(column, value):
    return {"type": "selector", "dimension": column, "value": value}


def field(name):
    return {"type": "fieldAccess", "name": name, "fieldName": name}


def quotient(name, one, other):
    return {"type": "arithmetic", "name": name, "fn": "/", "fields": [field(one), field(other)]}


def expression(name, text, kind="STRING"):
    return {"type": "expression", "name": name, "expression": text, "outputType": kind}


HAPPY = {"type": "and", "fields": [selector("isAnonymous", "true"), selector("channel", "#ba.wikipedia")]}
WORDS = {f"#{letter}a.wikipedia": f"language {letter}" for letter in "bcdefghij"}
LANGUAGE = {"type": "extraction", "dimension": "channel", "outputName": "language",
            "extractionFn": {"type": "lookup", "lookup": {"type": "map", "map": WORDS}, "retainMissingValue": True}}
FILTERED = [{"type": "filtered", "name": f"added_{flag}", "filter": selector(flag, "true"), "aggregator": agg("longSum", "added", f"added_{flag}")}
            for flag in ["isAnonymous", "isMinor", "isNew", "isRobot"]]
MEDIAN = {"type": "quantilesDoublesSketchToQuantile", "name": "median", "fraction": 0.5, "field": {"type": "fieldAccess", "fieldName": "sketch"}}
ANALYSES = ["cardinality", "interval", "size", "minmax", "timestampSpec", "queryGranularity", "aggregators", "rollup"]

QUERIES = [
    Query("time_boundary", {"queryType": "timeBoundary", "dataSource": SOURCE, "context": CONTEXT}, ""),
    Query("data_source_metadata", {"queryType": "dataSourceMetadata", "dataSource": SOURCE, "context": CONTEXT}, ""),
    Query("segment_metadata", plain("segmentMetadata", merge=True, analysisTypes=["cardinality", "interval", "minmax", "aggregators"]), ""),
    Query("segment_metadata_all", plain("segmentMetadata", merge=False, analysisTypes=ANALYSES), ""),
    Query("search_contains", search(["page", "user"], {"type": "insensitive_contains", "value": "zz1"}), ""),
    Query("search_all_dimensions", search([], {"type": "insensitive_contains", "value": "city 1-1"}, DAY, limit=100), ""),
    Query("search_filtered", search(["page"], {"type": "insensitive_contains", "value": "history of a"},
                                    filter=selector("channel", "#ba.wikipedia"), sort={"type": "strlen"}), ""),
    scan("scan_limit", limit=1000),
    scan("scan_columns", columns=["__time", "page", "user", "added"], limit=20_000),
    scan("scan_offset", columns=["__time", "page", "added"], offset=150_000, limit=1000),
    scan("scan_filter", columns=["__time", "page", "user", "added"], filter=HAPPY, limit=5000),
    scan("scan_filter_all", columns=["__time", "page", "added"], filter={"type": "bound", "dimension": "added", "lower": "19500", "ordering": "numeric"}),
    scan("scan_time_ascending", columns=["__time", "page", "added"], order="ascending", limit=1000),
    scan("scan_time_descending", columns=["__time", "page", "user", "added"], order="descending", filter=selector("channel", "#ca.wikipedia"), limit=1000),
    scan("scan_expression", virtualColumns=[expression("v", "concat(channel, '/', lower(page))")], columns=["__time", "v"], limit=10_000),
    top("topn_pages", "page", [COUNT]),
    top("topn_many_metrics", "channel", [COUNT, *SUMS, *EXTREMES]),
    top("topn_pages_many_metrics", "page", [COUNT, *SUMS, *EXTREMES]),
    top("topn_lookup", LANGUAGE, [ADDED, COUNT]),
    Query("topn_lexicographic", native(SOURCE, "topN", [COUNT], ALL, dimension="user", metric={"type": "dimension", "ordering": "lexicographic"},
                                      threshold=100), ""),
    by_hour("hours_post_aggregators", [COUNT, *SUMS], postAggregations=[
        quotient("mean", "added", "edits"), expression("share", "deleted / (added + deleted + 1.0)", "DOUBLE")]),
    by_hour("hours_filtered_aggregators", [COUNT, *FILTERED]),
    by_hour("hours_cardinality", [{"type": "cardinality", "name": "users", "fields": ["user"], "round": True}]),
    groups("group_having", ["user"], [COUNT, ADDED], having={"type": "greaterThan", "aggregation": "edits", "value": 3000}),
    groups("group_limit", ["user"], [ADDED, COUNT], limitSpec=best(100, "added")),
    groups("group_three", ["channel", "namespace", "isRobot"], [COUNT, *SUMS]),
    groups("group_by_day", ["channel", "namespace"], [COUNT, ADDED], granularity="day"),
    groups("group_subtotals", ["channel", "namespace", "isRobot"], [COUNT, ADDED], subtotalsSpec=[["channel", "namespace"], ["channel"], ["isRobot"], []]),
    groups("group_filtered_aggregators", ["channel"], [COUNT, *FILTERED]),
    groups("group_expression", ["v"], [COUNT, ADDED], virtualColumns=[expression("v", "concat(namespace, '-', if(added > 100, 'long', 'short'))")]),
    groups("group_expression_sum", ["channel"], [{"type": "longSum", "name": "net", "expression": "added - deleted * 2"}, COUNT]),
    groups("group_time_expression", ["v"], [COUNT, ADDED], virtualColumns=[expression("v", "timestamp_extract(__time, 'HOUR')", "LONG")]),
    groups("group_lookup", [LANGUAGE, "isRobot"], [COUNT, ADDED]),
    groups("group_geography", ["countryName", "cityName"], [COUNT, ADDED],
           filter={"type": "not", "field": selector("countryName", None)}, limitSpec=best(100, "edits")),
    groups("sketch_hll", ["channel"], [{**agg("HLLSketchBuild", "user", "users"), "round": True}]),
    groups("sketch_hll_pages_by_day", ["namespace"], [{**agg("HLLSketchBuild", "page", "pages"), "round": True}], granularity="day"),
    groups("sketch_theta", ["channel"], [agg("thetaSketch", "user", "users")]),
    groups("sketch_quantiles", ["channel"], [agg("quantilesDoublesSketch", "added", "sketch")], postAggregations=[MEDIAN])._replace(
        sketch_error=0.3),  # at which the ranks are a fiftieth apart
]
