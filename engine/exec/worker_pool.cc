#include "engine/exec/worker_pool.h"

#include <algorithm>
#include <chrono>
#include <exception>

#include "storage/base/thread_priority.h"

namespace sarsen::engine {
namespace {

/// Whether this thread is at work on a task: it then has its place, and must not wait for another.
thread_local bool is_in_task = false;

constexpr std::chrono::milliseconds kCheckEvery{20};

std::int64_t now_ns() { return std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1); }

}  // namespace

/// One run(): tasks are handed out by counting up, so a job needs no queue of its own.
struct WorkerPool::Job {
  std::size_t count;
  std::int64_t priority;
  Share* share;
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
  const std::lock_guard lock(mutex_);  // none looks how many there are before all are there
  for (std::size_t i = 0; i < threads; ++i)
    threads_.emplace_back([this] {
      set_thread_priority(ThreadPriority::kQueries);
      work();
    });
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
  ++running_;
  lock.unlock();
  std::exception_ptr failure;
  const std::int64_t begin_ns = now_ns();
  is_in_task = true;
  try {
    (*job->task)(index);
  } catch (...) {  // One task's failure is the query's: carried to the thread that waits in run().
    failure = std::current_exception();
  }
  is_in_task = false;
  const std::int64_t spent_ns = now_ns() - begin_ns;
  lock.lock();
  job->share->spent_ns_ += spent_ns;
  --running_;
  --job->running;
  if (failure && index < job->failed_index) {
    job->failed_index = index;
    job->failure = failure;
  }
  if (job->exhausted() && job->running == 0) job->ended.notify_all();
}

void WorkerPool::run(std::size_t count, std::int64_t priority, Share& share,
                     const std::function<void(std::size_t)>& task, const std::function<void()>& check) {
  if (count == 0) return;
  if (is_in_task) {
    for (std::size_t i = 0; i < count; ++i) task(i);
    return;
  }
  const auto job = std::make_shared<Job>();
  job->count = count;
  job->priority = priority;
  job->share = &share;
  job->task = &task;

  std::unique_lock lock(mutex_);
  insert(job);
  if (count > 1) wake_.notify_all();  // The floor matters as much as the slope: no hand-over for small queries.
  help(lock, job);
  wait(lock, *job, check);
  std::erase(jobs_, job);
  if (job->failure) std::rethrow_exception(job->failure);
}

/// Who was away has not saved time up: it begins where the one is that has had least.
void WorkerPool::insert(const std::shared_ptr<Job>& job) {
  std::int64_t least_ns = INT64_MAX;
  for (const auto& other : jobs_)
    if (other->priority == job->priority) least_ns = std::min(least_ns, other->share->spent_ns_);
  if (least_ns != INT64_MAX) job->share->spent_ns_ = std::max(job->share->spent_ns_, least_ns);
  const auto place =
      std::find_if(jobs_.begin(), jobs_.end(), [&](const auto& other) { return other->priority < job->priority; });
  jobs_.insert(place, job);
}

/// The caller works on its own job for as long as it is the job's turn; after that it is left to the threads.
void WorkerPool::help(std::unique_lock<std::mutex>& lock, const std::shared_ptr<Job>& job) {
  while (!job->exhausted()) {
    if (next_job() != job) break;
    run_one(lock, job);
  }
  if (next_job()) wake_.notify_one();  // the place that was used here is free
}

void WorkerPool::wait(std::unique_lock<std::mutex>& lock, Job& job, const std::function<void()>& check) {
  bool checks = check != nullptr;
  while (!job.exhausted() || job.running > 0) {
    try {
      if (checks && !job.failure) check();
    } catch (...) {  // As if the next task had failed: what has begun sees it for itself.
      job.failed_index = job.next;
      job.failure = std::current_exception();
      continue;
    }
    checks = job.ended.wait_for(lock, kCheckEvery) == std::cv_status::timeout && check;
  }
}

std::shared_ptr<WorkerPool::Job> WorkerPool::next_job() {
  if (running_ >= threads_.size()) return nullptr;
  std::shared_ptr<Job> next;
  for (const auto& job : jobs_) {
    if (next && job->priority < next->priority) break;
    if (!job->exhausted() && (!next || job->share->spent_ns_ < next->share->spent_ns_)) next = job;
  }
  return next;
}

void WorkerPool::work() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (const auto job = next_job()) {
      run_one(lock, job);
    } else {
      wake_.wait(lock);
    }
  }
}

}  // namespace sarsen::engine
