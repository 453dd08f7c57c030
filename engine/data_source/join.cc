// join: each row of the left side with each row of the right side whose key is equal. The right side is in memory, by
// its keys; the left side is read once, segment by segment, and what comes out is two row numbers for each row. As in
// Druid, the right and full joins give the rows of the right side that nothing matched once for each segment. What the
// query keeps of the rows is asked of either side first where it reads that side alone, and the keys that are left of
// the right side are looked for in the left side's indexes.

#include <algorithm>
#include <cctype>
#include <numeric>

#include "engine/data_source/gathered_segment.h"
#include "engine/data_source/join_table.h"
#include "engine/data_source/memory_columns.h"
#include "engine/data_source/pushed_filter.h"
#include "engine/exec/poll.h"
#include "engine/group/dimension.h"
#include "engine/query/query_run.h"
#include "engine/scan/vector_cursor.h"
#include "engine/vector/row_mask.h"
#include "storage/base/check.h"

namespace sarsen::engine {
namespace {

enum class JoinType : std::uint8_t { kInner, kLeft, kRight, kFull };

bool keeps_left(JoinType type) { return type == JoinType::kLeft || type == JoinType::kFull; }
bool keeps_right(JoinType type) { return type == JoinType::kRight || type == JoinType::kFull; }
JoinType without_left(JoinType type) { return keeps_right(type) ? JoinType::kRight : JoinType::kInner; }

/// One key of the left side, of one cursor: each distinct value is looked up once.
class LeftKey {
 public:
  LeftKey(const JoinTable& table, std::size_t index, const JoinKey& key, ColumnSources& columns)
      : table_(table), index_(index), name_(key.left) {
    DimensionSpec spec;
    spec.dimension = spec.output_name = key.left;
    const std::optional<ColumnKind> kind = columns.kind(key.left);
    if (kind && kind->type != storage::ValueType::kString) spec.output_type = kind->type;
    reader_ = bind_dimension(spec, columns);
  }

  void load(std::uint32_t begin, std::uint32_t size) {
    if (reader_->multiple_values()) {
      lists_ = reader_->read_lists(begin, size);
    } else {
      ids_ = reader_->read_ids(begin, size);
    }
  }

  std::uint32_t number(std::uint32_t row) {
    const std::uint32_t id = reader_->multiple_values() ? only_id(row) : ids_[row];
    if (id >= numbers_.size()) numbers_.resize(std::size_t{id} + 1, kUnknown);
    if (numbers_[id] == kUnknown) numbers_[id] = table_.key_number(index_, reader_->value(id));
    return numbers_[id];
  }

 private:
  static constexpr std::uint32_t kUnknown = UINT32_MAX - 1;

  std::uint32_t only_id(std::uint32_t row) const {
    const std::uint32_t count = lists_.offsets[row + 1] - lists_.offsets[row];
    if (count > 1)
      throw Error(ErrorCategory::kUnsupported, "Joining against a multi-value dimension is not supported: " + name_);
    return count == 0 ? reader_->null_id() : lists_.ids[lists_.offsets[row]];
  }

  const JoinTable& table_;
  std::size_t index_;
  std::string name_;
  std::unique_ptr<DimensionReader> reader_;
  std::vector<std::uint32_t> numbers_;  // by id
  const std::uint32_t* ids_ = nullptr;
  storage::StringReader::Lists lists_{};
};

/// The join of one part of the left side.
class PartJoin {
 public:
  PartJoin(const SourcePart& part, const JoinTable& table, const JoinCondition& condition, JoinType type,
           VirtualColumnsPtr virtual_columns, const QueryRun& run)
      : part_(part),
        table_(table),
        condition_(condition),
        type_(type),
        virtual_columns_(std::move(virtual_columns)),
        control_(run.control()),
        bytes_max_(run.limits().query_bytes_max) {
    if (keeps_right(type)) matched_.resize(table.row_count());
  }

