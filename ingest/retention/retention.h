#pragma once
// Holds what is served to the rules, again and again, as Druid's coordinator does: segments under a drop rule are put
// out of use; those under a load rule without copies stay in use and are not served. Of segments under no rule it says
// so and leaves them.
//
// Thread safety: from any thread.

#include <chrono>
#include <functional>
#include <mutex>
#include <set>
#include <string>

#include "ingest/deep_storage/segment_use.h"
#include "ingest/duty_group.h"
#include "ingest/retention/rule_store.h"

namespace sarsen::ingest {

class Retention {
 public:
  /// `pauses`: whether runs that nobody asked for are to do nothing; may be empty. REQUIRES: all references outlive it.
  Retention(const RuleStore& rules, MetadataStore& metadata, SegmentUse& use, ServedSwap& served,
            Clock clock = system_clock_ms, std::function<bool()> pauses = {})
      : rules_(rules),
        metadata_(metadata),
        use_(use),
        served_(served),
        clock_(std::move(clock)),
        pauses_(std::move(pauses)) {}
  Retention(const Retention&) = delete;
  Retention& operator=(const Retention&) = delete;

  /// Once, now. Throws what the stores throw.
  void run();

  /// Runs now and then every `period`, until stop(). What goes wrong is logged; the next run tries again.
  void start(std::chrono::milliseconds period);
  void stop() { duties_.stop(); }
  const DutyGroup& duties() const noexcept { return duties_; }
  /// The rules have changed: the next run is due.
  void wake() { duties_.wake(); }

 private:
  void run_by_source(const std::string& data_source, const std::vector<storage::SegmentDescriptor>& segments);
  void serve_again(const std::vector<storage::SegmentDescriptor>& segments);
  void serve_no_more(const std::vector<storage::SegmentId>& ids);

  const RuleStore& rules_;
  MetadataStore& metadata_;
  SegmentUse& use_;
  ServedSwap& served_;
  const Clock clock_;
  const std::function<bool()> pauses_;  // whether the runs of start() do nothing; empty: they do
  std::mutex run_mutex_;                // one run at a time; guards not_served_
  std::set<std::string> not_served_;    // in use, without copies
  DutyGroup duties_{"HistoricalManagementDuties", {"RunRules"}};
};

}  // namespace sarsen::ingest
