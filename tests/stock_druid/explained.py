"""Where an answer may differ from stock Druid's, each with its reason. The list is meant to be short."""

import base64
import json
import math
import struct

import explained_rows

BROKEN = ["java.lang.NullPointerException", "com.fasterxml.jackson.core.io.JsonEOFException"]
UNCOMPARABLE = ["java.lang.NumberFormatException", "java.lang.ClassCastException"]
OF_ROWS = ["First", "Last", "Any"]
FLOAT_SUM_TOLERANCE = 1e-4  # some thousand rows, each rounded to 24 bits
KLL_K = 200  # what a KLL sketch keeps exactly, whatever k a query asks for


def aggregators(query):
    """{output name: aggregator}, those within `filtered` too."""
    inner = [spec.get("aggregator", spec) for spec in query.get("aggregations", [])]
    return {spec["name"]: spec for spec in inner}


def has_aggregator(query, kind):
    return any(spec["type"] == kind for spec in aggregators(query).values())


def rows(answer):
    """The rows of a timeseries, topN or groupBy answer, each a dict."""
    for part in answer:
        held = part.get("event", part.get("result"))
        yield from held if isinstance(held, list) else [held]


def close(one, other):
    if isinstance(one, float) or isinstance(other, float):
        return all(isinstance(x, (int, float)) for x in [one, other]) and math.isclose(one, other, rel_tol=1e-9)
    return one == other


def differing(wanted, found):
    """[(name, wanted row, found row)] of the values that differ; [] where the rows themselves are others."""
    wanted, found = list(rows(wanted)), list(rows(found))
    if len(wanted) != len(found) or any(one.keys() != other.keys() for one, other in zip(wanted, found)):
        return []
    return [(name, one, other) for one, other in zip(wanted, found) for name in one if not close(one[name], other[name])]


def image(value):
    try:
        return base64.b64decode(value, validate=True)
    except (TypeError, ValueError):
        return b""


def same_mean(wanted, found):
    """Two images of doubleMean, equal but for the last digits of the sum."""
    return len(wanted) == len(found) == 16 and wanted[8:] == found[8:] and math.isclose(
        struct.unpack(">d", wanted[:8])[0], struct.unpack(">d", found[:8])[0], rel_tol=1e-9)


def drawn(spec, wanted, found):
    """Whether two sketches of quantiles are of equally many values, too many to be kept exactly."""
    if not spec["type"].startswith(("quantilesDoublesSketch", "Kll")):
        return False
    exact = KLL_K if spec["type"].startswith("Kll") else 2 * spec.get("k", 128)
    if isinstance(wanted, int):  # finalised: the number of values
        return wanted == found and wanted > exact
    wanted, found = image(wanted), image(found)
    return wanted[8:16] == found[8:16] != b"" and int.from_bytes(wanted[8:16], "little") > exact


def exact_values(kind, sketch):
    """(number, least, greatest, values kept) of a KLL sketch that keeps all, which it does on one level; else None."""
    width, begin = (4, 24) if kind.startswith("KllFloats") else (8, 24)
    if len(sketch) < begin + 2 * width or sketch[18] != 1:
        return None
    values = [sketch[at:at + width] for at in range(begin, len(sketch), width)]
    return sketch[8:16], values[:2], sorted(values[2:])


def same_but_k(spec, wanted, found):
    """Two images of a KLL sketch of the same values, but with another k, and so other lengths of levels."""
    if not spec["type"].startswith("Kll"):
        return False
    wanted, found = image(wanted), image(found)
    if len(wanted) == len(found) == 8:  # empty
        return wanted[:3] + wanted[5:] == found[:3] + found[5:]
    return exact_values(spec["type"], wanted) == exact_values(spec["type"], found) is not None


