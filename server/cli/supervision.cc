#include "server/cli/supervision.h"

#include <mutex>
#include <utility>

#include "ingest/kafka/kafka_stream.h"
#include "ingest/realtime/announcer.h"

namespace sarsen::server {
namespace {

/// In the log, once the place is known.
class LateAnnouncer final : public ingest::SegmentAnnouncer {
 public:
  explicit LateAnnouncer(const std::string& host_and_port) : host_and_port_(host_and_port) {}

  void announce(const storage::SegmentId& id) override { log().announce(id); }
  void unannounce(const storage::SegmentId& id) override { log().unannounce(id); }

 private:
  ingest::LogAnnouncer& log() {
    std::call_once(made_, [this] { log_ = std::make_unique<ingest::LogAnnouncer>(host_and_port_); });
    return *log_;
  }

  const std::string& host_and_port_;
  std::once_flag made_;
  std::unique_ptr<ingest::LogAnnouncer> log_;
};

std::unique_ptr<ingest::Stream> open_kafka(const ingest::SupervisorSpec& spec) {
  return std::make_unique<ingest::KafkaStream>(
      ingest::KafkaStreamOptions{.stream = spec.io.stream,
                                 .pattern = spec.io.pattern,
                                 .properties = spec.io.consumer_properties,
                                 .with_details = spec.io.input_format.with_metadata});
}

}  // namespace

Supervision::Supervision(SegmentStores& stores, storage::Catalog& catalog, std::filesystem::path directory,
                         const std::string& host_and_port)
    : announcer_(std::make_unique<LateAnnouncer>(host_and_port)),
      manager_(
          std::make_unique<ingest::SupervisorManager>(ingest::SupervisorServices{.metadata = stores.metadata(),
                                                                                 .store = stores.supervisors(),
                                                                                 .deep_storage = stores.deep_storage(),
                                                                                 .cache = stores.cache(),
                                                                                 .catalog = catalog,
                                                                                 .announcer = *announcer_,
                                                                                 .directory = std::move(directory),
                                                                                 .open_stream = open_kafka})) {}

Supervision::~Supervision() = default;

}  // namespace sarsen::server
