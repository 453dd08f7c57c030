#pragma once
// The indexSpec of a tuningConfig: which encodings segments are written with.

#include "storage/base/json.h"
#include "storage/column/index_spec.h"

namespace sarsen::ingest {

/// Absent: the defaults. Throws kInvalidInput naming the field, kUnsupported for encodings that are not written.
storage::IndexSpec parse_index_spec(const JsonField& json);

}  // namespace sarsen::ingest
