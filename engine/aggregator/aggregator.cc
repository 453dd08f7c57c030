#include "engine/aggregator/aggregator.h"

#include <type_traits>

#include "engine/result/value_order.h"

namespace sarsen::engine {

int AggregatorFactory::compare(const Value& left, const Value& right) const { return compare_values(left, right); }

}  // namespace sarsen::engine
