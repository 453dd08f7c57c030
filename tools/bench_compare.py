#!/usr/bin/env python3
"""Compares two runs of the benchmarks, name by name: before / after, so that more than 1 is faster.

usage: tools/bench_compare.py BEFORE.json AFTER.json

Each is what `sarsen_bench --benchmark_out=FILE`, `sarsen bench --json` or `bench/peers/compare --json FILE` wrote. Of repeated
benchmarks the median counts, of the others the least time. The exit status says only whether there was something to compare.
"""

import json
import math
import sys


def of_google(document):
    held = {}
    medians = any(run.get("aggregate_name") == "median" for run in document["benchmarks"])
    for run in document["benchmarks"]:
        if medians and run.get("aggregate_name") != "median":
            continue
        name = run.get("run_name", run["name"])
        held[name] = min(held.get(name, math.inf), run["cpu_time"])
    return held


def of_peers(document):
    return {f"{engine}, {result['threads']} threads: {query}": time_ms
            for result in document for engine, times in result["times"].items() for query, time_ms in times.items()}


def times(path):
    with open(path) as file:
        document = json.load(file)
    if isinstance(document, list):
        return of_peers(document)
    if "benchmarks" in document:
        return of_google(document)
    return {result["query"]: result["minMs"] for result in document["results"]}


def main():
    if len(sys.argv) != 3 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    before, after = times(sys.argv[1]), times(sys.argv[2])
    common = [name for name in before if name in after and after[name] > 0]
    if not common:
        sys.exit("no benchmark is in both files")
    width = max(map(len, common))
    for name in common:
        print(f"{name:{width}}  {before[name]:14.4f}  {after[name]:14.4f}  {before[name] / after[name]:7.3f}")
    mean = math.exp(sum(math.log(before[name] / after[name]) for name in common) / len(common))
    print(f"{'geometric mean':{width}}  {'':14}  {'':14}  {mean:7.3f}")
    for name in sorted(before.keys() ^ after.keys()):
        print(f"only in the {'first' if name in before else 'second'}: {name}")


main()
