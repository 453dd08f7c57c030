#include "engine/exec/worker_pool.h"

#include <algorithm>
#include <exception>

namespace sarsen::engine {

/// One run(): tasks are handed out by counting up, so a job needs no queue of its own.
struct WorkerPool::Job {
  std::size_t count;
  std::int64_t priority;
  const std::function<void(std::size_t)>* task;
  std::size_t next = 0;     // first task not yet handed out
  std::size_t running = 0;  // handed out and not yet ended
  std::size_t failed_index = SIZE_MAX;
  std::exception_ptr failure;
  std::condition_variable ended;

  bool exhausted() const noexcept { return next >= count || failure != nullptr; }
};

WorkerPool::WorkerPool(std::size_t threads) {
  if (threads == 0) threads = std::max(1U, std::thread::hardware_concurrency());
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

WorkerPool::~WorkerPool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void WorkerPool::run_one(std::unique_lock<std::mutex>& lock, const std::shared_ptr<Job>& job) {
  const std::size_t index = job->next++;
  ++job->running;
  lock.unlock();
  std::exception_ptr failure;
  try {
    (*job->task)(index);
  } catch (...) {  // One task's failure is the query's: carried to the thread that waits in run().
    failure = std::current_exception();
  }
  lock.lock();
  --job->running;
  if (failure && index < job->failed_index) {
    job->failed_index = index;
    job->failure = failure;
  }
  if (job->exhausted() && job->running == 0) job->ended.notify_all();
}

void WorkerPool::run(std::size_t count, std::int64_t priority, const std::function<void(std::size_t)>& task) {
  if (count == 0) return;
  if (count == 1) return task(0);  // The floor matters as much as the slope: no hand-over for small queries.
  const auto job = std::make_shared<Job>();
  job->count = count;
  job->priority = priority;
  job->task = &task;

  std::unique_lock lock(mutex_);
  const auto place =
      std::find_if(jobs_.begin(), jobs_.end(), [&](const auto& other) { return other->priority < priority; });
  jobs_.insert(place, job);
  wake_.notify_all();
  while (!job->exhausted()) run_one(lock, job);
  job->ended.wait(lock, [&] { return job->running == 0; });
  std::erase(jobs_, job);
  if (job->failure) std::rethrow_exception(job->failure);
}

std::shared_ptr<WorkerPool::Job> WorkerPool::next_job() {
  const auto job = std::find_if(jobs_.begin(), jobs_.end(), [](const auto& other) { return !other->exhausted(); });
  if (job == jobs_.end()) return nullptr;
  std::shared_ptr<Job> chosen = *job;
  // Fair share: behind the others of its priority, so that a long query does not starve those that came after it.
  const auto end =
      std::find_if(job, jobs_.end(), [&](const auto& other) { return other->priority < chosen->priority; });
  std::rotate(job, job + 1, end);
  return chosen;
}

void WorkerPool::work() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (const std::shared_ptr<Job> job = next_job()) {
      run_one(lock, job);
    } else {
      wake_.wait(lock);
    }
  }
}

}  // namespace sarsen::engine