def reason_of_value(query, name, wanted, found):
    """Why one value of a row differs, or None."""
    spec = aggregators(query).get(name)
    if spec is None:
        post = next((post for post in query.get("postAggregations", []) if post["name"] == name), {})
        field = (post.get("field") or {}).get("fieldName")
        spec = aggregators(query).get(field)
        if spec and post["type"].startswith(("quantilesDoublesSketchTo", "Kll")) and drawn(spec, wanted[field], found[field]):
            return "sketches of quantiles draw random numbers"
        used = [name for name in aggregators(query) if f'"{name}"' in json.dumps(post) or f"{name} " in json.dumps(post)]
        if used and all(wanted[name] != found[name] and reason_of_value(query, name, wanted, found) for name in used):
            return reason_of_value(query, used[0], wanted, found)
        return None
    if drawn(spec, wanted[name], found[name]):
        return "sketches of quantiles draw random numbers"
    if same_but_k(spec, wanted[name], found[name]):
        return "Druid's KLL sketches have the k of the query only where they are merged in the heap"
    if spec["type"] == "doubleMean" and same_mean(image(wanted[name]), image(found[name])):
        return "the last digits of a sum within an image follow the order of additions"
    if spec["type"] == "floatSum" and math.isclose(wanted[name], found[name], rel_tol=FLOAT_SUM_TOLERANCE):
        return "the last digits of a sum in 32-bit floats follow the order of additions"
    if spec["type"].endswith(tuple(OF_ROWS)):
        return "pending: which of several rows of one time is first, last or any"
    return None


def reason_of_values(case, text):
    """One reason for all values that differ, or None."""
    try:
        values = differing(case["response"], json.loads(text))
    except (ValueError, AttributeError, TypeError):
        return None
    reasons = [reason_of_value(case["query"], *value) for value in values]
    return min(reasons) if reasons and all(reasons) else None


def loses_subtotals(case, text):
    """Whether Druid's rows are some of ours, all of one bucket; where a limit or `having` follows, it cannot be told."""
    query = case["query"]
    if query["queryType"] != "groupBy" or "subtotalsSpec" not in query or query["granularity"] == "all":
        return False
    wanted, found = case["response"], json.loads(text)
    buckets = {row["timestamp"] for row in wanted}
    if "limitSpec" in query or "having" in query:
        return len(buckets) < 2 and len(found) > 0
    same = [row for row in found if row["timestamp"] in buckets]
    return len(buckets) == 1 and len(wanted) == len(same) < len(found) and not differing(wanted, same)


def reason_of_failure(case, status, text):
    """Why Druid fails and we do not, or the other way round."""
    query, failure = case["query"], case["response"] if isinstance(case["response"], dict) else {}
    if case["status"] == 500 and 400 <= status < 500:
        return "Druid fails where the query is at fault"
    if case["status"] == 500 and "Unhandled exception" in json.dumps(failure):
        return "Druid breaks, without a word why"
    if "Not enough merge buffer memory" in json.dumps(failure):
        return "Druid is too small for the query"
    if case["status"] == 500 and failure.get("errorClass") in BROKEN:
        return "Druid breaks over a null, or between its servers"
    if case["status"] == 500 and failure.get("errorClass") in UNCOMPARABLE and query.get("having"):
        return "Druid breaks where `having` compares text or a histogram with a number"
    if has_aggregator(query, "singleValue") and case["status"] != status and "more than one row" in json.dumps(failure) + text:
        return "Druid's singleValue takes the answers of two segments for two rows, or does not, by the way they are merged"
    return None


def reason(case, status, text, answer=None):
    """Why this difference is none, or None. `case` holds Druid's answer; `status` and `text` are ours. answer(query):
    how our answer to another query differs from Druid's to this one, or None; its status and text."""
    def again(query):
        difference, *ours = answer(query)
        return not difference or reason_of_difference({**case, "query": query}, *ours)

    return explained_rows.reason(case, status, text, answer and again) or reason_of_difference(case, status, text)


def reason_of_difference(case, status, text):
    query = case["query"]
    if case["status"] != 200 or status != 200:
        return reason_of_failure(case, status, text)
    if query["queryType"] == "groupBy" and query["granularity"] != "all" and has_aggregator(query, "doubleMean"):
        return "Druid's doubleMean looks for nulls in other rows where a vector is cut into buckets of time"
    if loses_subtotals(case, text):
        return "Druid's subtotals keep only the last bucket of time"
    return reason_of_values(case, text) if query["queryType"] in ["timeseries", "topN", "groupBy"] else None
