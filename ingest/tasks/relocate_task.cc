// move, archive and restore: segments out of use change their place in deep storage. The copy comes first, then the
// metadata store says that the segment lies there, then the files at the old place go: wherever a crash cuts this
// short, the store names a place where the segment lies whole. One before the last step leaves files at the old place.

#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "ingest/fault_point.h"
#include "ingest/tasks/shared_files.h"
#include "ingest/tasks/task_toolbox.h"
#include "ingest/tasks/task_types.h"
#include "storage/base/interval_field.h"
#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

using Copy = std::function<std::optional<storage::SegmentDescriptor>(DeepStorage&, const storage::SegmentDescriptor&)>;

class RelocateTask final : public Task {
 public:
  RelocateTask(const JsonField& json, Copy copy)
      : data_source_(json["dataSource"].string()),
        interval_(parse_interval(json["interval"])),
        copy_(std::move(copy)) {}

  std::optional<LockRequest> locks() const override {
    return LockRequest{TaskLockType::kExclusive, data_source_, {interval_}};
  }

  Json run(TaskToolbox& toolbox) const override {
    const TaskServices& services = toolbox.services();
    for (const UnusedSegment& segment : services.metadata.unused_segments(data_source_, interval_)) {
      toolbox.interrupt().check();
      log_info("OK to {} segment: {}", toolbox.identity().type, segment.descriptor.id.text());
      relocate(segment, services);
    }
    return Json::Object();
  }

 private:
  /// Its own files from then on; those that other segments have, too, stay for them.
  void relocate(const UnusedSegment& segment, const TaskServices& services) const {
    const auto copied = copy_(services.deep_storage, segment.descriptor);
    if (!copied) return log_info("No action was taken for [{}]", segment.descriptor.id.text());
    fault_point("relocate.copied");
    services.metadata.describe_anew(*copied);
    fault_point("relocate.described");
    if (!are_files_shared(segment, {segment.descriptor.id}, services.metadata))
      services.deep_storage.remove(owner_of_files(segment));
  }

  const std::string data_source_;
  const Interval interval_;
  const Copy copy_;
};

}  // namespace

std::unique_ptr<Task> make_move_task(const JsonField& json, const std::filesystem::path&) {
  if (!json["target"].json().is_object()) json["target"].fail("an object with bucket and baseKey is wanted");
  return std::make_unique<RelocateTask>(
      json, [target = json["target"].json()](DeepStorage& storage, const storage::SegmentDescriptor& segment) {
        return storage.copy_to(segment, target);
      });
}

std::unique_ptr<Task> make_archive_task(const JsonField& json, const std::filesystem::path&) {
  return std::make_unique<RelocateTask>(json, [](DeepStorage& storage, const storage::SegmentDescriptor& segment) {
    return storage.copy_to_archive(segment);
  });
}

std::unique_ptr<Task> make_restore_task(const JsonField& json, const std::filesystem::path&) {
  return std::make_unique<RelocateTask>(json, [](DeepStorage& storage, const storage::SegmentDescriptor& segment) {
    return storage.copy_from_archive(segment);
  });
}

}  // namespace sarsen::ingest
