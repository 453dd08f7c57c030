#include "storage/segment/segment.h"

#include <algorithm>

namespace sarsen::storage {

std::string SegmentId::text() const {
  std::string text =
      data_source + '_' + format_iso(interval.start_ms) + '_' + format_iso(interval.end_ms) + '_' + version;
  if (partition != 0) text += '_' + std::to_string(partition);
  return text;
}

std::vector<SortKey> Segment::ordering() const {
  if (!sorted_by_time()) return {};
  return {{std::string(kTimeColumn), false}};
}

std::vector<std::string> Segment::column_names() const {
  std::vector<std::string> names;
  const auto add = [&](std::string_view name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.emplace_back(name);
  };
  const auto has = [](const std::vector<std::string>& list, const std::string& name) {
    return std::find(list.begin(), list.end(), name) != list.end();
  };
  for (const SortKey& key : ordering())
    if (key.column == kTimeColumn || has(dimensions(), key.column) || has(metrics(), key.column)) add(key.column);
  add(kTimeColumn);
  for (const std::string& name : dimensions()) add(name);
  for (const std::string& name : metrics()) add(name);
  return names;
}

const std::vector<Projection>& Segment::projections() const noexcept {
  static const std::vector<Projection> none;
  return none;
}

std::shared_ptr<const Segment> Segment::projection(std::string_view) const { return nullptr; }

}  // namespace sarsen::storage