  /// `passed`: filters that all rows of it will have passed.
  std::shared_ptr<const storage::Segment> segment(const std::string& prefix, std::vector<FilterPtr> passed) {
    read_left();
    add_unmatched();
    auto joined = std::make_shared<GatheredSegment>(part_.segment, static_cast<std::uint32_t>(left_->rows.size()));
    joined->set_passed(std::move(passed));
    // Columns of the left side that begin with the prefix are hidden by the right side's.
    for (const std::string& name : part_.segment->column_names())
      if (!name.starts_with(prefix)) joined->add(name, part_.segment, name, left_);
    joined->add_all(part_.segment, left_);
    if (left_->some_missing) joined->set(std::string(storage::kTimeColumn), times());
    for (const std::string& name : table_.segment()->column_names())
      joined->add(prefix + name, table_.segment(), name, right_);
    return joined;
  }

 private:
  void read_left() {
    const ScanPlan plan = make_scan_plan(part_.segment, part_.interval, part_.filter, virtual_columns_);
    if (plan.empty()) return;
    VectorCursor cursor(plan, plan.begin_row, plan.end_row, control_);
    std::vector<LeftKey> keys;
    for (std::size_t i = 0; i < condition_.keys.size(); ++i)
      keys.emplace_back(table_, i, condition_.keys[i], cursor.columns());
    std::vector<std::uint32_t> numbers(keys.size());
    while (cursor.next()) {
      for (LeftKey& key : keys) key.load(cursor.begin(), cursor.selection().size);
      for_each_selected(cursor.selection(), [&](std::uint32_t, std::uint32_t row) {
        poll();
        bool known = !condition_.always_false;
        for (std::size_t i = 0; i < keys.size(); ++i) {
          numbers[i] = keys[i].number(row);
          known = known && numbers[i] != JoinTable::kNoKey;
        }
        add(cursor.begin() + row, known ? table_.rows(numbers.data()) : std::span<const std::uint32_t>());
        check_size();
      });
    }
  }

  void add(std::uint32_t left_row, std::span<const std::uint32_t> right_rows) {
    if (right_rows.empty() && !keeps_left(type_)) return;
    if (right_rows.empty()) {
      left_->rows.push_back(left_row);
      right_->rows.push_back(kNoRow);
      right_->some_missing = true;
      return;
    }
    left_->rows.resize(left_->rows.size() + right_rows.size(), left_row);
    right_->rows.insert(right_->rows.end(), right_rows.begin(), right_rows.end());
    if (keeps_right(type_))
      for (const std::uint32_t row : right_rows) matched_[row] = true;
  }

  void add_unmatched() {
    for (std::uint32_t row = 0; row < matched_.size(); ++row) {
      if (matched_[row] || !table_.keeps(row)) continue;
      left_->rows.push_back(kNoRow);
      left_->some_missing = true;
      right_->rows.push_back(row);
    }
    check_size();
  }

  void check_size() const {
    if (left_->rows.size() < kNoRow && left_->rows.size() * 2 * sizeof(std::uint32_t) <= bytes_max_) return;
    throw Error(ErrorCategory::kResourceLimit,
                "The join makes more rows than sarsen.query.maxBytesPerQuery allows: " + std::to_string(bytes_max_));
  }

  /// The time of rows without a left side is null; their place in the order is after the last that has one.
  std::unique_ptr<storage::Column> times() const {
    const std::optional<Interval> bounds = part_.segment->time_bounds();
    const std::int64_t last = std::min(bounds ? bounds->end_ms : part_.interval.end_ms - 1, part_.interval.end_ms - 1);
    std::vector<std::int64_t> times(left_->rows.size(), std::max(last, part_.interval.start_ms));
    std::vector<std::uint64_t> nulls(mask_words(times.size()));
    const auto reader = part_.segment->column(storage::kTimeColumn)->long_reader();
    for (std::size_t row = 0; row < times.size(); ++row) {
      poll();
      if (left_->rows[row] == kNoRow) {
        nulls[row / 64] |= std::uint64_t{1} << (row % 64);
      } else {
        std::int64_t scratch = 0;
        times[row] = *reader->read(left_->rows[row], 1, &scratch);
      }
    }
    return std::make_unique<MemoryNumbers<std::int64_t>>(std::move(times), std::move(nulls), "LONG");
  }

