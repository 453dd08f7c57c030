#pragma once
// How the rows of an interval are divided into segments: Druid's partitionsSpec. A value.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "storage/base/json.h"

namespace sarsen::ingest {

struct PartitionsSpec {
  enum class Kind : std::uint8_t {
    kDynamic,  // in the order of the rows, each full before the next
    kHashed,   // by the hash of the dimensions
    kRange,    // by ranges of the values of some dimensions
  };

  Kind kind = Kind::kDynamic;
  std::uint32_t rows_per_segment_max = 5'000'000;  // kDynamic
  std::uint64_t total_rows_max = 20'000'000;       // kDynamic: of all intervals together; then all become segments

  std::optional<std::uint32_t> shard_count = {};  // kHashed: fixed; else by target_rows
  std::uint32_t target_rows = 5'000'000;          // kHashed, and kRange unless target_is_maximum
  bool target_is_maximum = false;                 // kRange
  std::vector<std::string> dimensions = {};       // kHashed: empty for all and the time
  bool assume_grouped = false;                    // kRange: no two rows will be rolled up to one

  /// Whether equal rows always meet in one segment.
  bool guarantees_rollup() const noexcept { return kind != Kind::kDynamic; }

  /// `tuning` is the tuningConfig, where the fields of the dynamic kind stood before there was a partitionsSpec.
  /// Throws kInvalidInput naming the field.
  static PartitionsSpec parse(const JsonField& tuning);
};

/// A number of rows, as they are read here: nullopt where it is absent or -1, Druid's word for "the default".
std::optional<std::uint64_t> parse_row_count(const JsonField& json);

}  // namespace sarsen::ingest
