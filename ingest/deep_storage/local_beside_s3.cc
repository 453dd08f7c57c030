#include "ingest/deep_storage/local_beside_s3.h"

#include <utility>

namespace sarsen::ingest {
namespace {

bool is_in_s3(const storage::SegmentDescriptor& segment) {
  const Json* type = segment.load_spec.find("type");
  return type != nullptr && type->is_string() && type->string() == "s3_zip";
}

}  // namespace

LocalBesideS3::LocalBesideS3(const std::filesystem::path& root, bool zip, S3Config s3, std::filesystem::path scratch)
    : local_(root, zip), s3_(std::move(s3), std::move(scratch), root) {}

storage::SegmentDescriptor LocalBesideS3::push(const std::filesystem::path& files, storage::SegmentDescriptor segment) {
  return local_.push(files, std::move(segment));
}

void LocalBesideS3::pull(const storage::SegmentDescriptor& segment, const std::filesystem::path& target) const {
  is_in_s3(segment) ? s3_.pull(segment, target) : local_.pull(segment, target);
}

void LocalBesideS3::remove(const storage::SegmentDescriptor& segment) {
  is_in_s3(segment) ? s3_.remove(segment) : local_.remove(segment);
}

std::optional<storage::SegmentDescriptor> LocalBesideS3::copy_to(const storage::SegmentDescriptor& segment,
                                                                 const Json& target) {
  return is_in_s3(segment) ? s3_.copy_to(segment, target) : local_.copy_to(segment, target);
}

}  // namespace sarsen::ingest
