// unnest: one row for each value of a column: of a row of several strings, of an array. A row of a stored column of
// strings that has no value is one row of null, as Druid goes by the ids of its dictionary; of whatever else, as of an
// expression, it is none.

#include <algorithm>

#include "engine/data_source/gathered_segment.h"
#include "engine/data_source/memory_columns.h"
#include "engine/data_source/pushed_filter.h"
#include "engine/data_source/row_segment.h"
#include "engine/exec/poll.h"
#include "engine/expression/expression_sources.h"
#include "engine/expression/parser.h"
#include "engine/query/query_run.h"
#include "engine/query/scan_cells.h"
#include "engine/scan/vector_cursor.h"
#include "engine/vector/row_mask.h"
#include "storage/base/error.h"

namespace sarsen::engine {
namespace {

/// The rows of one part of the base that are read, and where they are read.
struct Reading {
  Reading(const SourcePart& part, VirtualColumnsPtr virtual_columns, const QueryControl& control)
      : plan(make_scan_plan(part.segment, part.interval, part.filter, std::move(virtual_columns))),
        cursor(plan, plan.begin_row, plan.end_row, control) {}

  ScanPlan plan;
  VectorCursor cursor;
};

/// Ids into a dictionary that somebody else keeps.
class SharedStrings final : public storage::Column {
 public:
  SharedStrings(const storage::Dictionary& dictionary, std::vector<std::uint32_t> ids)
      : dictionary_(dictionary), ids_(std::move(ids)) {}

  storage::ValueType type() const noexcept override { return storage::ValueType::kString; }
  std::uint32_t row_count() const noexcept override { return static_cast<std::uint32_t>(ids_.size()); }
  const storage::Dictionary* dictionary() const override { return &dictionary_; }
  std::unique_ptr<storage::StringReader> string_reader() const override { return std::make_unique<Reader>(ids_); }

 private:
  class Reader final : public storage::StringReader {
   public:
    explicit Reader(const std::vector<std::uint32_t>& ids) : ids_(ids) {}
    const std::uint32_t* read_ids(std::uint32_t begin, std::uint32_t, std::uint32_t*) override {
      return ids_.data() + begin;
    }
    Lists read_lists(std::uint32_t, std::uint32_t) override { return {}; }

   private:
    const std::vector<std::uint32_t>& ids_;
  };

  const storage::Dictionary& dictionary_;
  std::vector<std::uint32_t> ids_;
};

/// What becomes of one part: base rows, each with one value.
class Unnesting {
 public:
  /// `renamed`: the column that is only given another name; "": it is more than that.
  Unnesting(const SourcePart& part, VirtualColumnsPtr virtual_columns, const std::string& renamed, const QueryRun& run)
      : part_(part),
        renamed_(renamed),
        name_(virtual_columns->all()[0]->name()),
        bytes_max_(run.limits().query_bytes_max),
        reading_(std::make_shared<Reading>(part, std::move(virtual_columns), run.control())),
        rows_(std::make_shared<RowNumbers>()) {}

  /// `passed`: filters that all rows of it will have passed.
  std::shared_ptr<const storage::Segment> segment(std::vector<FilterPtr> passed) {
    ColumnSources& columns = reading_->cursor.columns();
    StringSource* strings = columns.strings(name_);
    std::unique_ptr<storage::Column> column;
    if (reads_nothing(columns)) {
      column = make_column({}, "");
    } else if (strings != nullptr) {
      column = unnest_strings(*strings);
    } else if (const std::optional<ColumnKind> kind = columns.kind(name_)) {
      column = unnest_values(*kind);
    } else {
      column = make_column({}, "");
    }
    return gathered(std::move(column), std::move(passed));
  }

 private:
  /// Columns that do not exist have no values to unnest.
  bool reads_nothing(const ColumnSources& columns) const {
    const std::vector<std::string> names = reading_->plan.virtual_columns->all()[0]->required_columns();
    return !names.empty() && std::none_of(names.begin(), names.end(),
                                          [&](const std::string& name) { return columns.kind(name).has_value(); });
  }

