#pragma once
// Which sketch the values of a complex column are, by Druid's names of the type. Thread safety: pure.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace sarsen::engine::sketch {

enum class SketchKind : std::uint8_t { kNone, kHyperUnique, kTheta, kHll, kQuantiles };

/// kNone for types that are no sketch, or one without a kind of its own here.
SketchKind sketch_kind(std::string_view complex_type) noexcept;

/// Whether check_sketch() can check values of the type.
bool knows_sketch(std::string_view complex_type) noexcept;

/// Reads the bytes of one value and lets go of it. Throws Error where they are no such sketch; unknown types pass.
void check_sketch(std::string_view complex_type, std::span<const std::byte> bytes);

}  // namespace sarsen::engine::sketch
