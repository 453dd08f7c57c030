#pragma once
// A segment made of values in memory, for tests of the engine: mapped-like (sorted dictionaries, bitmaps) or live-like
// (dictionaries in order of arrival, no bitmaps). Not thread-safe while it is filled.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "storage/segment/segment.h"

namespace sarsen::testing {

using Strings = std::vector<std::optional<std::string>>;

class MemorySegment final : public storage::Segment {
 public:
  enum class Form { kMapped, kLive };

  /// Rows in the order given; they count as sorted by time when the times ascend.
  MemorySegment(std::vector<std::int64_t> times_ms, Form form);
  ~MemorySegment() override;

  MemorySegment& strings(const std::string& name, const Strings& values);
  MemorySegment& lists(const std::string& name, const std::vector<Strings>& values);
  MemorySegment& longs(const std::string& name, const std::vector<std::optional<std::int64_t>>& values);
  MemorySegment& floats(const std::string& name, const std::vector<std::optional<float>>& values);
  MemorySegment& doubles(const std::string& name, const std::vector<std::optional<double>>& values);

  std::uint32_t row_count() const noexcept override { return static_cast<std::uint32_t>(times_ms_.size()); }
  Interval data_interval() const noexcept override { return kEternity; }
  bool sorted_by_time() const noexcept override;
  std::optional<Interval> time_bounds() const override;
  const std::vector<std::string>& dimensions() const noexcept override { return names_; }
  const std::vector<std::string>& metrics() const noexcept override { return no_names_; }
  const storage::Column* column(std::string_view name) const override;
  const Json& metadata() const override { return metadata_; }
  std::size_t size_bytes() const noexcept override { return 0; }

 private:
  MemorySegment& add(const std::string& name, std::unique_ptr<storage::Column> column);

  std::vector<std::int64_t> times_ms_;
  Form form_;
  std::vector<std::string> names_;
  std::vector<std::string> no_names_;
  Json metadata_;
  std::map<std::string, std::unique_ptr<storage::Column>, std::less<>> columns_;
};

}  // namespace sarsen::testing
