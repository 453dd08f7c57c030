"""What Druid must answer of our segments: the recorded answers, and the rows of its own segments."""

import gzip
import importlib.machinery
import importlib.util
import json
import re


def load_judge(replay):
    """The program that replays recordings, as a module: it decides which answers count as equal."""
    loader = importlib.machinery.SourceFileLoader("replay", str(replay))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("replay", loader))
    loader.exec_module(module)
    return module


def renamed(value, old, new):
    """The query with the data source `old` called `new`, in all places where a data source can be named."""
    if isinstance(value, list):
        return [renamed(element, old, new) for element in value]
    if not isinstance(value, dict):
        return value
    result = {key: renamed(element, old, new) for key, element in value.items()}
    if result.get("dataSource") == old:
        result["dataSource"] = new
    if result.get("type") == "table" and result.get("name") == old:
        result["name"] = new
    if result.get("type") == "union":
        result["dataSources"] = [new if name == old else name for name in result["dataSources"]]
    return result


def recorded_cases(file, step):
    """Every `step`th recorded case."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for number, line in enumerate(lines) if number % step == 0]


def without_complex_nulls(answer):
    """A segmentMetadata answer that does not say which complex columns have nulls."""
    for segment in answer:
        for column in segment.get("columns", {}).values():
            if column.get("typeSignature", column["type"]).startswith("COMPLEX"):
                column.pop("hasNulls", None)
    return answer


def replay(judge, cluster, cases, old, new, compare_complex_nulls):
    """(number of equal answers, complaints)"""
    complaints = []
    for case in cases:
        case = {**case, "query": renamed(case["query"], old, new)}
        status, text = judge.ask(cluster.url, case["path"], case["query"])
        # In an answer the name is part of a segment's id only, which is the writer's own.
        text = re.sub(rf"\b{new}(?=_\d{{4}}-)", old, text)
        if case["query"]["queryType"] == "segmentMetadata" and status == 200 and not compare_complex_nulls:
            case["response"] = without_complex_nulls(case["response"])
            text = json.dumps(without_complex_nulls(json.loads(text)))
        difference = judge.judge(case, status, text)
        if difference:
            complaints.append(f"{case['name']} of {new}: {difference}")
    return len(cases) - len(complaints), complaints


def all_rows(cluster, data_source, columns):
    """Every row in the order of its segments, as Druid reads it."""
    query = {"queryType": "scan", "dataSource": data_source, "intervals": ["0000-01-01/3000-01-01"],
             "resultFormat": "compactedList", "columns": columns, "context": {"useCache": False}}
    blocks = cluster.query({**query, "order": "ascending"})
    return [row for block in blocks for row in block["events"]]


def columns_of(cluster, data_source):
    """{name: type} as Druid sees them."""
    answer = cluster.query({"queryType": "segmentMetadata", "dataSource": data_source, "merge": True,
                            "analysisTypes": [], "intervals": ["0000-01-01/3000-01-01"]})
    return {name: column.get("typeSignature") or column["type"] for name, column in answer[0]["columns"].items()}


def compare_rows(cluster, reference, data_source):
    """(number of equal rows, complaints)"""
    columns, found_columns = columns_of(cluster, reference), columns_of(cluster, data_source)
    if columns != found_columns:
        return 0, [f"columns of {data_source}: {found_columns}, those of {reference}: {columns}"]
    wanted, found = (all_rows(cluster, name, sorted(columns)) for name in [reference, data_source])
    if len(wanted) != len(found):
        return 0, [f"{data_source} has {len(found)} rows, {reference} has {len(wanted)}"]
    differing = [number for number, (one, other) in enumerate(zip(wanted, found)) if one != other]
    complaints = [f"row {number} of {data_source}: {found[number]}, of {reference}: {wanted[number]}"
                  for number in differing[:3]]
    return len(wanted) - len(differing), complaints
