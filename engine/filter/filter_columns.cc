#include "engine/filter/filter_columns.h"

#include <set>

#include "engine/vector/kinds_only.h"
#include "engine/vector/routed_sources.h"

namespace sarsen::engine {
namespace {

/// Columns that remember which were asked for.
class Asked final : public RoutedSources {
 public:
  std::vector<std::string> names() const { return {names_.begin(), names_.end()}; }

 private:
  ColumnSources& of(std::string_view column) const override {
    names_.emplace(column);
    return *none_;
  }

  std::unique_ptr<ColumnSources> none_ = kinds_only(nullptr);
  mutable std::set<std::string> names_;
};

}  // namespace

std::vector<std::string> columns_of(const Filter& filter) {
  Asked asked;
  filter.bind(asked, {.by_row = true});
  return asked.names();
}

}  // namespace sarsen::engine
