#pragma once
// A firehose of a realtime spec, as parsed: what it reads, and how a source over that is made. Wrappers (timed,
// clipped, fixedCount, combining) hold other firehoses, and their sources other sources. Immutable: any thread may use
// it.
//
// A firehose of a new type is one file with its parse function, and one line each in firehose_types.h and registry.cc.

#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "ingest/realtime/clock.h"
#include "ingest/row/data_schema.h"
#include "ingest/source.h"
#include "storage/base/json.h"

namespace sarsen::ingest {

class ChatHandlers;
struct SegmentPlaces;

/// What sources are made with. All of it outlives them.
struct FirehoseServices {
  std::shared_ptr<const DataSchema> schema;
  ChatHandlers* chat_handlers = nullptr;                                   // null: nothing is received over HTTP
  std::filesystem::path scratch = std::filesystem::temp_directory_path();  // for what is fetched
  const SegmentPlaces* segments = nullptr;                                 // null: no published segments are read
  Clock clock = system_clock_ms;
};

class Firehose {
 public:
  virtual ~Firehose() = default;

  /// Names what is read. A position that another stream has left is not gone on from.
  virtual std::string stream() const = 0;

  /// Throws where its settings cannot work.
  virtual std::unique_ptr<Source> connect(const FirehoseServices& services) const = 0;

  /// What its rows want of the schema; `json` is the dataSchema, for complaints.
  virtual void adapt(DataSchema&, const JsonField& /*json*/) const {}

  /// Whether its rows have their times, whatever the parser's timestampSpec says.
  virtual bool has_times() const { return false; }

  /// Kafka topics that it reads.
  virtual void add_topics(std::set<std::string>&) const {}
};

using FirehosePtr = std::shared_ptr<const Firehose>;

struct FirehoseOptions {
  /// Kafka brokers that win over those of the spec: of an embedded broker, or from the command line.
  std::optional<std::string> brokers = {};
};

/// Throws kInvalidInput naming the field and the fix, kUnsupported for types that are not built.
FirehosePtr parse_firehose(const JsonField& json, const FirehoseOptions& options);

}  // namespace sarsen::ingest
