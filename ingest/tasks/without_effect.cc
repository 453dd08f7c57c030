#include "ingest/tasks/without_effect.h"

#include <array>
#include <string_view>

#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

struct Field {
  std::string_view name;
  std::string_view otherwise;  // Druid's default, as JSON
  std::string_view why;
};

constexpr std::string_view kOneProcess = "a task is one process here, without sub-tasks";
constexpr std::string_view kNoHeap = "memory is counted as it is allocated";
constexpr std::string_view kNoJvm = "there is no virtual machine that it could be for";

constexpr std::array kTuning = {
    Field{"splitHintSpec", "null", kOneProcess},
    Field{"maxNumConcurrentSubTasks", "1", kOneProcess},
    Field{"maxNumSubTasks", "1", kOneProcess},
    Field{"maxRetry", "3", kOneProcess},
    Field{"taskStatusCheckPeriodMs", "1000", kOneProcess},
    Field{"chatHandlerTimeout", "\"PT10S\"", kOneProcess},
    Field{"chatHandlerNumRetries", "5", kOneProcess},
    Field{"maxNumSegmentsToMerge", "100", kOneProcess},
    Field{"totalNumMergeTasks", "10", kOneProcess},
    Field{"maxAllowedLockCount", "-1", kOneProcess},
    Field{"skipBytesInMemoryOverheadCheck", "false", kNoHeap},
    Field{"segmentWriteOutMediumFactory", "null", "columns are written straight to their files"},
    Field{"maxPendingPersists", "0", "one piece at a time is persisted, beside the reading"},
    Field{"numPersistThreads", "1", "one piece at a time is persisted, beside the reading"},
    Field{"pushTimeout", "0", "segments are pushed until they are there"},
    Field{"maxColumnsToMerge", "-1", "all columns are merged at once, one after the other"},
};

constexpr std::array kContext = {
    Field{"forceTimeChunkLock", "true", "whole time chunks are locked always"},
    Field{"useLineageBasedSegmentAllocation", "true", "segments are numbered when the task publishes"},
    Field{"storeEmptyColumns", "true", "dimensions that the task names are stored, with values or without"},
    Field{"useMaxMemoryEstimates", "false", kNoHeap},
    Field{"backgroundThreadPriority", "null", "all of a task's threads have one priority"},
    Field{"druid.indexer.runner.javaOpts", "null", kNoJvm},
    Field{"druid.indexer.runner.javaOptsArray", "null", kNoJvm},
    Field{"lookupsToLoad", "null", "a task sees all lookups of the server"},
    Field{"tags", "null", "no metrics are emitted that could carry them"},
};

template <std::size_t kCount>
void note(const JsonField& json, const std::array<Field, kCount>& fields, std::vector<std::string>& notes) {
  for (const Field& field : fields) {
    const JsonField given = json[field.name];
    if (given.present() && given.json().dump() != field.otherwise)
      notes.push_back(given.path() + " has no effect: " + std::string(field.why));
  }
}

}  // namespace

std::vector<std::string> without_effect(const Json& task) {
  std::vector<std::string> notes;
  const JsonField json(task);
  const JsonField spec = json["spec"];
  const JsonField tuning = spec.present() ? spec["tuningConfig"] : json["tuningConfig"];
  if (tuning.present()) note(tuning, kTuning, notes);
  if (json["context"].present()) note(json["context"], kContext, notes);
  return notes;
}

void log_without_effect(const Json& task) {
  for (const std::string& note : without_effect(task)) log_warn("{}", note);
}

}  // namespace sarsen::ingest
