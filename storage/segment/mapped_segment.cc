#include "storage/segment/mapped_segment.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "storage/base/log.h"
#include "storage/column/column_source.h"
#include "storage/column/lazy_column.h"
#include "storage/segment/index_drd.h"
#include "storage/segment/open_stored_segment.h"
#include "storage/segment/smoosh.h"
#include "storage/segment/zip_archive.h"

namespace sarsen::storage {

namespace {

constexpr std::uint32_t kVersion = 9;
constexpr std::uint32_t kVersionV10 = 10;
constexpr std::uint32_t kScanRows = 2048;

bool starts_with_ascending_time(const Json& metadata) {
  const Json* ordering = metadata.find("ordering");
  if (ordering == nullptr || !ordering->is_array() || ordering->array().empty()) return true;
  const JsonField first(ordering->array().front());
  return first["columnName"].string_or("") == kTimeColumn && first["order"].string_or("ascending") == "ascending";
}

class MappedSegment final : public Segment {
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
    if (row_count_ == 0) return std::nullopt;
    const std::unique_ptr<NumericReader<std::int64_t>> reader = column(kTimeColumn)->long_reader();
    std::int64_t scratch = 0;
    if (sorted_by_time_) return Interval{*reader->read(0, 1, &scratch), *reader->read(row_count_ - 1, 1, &scratch)};
    return scan_time_bounds(*reader);
  }

 private:
  Place place(std::string_view part) const { return {path_, std::string(part), ""}; }

  std::span<const std::byte> logical_file(std::string_view name) const {
    const auto bytes = smoosh_.find(name);
    if (!bytes) throw Error(ErrorCategory::kRuntimeFailure, place(name).text() + ": no such logical file");
    return *bytes;
  }

  // As Druid: a segment whose metadata cannot be read is served without.
  void read_metadata() {
    const auto bytes = smoosh_.find("metadata.drd");
    if (!bytes) return;
    try {
      metadata_ = Json::parse({reinterpret_cast<const char*>(bytes->data()), bytes->size()});
      sorted_by_time_ = starts_with_ascending_time(metadata_);
    } catch (const Error& error) {
      metadata_ = Json();
      log_warn("{}: metadata.drd cannot be read and is left aside: {}", path_, error.what());
    }
  }

  Interval scan_time_bounds(NumericReader<std::int64_t>& reader) const {
    Interval bounds{INT64_MAX, INT64_MIN};
    std::array<std::int64_t, kScanRows> scratch;
    for (std::uint32_t row = 0; row < row_count_; row += kScanRows) {
      const std::uint32_t count = std::min(kScanRows, row_count_ - row);
      const std::int64_t* times = reader.read(row, count, scratch.data());
      const auto [least, greatest] = std::minmax_element(times, times + count);
      bounds = {std::min(bounds.start_ms, *least), std::max(bounds.end_ms, *greatest)};
    }
    return bounds;
  }

  Smoosh smoosh_;
  std::string path_;
  IndexDrd index_;
  Json metadata_;
  bool sorted_by_time_ = true;
  std::uint32_t row_count_ = 0;
  std::map<std::string, LazyColumn, std::less<>> columns_;
};

std::uint32_t version_of(const StoredFiles& files) {
  if (const auto version = files.find("version.bin"); version != files.end())
    return ByteReader(version->second.bytes, "version.bin").read_be<std::uint32_t>();
  for (const char* name : {"index.drd", "druid.segment"}) {
    if (const auto file = files.find(name); file != files.end())
      return ByteReader(file->second.bytes, name).read_byte();
  }
  throw Error(ErrorCategory::kRuntimeFailure, "not a segment: neither version.bin nor index.drd nor druid.segment");
}

void check_version(std::uint32_t version) {
  if (version == kVersion) return;
  const std::string text = "segment format version " + std::to_string(version);
  if (version < kVersion)
    throw Error(
        ErrorCategory::kUnsupported,
        text +
            " is older than Druid 0.7: convert it to version 9 with the convert_segment task of Druid 0.7 to 0.12, "
            "or ingest the data again");
  if (version == kVersionV10)
    throw Error(
        ErrorCategory::kUnsupported,
        text + " is not read yet: write version 9, Druid's default (leave buildV10 off), and compact what is there");
  throw Error(ErrorCategory::kUnsupported, "unknown " + text);
}

}  // namespace

std::shared_ptr<const Segment> open_stored_segment(StoredFiles files, const std::string& path) {
  return at_place({path, "", ""}, [&]() -> std::shared_ptr<const Segment> {
    check_version(version_of(files));
    return std::make_shared<MappedSegment>(Smoosh(std::move(files)), path);
  });
}

std::shared_ptr<const Segment> open_segment(const std::filesystem::path& path) {
  if (std::filesystem::is_directory(path)) return open_stored_segment(map_directory(path), path.string());
  if (!std::filesystem::exists(path)) throw Error(ErrorCategory::kNotFound, "no such segment: " + path.string());
  return open_stored_segment(read_zip_archive(path), path.string());
}

}  // namespace sarsen::storage
