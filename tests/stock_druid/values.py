"""The values of answers to queries that aggregate."""

import math
import re
import struct


def aggregators(query):
    """{output name: aggregator}, those within `filtered` too."""
    inner = [spec.get("aggregator", spec) for spec in query.get("aggregations", [])]
    return {spec["name"]: spec for spec in inner}


def sub_queries(query):
    """The query, and those within it."""
    while isinstance(query, dict):
        yield query
        source = query.get("dataSource")
        query = source.get("query") if isinstance(source, dict) else None


def has_aggregator(query, kind):
    return any(spec["type"] == kind for spec in aggregators(query).values())


def rows(answer):
    """The rows of a timeseries, topN or groupBy answer, each a dict."""
    for part in answer:
        held = part.get("event", part.get("result"))
        yield from held if isinstance(held, list) else [held]


def as_float(value):
    try:
        return struct.pack("f", value)
    except (OverflowError, struct.error):
        return None


def close(one, other, within=1e-9):
    """A number of 32 bits may be shown with more digits than it has."""
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(close(*pair, within) for pair in zip(one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(close(one[key], other[key], within) for key in one)
    if isinstance(one, float) or isinstance(other, float):
        return numbers(one, other) and (math.isclose(one, other, rel_tol=within) or as_float(one) == as_float(other) is not None)
    return one == other


def numbers(*values):
    return all(isinstance(value, (int, float)) for value in values)


def differing(wanted, found):
    """[(name, wanted row, found row)] of the values that differ; [] where the rows themselves are others."""
    wanted, found = list(rows(wanted)), list(rows(found))
    if len(wanted) != len(found) or any(one.keys() != other.keys() for one, other in zip(wanted, found)):
        return []
    return [(name, one, other) for one, other in zip(wanted, found) for name in one if not close(one[name], other[name])]


def tie(order, value):
    """The same for all values that an order takes for one."""
    if not isinstance(value, str):
        return "" if value is None and order == "version" else value
    if order == "version":  # as Maven's versions: zeros at the end of what is between dashes mean nothing
        text = re.sub(r"\d+", lambda digits: digits.group().lstrip("0"), value.lower())
        return "-".join(part.strip(".") for part in re.sub(r"\.{2,}", ".", text).split("-")).strip("-")
    if order == "strlen":
        return len(value)
    if order in ["alphanumeric", "numeric"]:
        return re.sub(r"\d+", lambda digits: digits.group().lstrip("0"), value.lower())
    return value
