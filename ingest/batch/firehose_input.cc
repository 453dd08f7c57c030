#include "ingest/batch/firehose_input.h"

#include <algorithm>
#include <string>
#include <vector>

#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

const std::vector<std::string> kBuilt = {"local", "inline", "ingestSegment", "combining"};
const std::vector<std::string> kOthers = {"clipped",
                                          "timed",
                                          "fixedCount",
                                          "static-s3",
                                          "static-azure-blobstore",
                                          "staticcloudfiles",
                                          "static-google-blobstore",
                                          "http",
                                          "sql",
                                          "hdfs",
                                          "receiver",
                                          "rabbitmq",
                                          "kafka-0.8",
                                          "irc",
                                          "kafka-0.7.2"};

[[noreturn]] void refuse(const JsonField& json, const std::string& type) {
  if (std::find(kOthers.begin(), kOthers.end(), type) != kOthers.end())
    throw Error(ErrorCategory::kUnsupported,
                json.path() +
                    ": this firehose is not supported in batch tasks (local, inline, ingestSegment and "
                    "combining are; inputSource has more): " +
                    type);
  std::vector<std::string> known = kBuilt;
  known.insert(known.end(), kOthers.begin(), kOthers.end());
  json.fail("unknown firehose: " + type + suggestion(type, known));
}

/// The same fields under another type.
Json retyped(const JsonField& firehose, const char* type) {
  Json::Object members;
  for (const auto& [name, value] : firehose.json().object()) members.emplace_back(name, name == "type" ? type : value);
  return Json(std::move(members));
}

}  // namespace

Json input_source_of(const JsonField& firehose) {
  const std::string type = firehose["type"].string();
  if (std::find(kBuilt.begin(), kBuilt.end(), type) == kBuilt.end()) refuse(firehose["type"], type);
  if (type == "ingestSegment") return retyped(firehose, "druid");
  if (type != "combining") return firehose.json();
  Json::Array delegates;
  for (const JsonField& delegate : firehose["delegates"].elements()) delegates.push_back(input_source_of(delegate));
  return Json::Object{{"type", "combining"}, {"delegates", Json(std::move(delegates))}};
}

bool reads_segments(const JsonField& firehose) {
  if (firehose["type"].string() != "combining") return firehose["type"].string() == "ingestSegment";
  const auto delegates = firehose["delegates"].elements();
  const auto count = std::count_if(delegates.begin(), delegates.end(), reads_segments);
  if (count != 0 && count != static_cast<std::ptrdiff_t>(delegates.size()))
    firehose["delegates"].fail("segments and other inputs cannot be combined: their rows have their times elsewhere");
  return count != 0;
}

}  // namespace sarsen::ingest
