// search: which values of which dimensions look like what is searched for, and how many rows have them.
//
// Druid reads columns with bitmap indexes value by value, and the others row by row; both stop at the limit, so the
// hits that are answered are the first ones in that order, sorted afterwards. So does this.

#include <algorithm>
#include <map>

#include "engine/exec/poll.h"
#include "engine/group/dimension.h"
#include "engine/ordering/string_comparator.h"
#include "engine/query/query_run.h"
#include "engine/result/java_priority_queue.h"
#include "engine/result/value_cast.h"
#include "engine/scan/vector_cursor.h"
#include "engine/text/candidate_entries.h"
#include "engine/text/search_query.h"
#include "engine/time/granularity.h"
#include "engine/vector/row_mask.h"
#include "storage/base/java_order.h"

namespace sarsen::engine {
namespace {

constexpr std::int64_t kHitsMax = 1000;  // druid.query.search.maxSearchLimit

/// Looking into the bytes of so many entries costs as much as asking one of them.
constexpr std::size_t kEntriesPerCounted = 4;

struct Hit {
  std::string dimension;
  std::optional<std::string> value;
  std::int64_t count = 0;
};

/// The hits of one segment, or of several in one bucket of time.
struct Result {
  std::int64_t time_ms;
  std::vector<Hit> hits;  // sorted
};

/// By value, then by dimension. Druid keeps hits in a map of this order, so values that a comparator takes for equal
/// ("new york" and "New York") are one hit, under the name that came first.
struct HitOrder {
  std::shared_ptr<const StringComparator> comparator;

  int compare(const Hit& left, const Hit& right) const {
    const int by_value = comparator->compare(left.value, right.value);
    if (by_value != 0) return by_value;
    const auto by_dimension = java_compare(left.dimension, right.dimension);
    return by_dimension < 0 ? -1 : by_dimension > 0;
  }
  bool operator()(const Hit& left, const Hit& right) const { return compare(left, right) < 0; }
};

/// Hits of one segment, each once.
class HitSet {
 public:
  HitSet(std::int64_t limit, const HitOrder& order) : limit_(limit), counts_(order) {}

  bool full() const noexcept { return std::ssize(counts_) >= limit_; }
  /// Adds to the count of a hit; gives where it is counted.
  std::int64_t* add(const std::string& dimension, std::optional<std::string> value, std::int64_t count) {
    std::int64_t& counted = counts_.try_emplace(Hit{dimension, std::move(value)}, 0).first->second;
    counted += count;
    return &counted;
  }
  /// In order.
  std::vector<Hit> all() const {
    std::vector<Hit> hits;
    for (const auto& [hit, count] : counts_) hits.push_back({hit.dimension, hit.value, count});
    return hits;
  }

 private:
  std::int64_t limit_;
  std::map<Hit, std::int64_t, HitOrder> counts_;
};

/// What is searched for.
struct Wanted {
  std::shared_ptr<const SearchQuery> query;  // nullptr: everything
  bool null = true;

  bool accepts(const std::optional<std::string_view>& value) const {
    return value ? query == nullptr || query->accepts(*value) : null;
  }

  /// All entries that are accepted, and others; nullopt: any may be.
  std::optional<CandidateEntries> candidates(const storage::Dictionary& dictionary) const {
    const auto pair = query == nullptr || null ? std::nullopt : query->rarest_pair();
    return pair ? CandidateEntries::of(dictionary, *pair) : std::nullopt;
  }
};

/// One dimension of one cursor. Each of its ids is decided once.
class SearchedDimension {
 public:
  SearchedDimension(const DimensionSpec& spec, ColumnSources& columns)
      : name_(spec.output_name), reader_(bind_dimension(spec, columns)), stored_(reader_->stored_dictionary()) {}

  /// Adds how many of the selected rows have each id.
  void count(std::uint32_t begin, const Selection& selection) {
    if (reader_->multiple_values()) return count_lists(begin, selection);
    const std::uint32_t* ids = reader_->read_ids(begin, selection.size);
    if (stored_ == nullptr)
      return for_each_selected(selection, [&](std::uint32_t, std::uint32_t row) { count_id(ids[row]); });
    counts_.resize(reader_->radix());
    std::int64_t* const counts = counts_.data();
    for_each_selected(selection, [&](std::uint32_t, std::uint32_t row) { ++counts[ids[row]]; });
  }

  /// Whether an index of its column counts rows as count() does.
  bool counts_as_index() const noexcept { return stored_ != nullptr && !reader_->multiple_values(); }

