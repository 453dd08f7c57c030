#pragma once
// The metadata store, deep storage and segment cache of this process, as the settings say; in the data folder where
// they say nothing.

#include <filesystem>
#include <memory>

#include "ingest/deep_storage/deep_storage.h"
#include "ingest/deep_storage/segment_cache.h"
#include "ingest/metadata/sql_metadata_store.h"
#include "ingest/metadata/sql_supervisor_store.h"
#include "ingest/realtime/hand_off.h"
#include "server/cli/data_folder.h"
#include "server/cli/storage_settings.h"

namespace sarsen::server {

class SegmentStores {
 public:
  SegmentStores(const StorageSettings& settings, const DataFolder& data);
  SegmentStores(const SegmentStores&) = delete;
  SegmentStores& operator=(const SegmentStores&) = delete;

  ingest::MetadataStore& metadata() noexcept { return metadata_; }
  ingest::SupervisorStore& supervisors() noexcept { return supervisors_; }
  ingest::DeepStorage& deep_storage() noexcept { return *deep_storage_; }
  ingest::SegmentCache& cache() noexcept { return cache_; }
  const ingest::HandOffServices& services() const noexcept { return services_; }

  // Where they are, for what else is kept there.
  const ingest::MetadataConfig& metadata_config() const noexcept { return metadata_config_; }
  const std::filesystem::path& deep_storage_root() const noexcept { return deep_storage_root_; }
  /// The metadata store, where other processes may use it too; else null.
  const ingest::MetadataConfig* shared_metadata() const noexcept { return is_shared_ ? &metadata_config_ : nullptr; }

 private:
  const ingest::MetadataConfig metadata_config_;
  const std::filesystem::path deep_storage_root_;
  const bool is_shared_;
  ingest::SqlMetadataStore metadata_;
  ingest::SqlSupervisorStore supervisors_;
  const std::unique_ptr<ingest::DeepStorage> deep_storage_;
  ingest::SegmentCache cache_;
  const ingest::HandOffServices services_{metadata_, *deep_storage_, cache_};
};

}  // namespace sarsen::server
