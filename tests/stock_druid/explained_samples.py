"""What may differ between two answers of the sampler, and why."""

import json
import re

PARTLY, NEXT_FAULT = "Found unparseable columns: ", ",(?=Unable|Unknown|Could|Cannot)"
FAULTY_NUMBER = re.compile("(Unable to parse value|Unknown type)")
EMPTY_HLL = "AgEHDAMMAAA="
LONGS = range(-(1 << 63), 1 << 63)
WHOLE = [("minTimestamp", "Druid's sampler takes no row before 1970"),
         ("Could not transform value", "a value that cannot be made ends Druid's sample, and here it spoils its row"),
         ("Aggregation function", "a path's function of nothing ends Druid's sample, and here it spoils its row"),
         ("can not be applied to primitives", "a path's condition on a number ends Druid's sample, and here gives nothing"),
         ("Predicate does not support ARRAY", "a filter that Druid has not for arrays ends its sample"),
         ("Index 0 out of bounds", "a jq program without a value ends Druid's sample, and here it spoils its row"),
         ("Cannot invoke", "Druid fails over what is not there, and here it is null"),
         ("jackson.jq.exception", "a jq program that fails ends Druid's sample, and here it spoils its row")]


def error_text(text):
    """Without Java's objects, and without the line, which Druid has not told of every error."""
    text = re.sub(r" \(Line: \d+\)$", "", text).replace("java.util.HashMap", "java.util.LinkedHashMap")
    text = text.replace("[Ljava.lang.Object;", "java.util.ArrayList")
    partly = re.match(r"(?s)Found unparseable columns in row: .*exceptions: \[(.*)\]$", text)
    if partly:  # Druid tells of a field once for each metric that reads it
        return PARTLY + ",".join(dict.fromkeys(re.split(NEXT_FAULT, partly[1])))
    return "Could not transform value for __time." if text.endswith("for field[__time]") else text


def plain(value):
    """As both may show it: whole numbers of more than 64 bits as doubles, half characters as question marks."""
    if isinstance(value, dict):
        return {key: error_text(inner) if key == "error" and isinstance(inner, str) else plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if isinstance(value, str):
        return re.sub("[\ud800-\udfff]", "?", value)
    return float(value) if isinstance(value, int) and value not in LONGS else value


def number_text(value):
    try:
        return repr(float(value))
    except ValueError:
        return value


def mixed_as_text(value):
    if isinstance(value, list) and all(not isinstance(inner, (dict, list)) for inner in value):
        return [inner if inner is None else number_text(inner) for inner in value]
    return {key: mixed_as_text(inner) for key, inner in value.items()} if isinstance(value, dict) else value


def first_difference(left, right, place=""):
    """(place, left, right) of what differs first, or None."""
    if isinstance(left, dict) and isinstance(right, dict):
        for key in [*left, *(key for key in right if key not in left)]:
            if key not in left or key not in right:
                return f"{place}.{key}", left.get(key, "nothing"), right.get(key, "nothing")
            if found := first_difference(left[key], right[key], f"{place}.{key}"):
                return found
        return None
    if isinstance(left, list) and isinstance(right, list):
        for number, (one, other) in enumerate(zip(left, right)):
            if found := first_difference(one, other, f"{place}[{number}]"):
                return found
        return None if len(left) == len(right) else (f"{place}.length", len(left), len(right))
    return None if left == right and type(left) is type(right) else (place, left, right)


def difference(druid, sarsen):
    """Of two answers, each (status, text): None where they are equal."""
    if druid[0] != sarsen[0]:
        return "status", f"{druid[0]} {druid[1][:300]}", f"{sarsen[0]} {sarsen[1][:300]}"
    return first_difference(plain(json.loads(druid[1])), plain(json.loads(sarsen[1]))) if druid[0] == 200 else None


def reason(sample, druid, sarsen, found):
    """Why they may differ, or None."""
    if druid[0] != 200 or sarsen[0] != 200:
        return next((why for word, why in WHOLE if word in druid[1]), None)
    place, left, right = found
    if ".parsed." in place and first_difference(mixed_rows(druid[1]), mixed_rows(sarsen[1])) is None:
        return "Druid's live rows show mixed arrays as they came, and stored ones as here"
    if "cannot be represented as a long" in f"{left}":
        return "a time that no segment has is told in other words"
    more = place == ".numRowsIndexed" and left > right
    if has_filtered_metric(sample) and (faults_of(left) < faults_of(right) or more and FAULTY_NUMBER.search(sarsen[1])):
        return "what a metric with a filter cannot read is counted here though the filter lets the row not through"
    if "java.util.ArrayList@" in f"{left}":
        return "an array that a transform made is told by its place in Java's memory"
    if ".parsed." in place and left == EMPTY_HLL and right is None:
        return "an HLL sketch of nothing is null here at once, and in Druid when it is stored"
    if "Unable to parse row [null]" in sarsen[1]:
        return "a line that says null is a row without fields to Druid"
    if "jq program" in f"{right}" or more and "jq program" in sarsen[1]:
        return "libjq fails where Druid's jq does not, or cannot hold a whole number"
    if place == ".numRowsRead" and left < right and "jq program" in sarsen[1]:
        return "a jq program is not run in Druid for a row that the filter takes out"
    return None


def has_filtered_metric(sample):
    return any(metric["type"] == "filtered" for metric in sample["spec"]["dataSchema"].get("metricsSpec", []))


def faults_of(text):
    if not isinstance(text, str) or not text.startswith(PARTLY):
        return set()
    return set(re.split(NEXT_FAULT, text.removeprefix(PARTLY)))


def mixed_rows(text):
    return [{**plain(row), "parsed": mixed_as_text(plain(row.get("parsed")))} for row in json.loads(text)["data"]]
