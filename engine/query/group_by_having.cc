// Which groups `having` lets through: it sees them as rows, by the names of the answer.

#include <algorithm>

#include "engine/data_source/row_segment.h"
#include "engine/exec/poll.h"
#include "engine/query/group_by.h"

namespace sarsen::engine {
namespace {

class RowsOfGroups final : public HavingRows {
 public:
  RowsOfGroups(const GroupBy& query, const MergedGroups& groups, const std::vector<std::uint32_t>& rows)
      : query_(query), groups_(groups), rows_(rows) {}

  std::uint32_t size() const override { return static_cast<std::uint32_t>(rows_.size()); }

  Value value(std::uint32_t row, std::string_view name) const override {
    for (std::size_t i = 0; i < query_.dimensions().size(); ++i)
      if (query_.dimensions()[i].output_name == name) return groups_.shown(rows_[row], i);
    const std::ptrdiff_t output = query_.outputs().find(name);
    if (output < 0) return {};
    return query_.outputs().value(groups_.states(rows_[row]), static_cast<std::size_t>(output));
  }

  std::shared_ptr<const storage::Segment> segment() const override {
    if (segment_ != nullptr) return segment_;
    RowSegmentBuilder builder;
    builder.start(query_.signature(true));
    for (const std::uint32_t group : rows_) {
      poll();
      std::vector<Value> row = query_.values(groups_, group, true, true);
      builder.row(row);
    }
    segment_ = builder.finish();
    return segment_;
  }

 private:
  const GroupBy& query_;
  const MergedGroups& groups_;
  const std::vector<std::uint32_t>& rows_;
  mutable std::shared_ptr<const storage::Segment> segment_;
};

}  // namespace

void GroupBy::keep_accepted(const MergedGroups& groups, std::vector<std::uint32_t>& rows) const {
  if (having_ == nullptr) return;
  const std::vector<bool> accepted = having_->accepted(RowsOfGroups(*this, groups, rows));
  std::size_t kept = 0;
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (accepted[i]) rows[kept++] = rows[i];
  rows.resize(kept);
}

}  // namespace sarsen::engine
