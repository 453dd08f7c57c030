"""The tables of a comparison."""

import datetime
import math
import os

PEERS = ["DuckDB", "ClickHouse"]


def geometric_mean(values):
    values = list(values)
    return math.exp(sum(map(math.log, values)) / len(values)) if values else math.nan


def processor():
    with open("/proc/cpuinfo") as file:
        name = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), "unknown processor")
    return f"{name}, {os.cpu_count()} processors"


def table(rows):
    return "\n".join("| " + " | ".join(row) + " |" for row in [rows[0], ["---"] * len(rows[0]), *rows[1:]]) + "\n"


def of_threads(result, queries):
    times = result["times"]
    peers = [name for name in times if name.startswith(tuple(PEERS))]
    druid = next((name for name in times if name.startswith("Druid")), None)
    published = any(query.published_ms for query in queries)
    rows = [["query", "Sarsen", *peers, "best peer / Sarsen"] + (["Sarsen over HTTP", "Druid over HTTP", "Druid / Sarsen"] if druid else []) +
            (["published", "published / Sarsen"] if published else [])]
    ratios, druid_ratios = [], []
    for query in queries:
        ours = times["Sarsen"][query.name]
        ratios.append(min(times[name][query.name] for name in peers) / ours)
        row = [query.name, f"{ours:.3f}", *(f"{times[name][query.name]:.2f}" for name in peers), f"**{ratios[-1]:.2f}**"]
        if druid:
            over_http = times["Sarsen over HTTP"][query.name]
            druid_ratios.append(times[druid][query.name] / over_http)
            row += [f"{over_http:.3f}", f"{times[druid][query.name]:.2f}", f"**{druid_ratios[-1]:.1f}**"]
        if published:
            row += [f"{query.published_ms:.2f}", f"**{query.published_ms / ours:.2f}**"]
        rows.append(row)
    sums = {name: sum(times[name].values()) for name in ["Sarsen", *peers]}
    means = (f"All together: {', '.join(f'{name} {time_ms:.1f}' for name, time_ms in sums.items())}; best peer / Sarsen "
             f"{min(sums[name] for name in peers) / sums['Sarsen']:.2f}. Geometric mean {geometric_mean(ratios):.2f}, least {min(ratios):.2f}")
    if druid:
        means += f"; of Druid {geometric_mean(druid_ratios):.1f}, least {min(druid_ratios):.1f}"
    return table(rows) + "\n" + means + ".\n"


def memory_line(memory):
    def mib(what, kind):
        return f"{memory[what][kind] / 2**20:.0f} MiB"
    return f"Resident: {mib('opened', 'now')} after opening, {mib('after', 'now')} after the queries, {mib('after', 'peak')} at most."


def segment_bytes(folder):
    return sum(os.path.getsize(os.path.join(root, name)) for root, _, names in os.walk(folder) for name in names)


def stored_line(stored, segments, rows):
    """What a row takes on disk, in each engine's form."""
    sizes = {"Sarsen (the form of Druid's segments)": segment_bytes(segments), **stored}
    return "Bytes a row on disk: " + ", ".join(f"{name} {size / rows:.1f}" for name, size in sizes.items()) + ".\n"


def markdown(results, queries, segments, options):
    parts = [f"{datetime.date.today()}, {processor()}; {segment_bytes(segments) / 2**20:.0f} MiB of segments. Milliseconds, the least of "
             f"{options.rounds * options.repeats} runs in {options.rounds} turns; a ratio above 1: Sarsen is faster.\n"]
    for result in results:
        parts.append(f"### {result['threads']} thread{'s' if result['threads'] > 1 else ''}\n")
        parts.append(of_threads(result, queries))
        parts.append(f"Memory reads {result['bandwidth'] / 1e9:.1f} GB/s. {memory_line(result['memory'])}\n")
    parts.append(stored_line(results[0]["stored"], segments, results[0]["rows"]))
    return "\n".join(parts)
