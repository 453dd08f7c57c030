#include "storage/segment/index_drd.h"

#include <algorithm>
#include <optional>
#include <unordered_set>
#include <utility>

#include "storage/base/byte_reader.h"
#include "storage/base/json.h"
#include "storage/column/generic_indexed.h"
#include "storage/segment/segment.h"

namespace sarsen::storage {

namespace {

using NameList = std::vector<std::optional<std::string>>;

NameList read_names(ByteReader& reader, const LogicalFiles& files) {
  const GenericIndexed list = GenericIndexed::read(reader, files);
  NameList names(list.size());
  for (std::uint32_t i = 0; i < list.size(); ++i) {
    const GenericIndexed::Element element = list.element(i);
    if (element.null) continue;
    names[i].emplace(reinterpret_cast<const char*>(element.bytes.data()), element.bytes.size());
  }
  return names;
}

// A null entry of `all` stands for the next name of `stored`; the others are null-only columns.
NameList merge(const NameList& all, NameList stored) {
  NameList merged;
  std::size_t next = 0;
  for (const auto& name : all) {
    check_format(name || next < stored.size(), "list of all columns longer than the columns");
    merged.push_back(name ? name : std::move(stored[next++]));
  }
  check_format(next == stored.size(), "list of all columns shorter than the columns");
  return merged;
}

// As Druid: null and empty names are passed over. __time is no member of the lists, whatever the sort order.
std::vector<std::string> real_names(NameList names) {
  std::vector<std::string> real;
  std::unordered_set<std::string> seen;
  for (auto& name : names) {
    if (!name || name->empty() || *name == kTimeColumn) continue;
    check_format(seen.insert(*name).second, "a column is listed twice");
    real.push_back(std::move(*name));
  }
  return real;
}

BitmapEncoding read_bitmap_encoding(ByteReader& reader) {
  const std::string_view text = reader.text(reader.read_be<std::uint32_t>());
  return bitmap_encoding_of(Json(Json::Object{{"bitmapSerdeFactory", Json::parse(text)}}));
}

}  // namespace

IndexDrd read_index_drd(std::span<const std::byte> bytes, const LogicalFiles& files) {
  ByteReader reader(bytes, "index.drd");
  IndexDrd index;
  NameList columns = read_names(reader, files);
  NameList dimensions = read_names(reader, files);
  index.interval.start_ms = reader.read_be<std::int64_t>();
  index.interval.end_ms = reader.read_be<std::int64_t>();
  reader.check(index.interval.start_ms <= index.interval.end_ms, "interval ends before it starts");
  if (!reader.at_end()) index.bitmap_encoding = read_bitmap_encoding(reader);
  if (!reader.at_end()) {
    columns = merge(read_names(reader, files), std::move(columns));
    dimensions = merge(read_names(reader, files), std::move(dimensions));
  }
  reader.check(reader.at_end(), "bytes left over");

  index.dimensions = real_names(std::move(dimensions));
  std::unordered_set<std::string> others(index.dimensions.begin(), index.dimensions.end());
  for (std::string& name : real_names(std::move(columns))) {
    if (others.erase(name) == 0) index.metrics.push_back(std::move(name));
  }
  check_format(others.empty(), "a dimension is no column");
  return index;
}

}  // namespace sarsen::storage
