#pragma once
// One fixed pool of threads for all queries. The unit of work is a range of rows of one segment of one query. I/O
// threads never scan; scanning threads never wait for I/O of clients. Never more tasks run than there are threads, so
// that a query of high priority waits for the tasks that have begun, and for nothing else. Of equals the one goes first
// that has had least of the pool's time: a short query does not wait for long ones, however many and small its tasks
// are. Thread-safe.

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

  /// What a query has had. Belongs to its calls of run(), of which one runs at a time.
  class Share {
    friend WorkerPool;
    std::int64_t spent_ns_ = 0;  // guarded by mutex_ of the pool
  };

  /// Runs task(0) … task(count - 1), some of them on the calling thread where there is room, and returns when all have
  /// ended. Of queries running at the same time the higher `priority` goes first; equals share the time fairly. The
  /// first exception (by index) is thrown again here; tasks not yet begun are then skipped. A task that calls run()
  /// runs those tasks itself. `check` is called before waiting for others, and now and then meanwhile, and ends the job
  /// by throwing.
  void run(std::size_t count, std::int64_t priority, Share& share, const std::function<void(std::size_t)>& task,
           const std::function<void()>& check = {});

  std::size_t threads() const noexcept { return threads_.size(); }

 private:
  struct Job;
  using Jobs = std::deque<std::shared_ptr<Job>>;

  void work();
  // REQUIRES of all of these: mutex_ held
  std::shared_ptr<Job> next_job();  // the one whose turn it is; null: none, or no room for a task
  void insert(const std::shared_ptr<Job>& job);
  void help(std::unique_lock<std::mutex>& lock, const std::shared_ptr<Job>& job);
  void run_one(std::unique_lock<std::mutex>& lock,
               const std::shared_ptr<Job>& job);  // gives the mutex back while it runs
  static void wait(std::unique_lock<std::mutex>& lock, Job& job, const std::function<void()>& check);

  std::mutex mutex_;
  std::condition_variable wake_;
  Jobs jobs_;                // by priority, then in the order in which they came
  std::size_t running_ = 0;  // tasks, of all jobs
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace sarsen::engine
