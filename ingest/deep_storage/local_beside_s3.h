#pragma once
// Deep storage on the local disk, where segments also lie in S3, as from before, or from others: each is fetched,
// deleted and moved where its load spec says, as in Druid.

#include <filesystem>

#include "ingest/deep_storage/local_deep_storage.h"
#include "ingest/deep_storage/s3_deep_storage.h"

namespace sarsen::ingest {

class LocalBesideS3 final : public DeepStorage {
 public:
  /// `s3` needs no bucket. Zip files are unpacked in `scratch`.
  LocalBesideS3(const std::filesystem::path& root, bool zip, S3Config s3, std::filesystem::path scratch);

  storage::SegmentDescriptor push(const std::filesystem::path& files, storage::SegmentDescriptor segment) override;
  void pull(const storage::SegmentDescriptor& segment, const std::filesystem::path& target) const override;
  void remove(const storage::SegmentDescriptor& segment) override;
  std::optional<storage::SegmentDescriptor> copy_to(const storage::SegmentDescriptor& segment,
                                                    const Json& target) override;

 private:
  LocalDeepStorage local_;
  S3DeepStorage s3_;
};

}  // namespace sarsen::ingest
