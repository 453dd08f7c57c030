#pragma once
// The realtime part of a server: one fire department for each element of the specification files, reading from the
// firehose that is named there.

#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "ingest/batch/segment_rows.h"
#include "ingest/firehose/chat_handlers.h"
#include "ingest/realtime/announcer.h"
#include "ingest/realtime/fire_department.h"
#include "storage/segment/catalog.h"

namespace sarsen::server {

class RealtimeNode {
 public:
  /// `brokers`, where not empty, stands in for those of the specifications. `hand_off`: where segments go whose time is
  /// over. `segments`: where published ones are read; its scratch folder is emptied. `chat_handlers`: where firehoses
  /// are found that events are pushed to. Throws where a specification is wrong. REQUIRES: all references outlive it.
  RealtimeNode(const std::vector<std::string>& spec_files, const std::string& brokers,
               const std::filesystem::path& persist_directory, ingest::SegmentAnnouncer& announcer,
               storage::Catalog& catalog, const ingest::HandOffServices& hand_off,
               const ingest::SegmentPlaces& segments, ingest::ChatHandlers& chat_handlers);

  /// The Kafka topics that the specifications read.
  const std::set<std::string>& topics() const noexcept { return topics_; }

  /// Serves what is there from earlier, and begins to read.
  void start();

  /// Persists what is not persisted yet. Its segments are served until destruction.
  void stop();

 private:
  std::set<std::string> topics_;
  std::vector<std::unique_ptr<ingest::FireDepartment>> departments_;
};

}  // namespace sarsen::server
