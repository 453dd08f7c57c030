#pragma once
// One execution of a query: the picture of the catalog it sees, its threads, its limits, and where its answer goes.
// Belongs to one caller.

#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/exec/worker_pool.h"
#include "engine/query/query.h"
#include "engine/result/result_writer.h"
#include "engine/scan/scan_plan.h"

namespace sarsen::engine {

class QueryRun {
 public:
  QueryRun(const Query& query, std::shared_ptr<const storage::Catalog::Timelines> timelines, WorkerPool& pool,
           const QueryControl& control, const QueryLimits& limits, ResultWriter& out)
      : query_(query), timelines_(std::move(timelines)), pool_(pool), control_(control), limits_(limits), out_(out) {}

  const QueryControl& control() const noexcept { return control_; }
  const QueryLimits& limits() const noexcept { return limits_; }
  ResultWriter& out() noexcept { return out_; }

  /// A part of a segment that answers for an interval. A live sink gives several: its persisted hydrants and the
  /// growing index.
  struct Part {
    std::shared_ptr<const storage::Segment> segment;
    Interval interval;
  };
  /// In order of time, then of the rows' age: what the query reads.
  std::vector<Part> parts() const;

  /// The segments that the query reads, each with the interval it answers for.
  std::vector<storage::TimelineHit> hits() const;
  /// Restricts parts() to one of hits(): for answers by segment.
  void narrow(const storage::TimelineHit& hit) { hits_ = {hit}; }

  /// parts() with their rows chosen; those without a row that could match are left out.
  std::vector<ScanPlan> plans(const std::vector<Part>& parts, const FilterPtr& filter) const;

  /// Runs task(0) … task(count - 1) on the pool.
  void parallel(std::size_t count, const std::function<void(std::size_t)>& task) const {
    pool_.run(count, query_.context().priority(), task);
  }

 private:
  const Query& query_;
  std::shared_ptr<const storage::Catalog::Timelines> timelines_;
  WorkerPool& pool_;
  const QueryControl& control_;
  const QueryLimits& limits_;
  ResultWriter& out_;
  std::optional<std::vector<storage::TimelineHit>> hits_;
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

}  // namespace sarsen::engine
