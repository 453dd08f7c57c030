#include "server/http/socket_threads.h"

#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <chrono>
#include <future>
#include <set>
#include <thread>

namespace sarsen::server {
namespace {

namespace net = boost::asio;

/// One loop and two threads, of which one waits until the other has handed its duty over.
class SocketThreadsTest : public testing::Test {
 protected:
  SocketThreadsTest() { threads_.start(); }
  ~SocketThreadsTest() override {
    release_.set_value();
    threads_.stop();
  }

  /// Something that keeps its thread until the test ends.
  template <class Before>
  void occupy(Before before) {
    std::promise<void> begun;
    net::post(context(), [&, released = release_.get_future().share()] {
      const AnswerInMaking in_making(Duty::of_this_thread());
      before();
      begun.set_value();
      released.wait();
    });
    begun.get_future().wait();
  }

  /// Where a further task of the loop runs: returns when it has.
  std::thread::id run_another() {
    std::promise<std::thread::id> ran;
    net::post(context(), [&] { ran.set_value(std::this_thread::get_id()); });
    return ran.get_future().get();
  }

  net::io_context& context() { return threads_.first().context; }

  SocketThreads threads_{2, 1};
  std::promise<void> release_;
};

TEST_F(SocketThreadsTest, OneThreadDoesWhatTakesNoTime) {
  std::set<std::thread::id> threads;
  for (int i = 0; i < 100; ++i) threads.insert(run_another());
  EXPECT_EQ(threads.size(), 1);
}

TEST_F(SocketThreadsTest, AnotherGoesOnAfterAHandOver) {
  std::thread::id first;
  occupy([&] {
    first = std::this_thread::get_id();
    Duty::of_this_thread().hand_over();
    Duty::of_this_thread().hand_over();
  });
  EXPECT_NE(run_another(), first);
}

TEST_F(SocketThreadsTest, WhoWorksLongAndSaysNothingIsRelieved) {
  std::thread::id first;
  occupy([&] { first = std::this_thread::get_id(); });
  threads_.relieve();  // sees the answer for the first time
  threads_.relieve();
  EXPECT_NE(run_another(), first);
}

TEST_F(SocketThreadsTest, NoDutyIsLost) {
  for (int i = 0; i < 1000; ++i) {
    std::promise<void> done;
    net::post(context(), [&] {
      Duty::of_this_thread().hand_over();
      done.set_value();
    });
    ASSERT_EQ(done.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
  }
}

TEST(SocketLoopsTest, ConnectionsGoWhereTheFewestAre) {
  SocketThreads threads(3, 3);
  EXPECT_EQ(&threads.least_busy(), &threads.first());
  ++threads.first().connections;
  SocketLoop& second = threads.least_busy();
  EXPECT_NE(&second, &threads.first());
  ++second.connections;
  ++threads.least_busy().connections;
  EXPECT_EQ(&threads.least_busy(), &threads.first());
}

}  // namespace
}  // namespace sarsen::server
