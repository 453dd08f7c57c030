#pragma once
// A raw value as a value of its own, that outlives the message: what dimensions of any shape keep. Functions of their
// arguments only.

#include <optional>

#include "ingest/row/raw_value.h"
#include "ingest/row/row_arena.h"
#include "storage/base/json.h"
#include "storage/structured/field_types.h"

namespace sarsen::ingest {

Json json_of(const RawValue& value);

/// The way back: texts and lists live in `arena`.
RawValue raw_of(const Json& json, RowArena& arena);

/// The value as castToType makes it, by Druid's rules: text becomes the number that it is, or null; a scalar an array
/// of one; an array of one a scalar. nullopt where the value cannot be cast: objects, and longer arrays to scalars.
std::optional<Json> cast_json(const Json& value, storage::ColumnShape shape);

}  // namespace sarsen::ingest
