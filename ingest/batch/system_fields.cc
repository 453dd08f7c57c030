#include "ingest/batch/system_fields.h"

#include <algorithm>
#include <cctype>

#include "storage/base/percent_encoding.h"

namespace sarsen::ingest {
namespace {

constexpr std::string_view kUri = "__file_uri";
constexpr std::string_view kPath = "__file_path";
constexpr std::string_view kHexDigits = "0123456789ABCDEF";

/// As java.io.File.toURI(): what a path of a URI may not hold is escaped, but for letters beyond ASCII.
std::string file_uri(const std::filesystem::path& file) {
  std::string uri = "file:";
  const std::string path = std::filesystem::absolute(file).string();
  for (const char letter : path) {
    const auto byte = static_cast<unsigned char>(letter);
    if (byte >= 0x80 || std::isalnum(byte) != 0 ||
        std::string_view("/-_.!~'()*,;:$&+=@").find(letter) != std::string_view::npos) {
      uri += letter;
      continue;
    }
    uri += '%';
    uri += kHexDigits[static_cast<std::size_t>(byte >> 4)];
    uri += kHexDigits[static_cast<std::size_t>(byte & 15)];
  }
  return uri;
}

/// The path behind the host, without its escapes.
std::string path_of_url(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  const std::size_t host = url.find("://");
  const std::size_t begin = url.find('/', host == std::string_view::npos ? 0 : host + 3);
  if (begin == std::string_view::npos) return {};
  return percent_decoded(url.substr(begin));
}

std::vector<SystemField> fill(const SystemFieldNames& names, const std::string& uri, const std::string& path,
                              const std::optional<std::string>& bucket = std::nullopt) {
  std::vector<SystemField> fields;
  for (const std::string& name : names) fields.push_back({name, name == kUri ? uri : name == kPath ? path : bucket});
  return fields;
}

/// As Java's URLEncoder, which knows no ~ and leaves *.
std::string object_uri(std::string_view bucket, std::string_view key) {
  std::string uri = "s3://" + std::string(bucket) + "/";
  for (const char c : percent_encoded(key, "/*"))
    if (c == '~')
      uri += "%7E";
    else
      uri += c;
  return uri;
}

}  // namespace

SystemFieldNames parse_system_fields(const JsonField& json) {
  static const SystemFieldNames known = {std::string(kUri), "__file_bucket", std::string(kPath)};
  SystemFieldNames names;
  for (const JsonField& element : json.elements()) {
    names.push_back(element.string());
    if (std::find(known.begin(), known.end(), names.back()) == known.end())
      element.fail("unknown system field: " + names.back() + suggestion(names.back(), known));
  }
  return names;
}

std::vector<SystemField> system_fields_of(const SystemFieldNames& names, const std::filesystem::path& file) {
  return fill(names, file_uri(file), file.string());
}

std::vector<SystemField> system_fields_of_url(const SystemFieldNames& names, std::string_view url) {
  return fill(names, std::string(url), path_of_url(url));
}

std::vector<SystemField> system_fields_of_object(const SystemFieldNames& names, std::string_view bucket,
                                                 std::string_view key) {
  return fill(names, object_uri(bucket, key), std::string(key), std::string(bucket));
}

}  // namespace sarsen::ingest
