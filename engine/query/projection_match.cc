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
  for (const auto& [key, value] : JsonField(json).members())
    if (key != "name" && value.present())
      members.emplace_back(key, key == "aggregator" ? without_name(value.json()) : value.json());
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

/// One projection against one query.
class Matching {
 public:
  Matching(const JsonField& schema, const Query& query, const Grouping& grouping, const AskedOfProjections& asked)
      : schema_(schema), query_(query), asked_(asked) {
    match_.grouping = grouping;
    time_column_ = schema["timeColumnName"].string_or("");
    for (const JsonField& column : schema["groupingColumns"].elements())
      grouped_.push_back(column.string() == time_column_ ? std::string(storage::kTimeColumn) : column.string());
    if (schema["virtualColumns"].present()) defined_ = schema["virtualColumns"].json();
    if (time_column_.empty()) return;
    const Json* const floor = named(defined_, time_column_);
    match_.time = floor != nullptr ? granularity_of(*floor) : parse_granularity("none");
  }

  std::optional<ProjectionMatch> match() {
    if (schema_["filter"].present()) return std::nullopt;  // later than Druid 33: it has not all rows
    if (match_.grouping.aggregators->size() == 0 && match_.grouping.dimensions.empty()) return std::nullopt;
    const bool in_order_of_time = !grouped_.empty() && grouped_[0] == storage::kTimeColumn;
    if (query_.type() == "timeseries" && !in_order_of_time) return std::nullopt;  // as in Druid
    if (!matches_granularity() || !match_dimensions() || !match_filter(asked_.filter) || !match_aggregators())
      return std::nullopt;
    if (!computed_.empty()) match_.virtual_columns = std::make_shared<const VirtualColumns>(std::move(computed_));
    return std::move(match_);
  }

 private:
  bool matches_granularity() const {
    const Granularity& wanted = *match_.grouping.granularity;
    return wanted.is_all() || (match_.time != nullptr && nests_in(*match_.time, wanted));
  }

  bool match_dimensions() {
    for (DimensionSpec& dimension : match_.grouping.dimensions) {
      const std::optional<std::string> column = find(dimension.dimension);
      if (!column) return false;
      dimension.dimension = *column;
    }
    return true;
  }

  /// Its columns keep their names, as a filter is parsed only once.
  bool match_filter(const Json& filter) {
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
    return find(column) == column;
  }

  bool match_aggregators() {
    std::vector<std::shared_ptr<const AggregatorFactory>> stored;
    for (const JsonField& json : schema_["aggregators"].elements()) stored.push_back(parse_aggregator(json));
    AggregatorFactories folding;
    for (std::size_t i = 0; i < match_.grouping.aggregators->size(); ++i) {
      const AggregatorFactory& wanted = match_.grouping.aggregators->factory(i);
      const Json json = wanted.to_json();
      const auto is_same = [text = nameless(json)](const auto& one) { return nameless(one->to_json()) == text; };
      const auto found = std::ranges::find_if(stored, is_same);
      if (found == stored.end() || !names_are_alike(json)) return false;
      auto factory = wanted.folding((*found)->name());
      if (factory == nullptr) return false;
      folding.push_back(std::move(factory));
    }
    match_.grouping.aggregators = std::make_shared<const AggregatorSet>(std::move(folding));
    return true;
  }

  /// Whether the names in an aggregator are the same columns here and there: none is a virtual column of one of the
  /// two alone, or another. What an expression names is not looked for.
  bool names_are_alike(const Json& json) const {
    if (json.is_array())
      return std::ranges::all_of(json.array(), [this](const Json& one) { return names_are_alike(one); });
    if (json.is_string()) return defined_alike(json.string());
    if (!json.is_object()) return true;
    return std::ranges::all_of(json.object(), [this](const auto& member) {
      if (member.first == "expression" && (!asked_.virtual_columns.is_null() || !defined_.is_null())) return false;
      return names_are_alike(member.second);
    });
  }

  bool defined_alike(const std::string& name) const {
    const Json* const here = named(asked_.virtual_columns, name);
    const Json* const there = named(defined_, name);
    if (here == nullptr || there == nullptr) return here == there;
    return nameless(*here) == nameless(*there);
  }

