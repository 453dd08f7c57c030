#include "server/cli/realtime_node.h"

#include <utility>

#include "ingest/kafka/kafka_source.h"
#include "ingest/kafka/zookeeper_source.h"
#include "ingest/realtime/realtime_spec.h"
#include "server/cli/text_file.h"
#include "storage/base/error.h"
#include "storage/base/json.h"

namespace sarsen::server {
namespace {

using ingest::FireDepartmentSpec;

/// The file's name goes before what is wrong with it.
std::vector<FireDepartmentSpec> read_spec(const std::string& file, const std::string& brokers) {
  const std::string text = read_text(file);
  try {
    ingest::RealtimeSpecOptions options;
    if (!brokers.empty()) options.brokers = brokers;
    return ingest::parse_realtime_spec(Json::parse(text), options);
  } catch (const Error& error) {
    throw Error(error.category(), file + ": " + error.what());
  }
}

std::unique_ptr<ingest::Source> make_source(const FireDepartmentSpec& spec, const std::string& brokers) {
  if (brokers.empty() && !spec.firehose.brokers())
    return std::make_unique<ingest::ZooKeeperSource>(spec.firehose.feed, spec.firehose.consumer_properties,
                                                     spec.firehose.partitions);
  ingest::KafkaSettings settings =
      ingest::parse_kafka_settings(spec.firehose.feed, spec.firehose.consumer_properties, brokers);
  settings.partitions = spec.firehose.partitions;
  return std::make_unique<ingest::KafkaSource>(std::move(settings));
}

}  // namespace

RealtimeNode::RealtimeNode(const std::vector<std::string>& spec_files, const std::string& brokers,
                           const std::filesystem::path& persist_directory, ingest::SegmentAnnouncer& announcer,
                           storage::Catalog& catalog, const ingest::HandOffServices& hand_off) {
  for (const std::string& file : spec_files)
    for (FireDepartmentSpec& spec : read_spec(file, brokers)) {
      topics_.insert(spec.firehose.feed);
      auto source = make_source(spec, brokers);
      ingest::FireDepartmentOptions options;
      options.persist_directory = persist_directory;
      options.hand_off = &hand_off;
      departments_.push_back(std::make_unique<ingest::FireDepartment>(std::move(spec), std::move(source), catalog,
                                                                      announcer, std::move(options)));
    }
}

void RealtimeNode::start() {
  for (const auto& department : departments_) department->start();
}

void RealtimeNode::stop() {
  for (const auto& department : departments_) department->stop();
}

}  // namespace sarsen::server
