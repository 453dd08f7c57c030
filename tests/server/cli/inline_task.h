#pragma once
// A small batch task with its rows inside.

#include <string>

namespace sarsen::server {

/// Four rows of data source "pages" on two days: dimensions page, tags (multi-value) and level (long); metrics count,
/// added (longSum) and ratio (doubleSum).
inline std::string inline_task() {
  return R"({"type": "index", "spec": {
    "dataSchema": {
      "dataSource": "pages",
      "timestampSpec": {"column": "time", "format": "iso"},
      "dimensionsSpec": {"dimensions": ["page", "tags", {"type": "long", "name": "level"}]},
      "metricsSpec": [{"type": "count", "name": "count"},
                      {"type": "longSum", "name": "added", "fieldName": "added"},
                      {"type": "doubleSum", "name": "ratio", "fieldName": "ratio"}],
      "granularitySpec": {"segmentGranularity": "DAY", "queryGranularity": "NONE", "rollup": false}},
    "ioConfig": {
      "type": "index",
      "inputSource": {"type": "inline", "data":
"{\"time\":\"2024-01-01T01:00:00Z\",\"page\":\"Äpfel\",\"tags\":[\"a\",\"b\"],\"level\":7,\"added\":10,\"ratio\":0.5}\n{\"time\":\"2024-01-01T02:00:00Z\",\"page\":\"B\",\"added\":20,\"ratio\":1.5}\n{\"time\":\"2024-01-02T03:00:00Z\",\"page\":null,\"tags\":\"c\",\"level\":-1,\"added\":30}\n{\"time\":\"2024-01-02T04:00:00Z\",\"page\":\"B\",\"tags\":[],\"level\":0,\"added\":40,\"ratio\":2}\nno json\n"},
      "inputFormat": {"type": "json"}},
    "tuningConfig": {"type": "index"}}})";
}

}  // namespace sarsen::server
