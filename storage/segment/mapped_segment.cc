#include "storage/segment/mapped_segment.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>

#include "storage/base/log.h"
#include "storage/column/column_source.h"
#include "storage/column/lazy_column.h"
#include "storage/segment/index_drd.h"
#include "storage/segment/open_stored_segment.h"
#include "storage/segment/projection_segment.h"
#include "storage/segment/segment_files.h"
#include "storage/segment/segment_kind.h"
#include "storage/segment/segment_metadata.h"
#include "storage/segment/smoosh.h"
#include "storage/segment/time_bounds.h"
#include "storage/segment/tombstone_segment.h"

namespace sarsen::storage {

namespace {

class MappedSegment final : public Segment, public std::enable_shared_from_this<MappedSegment> {
 public:
  MappedSegment(Smoosh smoosh, std::string path) : smoosh_(std::move(smoosh)), path_(std::move(path)) {
    index_ = at_place(place("index.drd"), [&] { return read_index_drd(logical_file("index.drd"), smoosh_); });
    row_count_ = numeric_row_count(logical_file(kTimeColumn), place(kTimeColumn));
    columns_.try_emplace(std::string(kTimeColumn));
    for (const auto* names : {&index_.dimensions, &index_.metrics}) {
      for (const std::string& name : *names) {
        logical_file(name);  // throws where it is missing
        columns_.try_emplace(name);
      }
    }
    read_metadata();
  }

  std::uint32_t row_count() const noexcept override { return row_count_; }
  Interval data_interval() const noexcept override { return index_.interval; }
  bool sorted_by_time() const noexcept override { return sorted_by_time_; }
  std::vector<SortKey> ordering() const override { return ordering_; }
  const std::vector<Projection>& projections() const noexcept override { return projections_; }
  const std::vector<std::string>& dimensions() const noexcept override { return index_.dimensions; }
  const std::vector<std::string>& metrics() const noexcept override { return index_.metrics; }
  const Json& metadata() const override { return metadata_; }
  std::size_t size_bytes() const noexcept override { return smoosh_.size_bytes(); }

  const Column* column(std::string_view name) const override {
    const auto found = columns_.find(name);
    if (found == columns_.end()) return nullptr;
    return found->second.get([&] { return parse_column(logical_file(name), row_count_, smoosh_, place(name)); });
  }

  std::optional<Interval> time_bounds() const override {
    return time_bounds_of(*column(kTimeColumn), sorted_by_time());
  }

  std::shared_ptr<const Segment> projection(std::string_view name) const override {
    const auto found = std::ranges::find(projections_, name, &Projection::name);
    if (found == projections_.end()) return nullptr;
    const std::lock_guard lock(mutex_);
    std::unique_ptr<const Segment>& opened = opened_projections_[found->name];
    if (opened == nullptr) opened = std::make_unique<ProjectionSegment>(*this, smoosh_, path_, *found);
    return {shared_from_this(), opened.get()};
  }

 private:
  Place place(std::string_view part) const { return {path_, std::string(part), ""}; }

  std::span<const std::byte> logical_file(std::string_view name) const {
    const auto bytes = smoosh_.find(name);
    if (!bytes) throw Error(ErrorCategory::kRuntimeFailure, place(name).text() + ": no such logical file");
    return *bytes;
  }

  void read_metadata() {
    const auto bytes = smoosh_.find("metadata.drd");
    if (!bytes) return;
    read_or_leave("metadata.drd", [&] {
      Json metadata = Json::parse({reinterpret_cast<const char*>(bytes->data()), bytes->size()});
      ordering_ = read_ordering(metadata);
      sorted_by_time_ = is_by_time(ordering_);
      metadata_ = std::move(metadata);
    });
    read_or_leave("projections", [&] { projections_ = read_projections(metadata_); });
  }

  // As Druid: a segment whose metadata cannot be read is served without.
  template <class Read>
  void read_or_leave(const char* what, Read&& read) {
    try {
      read();
    } catch (const Error& error) {
      log_warn("{}: {} cannot be read and is left aside: {}", path_, what, error.what());
    }
  }

  Smoosh smoosh_;
  std::string path_;
  IndexDrd index_;
  Json metadata_;
  std::vector<SortKey> ordering_ = order_by_time();
  bool sorted_by_time_ = true;
  std::vector<Projection> projections_;
  mutable std::mutex mutex_;
  mutable std::map<std::string, std::unique_ptr<const Segment>> opened_projections_;  // guarded by mutex_
  std::uint32_t row_count_ = 0;
  std::map<std::string, LazyColumn, std::less<>> columns_;
};

}  // namespace

std::shared_ptr<const Segment> open_stored_segment(StoredFiles files, const std::string& path) {
  return at_place({path, "", ""}, [&]() -> std::shared_ptr<const Segment> {
    if (segment_kind_of(files) == SegmentKind::kTombstone)
      return make_tombstone(files.find("factory.json")->second.bytes.size());
    return std::make_shared<MappedSegment>(Smoosh(std::move(files)), path);
  });
}

std::shared_ptr<const Segment> open_segment(const std::filesystem::path& path) {
  return open_stored_segment(open_segment_files(path), path.string());
}

}  // namespace sarsen::storage
