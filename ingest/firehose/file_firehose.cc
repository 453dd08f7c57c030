// local, inline and http: inputs that are read once, line by line, to their end. What they are is as with batch tasks.

#include <string>

#include "ingest/firehose/firehose_types.h"
#include "ingest/firehose/line_source.h"
#include "ingest/firehose/named_stream.h"

namespace sarsen::ingest {
namespace {

class FileFirehose final : public Firehose {
 public:
  FileFirehose(std::string stream, InputSource inputs) : stream_(std::move(stream)), inputs_(std::move(inputs)) {}

  std::string stream() const override { return stream_; }

  std::unique_ptr<Source> connect(const FirehoseServices& services) const override {
    const auto& text = services.schema->input_format->text;
    const std::size_t header_lines = text ? text->skipped_lines + (text->header ? 1U : 0U) : 0;
    return std::make_unique<LineSource>(inputs_, header_lines, services.scratch);
  }

  /// As Druid reads the lines of files.
  void adapt(DataSchema& schema, const JsonField&) const override { schema.input_format->first_object_only = true; }

 private:
  const std::string stream_;
  const InputSource inputs_;
};

}  // namespace

FirehosePtr parse_file_firehose(const JsonField& json, const FirehoseOptions&) {
  return std::make_shared<FileFirehose>(stream_of(json), InputSource::parse(json, ""));
}

}  // namespace sarsen::ingest
