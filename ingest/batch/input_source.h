#pragma once
// Where a batch task reads: Druid's inputSource: local, inline, http, s3, druid, and combinations of them. Immutable
// once parsed.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <utility>
#include <vector>

#include "ingest/batch/input.h"
#include "storage/base/json.h"

namespace sarsen::ingest {

class InputSource {
 public:
  InputSource() = default;

  /// Relative paths are below `base_directory`. Files are looked up now: throws kInvalidInput naming the field where
  /// there are none, kUnsupported for sources that are not built.
  static InputSource parse(const JsonField& json, const std::filesystem::path& base_directory);

  /// The same with all that an input stands for in its place: asks the servers which there are, and throws what they
  /// say.
  InputSource listed() const;

  /// The inputs are read in this order.
  std::size_t size() const noexcept { return inputs_.size(); }
  const Input& operator[](std::size_t i) const noexcept { return *inputs_[i]; }
  /// Whether an input is one of lines, for which the format matters.
  bool needs_format() const noexcept;
  /// Of all inputs, as far as they tell.
  std::uint64_t total_bytes() const;

 private:
  explicit InputSource(Inputs inputs) : inputs_(std::move(inputs)) {}

  Inputs inputs_;
};

}  // namespace sarsen::ingest
