#pragma once
// Texts in Java's string order, for dictionaries: many short texts, most of which differ early.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace sarsen::ingest {

/// The positions of `texts` in ascending order, null first; equal ones in any order.
std::vector<std::uint32_t> text_order(std::span<const std::optional<std::string_view>> texts);

}  // namespace sarsen::ingest
