#pragma once
// The functions of truths, 64 rows at a time: SQL's && || and !, and the tests that know no null.

#include <string_view>

#include "engine/expression/number_nodes.h"

namespace sarsen::engine::expression {

TruthBits and_of(TruthBits left, TruthBits right);
TruthBits or_of(TruthBits left, TruthBits right);
TruthBits not_of(TruthBits bits, TruthBits);

/// isnull, istrue and so on; nullptr for other names.
TruthFunction truth_test(std::string_view name) noexcept;

}  // namespace sarsen::engine::expression
