#include "server/cli/supervision.h"

#include <utility>

#include "ingest/kafka/kafka_stream.h"

namespace sarsen::server {
namespace {

std::unique_ptr<ingest::Stream> open_kafka(const ingest::SupervisorSpec& spec) {
  return std::make_unique<ingest::KafkaStream>(
      ingest::KafkaStreamOptions{.stream = spec.io.stream,
                                 .pattern = spec.io.pattern,
                                 .properties = spec.io.consumer_properties,
                                 .with_details = spec.io.input_format.with_metadata});
}

}  // namespace

Supervision::Supervision(SegmentStores& stores, storage::Catalog& catalog, std::filesystem::path directory,
                         ingest::SegmentAnnouncer& announcer, ingest::TaskLockbox& locks, ingest::HandOffWatch* watch)
    : manager_(
          std::make_unique<ingest::SupervisorManager>(ingest::SupervisorServices{.metadata = stores.metadata(),
                                                                                 .store = stores.supervisors(),
                                                                                 .deep_storage = stores.deep_storage(),
                                                                                 .cache = stores.cache(),
                                                                                 .catalog = catalog,
                                                                                 .announcer = announcer,
                                                                                 .locks = locks,
                                                                                 .directory = std::move(directory),
                                                                                 .open_stream = open_kafka,
                                                                                 .watch = watch})) {}

Supervision::~Supervision() = default;

}  // namespace sarsen::server
