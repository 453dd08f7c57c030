#pragma once
// The types of firehoses, each in a file of its own. Internal to this folder: registry.cc has their names.

#include "ingest/firehose/firehose.h"

namespace sarsen::ingest {

FirehosePtr parse_kafka_firehose(const JsonField& json, const FirehoseOptions& options);
FirehosePtr parse_receiver_firehose(const JsonField& json, const FirehoseOptions& options);
FirehosePtr parse_rabbitmq_firehose(const JsonField& json, const FirehoseOptions& options);
FirehosePtr parse_file_firehose(const JsonField& json, const FirehoseOptions& options);
FirehosePtr parse_segment_firehose(const JsonField& json, const FirehoseOptions& options);
FirehosePtr parse_combining_firehose(const JsonField& json, const FirehoseOptions& options);
FirehosePtr parse_timed_firehose(const JsonField& json, const FirehoseOptions& options);
FirehosePtr parse_clipped_firehose(const JsonField& json, const FirehoseOptions& options);
FirehosePtr parse_fixed_count_firehose(const JsonField& json, const FirehoseOptions& options);

}  // namespace sarsen::ingest
