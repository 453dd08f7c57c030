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
  const ProjectionMatch* match;
  std::shared_ptr<const storage::Segment> rows;
  Interval interval;
};

/// Finds projections for parts of a query. Segments have the same ones mostly, which are looked at once.
class Projections {
 public:
  Projections(const Grouping& grouping, const AskedOfProjections& asked, const Wish& wish)
      : grouping_(grouping), asked_(asked), wish_(wish) {}

  /// That of the fewest rows.
  std::optional<Chosen> find(const QueryRun::Part& part) {
    const std::vector<storage::Projection>& all = part.segment->projections();
    if (wish_.none || all.empty() || part.filter != nullptr) return std::nullopt;
    std::vector<const storage::Projection*> by_rows;
    for (const storage::Projection& one : all)
      if (!wish_.name || one.name == *wish_.name) by_rows.push_back(&one);
    std::ranges::stable_sort(by_rows, {}, &storage::Projection::row_count);
    for (const storage::Projection* one : by_rows) {
      const ProjectionMatch* const match = match_of(one->schema);
      if (match == nullptr || !match->matches()) continue;
      if (const auto interval = match->rows_of(*part.segment, part.interval))
        return Chosen{match, part.segment->projection(one->name), *interval};
    }
    return std::nullopt;
  }

  std::vector<std::unique_ptr<const ProjectionMatch>> take_matches() {
    std::vector<std::unique_ptr<const ProjectionMatch>> taken;
    for (auto& [schema, match] : matches_) taken.push_back(std::move(match));
    return taken;
  }

 private:
  /// nullptr: the schema says what is not understood.
  const ProjectionMatch* match_of(const Json& schema) {
    const auto [entry, added] = matches_.try_emplace(schema.dump());
    if (!added) return entry->second.get();
    try {
      entry->second = std::make_unique<const ProjectionMatch>(schema, grouping_, asked_);
    } catch (const Error& error) {
      log_warn("A projection is left aside: {}", error.what());
    }
    return entry->second.get();
  }

  const Grouping& grouping_;
  const AskedOfProjections& asked_;
  const Wish& wish_;
  std::map<std::string, std::unique_ptr<const ProjectionMatch>> matches_;
};

}  // namespace

std::shared_ptr<const GroupedPlans> plan_groups(const QueryRun& run, const std::vector<QueryRun::Part>& parts,
                                                const Grouping& grouping, const AskedOfProjections& asked) {
  const Wish wish(run.query().context());
  Projections projections(grouping, asked, wish);
  std::vector<std::optional<Chosen>> chosen;
  auto plans = std::make_shared<GroupedPlans>();
  for (const QueryRun::Part& part : parts) {
    chosen.push_back(projections.find(part));
    if (!chosen.back() && run.query().source().reads_segments()) wish.check();
    plans->by_part.push_back(chosen.back() ? &chosen.back()->match->grouping() : &grouping);
  }
  plans->plans = run.plans(parts, asked.parsed_filter, [&](std::size_t i) {
    return chosen[i] ? std::optional(make_scan_plan(chosen[i]->rows, chosen[i]->interval, asked.parsed_filter,
                                                    chosen[i]->match->virtual_columns()))
                     : std::nullopt;
  });
  plans->matches = projections.take_matches();
  return plans;
}

void refuse_projections(const QueryContext& context, const std::vector<QueryRun::Part>& parts) {
  if (!parts.empty()) Wish(context).check();
}

}  // namespace sarsen::engine
