#pragma once
// One execution of a query: the picture of the catalog it sees, its threads, its limits, and where its answer goes.
// Belongs to one caller.

#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/exec/poll.h"
#include "engine/exec/worker_pool.h"
#include "engine/query/query.h"
#include "engine/query/query_priority.h"
#include "engine/query/sub_query_limit.h"
#include "engine/result/result_writer.h"
#include "engine/scan/scan_plan.h"

namespace sarsen::engine {

class QueryRun {
 public:
  QueryRun(const Query& query, std::shared_ptr<const storage::Catalog::Timelines> timelines, WorkerPool& pool,
           const QueryControl& control, const QueryLimits& limits, ResultWriter& out)
      : query_(&query),
        timelines_(std::move(timelines)),
        pool_(&pool),
        control_(&control),
        limits_(&limits),
        out_(&out),
        priority_(priority_of(query, *timelines_, limits.priorities)),
        sub_queries_(std::make_shared<SubQueryLimit>(query.context(), limits)),
        share_(std::make_shared<WorkerPool::Share>()) {}

  const Query& query() const noexcept { return *query_; }
  const storage::Catalog::Timelines& timelines() const noexcept { return *timelines_; }
  const QueryControl& control() const noexcept { return *control_; }
  const QueryLimits& limits() const noexcept { return *limits_; }
  ResultWriter& out() noexcept { return *out_; }

  /// A part of a segment that answers for an interval. A live sink gives several: its persisted hydrants and the
  /// growing index.
  using Part = SourcePart;
  /// In order of time, then of the rows' age: what the query reads. Answers the queries in its data source first.
  const std::vector<Part>& parts();
  /// The same, taken out of this run, so that copies of it are light.
  std::vector<Part> take_parts();
  /// Restricts parts() to these: for answers by segment.
  void narrow(std::vector<Part> parts) {
    parts_ = std::move(parts);
    by_segment_ = true;
  }
  bool is_by_segment() const noexcept { return by_segment_; }

  /// The run of a query in this one's data source: of the same picture of the catalog, under the same limits.
  /// `nested`: a groupBy of which the answer is for another groupBy.
  QueryRun below(const Query& query, bool nested) const;
  bool is_nested() const noexcept { return nested_; }
  /// What the answers of the queries below, all together, may be.
  SubQueryLimit& sub_queries() const noexcept { return *sub_queries_; }

  /// parts() with their rows chosen; those without a row that could match are left out.
  std::vector<ScanPlan> plans(const std::vector<Part>& parts, const FilterPtr& filter) const;
  /// instead(i): what is read in place of part i; nullopt: its rows.
  using Instead = std::function<std::optional<ScanPlan>(std::size_t)>;
  std::vector<ScanPlan> plans(const std::vector<Part>& parts, const FilterPtr& filter, const Instead& instead) const;

  /// Runs task(0) … task(count - 1) on the pool.
  void parallel(std::size_t count, const std::function<void(std::size_t)>& task) const {
    MemoryAccount* const memory = memory_account();
    const auto accounted = [&](std::size_t i) {
      const PollScope poll_scope(*control_);
      const MemoryScope memory_scope(memory);
      task(i);
    };
    if (count > 1) control_->waits();
    pool_->run(count, priority_, *share_, accounted, [this] {
      control_->waits();
      control_->check();
    });
  }

 private:
  const Query* query_;
  std::shared_ptr<const storage::Catalog::Timelines> timelines_;
  WorkerPool* pool_;
  const QueryControl* control_;
  const QueryLimits* limits_;
  ResultWriter* out_;
  std::int64_t priority_;
  bool nested_ = false;
  bool by_segment_ = false;
  std::optional<std::vector<Part>> parts_;
  std::shared_ptr<SubQueryLimit> sub_queries_;
  std::shared_ptr<WorkerPool::Share> share_;  // of the query and those below it
};

/// A range of rows of one plan: the unit of work.
struct Morsel {
  std::size_t plan;
  std::uint32_t begin_row;
  std::uint32_t end_row;
};

/// Cuts plans into morsels of about kMorselRows, at multiples of kVectorRows, in the order of the rows. The cut does
/// not depend on the number of threads, so that neither do the answers. `divide`: false leaves every plan whole.
std::vector<Morsel> morsels(const std::vector<ScanPlan>& plans, bool divide = true);

inline constexpr std::uint32_t kMorselRows = 1 << 17;

/// Adds pieces of the plan with `rows` rows each, a multiple of kVectorRows.
void cut(std::size_t number, const ScanPlan& plan, std::uint32_t rows, std::vector<Morsel>& cuts);

}  // namespace sarsen::engine
