#pragma once
// Where rows come from: batches of byte messages, each with its place in the stream. Kafka's is in ingest/kafka,
// others in ingest/firehose; tests have their own.
//
// The contract of exactly once: a Source hands out messages from the position given to start(), in order within each
// partition; the consumer stores the position it has reached together with the rows, and hands that position to start()
// next time. A Source keeps no position of its own that matters; committed() only tells it for those who watch.
//
// Thread safety: start, poll and committed are called by one thread each at a time (committed perhaps by another one
// than poll); close from any thread.

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "ingest/position.h"
#include "ingest/row/raw_value.h"
#include "storage/base/interval.h"

namespace sarsen::ingest {

/// What comes with a message beside its bytes, for those who ask for it.
struct MessageDetails {
  std::optional<std::string_view> key = {};
  std::int64_t timestamp_ms = -1;  // -1: unknown
  /// Names and values in their order; a value may be missing.
  std::vector<std::pair<std::string_view, std::optional<std::string_view>>> headers = {};
};

/// A row that nobody needs to parse: its values by name.
using NamedValues = std::vector<std::pair<std::string_view, RawValue>>;

struct Message {
  std::optional<std::string_view> bytes;  // nullopt: a record without a value; it is counted as thrown away
  std::int32_t partition = 0;
  std::int64_t offset = 0;
  std::string_view topic = {};              // empty where the source has only one
  const MessageDetails* details = nullptr;  // null where nobody asked
  bool begins_input = true;                 // false: a further line of the file that the one before is of
  bool replayed = false;                    // from before the position: read for the header that it may be, and no rows
  const NamedValues* row = nullptr;         // where there is one, `bytes` only says where it is from
};

/// What a wrapper around a source lets through. It belongs to the source, and is used by the reader's thread.
struct RowLimit {
  Interval interval = kEternity;      // rows of other times are left out, and counted nowhere
  std::int64_t* rows_left = nullptr;  // null: any number. Else no message is taken once it is 0
};

/// Messages and what keeps their bytes alive: the views are good as long as the batch.
struct Batch {
  std::vector<Message> messages;
  std::shared_ptr<const void> owner;
  bool exhausted = false;        // a bounded source has no more after these
  std::vector<RowLimit> limits;  // each row passes them in this order
  bool persist_wanted = false;   // what was handed out should become durable soon: others wait to read on from there
};

class Source {
 public:
  virtual ~Source() = default;

  /// Called once, before the first poll. Partitions that `resume` names begin there; the others where the source's own
  /// settings say. Throws where the settings are wrong; that the other side cannot be reached yet is no error.
  virtual void start(const Position& resume) = 0;

  /// Waits up to `timeout_ms` for the first message, takes what else is there at once, and returns. Empty: nothing
  /// came, or close() was called. Passing troubles (a broker that is away) are logged and waited out; throws Error for
  /// what waiting cannot mend.
  virtual Batch poll(int timeout_ms) = 0;

  /// Everything before `position` is durable here.
  virtual void committed(const Position& position) = 0;

  /// Makes a waiting poll() return. Later polls return nothing, but for what a sender was promised that it is kept:
  /// once one of them is empty, so are all.
  virtual void close() = 0;
};

}  // namespace sarsen::ingest
