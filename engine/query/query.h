#pragma once
// What every native query has in common. Each type's own struct is beside its execution: timeseries.h, topn.h, group_by.h, time_boundary.h.
// Nothing downstream of parse_query sees JSON.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/base/interval.h"
#include "storage/base/json.h"

namespace sarsen::engine {

/// The query's context (native-query parameter `context`), read with Druid's coercions. Unknown keys are kept and ignored.
class QueryContext {
 public:
  QueryContext() = default;
  explicit QueryContext(const JsonField& json);

  /// Each throws kInvalidInput in Druid's words ("Expected key [timeout] to be a Long, but got [java.util.ArrayList]").
  bool boolean_or(std::string_view key, bool otherwise) const;
  std::int64_t integer_or(std::string_view key, std::int64_t otherwise) const;
  std::optional<std::string> string(std::string_view key) const;

  /// 0: none. Default 300000 as Druid's.
  std::int64_t timeout_ms() const;
  /// "" when absent: the server then makes one.
  std::string query_id() const;

 private:
  Json values_;
};

class Query {
 public:
  virtual ~Query() = default;

  const std::string& type() const noexcept { return type_; }                       // "timeseries"
  const std::vector<std::string>& data_sources() const noexcept { return data_sources_; }  // tables; several for a union
  const std::vector<Interval>& intervals() const noexcept { return intervals_; }   // condensed: sorted, merged
  const QueryContext& context() const noexcept { return context_; }

 protected:
  /// Reads what all types share. `intervals` of eternity where the type has a default.
  Query(const JsonField& json, bool intervals_required);

 private:
  std::string type_;
  std::vector<std::string> data_sources_;
  std::vector<Interval> intervals_;
  QueryContext context_;
};

}  // namespace sarsen::engine
