#include "storage/segment/segment_writer.h"

#include <algorithm>
#include <deque>
#include <future>
#include <type_traits>

#include "storage/base/atomic_file.h"
#include "storage/base/byte_writer.h"
#include "storage/base/java_order.h"
#include "storage/column/column_descriptor_writer.h"
#include "storage/column/complex_column_writer.h"
#include "storage/column/numeric_column_writer.h"
#include "storage/column/string_column_writer.h"
#include "storage/segment/index_drd_writer.h"
#include "storage/segment/segment.h"
#include "storage/segment/segment_data_check.h"
#include "storage/segment/smoosh_writer.h"
#include "storage/structured/structured_column_writer.h"

namespace sarsen::storage {
namespace {

constexpr std::string_view kVersion("\0\0\0\x09", 4);
constexpr std::string_view kFactory = R"({"type":"mMapSegmentFactory"})";

std::uint64_t write_file(const std::filesystem::path& path, std::string_view text) {
  FileWriter file(path);
  file.write(text);
  file.finish();
  return file.size();
}

bool holds_only_nulls(const ColumnValues& values) {
  const auto* strings = std::get_if<StringColumnData>(&values);
  return strings != nullptr && holds_only_nulls(*strings);
}

/// The columns of a segment, one file each, in Druid's order: time, metrics by name, dimensions.
class ColumnFiles {
 public:
  ColumnFiles(SmooshWriter& smoosh, const IndexSpec& spec, std::uint32_t row_count)
      : smoosh_(smoosh), spec_(spec), row_count_(row_count) {}

  void add_times(const SegmentData& segment) {
    if (!segment.make_times) return add_times(segment.times_ms);
    const std::vector<std::int64_t> times_ms = segment.make_times();
    check_times(segment, times_ms);
    add_times(times_ms);
  }

  /// A column as bytes, and its entry in index.drd.
  struct Encoded {
    ColumnEntry entry;
    ColumnOutput out;
  };

  /// From any thread.
  Encoded encode(const ColumnData& column) const {
    if (!column.make) return encode(column.name, column.data);
    OwnedColumnValues made;
    naming(column.name, [&] { made = column.make(); });
    return encode(column.name, made.values);
  }

  /// Adds the column's file, and those beside it.
  ColumnEntry add(const Encoded& column) {
    add(column.out);
    return column.entry;
  }

  /// Adds the file that `write` makes.
  template <class Write>
  void add_file(std::string_view name, Write&& write) {
    add(file_of(name, write));
  }

 private:
  void add_times(std::span<const std::int64_t> times_ms) {
    add_file(kTimeColumn, [&](ColumnOutput& out) {
      write_numeric_column<std::int64_t>({.values = times_ms, .nulls = {}}, spec_, out);
    });
  }

  void add(const ColumnOutput& out) {
    smoosh_.add(out.name(), out.bytes().view());
    for (const ColumnOutput::File& file : out.files()) smoosh_.add(file.name, file.bytes.view());
  }

  Encoded encode(const std::string& name, const ColumnValues& values) const {
    check_column_values(name, values, row_count_);
    return {{.name = name, .only_nulls = holds_only_nulls(values)},
            file_of(name, [&](ColumnOutput& out) { std::visit([&](const auto& data) { write(data, out); }, values); })};
  }

  template <class Write>
  static ColumnOutput file_of(std::string_view name, Write&& write) {
    ColumnOutput out{std::string(name)};
    naming(name, [&] { write(out); });
    return out;
  }

  /// Adds the name of the file to what goes wrong.
  template <class Work>
  static void naming(std::string_view name, Work&& work) {
    try {
      work();
    } catch (const Error& error) {
      throw Error(error.category(), "Cannot write part of a segment: \"" + std::string(name) + "\": " + error.what());
    }
  }

  void write(const StringColumnData& data, ColumnOutput& out) const {
    if (holds_only_nulls(data))
      write_null_descriptor(row_count_, spec_.bitmap, out.bytes());
    else
      write_string_column(data, spec_, out);
  }
  template <class T>
  void write(const NumericColumnData<T>& data, ColumnOutput& out) const {
    write_numeric_column(data, spec_, out);
  }
  void write(const ComplexColumnData& data, ColumnOutput& out) const {
    write_complex_column(data, row_count_, spec_, out);
  }
  void write(const StructuredColumnData& data, ColumnOutput& out) const {
    write_structured_column(data, row_count_, spec_, out);
  }

