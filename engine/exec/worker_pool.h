#pragma once
// One fixed pool of threads for all queries. The unit of work is a range of rows of one segment of one query. I/O
// threads never scan; scanning threads never wait for I/O of clients. Thread-safe.

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace sarsen::engine {

class WorkerPool {
 public:
  /// 0: one thread per processor.
  explicit WorkerPool(std::size_t threads = 0);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// Runs task(0) … task(count - 1), some of them on the calling thread, and returns when all have ended. Queries
  /// running at the same time share the pool fairly, the higher `priority` first. The first exception (by index) is
  /// thrown again here; tasks not yet begun are then skipped.
  void run(std::size_t count, std::int64_t priority, const std::function<void(std::size_t)>& task);

  std::size_t threads() const noexcept { return threads_.size(); }

 private:
  struct Job;
  void work();
  std::shared_ptr<Job> next_job();  // REQUIRES: mutex_ held
  static void run_one(std::unique_lock<std::mutex>& lock,
                      const std::shared_ptr<Job>& job);  // gives the mutex back while it runs

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::shared_ptr<Job>> jobs_;  // by priority, then in turn
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace sarsen::engine