  /// Whether it is a stored column under another name, in which null has an id. Values in memory have none in Druid.
  bool keeps_nulls(const ColumnSources& columns) const {
    const storage::Column* stored = renamed_.empty() ? nullptr : columns.stored(renamed_);
    if (stored == nullptr || stored->dictionary() == nullptr) return false;
    const storage::Dictionary* dictionary = &dictionary_of_base(*stored->dictionary());
    return dynamic_cast<const MemoryStrings*>(dictionary) == nullptr;
  }

  std::unique_ptr<storage::Column> unnest_strings(StringSource& strings) {
    keeps_nulls_ = keeps_nulls(reading_->cursor.columns());
    std::vector<std::uint32_t> ids;
    const bool lists = strings.multiple_values();
    while (reading_->cursor.next()) {
      if (lists) {
        add_lists(strings, ids);
      } else {
        add_ids(strings, ids);
      }
      check_size();
    }
    if (needs_null_ && !strings.dictionary().find(std::nullopt)) return copied_strings(strings, ids);
    if (needs_null_) {
      const std::uint32_t null_id = *strings.dictionary().find(std::nullopt);
      std::replace(ids.begin(), ids.end(), kNullHere, null_id);
    }
    return std::make_unique<SharedStrings>(strings.dictionary(), std::move(ids));
  }

  /// Of a row with one value.
  bool is_left_out(const StringSource& strings, std::uint32_t id) const {
    return !keeps_nulls_ && !strings.dictionary().value(id);
  }

  void add_ids(StringSource& strings, std::vector<std::uint32_t>& ids) {
    const VectorCursor& cursor = reading_->cursor;
    const std::uint32_t* read = strings.read_ids(cursor.begin(), cursor.selection().size);
    for_each_selected(cursor.selection(), [&](std::uint32_t, std::uint32_t row) {
      if (is_left_out(strings, read[row])) return;
      rows_->rows.push_back(cursor.begin() + row);
      ids.push_back(read[row]);
    });
  }

  void add_lists(StringSource& strings, std::vector<std::uint32_t>& ids) {
    const VectorCursor& cursor = reading_->cursor;
    const storage::StringReader::Lists lists = strings.read_lists(cursor.begin(), cursor.selection().size);
    for_each_selected(cursor.selection(), [&](std::uint32_t, std::uint32_t row) {
      const std::uint32_t first = lists.offsets[row];
      const std::uint32_t last = lists.offsets[row + 1];
      if (last - first == 1 && is_left_out(strings, lists.ids[first])) return;
      ids.insert(ids.end(), lists.ids + first, lists.ids + last);
      if (first == last && keeps_nulls_) {
        ids.push_back(kNullHere);
        needs_null_ = true;
      }
      rows_->rows.resize(ids.size(), cursor.begin() + row);
    });
  }

  /// Where rows without a value need a null that the dictionary does not have.
  static std::unique_ptr<storage::Column> copied_strings(const StringSource& strings,
                                                         const std::vector<std::uint32_t>& ids) {
    std::vector<Value> values;
    values.reserve(ids.size());
    for (const std::uint32_t id : ids) {
      poll();
      const auto text = id == kNullHere ? std::nullopt : strings.dictionary().value(id);
      values.push_back(text ? Value(std::string(*text)) : Value());
    }
    return make_column(std::move(values), "STRING");
  }

  std::unique_ptr<storage::Column> unnest_values(const ColumnKind& kind) {
    const std::unique_ptr<CellReader> cells = bind_cell(reading_->cursor.columns(), name_);
    const VectorCursor& cursor = reading_->cursor;
    std::vector<Value> values;
    while (reading_->cursor.next()) {
      cells->load(cursor.begin(), cursor.selection().size);
      for_each_selected(cursor.selection(), [&](std::uint32_t, std::uint32_t row) {
        add_value(cells->value(cursor.begin() + row), values);
        rows_->rows.resize(values.size(), cursor.begin() + row);
      });
      check_size();
    }
    return make_column(std::move(values), element_type(kind));
  }

  static void add_value(Value value, std::vector<Value>& values) {
    if (const List* list = std::get_if<List>(&value)) {
      values.insert(values.end(), list->elements().begin(), list->elements().end());
    } else if (!is_null(value)) {
      values.push_back(std::move(value));
    }
  }

