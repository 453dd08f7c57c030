// scan: rows as they are, in batches that name their columns.

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "engine/data_source/pushed_filter.h"
#include "engine/query/grouped_plans.h"
#include "engine/query/query_run.h"
#include "engine/query/scan_union.h"
#include "storage/base/ascii_case.h"
#include "storage/base/check.h"

namespace sarsen::engine {
namespace {

constexpr std::int64_t kDefaultBatchRows = 20480;

ScanOrder parse_order(const JsonField& json) {
  const std::string order = storage::lower_ascii(json.string_or("none"));
  if (order == "none") return ScanOrder::kNone;
  if (order == "ascending") return ScanOrder::kAscending;
  if (order == "descending") return ScanOrder::kDescending;
  json.fail("unknown order \"" + json.string() + "\": must be \"ascending\", \"descending\" or \"none\"");
}

bool parse_as_objects(const JsonField& json) {
  const std::string format = json.string_or("list");
  if (format == "list") return true;
  if (format == "compactedList") return false;
  if (format == "valueVector") json.fail("resultFormat[valueVector] is not supported");
  json.fail("Scan query result format [" + format + "] is not supported." +
            suggestion(format, {"list", "compactedList"}));
}

std::int64_t not_negative(const JsonField& json, std::string_view problem) {
  const std::int64_t value = json.integer_or(0);
  if (value < 0) json.fail(problem);
  return value;
}

std::optional<std::int64_t> optional_limit(const QueryContext& context, std::string_view key) {
  if (!context.text(key)) return std::nullopt;
  const std::int64_t value = context.integer_or(key, 0);
  if (value <= 0)
    throw Error(ErrorCategory::kInvalidInput, "maxRowsQueuedForOrdering must be greater than 0");  // of both, in Druid
  return value;
}

/// "1,234", as Java's %,d.
std::string grouped_digits(std::int64_t number) {
  std::string digits = std::to_string(number);
  for (std::ptrdiff_t at = std::ssize(digits) - 3; at > 0; at -= 3) digits.insert(static_cast<std::size_t>(at), ",");
  return digits;
}

class Scan final : public Query {
 public:
  explicit Scan(const JsonField& json)
      : Query(json, Intervals::kRequired),
        filter_(parse_optional_filter(json["filter"])),
        as_objects_(parse_as_objects(json["resultFormat"])),
        batch_rows_(not_negative(json["batchSize"], "batchSize must be greater than 0")),
        limit_(not_negative(json["limit"], "limit must be greater than 0")),
        offset_(not_negative(json["offset"], "offset must be greater than or equal to 0")),
        order_(parse_order(json["order"])),
        rows_queued_max_(optional_limit(context(), "maxRowsQueuedForOrdering")),
        ordered_partitions_max_(optional_limit(context(), "maxSegmentPartitionsOrderedInMemory")) {
    if (batch_rows_ == 0) batch_rows_ = kDefaultBatchRows;
    if (limit_ == 0) limit_ = INT64_MAX;
    for (const JsonField& column : json["columns"].elements()) columns_.push_back(column.string());
    parse_column_types(json["columnTypes"]);
    parse_order_by(json["orderBy"], json["order"].present());
    if (order_ != ScanOrder::kNone && !columns_.empty() && !has_column(storage::kTimeColumn))
      json["columns"].fail("The __time column must be selected if the results are time-ordered.");
    if (order_ != ScanOrder::kNone && !source().reads_segments())
      json["order"].fail("Time-ordering on scan queries is only supported for data sources that read segments");
  }

  FilterPtr filter() const override { return filter_; }

  void run(QueryRun& run) const override {
    const Read read = prepare(run);
    JsonRows sink(*this, run, read);
    visit(run, read, sink);
    sink.finish();
  }

  void rows(QueryRun& run, RowSink& sink) const override {
    Read read = prepare(run);
    // Without names Druid does not know the columns, and hands on rows without any.
    if (columns_.empty()) read.columns.assign(read.columns.size(), {});
    ValueRows values(*this, sink);
    visit(run, read, values);
  }

 private:
  /// What is to be read, and which columns of each part.
  struct Read {
    std::vector<QueryRun::Part> parts;
    std::vector<ScanPlan> plans;
    std::vector<std::vector<std::string>> columns;  // by part
  };

  void parse_column_types(const JsonField& json) {
    if (!json.present()) return;
    if (columns_.empty()) json.fail("columns must be provided if columnTypes is provided");
    if (json.elements().size() != columns_.size()) json.fail("columnTypes must have as many elements as columns");
    for (const JsonField& type : json.elements()) column_types_.push_back(type.string_or(""));
  }