  /// Adds the hits among all ids, in their order, until there are enough: those of a whole segment.
  void add_indexed(const storage::BitmapIndex& index, const Wanted& wanted, HitSet& hits) const {
    for_each_candidate(wanted.candidates(*stored_), stored_->size(), hits, [&](std::uint32_t id) {
      const std::optional<std::string_view> text = stored_->value(id);
      if (!wanted.accepts(text)) return;
      const auto count = static_cast<std::int64_t>(index.cardinality(id));
      if (count > 0) hits.add(name_, text ? std::optional<std::string>(*text) : std::nullopt, count);
    });
  }

  /// Adds the hits among the ids counted, in their order, until there are enough.
  void add_counted(const Wanted& wanted, HitSet& hits) const {
    for_each_candidate(candidates(wanted), static_cast<std::uint32_t>(counts_.size()), hits, [&](std::uint32_t id) {
      if (id >= counts_.size() || counts_[id] == 0 || !may_be_wanted(id, wanted)) return;
      std::optional<std::string> value = value_text(reader_->value(id));
      if (wanted.accepts(value)) hits.add(name_, std::move(value), counts_[id]);
    });
  }

  /// Makes the rows of a vector ready for add_row.
  void load(std::uint32_t begin, std::uint32_t size) {
    if (reader_->multiple_values()) {
      lists_ = reader_->read_lists(begin, size);
    } else {
      ids_ = reader_->read_ids(begin, size);
    }
  }

  void add_row(std::uint32_t row, const Wanted& wanted, HitSet& hits) {
    if (!reader_->multiple_values()) return add_value(ids_[row], wanted, hits);
    for (std::uint32_t i = lists_.offsets[row]; i < lists_.offsets[row + 1] && !hits.full(); ++i)
      add_value(lists_.ids[i], wanted, hits);
  }

 private:
  /// One id: not decided, not wanted, or where it is counted.
  struct Decision {
    bool decided = false;
    std::int64_t* count = nullptr;
  };

  /// False for most texts that are not wanted, without a copy of them.
  bool may_be_wanted(std::uint32_t id, const Wanted& wanted) const {
    return stored_ == nullptr || id >= stored_->size() || wanted.accepts(stored_->value(id));
  }

  /// Where few entries were counted, each of these is looked at.
  std::optional<CandidateEntries> candidates(const Wanted& wanted) const {
    const auto counted = counts_.size() - static_cast<std::size_t>(std::ranges::count(counts_, 0));
    if (stored_ == nullptr || counted < counts_.size() / kEntriesPerCounted) return std::nullopt;
    return wanted.candidates(*stored_);
  }

  /// Calls visit(id) for the candidates, or all ids below `size`, ascending, until there are enough hits.
  template <class Visit>
  static void for_each_candidate(std::optional<CandidateEntries> candidates, std::uint32_t size, const HitSet& hits,
                                 Visit visit) {
    if (!candidates) {
      for (std::uint32_t id = 0; id < size && !hits.full(); ++id) {
        poll();
        visit(id);
      }
      return;
    }
    while (!hits.full()) {
      const std::optional<std::uint32_t> id = candidates->next();
      if (!id) return;
      visit(*id);
    }
  }

  void count_id(std::uint32_t id) {
    if (id >= counts_.size()) counts_.resize(std::size_t{id} + 1);
    ++counts_[id];
  }

  /// As bitmaps count: a row once for each of its values, and rows without any for null.
  void count_lists(std::uint32_t begin, const Selection& selection) {
    const storage::StringReader::Lists lists = reader_->read_lists(begin, selection.size);
    for_each_selected(selection, [&](std::uint32_t, std::uint32_t row) {
      const std::uint32_t* first = lists.ids + lists.offsets[row];
      const std::uint32_t* last = lists.ids + lists.offsets[row + 1];
      if (first == last) count_id(reader_->null_id());
      for (const std::uint32_t* id = first; id != last; ++id)
        if (std::find(first, id, *id) == id) count_id(*id);
    });
  }

  void add_value(std::uint32_t id, const Wanted& wanted, HitSet& hits) {
    if (id >= decisions_.size()) decisions_.resize(std::size_t{id} + 1);
    Decision& decision = decisions_[id];
    if (!decision.decided) {
      std::optional<std::string> value = value_text(reader_->value(id));
      decision = {true, wanted.accepts(value) ? hits.add(name_, std::move(value), 0) : nullptr};
    }
    if (decision.count != nullptr) ++*decision.count;
  }

