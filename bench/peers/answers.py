"""Whether all engines answer the same: a wrong answer that is fast counts for nothing."""

import math

from engines import plain, plain_time


def same(one, other, tolerance):
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return math.isclose(one, other, rel_tol=tolerance, abs_tol=1e-9)
    return str(one) == str(other)


def documents_differ(one, other, tolerance, where=""):
    """Where two answers of Druid's form are not the same, or None."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return next(filter(None, (documents_differ(one[key], other[key], tolerance, f"{where}.{key}") for key in one)), None)
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return next(filter(None, (documents_differ(a, b, tolerance, f"{where}[{at}]") for at, (a, b) in enumerate(zip(one, other)))), None)
    scalar = not isinstance(one, (dict, list)) and not isinstance(other, (dict, list))
    return None if scalar and same(one, other, tolerance) else f"at {where}: {str(one)[:200]} and {str(other)[:200]}"


def keys_of(query):
    native = query.native
    if native["queryType"] == "search":
        return 2
    if native["queryType"] == "scan":
        return len(native["columns"])
    return (native["granularity"] != "all") + len(native.get("dimensions", [])) + ("dimension" in native)


def comparable(query, rows):
    """Sorted by number and key; of a cut list the keys that tie with the last row are left out: any of them will do."""
    keys = keys_of(query)
    timed = query.native.get("granularity", "all") != "all" or query.native["queryType"] == "scan"
    rows = [([plain_time(row[0])] if timed else []) + [str(plain(value)) for value in row[timed:keys]] + [plain(value) for value in row[keys:]]
            for row in rows]
    if query.native["queryType"] == "scan":  # by time; of those at the last time any will do
        return sorted(row if row[0] < rows[-1][0] else ["(tie)"] for row in rows)
    if "limitSpec" in query.native or "threshold" in query.native:
        last = min(row[keys] for row in rows)
        rows = [row if row[keys] > last else ["(tie)"] * keys + [row[keys]] for row in rows]
    return sorted(rows, key=lambda row: row[:keys] or [0])


def differences(query, wanted, found):
    tolerance = query.sketch_error or 1e-9  # sums differ by their order
    if not query.sql:
        return documents_differ(wanted, found, tolerance)
    wanted, found = comparable(query, wanted), comparable(query, found)
    if len(wanted) != len(found):
        return f"{len(wanted)} and {len(found)} rows"
    for one, other in zip(wanted, found):
        if len(one) != len(other) or not all(same(a, b, tolerance) for a, b in zip(one, other)):
            return f"{one} and {other}"
    return None


def hold_equal(engines, queries):
    for query in queries:
        wanted, _ = engines[0].ask(query)
        for engine in engines[1:]:
            difference = differences(query, wanted, engine.ask(query)[0])
            if difference:
                raise SystemExit(f"{query.name}: {engines[0].name} and {engine.name} differ: {difference}")
