#include "ingest/firehose/event_receiver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "ingest/firehose/chat_handlers.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

using State = EventReceiver::State;
using testing::HasSubstr;

std::shared_ptr<const DataSchema> schema() {
  const Json json = Json::parse(R"({"dataSource":"x","parser":{"type":"map","parseSpec":{"format":"json",
      "timestampSpec":{"column":"t"},"dimensionsSpec":{"dimensions":["a"]}}},"metricsSpec":[]})");
  return std::make_shared<const DataSchema>(DataSchema::parse(JsonField(json)));
}

class EventReceiverTest : public testing::Test {
 protected:
  EventReceiver& receiver(std::size_t buffer_events = 3, std::int64_t idle_ms_max = INT64_MAX) {
    receiver_ = std::make_unique<EventReceiver>(
        schema(), EventReceiverOptions{
                      .service_name = "x", .buffer_events = buffer_events, .idle_ms_max = idle_ms_max, .clock = [this] {
                        return now_ms_.load();
                      }});
    return *receiver_;
  }

  std::shared_ptr<EventReceiver::Push> push(int count, const std::optional<Producer>& producer = std::nullopt) {
    std::string text = "[";
    for (int i = 0; i < count; ++i) text += (i == 0 ? "" : ",") + std::string(R"({"t":)") + std::to_string(i) + "}";
    return receiver_->push(split_json_array(text + "]"), producer);
  }

  State state(const std::shared_ptr<EventReceiver::Push>& push) { return receiver_->state(*push); }

  std::size_t take(std::size_t events_max = 100) { return receiver_->take(events_max, 0, 0).messages.size(); }

  std::atomic<std::int64_t> now_ms_ = 1000;
  std::unique_ptr<EventReceiver> receiver_;
};

TEST_F(EventReceiverTest, HandsOutWhatWasPushedInItsOrder) {
  receiver();
  push(2);
  push(1);
  const Batch batch = receiver_->take(100, 0, 7);
  ASSERT_EQ(batch.messages.size(), 3u);
  EXPECT_EQ(*batch.messages[1].bytes, R"({"t":1})");
  EXPECT_EQ(*batch.messages[2].bytes, R"({"t":0})");
  EXPECT_EQ(batch.messages[2].offset, 9);
  EXPECT_FALSE(batch.exhausted);
}

TEST_F(EventReceiverTest, LetsPushesWaitForRoom) {
  receiver(3);
  EXPECT_EQ(state(push(2)), State::kTaken);
  const auto large = push(8);  // more than the buffer will ever hold
  const auto last = push(1);
  bool done = false;
  receiver_->when_done(last, [&done] { done = true; });
  EXPECT_EQ(state(large), State::kWaiting);
  std::size_t taken = 0;
  while (taken < 8) taken += take(2);
  EXPECT_EQ(state(large), State::kTaken);
  EXPECT_EQ(state(last), State::kTaken);
  EXPECT_TRUE(done);
  while (taken < 11) taken += take(2);
  EXPECT_EQ(take(), 0u);
}

TEST_F(EventReceiverTest, ForgetsAPushThatNobodyWaitsForUnlessItHasBegun) {
  receiver(3);
  const auto begun = push(5);
  const auto waiting = push(2, Producer{"p", 4});
  receiver_->cancel(begun);
  receiver_->cancel(waiting);
  EXPECT_EQ(state(begun), State::kTaken);
  EXPECT_EQ(state(waiting), State::kCanceled);
  EXPECT_FALSE(receiver_->is_repetition({"p", 4})) << "what was not taken may be sent again";
  EXPECT_EQ(take(), 3u);
  EXPECT_EQ(take(), 2u);
  EXPECT_EQ(take(), 0u);
}

TEST_F(EventReceiverTest, HandsOutAllThatWasTakenOnceItIsClosed) {
  receiver(3);
  const auto begun = push(5);
  const auto waiting = push(2);
  receiver_->close();
  EXPECT_EQ(state(begun), State::kTaken);
  EXPECT_EQ(state(waiting), State::kClosed);
  EXPECT_EQ(state(push(1)), State::kClosed);
  const Batch batch = receiver_->take(100, 0, 0);
  EXPECT_EQ(batch.messages.size(), 5u);
  EXPECT_TRUE(batch.exhausted);
}

TEST_F(EventReceiverTest, TakesARepetitionOnce) {
  receiver();
  EXPECT_EQ(state(push(1, Producer{"p", 1})), State::kTaken);
  EXPECT_EQ(state(push(1, Producer{"p", 1})), State::kSkipped);
  EXPECT_EQ(state(push(1, Producer{"q", 1})), State::kTaken);
  EXPECT_TRUE(receiver_->is_repetition({"p", 0}));
  EXPECT_EQ(take(), 2u);
}

TEST_F(EventReceiverTest, ClosesAtItsTimeOrWhenIdle) {
  receiver(3, 500);
  now_ms_ = 1499;
  EXPECT_FALSE(receiver_->take(1, 0, 0).exhausted);
  receiver_->touch();
  now_ms_ = 1998;
  EXPECT_FALSE(receiver_->take(1, 0, 0).exhausted);
  now_ms_ = 1999;
  EXPECT_TRUE(receiver_->take(1, 0, 0).exhausted);
  receiver();
  push(1);
  receiver_->shut_off_at(3000);
  EXPECT_EQ(take(), 1u);
  now_ms_ = 3000;
  EXPECT_TRUE(receiver_->take(1, 0, 0).exhausted);
}

std::string problem_of(EventReceiver& receiver, const std::string& body) {
  try {
    receiver.check(split_json_array(body));
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

TEST_F(EventReceiverTest, LooksAtEveryEventBeforehand) {
  receiver();
  EXPECT_EQ(problem_of(*receiver_, R"([{"t":1,"a":"x"},{"t":"2024-01-01","a":["y"]}])"), "none");
  EXPECT_EQ(problem_of(*receiver_, "[]"), "none");
  EXPECT_THAT(problem_of(*receiver_, R"([{"t":1},{"t":"soon"}])"), HasSubstr("soon"));
  EXPECT_THAT(problem_of(*receiver_, R"([{"t":1},5])"), HasSubstr("array of JSON objects"));
  EXPECT_THAT(problem_of(*receiver_, R"({"t":1})"), HasSubstr("array of JSON objects"));
  EXPECT_THAT(problem_of(*receiver_, R"([{"t":1})"), HasSubstr("no valid JSON"));
  EXPECT_NE(problem_of(*receiver_, R"([{"t":1,"a":nul}])"), "none");
}

TEST(ChatHandlersTest, FindsAReceiverUnderBothItsNames) {
  ChatHandlers handlers;
  const auto one = std::make_shared<EventReceiver>(schema(), EventReceiverOptions{.service_name = "x"});
  const auto other = std::make_shared<EventReceiver>(schema(), EventReceiverOptions{.service_name = "y"});
  handlers.add("druid:firehose:clicks-0", one);
  EXPECT_EQ(handlers.find("druid:firehose:clicks-0"), one);
  EXPECT_EQ(handlers.find("clicks-0"), one);
  EXPECT_EQ(handlers.find("clicks"), nullptr);
  EXPECT_THROW(handlers.add("clicks-0", other), Error);
  handlers.remove(one.get());
  EXPECT_EQ(handlers.find("clicks-0"), nullptr);
}

}  // namespace
}  // namespace sarsen::ingest
