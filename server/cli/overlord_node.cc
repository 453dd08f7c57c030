#include "server/cli/overlord_node.h"

#include <filesystem>
#include <utility>

namespace sarsen::server {

OverlordNode::OverlordNode(std::size_t workers, const DataFolder& data, SegmentStores& stores,
                           storage::Catalog& catalog, std::vector<ingest::TaskRunner*> others)
    : storage_(stores.metadata_file(), stores.metadata_base()),
      served_(stores.metadata(), stores.cache(), catalog),
      segment_use_(stores.metadata(), served_),
      rules_(stores.metadata_file(), stores.metadata_base()),
      retention_(rules_, stores.metadata(), segment_use_, served_),
      queue_({.workers = workers, .directory = data.tasks(), .base_directory = std::filesystem::current_path()},
             {.metadata = stores.metadata(),
              .deep_storage = stores.deep_storage(),
              .deep_storage_root = stores.deep_storage_root(),
              .served = served_,
              .catalog = catalog,
              .storage = storage_}),
      tasks_(queue_, std::move(others)),
      compaction_(queue_, stores.metadata(), catalog) {}

void OverlordNode::start(const std::string& host, int port, const CoordinatorPeriods& periods) {
  served_.drop_hidden();
  queue_.start({.host = host, .port = port});
  retention_.start(periods.retention);
  compaction_.start(periods.compaction);
}

void OverlordNode::stop() {
  retention_.stop();
  compaction_.stop();
  queue_.stop();
}

}  // namespace sarsen::server
