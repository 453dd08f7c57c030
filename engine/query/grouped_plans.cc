#include "engine/query/grouped_plans.h"

#include <algorithm>
#include <map>
#include <string>

#include "storage/base/error.h"
#include "storage/base/log.h"

namespace sarsen::engine {
namespace {

/// What the context says of projections.
struct Wish {
  explicit Wish(const QueryContext& context)
      : none(context.boolean_or("noProjections", false)),
        forced(context.boolean_or("forceProjections", false)),
        name(context.string("useProjection")) {}

  /// Whoever must be answered by one was not.
  void check() const {
    if (none) return;
    if (name)
      throw Error(ErrorCategory::kInvalidInput, "Projection[" + *name + "] specified, but does not satisfy query");
    if (forced) throw Error(ErrorCategory::kInvalidInput, "Force projections specified, but none satisfy query");
  }

  bool none;
  bool forced;
  std::optional<std::string> name;
};

struct Chosen {
  std::shared_ptr<const ProjectionMatch> match;
  std::shared_ptr<const storage::Segment> rows;
  Interval interval;
};

/// Finds projections for parts of a query. Segments have the same ones mostly, which are looked at once.
class Projections {
 public:
  Projections(const Query& query, const Grouping& grouping, const AskedOfProjections& asked, const Wish& wish)
      : query_(query), grouping_(grouping), asked_(asked), wish_(wish) {}

  /// That of the fewest rows.
  std::optional<Chosen> find(const QueryRun::Part& part) {
    const std::vector<storage::Projection>& all = part.segment->projections();
    if (wish_.none || all.empty() || part.filter != nullptr) return std::nullopt;
    std::vector<const storage::Projection*> by_rows;
    for (const storage::Projection& one : all)
      if (!wish_.name || one.name == *wish_.name) by_rows.push_back(&one);
    std::ranges::stable_sort(by_rows, {}, &storage::Projection::row_count);
    for (const storage::Projection* one : by_rows) {
      const auto& match = match_of(one->schema);
      if (match == nullptr) continue;
      if (const auto interval = match->rows_of(*part.segment, part.interval))
        return Chosen{match, part.segment->projection(one->name), *interval};
    }
    return std::nullopt;
  }

 private:
  /// nullptr: it does not answer, or its schema says what is not understood.
  const std::shared_ptr<const ProjectionMatch>& match_of(const Json& schema) {
    const auto [entry, added] = matches_.try_emplace(schema.dump());
    if (!added) return entry->second;
    try {
      if (auto match = match_projection(schema, query_, grouping_, asked_))
        entry->second = std::make_shared<const ProjectionMatch>(std::move(*match));
    } catch (const Error& error) {
      log_warn("A projection is left aside: {}", error.what());
    }
    return entry->second;
  }

  const Query& query_;
  const Grouping& grouping_;
  const AskedOfProjections& asked_;
  const Wish& wish_;
  std::map<std::string, std::shared_ptr<const ProjectionMatch>> matches_;
};

}  // namespace

std::shared_ptr<GroupedPlans> plan_groups(const QueryRun& run, const std::vector<QueryRun::Part>& parts,
                                          const Grouping& grouping, const AskedOfProjections& asked) {
  const Query& query = run.query();
  const Wish wish(query.context());
  Projections projections(query, grouping, asked, wish);
  std::vector<std::optional<Chosen>> chosen;
  auto plans = std::make_shared<GroupedPlans>();
  for (const QueryRun::Part& part : parts) {
    chosen.push_back(projections.find(part));
    if (!chosen.back() && query.source().reads_segments()) wish.check();
    plans->by_part.push_back(chosen.back() ? &chosen.back()->match->grouping : &grouping);
    if (chosen.back()) plans->matches.push_back(chosen.back()->match);
  }
  plans->plans = run.plans(parts, query.filter(), [&](std::size_t i) -> std::optional<ScanPlan> {
    if (!chosen[i]) return std::nullopt;
    return make_scan_plan(chosen[i]->rows, chosen[i]->interval, query.filter(), chosen[i]->match->virtual_columns);
  });
  return plans;
}

std::uint64_t keys_max(const std::vector<DimensionSpec>& dimensions, const ScanPlan& plan) {
  const std::uint64_t rows = plan.end_row - plan.begin_row;
  std::uint64_t keys = 1;
  for (const DimensionSpec& dimension : dimensions) {
    const storage::Column* column = plan.segment->column(dimension.dimension);
    const storage::Dictionary* dictionary = column != nullptr ? column->dictionary() : nullptr;
    keys *= dictionary != nullptr ? dictionary->size() + std::uint64_t{1} : rows;
    if (keys >= rows) return rows;
  }
  return keys;
}

void refuse_projections(const QueryContext& context, const std::vector<QueryRun::Part>& parts) {
  if (!parts.empty()) Wish(context).check();
}

}  // namespace sarsen::engine