  void parse_order_by(const JsonField& json, bool has_order) {
    std::string shown;
    std::vector<std::pair<std::string, ScanOrder>> keys;
    for (const JsonField& key : json.elements()) {
      keys.emplace_back(key["columnName"].string(), parse_order(key["order"]));
      shown += (shown.empty() ? "" : ", ") + keys.back().first +
               (keys.back().second == ScanOrder::kDescending ? " DESC" : " ASC");
      if (!columns_.empty() && !has_column(keys.back().first))
        key.fail("Column [" + keys.back().first + "] from 'orderBy' must also appear in 'columns'.");
    }
    if (keys.empty()) return;
    if (keys.size() != 1 || keys[0].first != storage::kTimeColumn)
      json.fail("Cannot execute query with orderBy [" + shown + "]");
    if (has_order && keys[0].second != order_) json.fail("Cannot provide 'order' incompatible with 'orderBy'");
    order_ = keys[0].second;
  }

  bool has_column(std::string_view name) const {
    return std::find(columns_.begin(), columns_.end(), name) != columns_.end();
  }

  std::vector<std::string> columns_of(const storage::Segment& segment) const {
    std::vector<std::string> names = columns_.empty() ? segment.column_names() : columns_;
    if (!columns_.empty()) return names;
    for (const VirtualColumnPtr& column : virtual_columns()->all())
      if (std::find(names.begin(), names.end(), column->name()) == names.end()) names.push_back(column->name());
    return names;
  }

  /// Without a small limit Druid merges the segments of a chunk of time side by side, and only so many.
  void check_ordering(const QueryRun& run, const std::vector<QueryRun::Part>& parts) const {
    const std::int64_t rows_max = rows_queued_max_.value_or(run.limits().rows_queued_max);
    const std::int64_t partitions_max = ordered_partitions_max_.value_or(run.limits().ordered_partitions_max);
    const std::int64_t rows = limit_ > INT64_MAX - offset_ ? INT64_MAX : limit_ + offset_;
    if (order_ == ScanOrder::kNone || rows <= rows_max || run.is_by_segment()) return;
    std::map<std::pair<std::int64_t, std::int64_t>, std::set<std::size_t>> chunks;
    for (const QueryRun::Part& part : parts)
      chunks[{part.segment_interval.start_ms, part.segment_interval.end_ms}].insert(part.served);
    std::size_t most = 0;
    for (const auto& [interval, segments] : chunks) most = std::max(most, segments.size());
    if (static_cast<std::int64_t>(most) <= partitions_max) return;
    throw Error(
        ErrorCategory::kResourceLimit,
        "Time ordering is not supported for a Scan query with " + grouped_digits(static_cast<std::int64_t>(most)) +
            " segments per time chunk and a row limit of " + grouped_digits(rows) +
            ". Try reducing your query limit below maxRowsQueuedForOrdering (currently " + grouped_digits(rows_max) +
            "), or using compaction to reduce the number of segments per time chunk, or raising "
            "maxSegmentPartitionsOrderedInMemory (currently " +
            grouped_digits(partitions_max) + ") above the number of segments you have per time chunk.");
  }

  Read prepare(QueryRun& run) const {
    Read read;
    read.parts = run.parts();
    refuse_projections(context(), read.parts);
    check_ordering(run, read.parts);
    read.plans = run.plans(read.parts, chooses_late() ? nullptr : filter_);
    for (const QueryRun::Part& part : read.parts) read.columns.push_back(columns_of(*part.segment));
    return read;
  }

  /// With a limit, likely few parts are read: the filter is asked of each when its turn comes, and not of all at once.
  bool chooses_late() const noexcept { return filter_ != nullptr && limit_ != INT64_MAX; }

  /// Calls sink.row(rows, part, number) for each row after the offset, numbered from the start of its batches: of the
  /// answer where the rows are merged, of the part where they are not.
  template <class Sink>
  void visit(QueryRun& run, const Read& read, Sink& sink) const {
    const std::int64_t end = limit_ > INT64_MAX - offset_ ? INT64_MAX : limit_ + offset_;
    if (order_ != ScanOrder::kNone) {
      UnionRows merged(sources(read), order_, run);
      for (std::int64_t number = 0; number < end && merged.next(); ++number)
        if (number >= offset_ && !sink.row(merged.rows(), merged.source().plan->part, number)) return;
      return;
    }
    std::int64_t seen = 0;
    UnionBatches batches(sources(read), batch_rows_, run);
    while (TableBatches* batch = seen < end ? batches.next() : nullptr) {
      do {
        if (++seen > offset_ && !sink.row(batch->rows(), batch->source().plan->part, batch->number())) return;
      } while (seen < end && batch->next_in_batch());
    }
  }

  /// What is to be read of each table of a union.
  UnionSources sources(const Read& read) const {
    UnionSources tables;
    for (const ScanPlan& plan : read.plans) {
      const QueryRun::Part& part = read.parts[plan.part];
      if (tables.size() <= part.member) tables.resize(part.member + 1);
      const FilterPtr late =
          chooses_late() ? both(part.filter, PushedFilter::rest(filter_, *part.segment)) : FilterPtr();
      tables[part.member].push_back({&plan, &read.columns[plan.part], &part.id, late});
    }
    return tables;
  }

