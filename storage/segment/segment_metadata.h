#pragma once
// What a segment's metadata.drd says of its rows: their order, and the projections beside them. Format:
// storage/FORMAT.md, "metadata.drd", "Projections". Thread safety: pure functions.

#include <optional>
#include <vector>

#include "storage/segment/segment.h"

namespace sarsen::storage {

/// From an array of {"columnName", "order"}; `field` must be there. Throws kInvalidInput that names the field.
std::vector<SortKey> read_sort_keys(const JsonField& field);

/// "ordering" of the metadata, by time where it says nothing. May be empty, or without __time: that is what Druid
/// leaves of the orders of segments that it merged. Throws kInvalidInput that names the field.
std::vector<SortKey> read_ordering(const Json& metadata);

/// By ascending __time and nothing else: the order of a segment that says nothing of it.
std::vector<SortKey> order_by_time();

/// True where `ordering` begins with ascending __time.
bool is_by_time(const std::vector<SortKey>& ordering);

/// "projections" of the metadata, which may be null JSON. Throws kInvalidInput that names the field.
std::vector<Projection> read_projections(const Json& metadata);

}  // namespace sarsen::storage
