#pragma once
// The threads of the server, and the sockets they look after. A loop is an io_context that one thread at a time looks
// after: the thread has the duty, and answers what it reads, so that a small answer wakes no other thread. Before
// longer work it hands its duty over, and another thread goes on with the loop. Internal to this folder: here Asio is
// visible.
//
// Thread safety: start and stop by one thread, the rest by any.

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace sarsen::server {

using Executor = boost::asio::io_context::executor_type;

struct SocketLoop {
  boost::asio::io_context context;
  boost::asio::executor_work_guard<Executor> stays{context.get_executor()};
  std::atomic<std::size_t> connections = 0;  // that it serves
};

class SocketThreads;

/// What one thread looks after: a loop, or nothing.
class Duty {
 public:
  explicit Duty(SocketThreads& threads) : threads_(threads) {}

  /// REQUIRES: the thread is one of a SocketThreads.
  static Duty& of_this_thread() noexcept;

  /// Another thread goes on with the loop. Nothing is done where one does so already.
  void hand_over();

  /// Hands over where the thread makes the same answer as at the last call. By one thread at a time.
  void relieve();

 private:
  friend SocketThreads;
  friend class AnswerInMaking;

  SocketThreads& threads_;
  std::atomic<SocketLoop*> loop_ = nullptr;
  std::atomic<std::uint64_t> answers_ = 0;  // begun and ended: odd while one is made
  std::uint64_t answers_seen_ = 0;          // by relieve()
};

/// Stands while the thread of a duty makes an answer.
class AnswerInMaking {
 public:
  explicit AnswerInMaking(Duty& duty) noexcept : duty_(duty) { ++duty_.answers_; }
  ~AnswerInMaking() { ++duty_.answers_; }
  AnswerInMaking(const AnswerInMaking&) = delete;
  AnswerInMaking& operator=(const AnswerInMaking&) = delete;

 private:
  Duty& duty_;
};

class SocketThreads {
 public:
  SocketThreads(std::size_t threads, std::size_t loops);
  ~SocketThreads() { stop(); }
  SocketThreads(const SocketThreads&) = delete;
  SocketThreads& operator=(const SocketThreads&) = delete;

  void start();
  /// Returns when all threads have ended. What they did not do is left undone.
  void stop();
  bool running() const noexcept { return !threads_.empty(); }

  SocketLoop& first() noexcept { return *loops_.front(); }
  /// The loop with the fewest connections, of several the first.
  SocketLoop& least_busy() noexcept;

  /// For those who said nothing before longer work: to be called now and then. By one thread at a time.
  void relieve();

 private:
  friend Duty;

  void work(Duty& duty);
  void need_thread(SocketLoop& loop);
  SocketLoop* next_unattended();  // null: it is time to end

  std::vector<std::unique_ptr<SocketLoop>> loops_;
  std::vector<std::unique_ptr<Duty>> duties_;  // one a thread
  std::vector<std::thread> threads_;

  std::mutex mutex_;  // guards what is below
  std::condition_variable changed_;
  std::deque<SocketLoop*> unattended_;
  bool stopping_ = false;
};

}  // namespace sarsen::server
