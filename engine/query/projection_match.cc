#include "engine/query/projection_match.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "engine/cache/answer_key.h"

namespace sarsen::engine {
namespace {

/// The filters that say by a field which column they read.
constexpr std::array<std::string_view, 7> kOfDimension = {"selector", "in",     "bound",   "like",
                                                          "regex",    "search", "interval"};
constexpr std::array<std::string_view, 4> kOfColumn = {"equals", "range", "null", "inType"};

template <std::size_t n>
bool has(const std::array<std::string_view, n>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

Json without_name(const Json& json) {
  Json::Object members;
  for (const auto& [key, value] : json.object())
    if (key != "name" && !value.is_null()) members.emplace_back(key, key == "aggregator" ? without_name(value) : value);
  return members;
}

/// What an object says but for its name: equal texts mean the same.
std::string nameless(const Json& json) { return canonical(without_name(json)).dump(); }

/// The period, such as PT1H, where the expression says no more than timestamp_floor(__time, PERIOD) in UTC.
std::optional<std::string> floored_by(std::string expression) {
  std::erase_if(expression, [](char c) { return c == ' ' || c == '"'; });
  constexpr std::string_view kBegin = "timestamp_floor(__time,'";
  if (!expression.starts_with(kBegin)) return std::nullopt;
  const std::size_t end = expression.find('\'', kBegin.size());
  if (end == std::string::npos) return std::nullopt;
  const std::string_view rest = std::string_view(expression).substr(end + 1);
  if (rest != ")" && rest != ",null)" && rest != ",null,'UTC')" && rest != ",null,null)") return std::nullopt;
  return expression.substr(kBegin.size(), end - kBegin.size());
}

std::shared_ptr<const Granularity> period_granularity(const std::string& period) {
  const Json json(Json::Object{{"type", "period"}, {"period", period}});
  return parse_granularity(JsonField(json));
}

/// nullptr: an expression that is no floor of time.
std::shared_ptr<const Granularity> granularity_of(const Json& virtual_column) {
  const Json* const expression = virtual_column.find("expression");
  if (expression == nullptr || !expression->is_string()) return nullptr;
  const std::optional<std::string> period = floored_by(expression->string());
  return period ? period_granularity(*period) : nullptr;
}

const Json* named(const Json& list, const std::string& name) {
  if (!list.is_array()) return nullptr;
  for (const Json& one : list.array()) {
    const Json* const own = one.find("name");
    if (own != nullptr && own->is_string() && own->string() == name) return &one;
  }
  return nullptr;
}

}  // namespace

ProjectionMatch::ProjectionMatch(const Json& schema, const Grouping& grouping, const AskedOfProjections& asked)
    : asked_(asked), grouping_(grouping) {
  const JsonField field(schema);
  read_time(field);
  if (grouping.aggregators->size() == 0 && grouping.dimensions.empty()) return;
  if (asked.in_order_of_time && (grouped_.empty() || grouped_[0] != storage::kTimeColumn)) return;
  matches_ = match_granularity() && match_dimensions() && match_filter(asked.filter) && match_aggregators(field);
  if (!computed_.empty()) virtual_columns_ = std::make_shared<const VirtualColumns>(std::move(computed_));
}

void ProjectionMatch::read_time(const JsonField& schema) {
  time_column_ = schema["timeColumnName"].string_or("");
  for (const JsonField& column : schema["groupingColumns"].elements())
    grouped_.push_back(column.string() == time_column_ ? std::string(storage::kTimeColumn) : column.string());
  for (const JsonField& column : schema["virtualColumns"].elements())
    defined_.emplace_back(nameless(column.json()), column["name"].string());
  for (const char* list : {"virtualColumns", "aggregators"})
    for (const JsonField& made : schema[list].elements()) made_.push_back(made["name"].string());
  if (time_column_.empty()) return;
  const Json* const floor =
      schema["virtualColumns"].present() ? named(schema["virtualColumns"].json(), time_column_) : nullptr;
  time_ = floor != nullptr ? granularity_of(*floor) : parse_granularity("none");
}

bool ProjectionMatch::match_granularity() const {
  return grouping_.granularity->is_all() || (time_ != nullptr && nests_in(*time_, *grouping_.granularity));
}

bool ProjectionMatch::match_dimensions() {
  for (DimensionSpec& dimension : grouping_.dimensions) {
    const std::string* const column = find(dimension.dimension);
    if (column == nullptr) return false;
    dimension.dimension = *column;
  }
  return true;
}

/// Its columns keep their names, as a filter is parsed only once.
bool ProjectionMatch::match_filter(const Json& filter) {
  if (filter.is_null()) return true;
  const JsonField field(filter);
  const std::string type = field["type"].string();
  const auto matches = [this](const JsonField& one) { return match_filter(one.json()); };
  if (type == "and" || type == "or") return std::ranges::all_of(field["fields"].elements(), matches);
  if (type == "not") return matches(field["field"]);
  if (type == "true" || type == "false") return true;
  const bool of_dimension = has(kOfDimension, type);
  if (!of_dimension && !has(kOfColumn, type)) return false;
  const std::string column = field[of_dimension ? "dimension" : "column"].string();
  const std::string* const found = find(column);
  return found != nullptr && *found == column;
}

bool ProjectionMatch::match_aggregators(const JsonField& schema) {
  std::vector<std::shared_ptr<const AggregatorFactory>> stored;
  for (const JsonField& aggregator : schema["aggregators"].elements()) stored.push_back(parse_aggregator(aggregator));
  AggregatorFactories folding;
  for (std::size_t i = 0; i < grouping_.aggregators->size(); ++i) {
    const AggregatorFactory& wanted = grouping_.aggregators->factory(i);
    const std::string text = nameless(wanted.to_json());
    const auto found = std::ranges::find_if(stored, [&](const auto& one) { return nameless(one->to_json()) == text; });
    auto factory = found != stored.end() ? wanted.folding((*found)->name()) : nullptr;
    if (factory == nullptr) return false;
    folding.push_back(std::move(factory));
  }
  grouping_.aggregators = std::make_shared<const AggregatorSet>(std::move(folding));
  return true;
}

const std::string* ProjectionMatch::find(const std::string& column) {
  const Json* const defined = named(asked_.virtual_columns, column);
  return defined != nullptr ? find_virtual(*defined) : find_stored(column);
}

/// The same virtual column of the projection, or one that can be computed from its columns.
const std::string* ProjectionMatch::find_virtual(const Json& virtual_column) {
  const std::string text = nameless(virtual_column);
  for (const auto& [definition, name] : defined_) {
    if (definition != text) continue;
    const auto column = std::ranges::find(grouped_, name == time_column_ ? std::string(storage::kTimeColumn) : name);
    if (column != grouped_.end()) return &*column;
  }
  const std::string& name = virtual_column.find("name")->string();
  const auto& all = asked_.parsed_virtual_columns->all();
  const auto found = std::ranges::find_if(all, [&](const VirtualColumnPtr& one) { return one->name() == name; });
  const std::vector<std::string> inputs = (*found)->required_columns();
  const bool of_time = inputs.size() == 1 && inputs[0] == storage::kTimeColumn;
  const auto floor = of_time ? granularity_of(virtual_column) : nullptr;
  const bool is_coarser = floor != nullptr && time_ != nullptr && nests_in(*time_, *floor);
  if (!is_coarser && !std::ranges::all_of(inputs, [this](const std::string& input) {
        return named(asked_.virtual_columns, input) == nullptr && find_stored(input) != nullptr;
      }))
    return nullptr;
  if (std::ranges::find(computed_, *found) == computed_.end()) computed_.push_back(*found);
  return &(*found)->name();
}

/// Time is stored to the millisecond, or it is not what the column of that name is; and what the projection made itself
/// is no column of the table.
const std::string* ProjectionMatch::find_stored(const std::string& column) {
  if (column == storage::kTimeColumn && (time_ == nullptr || !time_->is_none())) return nullptr;
  if (std::ranges::find(made_, column) != made_.end()) return nullptr;
  const auto found = std::ranges::find(grouped_, column);
  std::vector<std::string>& noted = found != grouped_.end() ? read_ : absent_;
  if (std::ranges::find(noted, column) == noted.end()) noted.push_back(column);
  return found != grouped_.end() ? &*found : &column;
}

/// Columns with several values are told apart by them in a projection, as some Druids write it wrongly.
std::optional<Interval> ProjectionMatch::rows_of(const storage::Segment& base, const Interval& interval) const {
  for (const std::string& name : absent_)
    if (base.column(name) != nullptr) return std::nullopt;
  for (const std::string& name : read_) {
    const storage::Column* const column = base.column(name);
    if (column != nullptr && column->multiple_values()) return std::nullopt;
  }
  const std::optional<Interval> times = base.time_bounds();
  if (!times) return std::nullopt;
  Interval rows = kEternity;
  if (interval.start_ms > times->start_ms) rows.start_ms = interval.start_ms;
  if (interval.end_ms <= times->end_ms) rows.end_ms = interval.end_ms;
  for (const std::int64_t cut_ms : {rows.start_ms, rows.end_ms})
    if (kEternity.contains(cut_ms) && cut_ms != kEternity.start_ms &&
        (time_ == nullptr || time_->bucket_start(cut_ms) != cut_ms))
      return std::nullopt;
  return rows;
}

}  // namespace sarsen::engine