  std::string name_;
  std::unique_ptr<DimensionReader> reader_;
  const storage::StoredDictionary* stored_;  // whose texts ids stand for; nullptr: ids stand for others
  std::vector<std::int64_t> counts_;         // by id
  std::vector<Decision> decisions_;          // by id
  const std::uint32_t* ids_ = nullptr;
  storage::StringReader::Lists lists_{};
};

class Search final : public Query {
 public:
  explicit Search(const JsonField& json)
      : Query(json, Intervals::kRequired),
        filter_(parse_optional_filter(json["filter"])),
        granularity_(json["granularity"].present() ? parse_granularity(json["granularity"]) : parse_granularity("all")),
        order_{parse_order(json["sort"])},
        limit_(json["limit"].integer_or(0)) {
    if (json["query"].present()) wanted_ = {parse_search_query(json["query"]), json["query"]["type"].string() == "all"};
    for (const JsonField& element : dimension_list(json["searchDimensions"]))
      dimensions_.push_back(parse_dimension(element));
    if (limit_ < 0) json["limit"].fail("limit is negative");
    limit_ = limit_ == 0 ? kHitsMax : std::min(limit_, kHitsMax);
    if (context().boolean_or("bySegment", false))
      json["context"]["bySegment"].fail("a search is not answered by segment");
  }

  FilterPtr filter() const override { return filter_; }

  void run(QueryRun& run) const override {
    const std::vector<QueryRun::Part>& parts = run.parts();
    std::vector<Result> found(parts.size());
    run.parallel(parts.size(), [&](std::size_t i) { found[i] = search(parts[i], run.control()); });
    for (const Result& result : merged(found)) write(run.out(), result);
  }

 private:
  static std::shared_ptr<const StringComparator> parse_order(const JsonField& json) {
    return parse_string_comparator(json.present() && json.json().is_object() ? json["type"] : json, "lexicographic");
  }

  /// One dimension may stand for a list.
  static std::vector<JsonField> dimension_list(const JsonField& json) {
    if (json.present() && !json.json().is_array()) return {json};
    return json.elements();
  }

  /// The dimensions of the segment that can be searched, or those asked for.
  std::vector<DimensionSpec> dimensions_of(const storage::Segment& segment, ColumnSources& columns) const {
    std::vector<DimensionSpec> specs;
    for (const DimensionSpec& spec : dimensions_)
      if (columns.kind(spec.dimension)) specs.push_back(spec);
    if (!dimensions_.empty()) return specs;
    for (const std::string& name : segment.dimensions()) {
      const std::optional<ColumnKind> kind = columns.kind(name);
      if (kind && kind->type != storage::ValueType::kComplex && kind->type != storage::ValueType::kVariant) {
        DimensionSpec& spec = specs.emplace_back();
        spec.dimension = spec.output_name = name;
      }
    }
    return specs;
  }

  Result search(const QueryRun::Part& part, const QueryControl& control) const {
    const FilterPtr filter = both(part.filter, filter_);
    const ScanPlan plan = make_scan_plan(part.segment, part.interval, filter, virtual_columns());
    CursorColumns columns(*part.segment, virtual_columns().get());
    std::vector<DimensionSpec> by_value;
    std::vector<DimensionSpec> by_row;
    const bool filter_has_index =
        filter == nullptr || filter->bind(columns.sources(), {part.segment->row_count()})->has_index_in_druid();
    for (const DimensionSpec& spec : dimensions_of(*part.segment, columns.sources())) {
      const StringSource* strings = columns.sources().strings(spec.dimension);
      const bool has_index = filter_has_index && strings != nullptr && strings->bitmap_index() != nullptr;
      (has_index ? by_value : by_row).push_back(spec);
    }
    HitSet hits(limit_, order_);
    if (!plan.empty()) {
      search_values(plan, by_value, control, hits);
      search_rows(plan, by_row, control, hits);
    }
    return {part.segment_interval.start_ms, hits.all()};
  }

  static std::vector<SearchedDimension> bound(const std::vector<DimensionSpec>& specs, ColumnSources& columns) {
    std::vector<SearchedDimension> dimensions;
    for (const DimensionSpec& spec : specs) dimensions.emplace_back(spec, columns);
    return dimensions;
  }

  static bool reads_all(const ScanPlan& plan) {
    return plan.filter == nullptr && plan.index_rows.empty() && !plan.check_time && plan.begin_row == 0 &&
           plan.end_row == plan.segment->row_count();
  }

  /// Of a whole segment, no row is read. False, with nothing done, where an index does not count as rows are counted.
  bool search_indexed(const ScanPlan& plan, const std::vector<DimensionSpec>& specs, HitSet& hits) const {
    if (!reads_all(plan)) return false;
    CursorColumns columns(*plan.segment, virtual_columns().get());
    const std::vector<SearchedDimension> dimensions = bound(specs, columns.sources());
    if (!std::ranges::all_of(dimensions, &SearchedDimension::counts_as_index)) return false;
    for (std::size_t i = 0; i < specs.size(); ++i)
      dimensions[i].add_indexed(*columns.sources().strings(specs[i].dimension)->bitmap_index(), wanted_, hits);
    return true;
  }