  /// Druid's type of a column of the part; empty where it has none of that name.
  std::string type_of(const QueryRun::Part& part, const std::string& column) const {
    CursorColumns columns(*part.segment, virtual_columns().get());
    const std::optional<ColumnKind> kind = columns.sources().kind(column);
    if (!kind) return {};
    const storage::Column* stored = part.segment->column(column);
    if (stored != nullptr && virtual_columns()->find(column) == nullptr) return stored->logical_type();
    return kind->type_name();
  }

  /// Writes batches.
  class JsonRows {
   public:
    JsonRows(const Scan& query, QueryRun& run, const Read& read)
        : query_(query), out_(run.out()), read_(read), merged_(query.order_ != ScanOrder::kNone) {}

    bool row(PartRows& rows, std::size_t part, std::int64_t number) {
      if (starts_batch(part, number)) {
        finish();
        start(part, number);
      }
      const std::vector<std::string>& columns = read_.columns[part];
      JsonWriter& json = out_.json();
      if (query_.as_objects_) {
        json.begin_object();
      } else {
        json.begin_array();
      }
      for (std::size_t i = 0; i < columns.size(); ++i) {
        if (query_.as_objects_) json.key(columns[i]);
        rows.write(i, out_);
      }
      if (query_.as_objects_) {
        json.end_object();
      } else {
        json.end_array();
      }
      out_.flush_if_full();
      return true;
    }

    void finish() {
      if (!open_) return;
      JsonWriter& json = out_.json();
      json.end_array().key("rowSignature").begin_array();
      for (const std::string& column : read_.columns[part_]) {
        json.begin_object().key("name").string(column);
        const std::string type = query_.type_of(read_.parts[part_], column);
        if (!type.empty()) json.key("type").string(type);
        json.end_object();
      }
      json.end_array().end_object();
      open_ = false;
    }

   private:
    /// Rows in order but without limit come in batches of one, each of its segment, as Druid merges them.
    bool starts_batch(std::size_t part, std::int64_t number) const {
      if (!open_) return true;
      if (merged_ && query_.limit_ == INT64_MAX) return true;
      return number / query_.batch_rows_ != batch_ || (!merged_ && part != part_);
    }

    void start(std::size_t part, std::int64_t number) {
      part_ = part;
      batch_ = number / query_.batch_rows_;
      open_ = true;
      JsonWriter& json = out_.json();
      json.begin_object().key("segmentId");
      if (merged_ && query_.limit_ != INT64_MAX) {
        json.null();
      } else {
        json.string(read_.parts[part].id);
      }
      json.key("columns").begin_array();
      for (const std::string& column : read_.columns[part]) json.string(column);
      json.end_array().key("events").begin_array();
    }

    const Scan& query_;
    ResultWriter& out_;
    const Read& read_;
    bool merged_;
    bool open_ = false;
    std::size_t part_ = 0;
    std::int64_t batch_ = 0;
  };

  /// Hands on values.
  class ValueRows {
   public:
    ValueRows(const Scan& query, RowSink& sink) : sink_(sink), values_(query.columns_.size()) {
      RowSignature signature;
      for (std::size_t i = 0; i < query.columns_.size(); ++i)
        signature.push_back({query.columns_[i], query.declared_type(i)});
      sink_.start(signature);
    }

    bool row(PartRows& rows, std::size_t, std::int64_t) {
      for (std::size_t i = 0; i < values_.size(); ++i) values_[i] = rows.value(i);
      return sink_.row(values_);
    }

   private:
    RowSink& sink_;
    std::vector<Value> values_;
  };

  /// Unless told, Druid knows only the type of the time before it has seen a segment; the values tell the others.
  std::string declared_type(std::size_t column) const {
    if (!column_types_.empty()) return column_types_[column];
    return columns_[column] == storage::kTimeColumn ? "LONG" : "";
  }

  FilterPtr filter_;
  std::vector<std::string> columns_;       // empty: all
  std::vector<std::string> column_types_;  // as declared; empty: none
  bool as_objects_;
  std::int64_t batch_rows_;
  std::int64_t limit_;
  std::int64_t offset_;
  ScanOrder order_;
  std::optional<std::int64_t> rows_queued_max_;  // of the context
  std::optional<std::int64_t> ordered_partitions_max_;
};

QueryPtr parse_scan(const JsonField& json) { return std::make_shared<Scan>(json); }

}  // namespace

void register_scan(QueryRegistry& registry) {
  registry.add({.type = "scan", .parse = parse_scan, .doc = "Rows as they are."});
}

}  // namespace sarsen::engine
