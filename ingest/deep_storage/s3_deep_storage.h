#pragma once
// Deep storage in S3, as Druid's "s3" type has it: an object for each segment,
//
//   <baseKey>/<dataSource>/<start>_<end>/<version>/<partition>/index.zip
//
// with the load spec {"type":"s3_zip","bucket":…,"key":…,"S3Schema":"s3n"}. Pulling takes what Druid writes there: zip
// files, and keys that end with a slash and stand for the files below it. Segments that lie on the local disk, as from
// before S3 was chosen, are pulled and deleted there.

#include <filesystem>
#include <optional>
#include <string>

#include "ingest/deep_storage/deep_storage.h"
#include "ingest/deep_storage/local_deep_storage.h"
#include "ingest/s3/s3_client.h"

namespace sarsen::ingest {

struct S3Config {
  S3Connection connection;
  std::string bucket;
  std::string base_key;
  bool s3a_schema = false;     // for Hadoop: S3Schema is "s3a"
  std::string archive_bucket;  // where archived segments go; empty: nothing can be archived
  std::string archive_base_key;
  S3Client::Headers headers;  // of each object: its ACL and encryption
};

class S3DeepStorage final : public DeepStorage {
 public:
  /// Zip files are made and unpacked in `scratch`; `local` is where local segments lie.
  S3DeepStorage(S3Config config, std::filesystem::path scratch, const std::filesystem::path& local);

  storage::SegmentDescriptor push(const std::filesystem::path& files, storage::SegmentDescriptor segment) override;
  void pull(const storage::SegmentDescriptor& segment, const std::filesystem::path& target) const override;
  /// A descriptor without load spec is that of a segment that push() was called for.
  void remove(const storage::SegmentDescriptor& segment) override;

  std::optional<storage::SegmentDescriptor> copy_to(const storage::SegmentDescriptor& segment,
                                                    const Json& target) override;
  std::optional<storage::SegmentDescriptor> copy_to_archive(const storage::SegmentDescriptor& segment) override;
  std::optional<storage::SegmentDescriptor> copy_from_archive(const storage::SegmentDescriptor& segment) override;

 private:
  std::string key_of(const storage::SegmentId& id) const;
  void copy(const storage::SegmentDescriptor& segment, const std::string& bucket, const std::string& key,
            const std::string& target_bucket, const std::string& target_key) const;

  const S3Config config_;
  const S3Client client_;
  const std::filesystem::path scratch_;
  LocalDeepStorage local_;
};

}  // namespace sarsen::ingest
