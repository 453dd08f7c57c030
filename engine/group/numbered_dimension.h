#pragma once
// A dimension of longs whose column has ids (storage/narrow/number_ids.h): they are read as those of text are, and
// nothing is looked up.

#include <memory>

#include "engine/group/dimension.h"
#include "storage/narrow/number_ids.h"

namespace sarsen::engine {

/// The column's ids, which it may not have yet; nullptr: it never has.
storage::NumberedLongs* numbered_longs(const DimensionSpec& spec, ColumnSources& columns);

std::unique_ptr<DimensionReader> make_numbered_dimension(storage::NumberIds ids, storage::ValueType output_type);

}  // namespace sarsen::engine