  const SourcePart& part_;
  const JoinTable& table_;
  const JoinCondition& condition_;
  JoinType type_;
  VirtualColumnsPtr virtual_columns_;
  const QueryControl& control_;
  std::size_t bytes_max_;
  std::shared_ptr<RowNumbers> left_ = std::make_shared<RowNumbers>();
  std::shared_ptr<RowNumbers> right_ = std::make_shared<RowNumbers>();
  std::vector<bool> matched_;
};

class Join final : public DataSource {
 public:
  Join(DataSourcePtr left, DataSourcePtr right, std::string prefix, JoinCondition condition, JoinType type,
       FilterPtr left_filter)
      : left_(std::move(left)),
        right_(std::move(right)),
        prefix_(std::move(prefix)),
        condition_(std::move(condition)),
        type_(type),
        left_filter_(std::move(left_filter)) {
    std::vector<VirtualColumnPtr> columns;
    for (const JoinKey& key : condition_.keys) {
      stored_keys_.push_back(key.left);
      if (key.virtual_column == nullptr) continue;
      columns.push_back(key.virtual_column);
      for (std::string& name : key.virtual_column->required_columns()) stored_keys_.push_back(std::move(name));
    }
    virtual_columns_ = std::make_shared<const VirtualColumns>(std::move(columns));
  }

  void add_tables(std::vector<std::string>& names) const override {
    left_->add_tables(names);
    right_->add_tables(names);
  }
  bool reads_segments() const noexcept override { return left_->reads_segments(); }
  const DataSource* base() const noexcept override { return left_.get(); }

  const DataSource& left() const noexcept { return *left_; }
  const std::string& prefix() const noexcept { return prefix_; }

  std::vector<SourcePart> parts(QueryRun& run, const PushedFilter& kept) const override {
    const QueryContext& context = run.query().context();
    const bool pushes = context.boolean_or("enableJoinFilterPushDown", true);
    const bool rewrites = pushes && context.boolean_or("enableJoinFilterRewrite", true);
    const auto values_max = context.integer_or("joinFilterRewriteMaxSize", kKeyValuesMax);
    JoinType type = type_;
    std::vector<FilterPtr> passed;
    const JoinTable table = right_table(run, rewrites ? kept : PushedFilter(), type, passed);
    PushedFilter of_left;
    if (pushes && !keeps_right(type)) of_left = kept.without_prefix(prefix_);
    if (rewrites && !keeps_left(type)) add_keys(table, values_max, of_left);
    std::vector<SourcePart> parts = left_->parts(run, of_left);
    run.parallel(parts.size(), [&](std::size_t i) {
      parts[i].filter = both(parts[i].filter, left_filter_);
      PushedFilter::Choice choice = of_left.over(parts[i], virtual_columns_, stored_keys_);
      parts[i].filter = std::move(choice.filter);
      choice.passed.insert(choice.passed.end(), passed.begin(), passed.end());
      parts[i].segment = PartJoin(parts[i], table, condition_, type, choice.virtual_columns, run)
                             .segment(prefix_, std::move(choice.passed));
      parts[i].filter = nullptr;
    });
    return parts;
  }

 private:
  /// Druid's, joinFilterRewriteMaxSize.
  static constexpr std::int64_t kKeyValuesMax = 10000;

  /// The right side, without rows that what is kept of the join does not let through. Where that lets no row through
  /// that has no right side, such rows need not be made either: `type` becomes that of a join without them. `passed`
  /// gets what has been asked.
  JoinTable right_table(QueryRun& run, const PushedFilter& kept, JoinType& type, std::vector<FilterPtr>& passed) const {
    std::shared_ptr<const storage::Segment> rows = right_->rows(run);
    std::vector<std::uint64_t> mask;
    if (kept.empty()) return JoinTable(std::move(rows), condition_);
    const std::uint32_t missing = rows->row_count();
    kept.matches(*with_missing(rows), prefix_,
                 [&](const FilterPtr& conjunct, const std::vector<std::uint64_t>& passes) {
                   if (keeps_left(type) && mask_has(passes.data(), missing)) return;
                   type = keeps_left(type) ? without_left(type) : type;
                   passed.push_back(conjunct);
                   if (mask.empty()) mask.assign(passes.size(), ~std::uint64_t{0});
                   for (std::size_t word = 0; word < mask.size(); ++word) mask[word] &= passes[word];
                 });
    return JoinTable(std::move(rows), condition_, std::move(mask));
  }

