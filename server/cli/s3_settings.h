#pragma once
// druid.s3.*, and what of druid.storage.* is about S3.

#include <optional>
#include <string>

#include "ingest/deep_storage/s3_deep_storage.h"
#include "server/cli/setting_table.h"

namespace sarsen::server {

struct S3Settings {
  std::string access_key;  // empty: from the environment
  std::string secret_key;
  std::string endpoint;  // empty: Amazon's
  std::string protocol = "https";
  std::string region;  // empty: from the environment, else us-east-1
  bool path_style = false;
  std::string proxy_host;
  std::string proxy_port;
  std::string bucket;
  std::string base_key;
  std::string archive_bucket;
  std::string archive_base_key;
  bool s3a_schema = false;
  bool disable_acl = false;
  std::string encryption;  // s3 or kms; empty: what the bucket says
  std::string encryption_key;
};

/// False where the name is none of these. Throws kInvalidInput, and kUnsupported for what is Druid's but not built.
bool set_s3(S3Settings& settings, const std::string& name, const std::string& value);

SettingDocs describe_s3();

/// With what the environment adds; keys may be missing.
ingest::S3Connection s3_connection(const S3Settings& settings);

/// With what the environment adds, without a bucket: nullopt where there is no key.
std::optional<ingest::S3Config> s3_reading_config(const S3Settings& settings);

/// With what the environment adds. Throws kInvalidInput, naming the property that is missing.
ingest::S3Config s3_config(const S3Settings& settings);

}  // namespace sarsen::server
