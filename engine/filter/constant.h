#pragma once
// The filters true and false, which filters that hold others resolve while they are read, as Druid does: what is left
// may have an index where a field that does not count had none.

#include <optional>

#include "engine/filter/filter.h"

namespace sarsen::engine {

FilterPtr make_constant(bool answer);

/// What the filter answers for every row, if it is one of these.
std::optional<bool> constant_answer(const Filter& filter);

}  // namespace sarsen::engine
