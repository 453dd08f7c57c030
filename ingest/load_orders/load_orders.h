#pragma once
// Orders of a coordinator to load and drop segments, as Druid's SegmentLoadDropHandler takes them: the same order may
// come again until it is done, and what became of it is told once. A segment is loaded when it can be queried and is
// announced, which is: when it is in the catalog. Orders for one segment are carried out in their order, those for
// others beside them.
//
// Thread safety: take() from any thread; the others by one.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "ingest/deep_storage/segment_cache.h"
#include "ingest/deep_storage/segment_info_files.h"
#include "storage/segment/catalog.h"

namespace sarsen::ingest {

struct LoadOrder {
  enum class Action : std::uint8_t { kLoad, kDrop };
  Action action = Action::kLoad;
  storage::SegmentDescriptor segment;

  /// {"action":"load", …the segment's fields…}, or "drop". Throws kInvalidInput, kUnsupported for a shard spec that is
  /// not understood.
  static LoadOrder parse(const Json& json);
};

struct LoadOrderStatus {
  enum class State : std::uint8_t { kPending, kSuccess, kFailed };
  State state = State::kPending;
  std::string failure;  // the reason, where it failed
};

struct LoadOrdersOptions {
  std::filesystem::path info_directory;          // of the files of what is served
  std::chrono::milliseconds drop_delay{30'000};  // how long what is announced no more still answers
  std::size_t threads = 1;                       // segments that are loaded at a time
};

class LoadOrders {
 public:
  /// Unfinished and untold orders; more are refused.
  static constexpr std::size_t kOrdersMax = 10'000;

  /// REQUIRES: all references outlive it.
  LoadOrders(LoadOrdersOptions options, SegmentCache& cache, storage::Catalog& catalog);
  /// Stops.
  ~LoadOrders();
  LoadOrders(const LoadOrders&) = delete;
  LoadOrders& operator=(const LoadOrders&) = delete;

  const LoadOrdersOptions& options() const noexcept { return options_; }

  /// At start: serves what an earlier process was ordered to. Returns how many; what cannot be loaded is logged.
  std::size_t restore();

  void start();
  void stop();

  /// Takes in what is new of these, waits until one of them is finished, and tells how they are; nullopt where none was
  /// finished in time. Throws kCapacityExceeded.
  std::optional<std::vector<LoadOrderStatus>> take(const std::vector<LoadOrder>& orders,
                                                   std::chrono::milliseconds timeout);

 private:
  using Time = std::chrono::steady_clock::time_point;
  using Key = std::pair<LoadOrder::Action, storage::SegmentId>;

  void work();
  std::optional<LoadOrder> next_order();
  LoadOrderStatus carry_out(const LoadOrder& order);
  void load(const storage::SegmentDescriptor& segment);
  bool serve_again(const storage::SegmentId& id);
  void serve(const storage::SegmentDescriptor& segment);
  void leave(const storage::SegmentId& id);
  std::optional<storage::SegmentId> next_to_delete(Time now);
  void remove(const storage::SegmentId& id);
  Time next_deletion() const;
  void note(const LoadOrder& order);
  bool is_any_finished(const std::vector<LoadOrder>& orders) const;

  const LoadOrdersOptions options_;
  const SegmentInfoFiles files_;
  SegmentCache& cache_;
  storage::Catalog& catalog_;

  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::map<Key, LoadOrderStatus> statuses_;
  std::deque<LoadOrder> queue_;
  std::set<storage::SegmentId> busy_;           // being worked on
  std::map<storage::SegmentId, Time> leaving_;  // and when their copies are deleted
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace sarsen::ingest
