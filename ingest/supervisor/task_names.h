#pragma once
// Names of tasks, and the group of a partition, as Druid makes them. Pure functions, but for the random letters.

#include <cstdint>
#include <string>

#include "ingest/position.h"
#include "ingest/supervisor/row_window.h"
#include "ingest/supervisor/supervisor_spec.h"

namespace sarsen::ingest {

/// partition % taskCount; of several topics, with the topic's hash in it.
std::uint32_t task_group_of(const StreamPartition& partition, std::uint32_t task_count) noexcept;

/// "index_kafka_wiki_0123456789abcde": equal for equal schema, tuning, offsets and window.
std::string base_sequence_name(const SupervisorSpec& spec, const Position& start, const RowWindow& window);

/// The same with eight random letters from a to p.
std::string new_task_id(const std::string& base_sequence_name);

}  // namespace sarsen::ingest
