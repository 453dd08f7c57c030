"""The loads that are put on a server, and their tables."""

import itertools
import random

import ad_events
from clients import Loop, request_of
from query_mix import NO_CACHES, QueryMix
from report import table

KINDS = ["aggregate", "group", "search and metadata"]
OF_SATURATION = [0.5, 0.9, 2.0]


def percentile(times, share):
    times = sorted(times)
    return times[min(int(len(times) * share / 100), len(times) - 1)] * 1000 if times else float("nan")


def row(name, answers, seconds):
    """Times of those that were answered; others are counted."""
    good = [answer for answer in answers if answer.status == 200]
    times = [answer.took for answer in good]
    p50, p95, p99 = (percentile(times, share) for share in (50, 95, 99))
    of_kinds = [[answer.took for answer in good if answer.kind == kind] for kind in KINDS]
    return [name, f"{len(good) / seconds:.0f}", str(len(answers) - len(good)), f"{p50:.2f}", f"{p95:.2f}", f"{p99:.2f}", f"**{p99 / p50:.1f}**",
            *(f"{percentile(kind, 50):.2f} / {percentile(kind, 99):.2f}" for kind in of_kinds)]


def loops(address, options):
    """Closed loops, then open ones at shares of the rate at which those were saturated."""
    mix = itertools.islice(QueryMix(options.hours, options.seed), options.queries)
    queries = [(asked.kind, request_of(asked.native)) for asked in mix]
    Loop(address, 2, queries).closed()  # what is touched first is read, decoded and compiled first
    rows = [["loop", "queries/s", "refused", "p50", "p95", "p99", "p99 / p50", *(f"{kind}: p50 / p99" for kind in KINDS)]]
    saturation, clients = 0.0, [int(count) for count in options.clients.split(",")]
    for count in clients:
        answers, seconds = Loop(address, count, queries).closed()
        saturation = max(saturation, len(answers) / seconds)
        rows.append(row(f"closed, {count} client{'s' if count > 1 else ''}", answers, seconds))
    for share in OF_SATURATION:
        arrivals = random.Random(options.seed)
        answers, seconds = Loop(address, max(clients), queries).open(arrivals.expovariate(share * saturation) for _ in itertools.count())
        rows.append(row(f"open, {share:g} of saturation", answers, seconds))
    return [table(rows)]


def interval(options):
    return [f"{ad_events.instant(ad_events.END - ad_events.datetime.timedelta(hours=options.hours))}/{ad_events.instant(ad_events.END)}"]


def long_queries(options):
    """What keeps a server busy: groups by the hundred thousand over everything, and rows that are written out."""
    everything = {"dataSource": ad_events.SOURCE, "intervals": interval(options), "context": NO_CACHES}
    order = {"type": "default", "limit": 10, "columns": [{"dimension": "events", "direction": "descending", "dimensionOrder": "numeric"}]}
    return {
        "groups": {"queryType": "groupBy", "granularity": "all", "dimensions": ["d20", "d30"], "limitSpec": order,
                   "aggregations": [{"type": "count", "name": "events"}], **everything},
        "rows": {"queryType": "scan", "columns": [ad_events.dimension(k) for k in range(0, 40, 4)], "limit": options.rows // 3,
                 "resultFormat": "compactedList", **everything}}


def short_query():
    hour = [f"{ad_events.instant(ad_events.END - ad_events.datetime.timedelta(hours=1))}/{ad_events.instant(ad_events.END)}"]
    return {"queryType": "timeseries", "dataSource": ad_events.SOURCE, "intervals": hour, "granularity": "all", "context": NO_CACHES,
            "filter": {"type": "selector", "dimension": "d10", "value": ad_events.value(10, 1)},
            "aggregations": [{"type": "longSum", "name": "m00", "fieldName": "m00"}]}


def beside(address, short, long, count):
    """Short queries one by one while a long one is always running: (times of short ones, times of long ones)."""
    loop = Loop(address, 2, [])
    asked_short, asked_long = ("short", request_of(short)), ("long", request_of(long))
    running = set()
    while sum(answer.kind == "short" for answer in loop.answers) < count or sum(answer.kind == "long" for answer in loop.answers) < 3:
        for asked in (asked_long, asked_short):
            if asked[0] not in running:
                loop.begin(*asked)
                running.add(asked[0])
        before = len(loop.answers)
        loop.poll(1)
        running -= {answer.kind for answer in loop.answers[before:]}
    answers, _ = loop.ended()
    return ([answer.took for answer in answers if answer.kind == kind] for kind in ("short", "long"))


def fairness(address, options):
    rows = [["beside", "short queries: p50", "p99", "times p50 alone", "the long one: p50", "times its p50 alone"]]
    alone, _ = Loop(address, 1, [("short", request_of(short_query()))] * options.queries).closed()
    alone = [answer.took for answer in alone]
    rows.append(["nothing", f"{percentile(alone, 50):.2f}", f"{percentile(alone, 99):.2f}", "1.0", "", ""])
    for name, long in long_queries(options).items():
        long_alone, _ = Loop(address, 1, [("long", request_of(long))] * 3).closed()
        long_ms = percentile([answer.took for answer in long_alone], 50)
        short, of_long = beside(address, short_query(), long, options.queries)
        rows.append([f"a long query of {name}", f"{percentile(short, 50):.2f}", f"{percentile(short, 99):.2f}",
                     f"**{percentile(short, 50) / percentile(alone, 50):.1f}**", f"{percentile(of_long, 50):.0f}",
                     f"{percentile(of_long, 50) / long_ms:.1f}"])
    return [table(rows)]