  /// The projection's name of a column of the query; nullopt: it has none.
  std::optional<std::string> find(const std::string& column) {
    const Json* const defined = named(asked_.virtual_columns, column);
    return defined != nullptr ? find_virtual(column, *defined) : find_stored(column);
  }

  /// The same virtual column of the projection, or one that can be computed from its columns. One of others is neither.
  std::optional<std::string> find_virtual(const std::string& name, const Json& definition) {
    const auto& all = query_.virtual_columns()->all();
    const auto column = std::ranges::find(all, name, [](const VirtualColumnPtr& one) { return one->name(); });
    const std::vector<std::string> inputs = (*column)->required_columns();
    const auto is_virtual = [this](const std::string& input) {
      return named(asked_.virtual_columns, input) != nullptr || named(defined_, input) != nullptr;
    };
    if (std::ranges::any_of(inputs, is_virtual)) return std::nullopt;
    if (auto same = find_same(nameless(definition))) return same;
    const auto is_there = [this](const std::string& input) { return find_stored(input).has_value(); };
    if (!is_floor(inputs, definition) && !std::ranges::all_of(inputs, is_there)) return std::nullopt;
    if (std::ranges::find(computed_, *column) == computed_.end()) computed_.push_back(*column);
    return name;
  }

  std::optional<std::string> find_same(const std::string& definition) const {
    for (const JsonField& own : schema_["virtualColumns"].elements()) {
      if (nameless(own.json()) != definition) continue;
      const std::string name = own["name"].string();
      const std::string column = name == time_column_ ? std::string(storage::kTimeColumn) : name;
      if (std::ranges::find(grouped_, column) != grouped_.end()) return column;
    }
    return std::nullopt;
  }

  /// A floor of time by buckets within which those of the projection lie.
  bool is_floor(const std::vector<std::string>& inputs, const Json& definition) const {
    if (inputs.size() != 1 || inputs[0] != storage::kTimeColumn || match_.time == nullptr) return false;
    const auto floor = granularity_of(definition);
    return floor != nullptr && nests_in(*match_.time, *floor);
  }

  /// Time is stored to the millisecond, or it is not what the column of that name is; and what the projection made
  /// itself is no column of the table.
  std::optional<std::string> find_stored(const std::string& column) {
    if (column == storage::kTimeColumn && (match_.time == nullptr || !match_.time->is_none())) return std::nullopt;
    if (named(defined_, column) != nullptr || has_aggregator(column)) return std::nullopt;
    const bool is_grouped = std::ranges::find(grouped_, column) != grouped_.end();
    std::vector<std::string>& noted = is_grouped ? match_.read : match_.absent;
    if (std::ranges::find(noted, column) == noted.end()) noted.push_back(column);
    return column;
  }

  bool has_aggregator(const std::string& name) const {
    const JsonField aggregators = schema_["aggregators"];
    return aggregators.present() && named(aggregators.json(), name) != nullptr;
  }

  const JsonField& schema_;
  const Query& query_;
  const AskedOfProjections& asked_;
  ProjectionMatch match_;
  std::vector<std::string> grouped_;        // columns, the one of time as __time
  std::string time_column_;                 // its stored name; empty: none
  Json defined_;                            // its virtual columns; null: none
  std::vector<VirtualColumnPtr> computed_;  // of the query
};

}  // namespace

/// Columns with several values are told apart by them in a projection, as some Druids write it wrongly.
std::optional<Interval> ProjectionMatch::rows_of(const storage::Segment& base, const Interval& interval) const {
  for (const std::string& name : absent)
    if (base.column(name) != nullptr) return std::nullopt;
  for (const std::string& name : read) {
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
        (time == nullptr || time->bucket_start(cut_ms) != cut_ms))
      return std::nullopt;
  return rows;
}

std::optional<ProjectionMatch> match_projection(const Json& schema, const Query& query, const Grouping& grouping,
                                                const AskedOfProjections& asked) {
  const JsonField field(schema);
  return Matching(field, query, grouping, asked).match();
}

}  // namespace sarsen::engine
