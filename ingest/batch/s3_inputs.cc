// Input source s3: objects in buckets (ingest/s3/s3_input.h), which are listed when the task runs.

#include <utility>

#include "ingest/batch/input_types.h"
#include "ingest/s3/s3_input.h"

namespace sarsen::ingest {
namespace {

using Source = std::shared_ptr<const S3Input>;

class ObjectInput final : public Input {
 public:
  ObjectInput(Source source, S3Object object, SystemFieldNames names)
      : source_(std::move(source)), object_(std::move(object)), names_(std::move(names)) {}

  std::string_view name() const noexcept override { return object_.text; }
  std::vector<SystemField> system_fields() const override {
    return system_fields_of_object(names_, object_.bucket, object_.key);
  }
  std::unique_ptr<LineReader> open(const std::filesystem::path& scratch) const override {
    return source_->open(object_, scratch);
  }
  std::uint64_t bytes() const override { return object_.bytes; }

 private:
  Source source_;
  S3Object object_;
  SystemFieldNames names_;
};

class ObjectsInput final : public Input {
 public:
  ObjectsInput(Source source, SystemFieldNames names) : source_(std::move(source)), names_(std::move(names)) {}

  std::optional<Inputs> listed() const override {
    Inputs inputs;
    for (S3Object& object : source_->objects())
      inputs.push_back(std::make_shared<ObjectInput>(source_, std::move(object), names_));
    return inputs;
  }

 private:
  Source source_;
  SystemFieldNames names_;
};

}  // namespace

Inputs s3_inputs(const JsonField& json, const std::filesystem::path&) {
  return {std::make_shared<ObjectsInput>(std::make_shared<const S3Input>(S3Input::parse(json)),
                                         parse_system_fields(json["systemFields"]))};
}

}  // namespace sarsen::ingest
