#include "engine/data_source/gathered_segment.h"

namespace sarsen::engine {

GatheredSegment::Entry* GatheredSegment::entry(const std::string& name, bool listed) {
  const auto [found, added] = columns_.try_emplace(name);
  if (added && listed) {
    names_.push_back(name);
    if (name != storage::kTimeColumn) dimensions_.push_back(name);
  }
  return &found->second;
}

void GatheredSegment::add(const std::string& name, std::shared_ptr<const storage::Segment> segment,
                          const std::string& from, std::shared_ptr<const RowNumbers> rows) {
  if (columns_.contains(name)) return;
  Entry* made = entry(name);
  made->segment = std::move(segment);
  made->from = from;
  made->rows = std::move(rows);
}

void GatheredSegment::add_all(const std::shared_ptr<const storage::Segment>& segment,
                              const std::shared_ptr<const RowNumbers>& rows) {
  for (const std::string& name : segment->column_names()) add(name, segment, name, rows);
  const std::string time(storage::kTimeColumn);
  if (columns_.contains(time)) return;
  Entry* made = entry(time, false);
  made->segment = segment;
  made->from = time;
  made->rows = rows;
}

void GatheredSegment::set(const std::string& name, std::unique_ptr<storage::Column> column,
                          std::shared_ptr<const void> keeps) {
  Entry* made = entry(name);
  made->own = std::move(column);
  made->keeps = std::move(keeps);
}

const storage::Column* GatheredSegment::column(std::string_view name) const {
  const auto found = columns_.find(name);
  if (found == columns_.end()) return nullptr;
  const Entry& entry = found->second;
  if (entry.own != nullptr) return entry.own.get();
  const storage::Column* base = entry.segment->column(entry.from);
  if (base == nullptr) return nullptr;
  return entry.gathered.get([&] { return make_gathered_column(*base, entry.rows); });
}

}  // namespace sarsen::engine
