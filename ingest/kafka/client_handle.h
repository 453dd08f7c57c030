#pragma once
// A librdkafka client and its end. Internal to this folder: here librdkafka is visible.

#include <librdkafka/rdkafka.h>

#include <map>
#include <memory>
#include <string>

namespace sarsen::ingest {

struct DestroyConsumer {
  void operator()(rd_kafka_t* client) const noexcept {
    rd_kafka_consumer_close(client);
    rd_kafka_destroy(client);
  }
};

struct DestroyProducer {
  void operator()(rd_kafka_t* client) const noexcept { rd_kafka_destroy(client); }
};

struct DestroyTopic {
  void operator()(rd_kafka_topic_t* topic) const noexcept { rd_kafka_topic_destroy(topic); }
};

struct DestroyConfiguration {
  void operator()(rd_kafka_conf_t* configuration) const noexcept { rd_kafka_conf_destroy(configuration); }
};

struct DestroyPartitions {
  void operator()(rd_kafka_topic_partition_list_t* list) const noexcept { rd_kafka_topic_partition_list_destroy(list); }
};

using ConfigurationHandle = std::unique_ptr<rd_kafka_conf_t, DestroyConfiguration>;
using PartitionList = std::unique_ptr<rd_kafka_topic_partition_list_t, DestroyPartitions>;

/// Throws as check_properties.
ConfigurationHandle make_configuration(const std::map<std::string, std::string>& properties, const std::string& where);

/// Takes the configuration over. Throws kRuntimeFailure.
rd_kafka_t* make_client(rd_kafka_type_t type, ConfigurationHandle configuration);

}  // namespace sarsen::ingest
