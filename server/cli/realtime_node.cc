#include "server/cli/realtime_node.h"

#include <utility>

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
    ingest::FirehoseOptions options;
    if (!brokers.empty()) options.brokers = brokers;
    return ingest::parse_realtime_spec(Json::parse(text), options);
  } catch (const Error& error) {
    throw Error(error.category(), file + ": " + error.what());
  }
}

}  // namespace

RealtimeNode::RealtimeNode(const std::vector<std::string>& spec_files, const std::string& brokers,
                           const std::filesystem::path& persist_directory, ingest::SegmentAnnouncer& announcer,
                           storage::Catalog& catalog, const ingest::HandOffServices& hand_off,
                           const ingest::SegmentPlaces& segments, ingest::ChatHandlers& chat_handlers) {
  std::error_code ignored;
  std::filesystem::remove_all(segments.scratch, ignored);
  for (const std::string& file : spec_files)
    for (FireDepartmentSpec& spec : read_spec(file, brokers)) {
      spec.firehose->add_topics(topics_);
      auto source =
          spec.firehose->connect({.schema = spec.schema, .chat_handlers = &chat_handlers, .segments = &segments});
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
