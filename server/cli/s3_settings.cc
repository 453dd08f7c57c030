#include "server/cli/s3_settings.h"

#include <cstdlib>
#include <string_view>

#include "server/cli/setting_table.h"
#include "server/cli/setting_values.h"
#include "storage/base/error.h"
#include "storage/base/json.h"

namespace sarsen::server {
namespace {

using Setting = SettingOf<S3Settings>;

template <std::string S3Settings::* kField>
void set_text(S3Settings& settings, const std::string&, const std::string& value) {
  settings.*kField = value;
}

template <bool S3Settings::* kField>
void set_flag(S3Settings& settings, const std::string& name, const std::string& value) {
  settings.*kField = boolean(name, value);
}

template <std::string S3Settings::* kField>
void set_password(S3Settings& settings, const std::string& name, const std::string& value) {
  settings.*kField = password(name, value);
}

void set_base_key(S3Settings& settings, const std::string& name, const std::string& value) {
  if (value.starts_with('/') || value.ends_with('/')) refuse(name, "without a slash at its ends", value);
  settings.base_key = value;
}

void set_protocol(S3Settings& settings, const std::string& name, const std::string& value) {
  if (value != "http" && value != "https") refuse(name, "http or https", value);
  settings.protocol = value;
}

void set_encryption(S3Settings& settings, const std::string& name, const std::string& value) {
  if (value == "custom")
    throw Error(ErrorCategory::kUnsupported,
                name + ": keys of one's own are not supported yet (s3 and kms are): custom");
  if (value != "s3" && value != "kms") refuse(name, "s3 or kms", value);
  settings.encryption = value;
}

constexpr Setting kSettings[] = {
    {"druid.storage.bucket", "with druid.storage.type=s3: the bucket", set_text<&S3Settings::bucket>},
    {"druid.storage.baseKey", "what the keys of segments begin with", set_base_key},
    {"druid.storage.archiveBucket", "the bucket that archive tasks move segments to (none)",
     set_text<&S3Settings::archive_bucket>},
    {"druid.storage.archiveBaseKey", "what their keys begin with there", set_text<&S3Settings::archive_base_key>},
    {"druid.storage.disableAcl", "true: objects get no ACL; false: the bucket's owner has them (false)",
     set_flag<&S3Settings::disable_acl>},
    {"druid.storage.useS3aSchema", "whether load specs say s3a, for Hadoop (false)", set_flag<&S3Settings::s3a_schema>},
    {"druid.storage.sse.type", "encryption by the server: s3 or kms (what the bucket says)", set_encryption},
    {"druid.storage.sse.kms.keyId", "the key of kms (the account's)", set_text<&S3Settings::encryption_key>},
    {"druid.s3.accessKey", "the access key (AWS_ACCESS_KEY_ID of the environment)",
     set_password<&S3Settings::access_key>},
    {"druid.s3.secretKey", "the secret key (AWS_SECRET_ACCESS_KEY of the environment)",
     set_password<&S3Settings::secret_key>},
    {"druid.s3.endpoint.url", "where S3 is (Amazon's, of the region)", set_text<&S3Settings::endpoint>},
    {"druid.s3.endpoint.signingRegion", "the region (AWS_REGION of the environment, else us-east-1)",
     set_text<&S3Settings::region>},
    {"druid.s3.protocol", "http or https, where the endpoint does not say (https)", set_protocol},
    {"druid.s3.enablePathStyleAccess", "whether the bucket is in the path of URLs, not in the host's name (false)",
     set_flag<&S3Settings::path_style>},
    {"druid.s3.disableChunkedEncoding", "nothing is sent in chunks here",
     [](S3Settings&, const std::string& name, const std::string& value) { boolean(name, value); }},
    {"druid.s3.forceGlobalBucketAccessEnabled", "requests go to the endpoint as it is given",
     [](S3Settings&, const std::string& name, const std::string& value) { boolean(name, value); }},
    {"druid.s3.proxy.host", "a proxy on the way to S3", set_text<&S3Settings::proxy_host>},
    {"druid.s3.proxy.port", "its port", [](S3Settings& settings, const std::string& name, const std::string& value) {
       settings.proxy_port = std::to_string(number(name, value, 1, 65'535));
     }}};

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string first_given(std::initializer_list<std::string> texts) {
  for (const std::string& text : texts)
    if (!text.empty()) return text;
  return "";
}

[[noreturn]] void missing(const std::string& name) {
  throw Error(ErrorCategory::kInvalidInput, "druid.storage.type=s3 wants " + name);
}

}  // namespace

bool set_s3(S3Settings& settings, const std::string& name, const std::string& value) {
  if (apply_setting(kSettings, settings, name, value)) return true;
  if (!name.starts_with("druid.s3.")) return false;
  std::vector<std::string> known;
  for (const Setting& setting : kSettings) known.emplace_back(setting.name);
  const std::string near = suggestion(name, known);
  throw Error(near.empty() ? ErrorCategory::kUnsupported : ErrorCategory::kInvalidInput,
              name + " is not supported; sarsen serve --help names what is" + near);
}

SettingDocs describe_s3() { return docs_of(kSettings); }

ingest::S3Connection s3_connection(const S3Settings& settings) {
  ingest::S3Connection connection;
  connection.endpoint = settings.endpoint;
  if (!settings.endpoint.empty() && settings.endpoint.find("://") == std::string::npos)
    connection.endpoint = settings.protocol + "://" + settings.endpoint;
  connection.region =
      first_given({settings.region, environment("AWS_REGION"), environment("AWS_DEFAULT_REGION"), "us-east-1"});
  connection.path_style = settings.path_style;
  connection.access_key = settings.access_key;
  connection.secret_key = settings.secret_key;
  if (settings.access_key.empty() && settings.secret_key.empty()) {
    connection.access_key = environment("AWS_ACCESS_KEY_ID");
    connection.secret_key = environment("AWS_SECRET_ACCESS_KEY");
    connection.session_token = environment("AWS_SESSION_TOKEN");
  }
  if (!settings.proxy_host.empty())
    connection.proxy = "http://" + settings.proxy_host + (settings.proxy_port.empty() ? "" : ":" + settings.proxy_port);
  return connection;
}

std::optional<ingest::S3Config> s3_reading_config(const S3Settings& settings) {
  ingest::S3Config config;
  config.connection = s3_connection(settings);
  if (config.connection.access_key.empty() || config.connection.secret_key.empty()) return std::nullopt;
  return config;
}

ingest::S3Config s3_config(const S3Settings& settings) {
  ingest::S3Config config;
  config.connection = s3_connection(settings);
  if (config.connection.access_key.empty()) missing("druid.s3.accessKey, or AWS_ACCESS_KEY_ID in the environment");
  if (config.connection.secret_key.empty()) missing("druid.s3.secretKey, or AWS_SECRET_ACCESS_KEY in the environment");
  if (settings.bucket.empty()) missing("druid.storage.bucket");
  config.bucket = settings.bucket;
  config.base_key = settings.base_key;
  config.archive_bucket = settings.archive_bucket;
  config.archive_base_key = settings.archive_base_key;
  config.s3a_schema = settings.s3a_schema;
  if (!settings.disable_acl) config.headers.emplace_back("x-amz-acl", "bucket-owner-full-control");
  if (settings.encryption == "s3") config.headers.emplace_back("x-amz-server-side-encryption", "AES256");
  if (settings.encryption == "kms") {
    config.headers.emplace_back("x-amz-server-side-encryption", "aws:kms");
    if (!settings.encryption_key.empty())
      config.headers.emplace_back("x-amz-server-side-encryption-aws-kms-key-id", settings.encryption_key);
  }
  return config;
}

}  // namespace sarsen::server
