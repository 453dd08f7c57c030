#pragma once
// Text compared by the numbers in it: Druid's orderings "alphanumeric" and "numeric". Functions of their arguments
// only.

#include <string_view>

namespace sarsen::engine {

/// Runs of digits compare as numbers, other runs ignoring case; digits come before the rest.
int compare_alphanumeric(std::string_view left, std::string_view right);

/// Whole values compare as decimal numbers of any size; what is no number comes before every number.
int compare_numeric(std::string_view left, std::string_view right);

}  // namespace sarsen::engine
