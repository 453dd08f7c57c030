#pragma once
// What is told of one reading task, in Druid's forms.

#include "ingest/supervisor/reading_task.h"
#include "ingest/tasks/task_status.h"

namespace sarsen::ingest {

TaskStatus status_of(const ReadingTask& task);

/// The task's specification: {"type":"index_kafka","id":…,"dataSchema":…,"ioConfig":{"startSequenceNumbers":…},…}.
Json payload_of(const ReadingTask& task);

/// {"ingestionStatsAndErrors":…}
Json report_of(const ReadingTask& task);

/// {"movingAverages":…,"totals":…}
Json stats_of(const ReadingTask& task);

}  // namespace sarsen::ingest
