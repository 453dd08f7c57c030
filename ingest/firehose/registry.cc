#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/firehose/firehose_types.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

struct FirehoseType {
  std::string_view name;
  FirehosePtr (*parse)(const JsonField&, const FirehoseOptions&);
};

constexpr std::array kBuilt = {
    FirehoseType{"kafka-0.8", parse_kafka_firehose},
    FirehoseType{"kafka-0.8-v2", parse_kafka_firehose},
    FirehoseType{"kafka-0.7.2", parse_kafka_firehose},
    FirehoseType{"receiver", parse_receiver_firehose},
    FirehoseType{"rabbitmq", parse_rabbitmq_firehose},
    FirehoseType{"local", parse_file_firehose},
    FirehoseType{"inline", parse_file_firehose},
    FirehoseType{"http", parse_file_firehose},
    FirehoseType{"ingestSegment", parse_segment_firehose},
    FirehoseType{"combining", parse_combining_firehose},
    FirehoseType{"timed", parse_timed_firehose},
    FirehoseType{"clipped", parse_clipped_firehose},
    FirehoseType{"fixedCount", parse_fixed_count_firehose},
};

const std::vector<std::string> kNotBuilt = {
    "static-s3", "static-azure-blobstore", "staticcloudfiles", "static-google-blobstore", "sql", "hdfs", "irc",
    "twitzer"};

std::string built_names() {
  std::string names;
  for (const FirehoseType& type : kBuilt) names += (names.empty() ? "" : ", ") + std::string(type.name);
  return names;
}

[[noreturn]] void refuse(const JsonField& json, const std::string& name) {
  if (std::find(kNotBuilt.begin(), kNotBuilt.end(), name) != kNotBuilt.end())
    throw Error(ErrorCategory::kUnsupported,
                json.path() + ": this firehose is not part of this version (" + built_names() + " are): " + name);
  std::vector<std::string> all = kNotBuilt;
  for (const FirehoseType& type : kBuilt) all.emplace_back(type.name);
  json.fail("unknown firehose: " + name + suggestion(name, all) + "; known are " + built_names());
}

}  // namespace

FirehosePtr parse_firehose(const JsonField& json, const FirehoseOptions& options) {
  const std::string name = json["type"].string();
  for (const FirehoseType& type : kBuilt)
    if (type.name == name) return type.parse(json, options);
  refuse(json["type"], name);
}

}  // namespace sarsen::ingest
