#include "storage/segment/tombstone_segment.h"

#include "storage/column/column_source.h"

namespace sarsen::storage {

namespace {

class TombstoneSegment final : public Segment {
 public:
  explicit TombstoneSegment(std::size_t size_bytes) : time_(make_constant_column(0, 0)), size_bytes_(size_bytes) {}

  std::uint32_t row_count() const noexcept override { return 0; }
  Interval data_interval() const noexcept override { return {0, 0}; }
  bool sorted_by_time() const noexcept override { return true; }
  std::optional<Interval> time_bounds() const override { return std::nullopt; }
  const std::vector<std::string>& dimensions() const noexcept override { return no_names_; }
  const std::vector<std::string>& metrics() const noexcept override { return no_names_; }
  const Column* column(std::string_view name) const override { return name == kTimeColumn ? time_.get() : nullptr; }
  const Json& metadata() const override { return metadata_; }
  std::size_t size_bytes() const noexcept override { return size_bytes_; }

 private:
  std::unique_ptr<Column> time_;
  std::vector<std::string> no_names_;
  Json metadata_;
  std::size_t size_bytes_;
};

}  // namespace

std::shared_ptr<const Segment> make_tombstone(std::size_t size_bytes) {
  return std::make_shared<TombstoneSegment>(size_bytes);
}

}  // namespace sarsen::storage
