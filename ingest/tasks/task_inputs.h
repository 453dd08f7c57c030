#pragma once
// What a task reads of a data source: the segments that are served here and, as Druid's tasks do with all, those that
// are published and not served here by their files in deep storage: other servers serve them, or none does. Thread
// safety: the timeline is a value; what it fetches is fetched from any thread, each time anew.

#include <filesystem>
#include <memory>
#include <set>
#include <string>

#include "ingest/deep_storage/deep_storage.h"
#include "ingest/metadata/metadata_store.h"
#include "storage/segment/catalog.h"
#include "storage/segment/timeline.h"

namespace sarsen::ingest {

/// REQUIRES: all references outlive the timelines that are made of it.
struct InputPlaces {
  const storage::Catalog& catalog;
  const MetadataStore& metadata;
  const DeepStorage& deep_storage;
  std::filesystem::path scratch = {};  // where files are fetched to; they go with the last who holds the segment
};

/// Without those whose ids are in `left_out`. Live segments are in it where nothing of their id is published. A segment
/// that has to be fetched is only when it is acquired, which throws as DeepStorage::pull.
std::shared_ptr<const storage::Timeline> input_timeline(const InputPlaces& places, const std::string& data_source,
                                                        const std::set<std::string>& left_out = {});

}  // namespace sarsen::ingest