  /// The rows under their names in the join, and after them one of nulls.
  std::shared_ptr<const storage::Segment> with_missing(const std::shared_ptr<const storage::Segment>& rows) const {
    auto numbers = std::make_shared<RowNumbers>();
    numbers->rows.resize(rows->row_count() + std::size_t{1}, kNoRow);
    std::iota(numbers->rows.begin(), numbers->rows.end() - 1, 0);
    numbers->some_missing = true;
    auto segment = std::make_shared<GatheredSegment>(rows, rows->row_count() + 1);
    for (const std::string& name : rows->column_names()) segment->add(prefix_ + name, rows, name, numbers);
    return segment;
  }

  /// Of the left side only rows that have one of the keys that are there.
  void add_keys(const JoinTable& table, std::int64_t values_max, PushedFilter& of_left) const {
    if (values_max < 0) return;
    for (std::size_t i = 0; i < condition_.keys.size(); ++i) {
      if (condition_.keys[i].virtual_column != nullptr) continue;
      std::optional<Json> texts = table.key_texts(i, static_cast<std::size_t>(values_max));
      if (!texts) continue;
      const Json in(
          Json::Object{{"type", "in"}, {"dimension", condition_.keys[i].left}, {"values", std::move(*texts)}});
      of_left = of_left.with(parse_filter(JsonField(in)));
    }
  }

  DataSourcePtr left_;
  DataSourcePtr right_;
  std::string prefix_;
  JoinCondition condition_;
  JoinType type_;
  FilterPtr left_filter_;
  VirtualColumnsPtr virtual_columns_;
  std::vector<std::string> stored_keys_;  // what the condition reads of the left side
};

JoinType parse_join_type(const JsonField& json) {
  std::string type = json.string();
  std::transform(type.begin(), type.end(), type.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  if (type == "INNER") return JoinType::kInner;
  if (type == "LEFT") return JoinType::kLeft;
  if (type == "RIGHT") return JoinType::kRight;
  if (type == "FULL") return JoinType::kFull;
  json.fail("unknown join type \"" + json.string() + "\"" + suggestion(type, {"INNER", "LEFT", "RIGHT", "FULL"}));
}

std::string parse_prefix(const JsonField& json) {
  const std::string prefix = json.string_or("");
  if (prefix.empty()) json.fail("rightPrefix cannot be empty");
  if (storage::kTimeColumn.starts_with(prefix))
    json.fail("rightPrefix[" + prefix + "] would hide the column __time of the left side");
  return prefix;
}

/// Two joins of one chain cannot tell their columns apart where one prefix begins with another.
void check_prefixes(const JsonField& json, const DataSource& left, const std::string& prefix) {
  for (const auto* join = dynamic_cast<const Join*>(&left); join != nullptr;
       join = dynamic_cast<const Join*>(&join->left())) {
    if (join->prefix() == prefix) json.fail("Detected duplicate prefix in join clauses: [" + prefix + "]");
    if (join->prefix().starts_with(prefix) || prefix.starts_with(join->prefix()))
      json.fail("Detected conflicting prefixes in join clauses: [" + prefix + ", " + join->prefix() + "]");
  }
}

DataSourcePtr parse_join(const JsonField& json) {
  DataSourcePtr left = parse_data_source(json["left"]);
  DataSourcePtr right = parse_data_source(json["right"]);
  if (!right->is_in_memory())
    json["right"].fail("the right side of a join must be rows in memory: a query, a lookup, or inline rows");
  std::string prefix = parse_prefix(json["rightPrefix"]);
  check_prefixes(json["rightPrefix"], *left, prefix);
  JoinCondition condition = parse_join_condition(json["condition"], prefix);
  const JoinType type = parse_join_type(json["joinType"]);
  const JsonField left_filter = json["leftFilter"];
  if (left_filter.present() && !left->is_table())
    left_filter.fail("left filter is only supported if left data source is direct table access");
  return std::make_shared<Join>(std::move(left), std::move(right), std::move(prefix), std::move(condition), type,
                                parse_optional_filter(left_filter));
}

}  // namespace

void register_join(DataSourceRegistry& registry) {
  registry.add({.type = "join", .parse = parse_join, .doc = "Rows of two data sources whose keys are equal."});
}

}  // namespace sarsen::engine
