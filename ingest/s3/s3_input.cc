#include "ingest/s3/s3_input.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "ingest/batch/fetched_lines.h"
#include "ingest/s3/s3_connection_field.h"
#include "storage/base/ascii_case.h"
#include "storage/base/error.h"
#include "storage/base/log.h"
#include "storage/base/percent_encoding.h"

namespace sarsen::ingest {
namespace {

constexpr std::size_t kListedMax = 1'000'000;  // objects of one prefix
constexpr std::string_view kScheme = "s3://";

S3Connection& process_connection() {
  static S3Connection connection;
  return connection;
}

/// What a host's name cannot hold would lead elsewhere.
void check_bucket(const JsonField& json, const std::string& bucket) {
  const auto fits = [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '.' || c == '_'; };
  if (bucket.empty() || !std::all_of(bucket.begin(), bucket.end(), fits))
    json.fail("bucket must follow DNS-compliant naming conventions: " + bucket);
}

bool has_scheme(std::string_view uri) { return storage::starts_with_ignoring_case(uri, kScheme); }

/// "s3://bucket/a%20key"
S3Object parse_uri(const JsonField& json) {
  const std::string uri = json.string();
  if (!has_scheme(uri)) json.fail("Invalid URI scheme [" + uri + "] must be [s3]");
  if (uri.find_first_of("?#") != std::string::npos)
    json.fail("an address of S3 has no ? and no #; in a key write %3F and %23: " + uri);
  const std::size_t slash = std::min(uri.find('/', kScheme.size()), uri.size());
  S3Object object{.bucket = uri.substr(kScheme.size(), slash - kScheme.size()),
                  .key = percent_decoded(std::string_view(uri).substr(std::min(slash + 1, uri.size())))};
  check_bucket(json, object.bucket);
  return object;
}

S3Object parse_location(const JsonField& json) {
  S3Object object{.bucket = json["bucket"].string(), .key = json["path"].string()};
  if (object.bucket.ends_with('/')) object.bucket.pop_back();
  if (object.key.starts_with('/')) object.key.erase(0, 1);
  check_bucket(json["bucket"], object.bucket);
  return object;
}

std::shared_ptr<const ObjectGlob> parse_glob(const JsonField& json) {
  const std::string glob = json.string_or("");
  if (glob.find_first_not_of(" \t") == std::string::npos) return nullptr;
  try {
    return std::make_shared<const ObjectGlob>(glob);
  } catch (const Error& error) {
    json.fail(error.what());
  }
}

void check_fields(const JsonField& json) {
  std::size_t given = 0;
  for (const char* field : {"uris", "prefixes", "objects"}) given += json[field].elements().empty() ? 0U : 1U;
  if (given != 1) json.fail("Exactly one of uris, prefixes or objects must be specified");
}

}  // namespace

void set_s3_input_connection(S3Connection connection) { process_connection() = std::move(connection); }

S3Input S3Input::parse(const JsonField& json) {
  check_fields(json);
  S3Input input(parse_s3_connection(json, process_connection()));
  for (const JsonField& uri : json["uris"].elements()) input.named_.push_back(parse_uri(uri));
  for (const JsonField& object : json["objects"].elements()) input.named_.push_back(parse_location(object));
  for (const JsonField& prefix : json["prefixes"].elements()) input.prefixes_.push_back(parse_uri(prefix));
  input.glob_ = parse_glob(json["objectGlob"]);
  return input;
}

std::vector<S3Object> S3Input::objects() const {
  std::vector<S3Object> objects;
  for (const S3Object& object : named_)
    if (wants(object)) objects.push_back(object);
  for (const S3Object& prefix : prefixes_) append_listed(prefix, objects);
  return objects;
}

void S3Input::append_listed(const S3Object& prefix, std::vector<S3Object>& objects) const {
  const std::size_t before = objects.size();
  for (S3Listed& listed : client_.list_objects(prefix.bucket, prefix.key, kListedMax)) {
    S3Object object{.bucket = prefix.bucket, .key = std::move(listed.key), .bytes = listed.bytes};
    if (object.bytes > 0 && wants(object)) objects.push_back(std::move(object));
  }
  if (objects.size() == before) log_warn("There is nothing to read under {}", prefix.text);
}

std::unique_ptr<LineReader> S3Input::open(const S3Object& object, const std::filesystem::path& scratch) const {
  return std::make_unique<FetchedLines>(
      scratch, object.key, [&](const std::filesystem::path& file) { client_.get(object.bucket, object.key, file); });
}

}  // namespace sarsen::ingest
