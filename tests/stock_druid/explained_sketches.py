"""Why two values of an aggregator over a sketch differ though both are right: what they say is compared, not their bytes."""

import math

import sketches
from values import close, numbers

DRAWN = "sketches of quantiles draw random numbers"
K_OF_MERGING = "Druid's KLL sketches have the k of the query only where they are merged in the heap"
ENTRIES = "a sketch lists the same entries in the order in which Druid came by them"
HLL_4 = "an HLL sketch that Druid united from several segments is HLL_4, whatever the query wants"
HISTORY = "an HLL sketch of the same values estimates by the order in which Druid came by them"
OVERFLOW = "Druid's cardinality overlooks its largest value or not, as it was sent or merged"
VERSION = "Druid loses the version of a collector of cardinality that it folds another one into"
HALF = "Druid hashes half of a character that is two UTF-16 units; ours hashes what Java writes for it, a question mark"
HALF_OF_PAIR = [0x110 - 7, 0x37B - 7]  # the registers of the first half of the only such character in the data, and of "?"
ROUGH = "approxHistogram becomes rougher with each merge, and Druid merges in another order"
OTHER_NULLS = "Druid's vectors of doubleMean and approxHistogram look for nulls in other rows, where these are picked"
LAST_DIGITS = "the last digits of a sum within an image follow the order of additions"


def same(one, other, *but):
    """Whether two readings say the same, but for some of it."""
    return one.keys() - {*but} == other.keys() - {*but} and all(close(one[key], other[key]) for key in one.keys() - {*but})


def hll_error(spec):
    """Three standard errors of the estimates."""
    return 3 * math.sqrt(math.log(2) / (1 << spec.get("lgK", 12)))


def hll_estimates(spec, wanted, found):
    """Estimates, or with bounds. As long as a sketch keeps coupons, the order of the values does not matter."""
    lg_k = spec.get("lgK", 12)
    coupons = 3 << lg_k - 5 if lg_k > 7 else 7
    wanted, found = ([float(one) for one in (value if isinstance(value, list) else [value])] for value in [wanted, found])
    return HISTORY if min(wanted + found) > coupons and close(wanted, found, hll_error(spec)) else None


def hll(spec, wanted, found):
    if numbers(wanted, found):
        return hll_estimates(spec, wanted, found)
    wanted, found = sketches.hll(wanted), sketches.hll(found)
    if not wanted or not found:
        return None
    if wanted["type"] == 0 != found["type"] and same(wanted, found, "type", "history", "out of order", "registers", "exceptions"):
        return HLL_4  # what their registers say cannot be compared
    if not same(wanted, found, "history", "out of order"):
        return None
    if wanted.get("out of order") != found.get("out of order"):
        return HISTORY  # one was united of parts, and has none
    if same(wanted, found) or wanted.get("out of order"):  # which says that the history means nothing
        return ENTRIES
    return HISTORY if close(wanted["history"], found["history"], hll_error(spec)) else None


def entries(read):
    def reason(_, wanted, found):
        wanted, found = read(wanted), read(found)
        return ENTRIES if wanted and found and same(wanted, found) else None
    return reason


def quantiles(read):
    def reason(_, wanted, found):
        if isinstance(wanted, int):  # finalised: the number of values
            return None
        wanted, found = read(wanted), read(found)
        if not wanted or not found or not same(wanted, found, "values"):
            return None
        if wanted["values"] is None or found["values"] is None:
            return DRAWN
        return K_OF_MERGING if wanted["values"] == found["values"] else None
    return reason


def cardinality(spec, wanted, found):
    """A register more or less counts about one, while few of them are used. What is sent names each pair of registers once, and
    for those of which both are used the first pair again, which may be that of the largest value."""
    if numbers(wanted, found):
        most = max(wanted, found)
        return OVERFLOW if most < 140 and 0.99 < abs(wanted - found) < 3.3 + most * most / 2000 else None
    wanted, found = sketches.image(wanted), sketches.image(found)
    if wanted[1:] == found[1:]:
        return VERSION
    return HALF if cuts_pairs(spec) and without_half(wanted) == without_half(found) else None


