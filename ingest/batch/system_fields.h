#pragma once
// What rows are told of the input that they are from: Druid's systemFields __file_uri, __file_bucket and __file_path.
// They take the place of fields of the same name, and are no dimensions unless they are listed. Pure.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/base/json.h"

namespace sarsen::ingest {

struct SystemField {
  std::string name;
  std::optional<std::string> value;
};

using SystemFieldNames = std::vector<std::string>;

/// The list `systemFields` of an input source. Throws kInvalidInput naming the element.
SystemFieldNames parse_system_fields(const JsonField& json);

/// Of a file: "file:/a/b.json" and "/a/b.json". Files are in no bucket.
std::vector<SystemField> system_fields_of(const SystemFieldNames& names, const std::filesystem::path& file);

/// Of "http://host/a%20b.json?x=1": that, and "/a b.json".
std::vector<SystemField> system_fields_of_url(const SystemFieldNames& names, std::string_view url);

/// Of an object in a bucket: "s3://bucket/a%20b.json", "bucket" and "a b.json".
std::vector<SystemField> system_fields_of_object(const SystemFieldNames& names, std::string_view bucket,
                                                 std::string_view key);

}  // namespace sarsen::ingest
