#include "ingest/deep_storage/fetched_segment.h"

#include <utility>

#include "storage/base/atomic_file.h"
#include "storage/segment/mapped_segment.h"

namespace sarsen::ingest {
namespace {

struct Fetched {
  explicit Fetched(const std::filesystem::path& target) : files(target) {}
  TemporaryDirectory files;
  std::shared_ptr<const storage::Segment> segment;  // goes before its files
};

}  // namespace

FetchedSegment::FetchedSegment(const DeepStorage& deep_storage, std::filesystem::path scratch,
                               storage::SegmentDescriptor descriptor)
    : deep_storage_(deep_storage), scratch_(std::move(scratch)), descriptor_(std::move(descriptor)) {}

std::vector<std::shared_ptr<const storage::Segment>> FetchedSegment::acquire() const {
  const auto fetched = std::make_shared<Fetched>(scratch_ / "segment");
  deep_storage_.pull(descriptor_, fetched->files.path());
  fetched->segment = storage::open_segment(fetched->files.path());
  return {{fetched, fetched->segment.get()}};
}

}  // namespace sarsen::ingest