  void search_values(const ScanPlan& plan, const std::vector<DimensionSpec>& specs, const QueryControl& control,
                     HitSet& hits) const {
    if (specs.empty()) return;
    if (search_indexed(plan, specs, hits)) return;
    VectorCursor cursor(plan, plan.begin_row, plan.end_row, control);
    std::vector<SearchedDimension> dimensions = bound(specs, cursor.columns());
    while (cursor.next())
      for (SearchedDimension& dimension : dimensions) dimension.count(cursor.begin(), cursor.selection());
    for (const SearchedDimension& dimension : dimensions) dimension.add_counted(wanted_, hits);
  }

  void search_rows(const ScanPlan& plan, const std::vector<DimensionSpec>& specs, const QueryControl& control,
                   HitSet& hits) const {
    if (specs.empty() || hits.full()) return;
    VectorCursor cursor(plan, plan.begin_row, plan.end_row, control);
    std::vector<SearchedDimension> dimensions = bound(specs, cursor.columns());
    while (!hits.full() && cursor.next()) {
      for (SearchedDimension& dimension : dimensions) dimension.load(cursor.begin(), cursor.selection().size);
      for_each_selected(cursor.selection(), [&](std::uint32_t, std::uint32_t row) {
        for (SearchedDimension& dimension : dimensions)
          if (!hits.full()) dimension.add_row(row, wanted_, hits);
      });
    }
  }

  std::int64_t bucket_ms(const Result& result) const {
    return granularity_->is_all() ? 0 : granularity_->bucket_start(result.time_ms);
  }

  /// Those of one bucket as one, in the order in which Druid merges them: what a queue does with equal times.
  std::vector<Result> merged(std::vector<Result>& found) const {
    const auto before = [](const Result* left, const Result* right) { return left->time_ms < right->time_ms; };
    JavaPriorityQueue<Result*, decltype(before)> queue(before);
    for (Result& result : found) queue.push(&result);
    std::vector<Result> results;
    while (!queue.empty()) {
      Result& next = *queue.pop();
      if (!results.empty() && bucket_ms(results.back()) == bucket_ms(next)) {
        results.back() = merged(results.back(), next);
      } else {
        results.push_back(std::move(next));
      }
    }
    return results;
  }

  Result merged(const Result& left, const Result& right) const {
    Result result{granularity_->is_all() ? left.time_ms : granularity_->bucket_start(left.time_ms), {}};
    for (const Hit& hit : interleaved(left.hits, right.hits)) {
      poll();
      Hit* last = result.hits.empty() ? nullptr : &result.hits.back();
      if (last != nullptr && last->dimension == hit.dimension && last->value == hit.value) {
        last->count += hit.count;
      } else {
        result.hits.push_back(hit);
      }
    }
    if (granularity_->is_all() && std::ssize(result.hits) > limit_)
      result.hits.resize(static_cast<std::size_t>(limit_));
    return result;
  }

  /// In order; of equal hits the next one comes from the other list, as Guava's queue of iterators has it.
  std::vector<Hit> interleaved(const std::vector<Hit>& left, const std::vector<Hit>& right) const {
    std::vector<Hit> all;
    auto taken = right.begin();
    auto taken_end = right.end();
    auto other = left.begin();
    auto other_end = left.end();
    while (taken != taken_end || other != other_end) {
      const bool again = taken != taken_end && (other == other_end || order_(*taken, *other));
      if (!again) {
        std::swap(taken, other);
        std::swap(taken_end, other_end);
      }
      all.push_back(*taken++);
    }
    return all;
  }

  void write(ResultWriter& out, const Result& result) const {
    JsonWriter& json = out.json();
    json.begin_object().key("timestamp");
    if (context().boolean_or("serializeDateTimeAsLong", false)) {
      json.integer(result.time_ms);
    } else {
      json.string(granularity_->format(result.time_ms));
    }
    json.key("result").begin_array();
    for (const Hit& hit : result.hits) {
      poll();
      json.begin_object().key("dimension").string(hit.dimension).key("value");
      out.value(hit.value ? Value(*hit.value) : Value());
      json.key("count").integer(hit.count).end_object();
      out.flush_if_full();
    }
    json.end_array().end_object();
    out.flush_if_full();
  }

  FilterPtr filter_;
  std::shared_ptr<const Granularity> granularity_;
  HitOrder order_;
  std::int64_t limit_;
  Wanted wanted_;
  std::vector<DimensionSpec> dimensions_;  // empty: all
};

QueryPtr parse_search(const JsonField& json) { return std::make_shared<Search>(json); }

}  // namespace

void register_search(QueryRegistry& registry) {
  registry.add({.type = "search", .parse = parse_search, .doc = "Values that look like what is searched for."});
}

}  // namespace sarsen::engine