  SmooshWriter& smoosh_;
  const IndexSpec& spec_;
  std::uint32_t row_count_;
};

using ColumnOrder = std::vector<const ColumnData*>;

ColumnOrder in_order(const std::vector<ColumnData>& columns) {
  ColumnOrder order;
  for (const ColumnData& column : columns) order.push_back(&column);
  return order;
}

ColumnOrder by_name(const std::vector<ColumnData>& columns) {
  ColumnOrder order = in_order(columns);
  std::sort(order.begin(), order.end(),
            [](const ColumnData* left, const ColumnData* right) { return JavaLess()(left->name, right->name); });
  return order;
}

/// Of several threads' columns the next is begun when the first in line is done: one more than there are threads.
std::vector<ColumnEntry> add_columns(const ColumnOrder& columns, ColumnFiles& files, unsigned threads) {
  const std::size_t ahead = threads == 1 ? 1 : std::size_t{threads} + 1;
  const std::launch launch = threads == 1 ? std::launch::deferred : std::launch::async;
  std::deque<std::future<ColumnFiles::Encoded>> coming;
  std::vector<ColumnEntry> entries;
  for (std::size_t begun = 0; entries.size() < columns.size();) {
    for (; begun < columns.size() && coming.size() < ahead; ++begun)
      coming.push_back(std::async(launch, [&files, column = columns[begun]] { return files.encode(*column); }));
    entries.push_back(files.add(coming.front().get()));
    coming.pop_front();
  }
  return entries;
}

void write_logical_files(const SegmentData& segment, const IndexSpec& spec, unsigned threads, SmooshWriter& smoosh) {
  ColumnFiles files(smoosh, spec,
                    segment.make_times ? segment.row_count : static_cast<std::uint32_t>(segment.times_ms.size()));
  files.add_times(segment);
  const IndexDrdContent index{.metrics = add_columns(by_name(segment.metrics), files, threads),
                              .dimensions = add_columns(in_order(segment.dimensions), files, threads),
                              .interval = segment.interval,
                              .bitmap = spec.bitmap};
  files.add_file("index.drd", [&](ColumnOutput& out) { write_index_drd(index, out.bytes()); });
  if (!segment.metadata.is_null())
    files.add_file("metadata.drd", [&](ColumnOutput& out) { out.bytes().write(segment.metadata.dump()); });
  smoosh.finish();
}

/// Without a slash at the end, so that it has a name.
std::filesystem::path named(const std::filesystem::path& directory) {
  return directory.has_filename() ? directory : directory.parent_path();
}

std::uint64_t write_files(const std::filesystem::path& directory, const SegmentData& segment, const IndexSpec& spec,
                          unsigned threads) {
  if (std::filesystem::exists(std::filesystem::symlink_status(directory)))
    throw Error(ErrorCategory::kInvalidInput, "Segment directory exists already: " + directory.string());
  TemporaryDirectory files(directory);
  std::uint64_t size_bytes = write_file(files.path() / "version.bin", kVersion);
  size_bytes += write_file(files.path() / "factory.json", spec.segment_loader.empty() ? kFactory : spec.segment_loader);
  SmooshWriter smoosh(files.path());
  write_logical_files(segment, spec, threads, smoosh);
  segment.durable ? files.commit() : files.commit_unsynced();
  return size_bytes + smoosh.size_bytes();
}

}  // namespace

std::uint64_t write_segment(const std::filesystem::path& directory, const SegmentData& segment, const IndexSpec& spec,
                            unsigned threads) {
  check_column_names(segment);
  if (!segment.make_times) check_times(segment, segment.times_ms);
  try {
    return write_files(named(directory), segment, spec, threads);
  } catch (const std::filesystem::filesystem_error& error) {
    throw Error(ErrorCategory::kRuntimeFailure, std::string("Cannot write segment: ") + error.what());
  }
}

}  // namespace sarsen::storage
