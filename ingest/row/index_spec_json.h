#pragma once
// The indexSpec of a tuningConfig: which encodings segments are written with. Druid 33's JSON, and one field more: a
// "preset" (default, scan) names a whole spec, which the other fields then change. Thread-safe: no state.

#include <string>

#include "storage/base/json.h"
#include "storage/column/index_spec.h"

namespace sarsen::ingest {

/// Absent: the defaults. Fields that Druid does not know are passed over, as Druid does. Throws kInvalidInput naming
/// the field, and what it may be.
storage::IndexSpec parse_index_spec(const JsonField& json);

/// The spec as Druid 33 writes it; parse_index_spec gives the same spec again.
std::string index_spec_text(const storage::IndexSpec& spec);

}  // namespace sarsen::ingest
