#include "ingest/firehose/line_source.h"

#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

constexpr std::size_t kBatchLines = 10'000;
constexpr std::size_t kBatchBytes = std::size_t{8} << 20;

/// Lines one behind the other, as a batch's messages want them.
struct HeldLines {
  std::string text;
  std::vector<std::size_t> ends;
};

std::shared_ptr<const HeldLines> hold(Batch& batch, HeldLines lines) {
  auto held = std::make_shared<const HeldLines>(std::move(lines));
  std::size_t begin = 0;
  for (std::size_t i = 0; i < held->ends.size(); ++i) {
    batch.messages[i].bytes = std::string_view(held->text).substr(begin, held->ends[i] - begin);
    begin = held->ends[i];
  }
  return held;
}

}  // namespace

/// Lines that were taken before are not wanted, but for those that may be a header.
bool LineSource::is_wanted(std::int64_t line) const noexcept {
  return line >= first_line_ || line < static_cast<std::int64_t>(header_lines_);
}

void LineSource::open() {
  const auto taken = resume_.find(StreamPartition(std::string(inputs_[current_].name()), 0));
  first_line_ = taken == resume_.end() ? 0 : taken->second;
  next_line_ = 0;
  log_info("Reading {} from line {}", inputs_[current_].name(), first_line_ + 1);
  reader_ = inputs_[current_].open(scratch_);
}

/// Of one input. An input that ends early ends the batch.
Batch LineSource::poll(int) {
  Batch batch;
  if (closed_) return batch;
  if (current_ == inputs_.size()) {
    batch.exhausted = true;
    return batch;
  }
  if (!reader_) open();
  HeldLines lines;
  bool ended = false;
  while (lines.ends.size() < kBatchLines && lines.text.size() < kBatchBytes && !closed_) {
    const auto line = reader_->next();
    ended = !line;
    if (ended) break;
    const std::int64_t number = next_line_++;
    if (!is_wanted(number)) continue;
    lines.text += *line;
    lines.ends.push_back(lines.text.size());
    Message message{.bytes = {}, .partition = 0, .offset = number, .topic = inputs_[current_].name()};
    message.begins_input = number == 0 || (header_lines_ == 0 && number == first_line_);
    message.replayed = number < first_line_;
    batch.messages.push_back(message);
  }
  batch.owner = hold(batch, std::move(lines));
  if (ended) {
    reader_ = nullptr;
    ++current_;
  }
  batch.exhausted = current_ == inputs_.size();
  return batch;
}

}  // namespace sarsen::ingest