  /// "LONG" of "ARRAY<LONG>" and of "LONG".
  static std::string element_type(const ColumnKind& kind) {
    const std::string type = kind.type_name();
    constexpr std::string_view kArray = "ARRAY<";
    if (type.starts_with(kArray) && type.ends_with('>'))
      return type.substr(kArray.size(), type.size() - kArray.size() - 1);
    return kind.type == storage::ValueType::kVariant ? std::string() : type;
  }

  void check_size() const {
    if (rows_->rows.size() >= kNoRow || rows_->rows.size() * 2 * sizeof(std::uint32_t) > bytes_max_)
      throw Error(ErrorCategory::kResourceLimit,
                  "Unnesting makes more rows than sarsen.query.maxBytesPerQuery allows: " + std::to_string(bytes_max_));
  }

  std::shared_ptr<const storage::Segment> gathered(std::unique_ptr<storage::Column> column,
                                                   std::vector<FilterPtr> passed) {
    auto segment = std::make_shared<GatheredSegment>(part_.segment, static_cast<std::uint32_t>(rows_->rows.size()));
    segment->set_passed(std::move(passed));
    segment->add_all(part_.segment, rows_);
    segment->set(name_, std::move(column), reading_);
    return segment;
  }

  static constexpr std::uint32_t kNullHere = UINT32_MAX;

  const SourcePart& part_;
  const std::string& renamed_;
  std::string name_;
  std::size_t bytes_max_;
  std::shared_ptr<Reading> reading_;  // whose dictionaries the new column may share
  std::shared_ptr<RowNumbers> rows_;
  bool keeps_nulls_ = true;
  bool needs_null_ = false;
};

class Unnest final : public DataSource {
 public:
  Unnest(DataSourcePtr base, VirtualColumnsPtr virtual_columns, std::string renamed, FilterPtr filter)
      : base_(std::move(base)),
        virtual_columns_(std::move(virtual_columns)),
        renamed_(std::move(renamed)),
        filter_(std::move(filter)) {}

  void add_tables(std::vector<std::string>& names) const override { base_->add_tables(names); }
  bool reads_segments() const noexcept override { return base_->reads_segments(); }
  const DataSource* base() const noexcept override { return base_.get(); }

  std::vector<SourcePart> parts(QueryRun& run, const PushedFilter& kept) const override {
    const VirtualColumn& unnested = *virtual_columns_->all()[0];
    const PushedFilter of_base = kept.without_column(unnested.name());
    std::vector<SourcePart> parts = base_->parts(run, of_base);
    run.parallel(parts.size(), [&](std::size_t i) {
      PushedFilter::Choice choice = of_base.over(parts[i], virtual_columns_, unnested.required_columns());
      parts[i].filter = std::move(choice.filter);
      parts[i].segment = Unnesting(parts[i], choice.virtual_columns, renamed_, run).segment(std::move(choice.passed));
      parts[i].filter = filter_;
    });
    return parts;
  }

 private:
  DataSourcePtr base_;
  VirtualColumnsPtr virtual_columns_;  // one: what is unnested
  std::string renamed_;
  FilterPtr filter_;
};

/// The column that an expression of a single name, as text, is; else "".
std::string renamed_column(const JsonField& column) {
  if (column["type"].string() != "expression" || column["outputType"].string_or("STRING") != "STRING") return "";
  const expression::ExprPtr expr = expression::parse_expression(column["expression"]);
  const std::string* name = expression::name_of(*expr);
  return name != nullptr ? *name : std::string();
}

DataSourcePtr parse_unnest(const JsonField& json) {
  DataSourcePtr base = parse_data_source(json["base"]);
  const JsonField field = json["virtualColumn"];
  if (!field.present()) field.fail("is required: the virtual column to unnest");
  const VirtualColumnPtr column = parse_virtual_column(field);
  for (const std::string& name : column->required_columns())
    if (name == column->name()) field["name"].fail("Self-referential column[" + name + "]");
  const Json list(Json::Array{field.json()});
  return std::make_shared<Unnest>(std::move(base), std::make_shared<const VirtualColumns>(JsonField(list)),
                                  renamed_column(field), parse_optional_filter(json["unnestFilter"]));
}

}  // namespace

void register_unnest(DataSourceRegistry& registry) {
  registry.add({.type = "unnest", .parse = parse_unnest, .doc = "One row for each value of a column."});
}

}  // namespace sarsen::engine
