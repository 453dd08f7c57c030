// Compact tasks beside those of stock Druid: what their segments say of them, and their reports.

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "storage/base/log.h"
#include "tests/ingest/support/temporary_folder.h"
#include "tests/ingest/tasks/task_node.h"
#include "tests/support/checkout.h"

namespace sarsen::ingest {
namespace {

/// How large segments are, and whether values of a dimension were cast, which no column tells, is not Druid's.
bool is_compared(const std::string& name) { return name != "processedBytes" && name != "castToType"; }

/// Fields by name.
Json plain(const Json& json) {
  if (json.is_array()) {
    Json::Array array;
    for (const Json& element : json.array()) array.push_back(plain(element));
    return array;
  }
  if (!json.is_object()) return json;
  Json::Object object;
  for (const auto& [name, value] : json.object())
    if (is_compared(name)) object.emplace_back(name, plain(value));
  std::ranges::sort(object, {}, &Json::Object::value_type::first);
  return object;
}

/// By name: objects that are found among strings come first here.
std::string joined(std::vector<std::string> names) {
  std::ranges::sort(names);
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ",") + name;
  return text;
}

std::vector<std::string> names_of(const std::string& text) {
  std::vector<std::string> names;
  std::stringstream rest(text);
  for (std::string name; std::getline(rest, name, ',');) names.push_back(name);
  return names;
}

Json recorded() {
  std::ifstream file(source_folder() / "tests/golden/compaction/druid-33.0.0.json");
  std::stringstream text;
  text << file.rdbuf();
  return Json::parse(text.str());
}

class CompactionGoldenTest : public testing::Test {
 protected:
  CompactionGoldenTest() { set_log_level(LogLevel::kError); }
  ~CompactionGoldenTest() override { set_log_level(LogLevel::kInfo); }

  static void expect_segments(const JsonField& wanted, const TaskNode& node) {
    for (const JsonField& segment : wanted.elements()) {
      const Interval interval = parse_interval(segment["interval"].string());
      for (const storage::SegmentDescriptor& descriptor : node.metadata.used_segments()) {
        if (descriptor.id.interval != interval) continue;
        EXPECT_EQ(plain(descriptor.last_compaction_state).dump(), plain(segment["lastCompactionState"].json()).dump());
        EXPECT_EQ(joined(descriptor.dimensions), joined(names_of(segment["dimensions"].string())));
        EXPECT_EQ(joined(descriptor.metrics), joined(names_of(segment["metrics"].string())));
      }
    }
  }

  static void expect_report(const JsonField& wanted, const Json& report, const std::string& id) {
    std::string text = plain(report).dump();
    for (std::size_t at = text.find(id); at != std::string::npos; at = text.find(id))
      text.replace(at, id.size(), "TASK");
    EXPECT_EQ(text, plain(wanted.json()).dump());
  }
};

TEST_F(CompactionGoldenTest, SegmentsAndReportsAreWhatDruidWrites) {
  const Json cases = recorded();
  for (const JsonField& one : JsonField(cases).elements()) {
    SCOPED_TRACE(one["name"].string());
    const TemporaryFolder folder;
    TaskNode node(folder.path());
    for (const JsonField& index : one["index"].elements())
      ASSERT_EQ(node.ended(node.queue.add(index.json())).status_code, TaskState::kSuccess);
    const std::string id = node.queue.add(one["compact"].json());
    const TaskStatus status = node.ended(id);
    ASSERT_EQ(status.status_code, TaskState::kSuccess) << status.error_message;
    expect_segments(one["segments"], node);
    expect_report(one["report"], node.queue.report(id).value_or(Json()), id);
  }
}

}  // namespace
}  // namespace sarsen::ingest