def cuts_pairs(spec):
    return any((field.get("extractionFn") or {}).get("type") == "substring" for field in spec["fields"] if isinstance(field, dict))


def without_half(image):
    return {place: value for place, value in sketches.registers(image).items() if place not in HALF_OF_PAIR}


def histogram(spec, wanted, found):
    """Equal in number, least and greatest; exact values stay what they are however they are merged."""
    size = spec.get("resolution", 50)
    if isinstance(wanted, dict) and isinstance(found, dict):
        if not numbers(*wanted["counts"], *found["counts"]):  # NaN, of a histogram without values
            return None
        total = sum(wanted["counts"])
        alike = close(wanted["breaks"], found["breaks"]) and close(total, sum(found["counts"]), 1e-3)
        return ROUGH if alike and total > size else None
    wanted, found = sketches.histogram(wanted), sketches.histogram(found)
    if not wanted or not found or not same(wanted, found, "bins"):
        return None
    total = sum(wanted["bins"].values())
    return ROUGH if total == sum(found["bins"].values()) > size else None


def mean(_, wanted, found):
    wanted, found = sketches.mean(wanted), sketches.mean(found)
    return LAST_DIGITS if wanted and found and same(wanted, found) else None


REASONS = {
    "HLLSketchBuild": hll,
    "HLLSketchMerge": hll,
    "KllDoublesSketch": quantiles(sketches.kll("<d")),
    "KllFloatsSketch": quantiles(sketches.kll("<f")),
    "approxHistogram": histogram,
    "arrayOfDoublesSketch": entries(sketches.tuples),
    "cardinality": cardinality,
    "doubleMean": mean,
    "hyperUnique": cardinality,
    "quantilesDoublesSketch": quantiles(sketches.quantiles),
    "thetaSketch": entries(sketches.theta),
}


def has_only_zeros_more(wanted, found):
    """A histogram of other nulls lacks some of our values, and has zeros for nulls."""
    if isinstance(wanted, dict) and isinstance(found, dict):  # one without values has no numbers
        most = found["breaks"][-1] if numbers(*found["breaks"]) else 0
        return not numbers(*wanted["breaks"]) or wanted["breaks"][-1] <= max(most, 0) * (1 + 1e-6)
    wanted, found = sketches.histogram(wanted), sketches.histogram(found)
    if not wanted or not found or wanted["size"] != found["size"]:
        return False
    exact = max(sum(wanted["bins"].values()), sum(found["bins"].values())) <= wanted["size"]
    inside = min(found["least"], 0) <= wanted["least"] and wanted["most"] <= max(found["most"], 0)
    return inside and (not exact or wanted["bins"].keys() - {0.0} <= found["bins"].keys())


def takes_other_nulls(query, name, spec, wanted, found):
    """Rows of a vector are picked by a filter of the aggregator, or where groupBy cuts it into buckets of time, or where its table is full."""
    if spec["type"] not in ["doubleMean", "approxHistogram"] or query["context"].get("vectorize") == "false":
        return False
    if spec["type"] == "approxHistogram" and not has_only_zeros_more(wanted, found):
        return False
    filtered = any(one["type"] == "filtered" and one["aggregator"]["name"] == name for one in query["aggregations"])
    return filtered if query["queryType"] == "timeseries" else query["queryType"] == "groupBy"


def is_random(spec, count):
    """Whether a sketch of so many values draws some of them."""
    if not isinstance(count, int):
        return False
    if spec["type"].startswith("quantilesDoublesSketch"):
        return count >= 2 * spec.get("k", 128)
    return spec["type"].startswith("Kll") and count > 200


def reason(query, name, spec, wanted, found):
    """Why the values of one aggregator differ, or None."""
    of_kind = REASONS.get(spec["type"])
    found_reason = of_kind and of_kind(spec, wanted, found)
    return found_reason or (OTHER_NULLS if takes_other_nulls(query, name, spec, wanted, found) else None)
