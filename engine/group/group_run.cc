#include "engine/group/group_run.h"

#include <algorithm>
#include <cstring>

#include "engine/exec/poll.h"
#include "engine/result/value_bytes.h"

namespace sarsen::engine {
namespace {

/// What is written at a time, at least.
constexpr std::size_t kBufferBytes = 64 << 10;

/// What is read of a run at a time. Of many runs, little of each: a group in memory takes several times its bytes here.
constexpr std::size_t kBlockBytesMax = 64 << 10;
constexpr std::size_t kBlockBytesMin = 2 << 10;
constexpr std::size_t kMemoryPerReadByte = 6;

/// A block ends where it has so many groups, or so many bytes were read for it.
constexpr std::uint32_t kBlockGroups = 64;

/// A group in an answer's batch; more make no difference to those who take them.
constexpr std::uint32_t kBatchGroups = 4096;

using RecordSize = std::uint64_t;

void write_record(const MergedGroups& groups, std::uint32_t group, ByteWriter& out) {
  const std::size_t begin = out.size();
  out.write_le(RecordSize{0});
  out.write_le(groups.bucket_ms(group));
  out.write_le(groups.tag(group));
  for (std::size_t i = 0; i < groups.dimensions(); ++i) write_value(groups.made_value(group, i), out);
  groups.grouping().aggregators->save(groups.states(group), out);
  out.patch_be(begin, static_cast<RecordSize>(out.size() - begin - sizeof(RecordSize)));
}

void read_record(std::span<const std::byte> bytes, MergedGroups& into) {
  ByteReader in(bytes, "spilled group");
  const auto bucket_ms = in.read_le<std::int64_t>();
  const auto tag = in.read_le<std::uint32_t>();
  std::vector<Value> values;
  for (std::size_t i = 0; i < into.dimensions(); ++i) values.push_back(read_value(in));
  into.append(bucket_ms, std::move(values), tag, in);
}

}  // namespace

GroupRun write_run(const MergedGroups& groups, std::span<const std::uint32_t> order, SpillFile& file) {
  const std::uint64_t begin = file.size();
  ByteWriter out;
  for (const std::uint32_t group : order) {
    poll();
    write_record(groups, group, out);
    if (out.size() < kBufferBytes) continue;
    file.append(out.view());
    out.clear();
  }
  file.append(out.view());
  return {begin, file.size()};
}

GroupRunReader::GroupRunReader(const Grouping& grouping, const SpillFile& file, const GroupRun& run,
                               std::size_t block_bytes)
    : grouping_(grouping), file_(file), left_(run), block_bytes_(block_bytes) {
  load_block();
}

void GroupRunReader::advance() {
  if (++next_ == block_->size()) load_block();
}

/// Makes `bytes` bytes from the position on readable.
void GroupRunReader::fill(std::size_t bytes) {
  if (bytes_.size() - position_ >= bytes) return;
  bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(position_));
  position_ = 0;
  const std::size_t had = bytes_.size();
  const auto more =
      static_cast<std::size_t>(std::min<std::uint64_t>(std::max(bytes - had, block_bytes_), left_.end - left_.begin));
  check_format(had + more >= bytes, "spilled group cut off");
  bytes_.resize(had + more);
  file_.read(left_.begin, std::span(bytes_).subspan(had));
  left_.begin += more;
}

std::size_t GroupRunReader::record_bytes() {
  fill(sizeof(RecordSize));
  const auto size = static_cast<std::size_t>(load_be<RecordSize>(bytes_.data() + position_));
  position_ += sizeof(RecordSize);
  return size;
}

void GroupRunReader::load_block() {
  block_.reset();
  next_ = 0;
  std::size_t read = 0;
  while ((position_ < bytes_.size() || left_.begin < left_.end) && read < block_bytes_) {
    if (block_ == nullptr) block_ = std::make_unique<MergedGroups>(grouping_);
    if (block_->size() == kBlockGroups) return;
    const std::size_t size = record_bytes();
    fill(size);
    read_record(std::span(bytes_).subspan(position_, size), *block_);
    position_ += size;
    read += size;
  }
}

MergedRuns::MergedRuns(const Grouping& grouping, const SpillFile& file, const std::vector<GroupRun>& runs,
                       const GroupOrdering& order, bool joins, std::size_t bytes_max)
    : order_(order), joins_(joins) {
  const std::size_t block_bytes = std::clamp(bytes_max / kMemoryPerReadByte / std::max<std::size_t>(runs.size(), 1),
                                             kBlockBytesMin, kBlockBytesMax);
  for (const GroupRun& run : runs) {
    readers_.push_back(std::make_unique<GroupRunReader>(grouping, file, run, block_bytes));
    if (!readers_.back()->ended()) heap_.push_back(readers_.size() - 1);
  }
  std::make_heap(heap_.begin(), heap_.end(), [&](std::size_t a, std::size_t b) { return is_after(a, b); });
}

bool MergedRuns::is_after(std::size_t left, std::size_t right) const {
  poll();
  const int order = order_.compare(readers_[left]->head(), readers_[right]->head());
  return order != 0 ? order > 0 : left > right;
}

/// The front's head goes; the front takes its new place.
void MergedRuns::advance() {
  const auto after = [&](std::size_t a, std::size_t b) { return is_after(a, b); };
  std::pop_heap(heap_.begin(), heap_.end(), after);
  readers_[heap_.back()]->advance();
  if (readers_[heap_.back()]->ended()) {
    heap_.pop_back();
  } else {
    std::push_heap(heap_.begin(), heap_.end(), after);
  }
}

/// Groups of one tag first become one, as they would in memory: what they are parts of was merged before all others.
void MergedRuns::take(MergedGroups& into) {
  const AggregatorSet& aggregators = *into.grouping().aggregators;
  const auto head = [&] { return readers_[heap_.front()]->head(); };
  const std::uint32_t taken = into.take(readers_[heap_.front()]->head_groups(), head().group);
  advance();
  if (!joins_) return;
  std::unique_ptr<MergedGroups> part;  // of the tag that is read, unless it is the first
  std::uint32_t tag = into.tag(taken);
  const auto join_part = [&] {
    if (part != nullptr) aggregators.merge(into.states(taken), part->states(0));
  };
  for (; !heap_.empty() && order_.compare({&into, taken}, head()) == 0; advance()) {
    if (head().groups->tag(head().group) == tag) {
      aggregators.merge(part != nullptr ? part->states(0) : into.states(taken), head().groups->states(head().group));
      continue;
    }
    join_part();
    part = std::make_unique<MergedGroups>(into.grouping());
    part->take(readers_[heap_.front()]->head_groups(), head().group);
    tag = part->tag(0);
  }
  join_part();
}

bool MergedRuns::next(MergedGroups& into, std::size_t bytes_max) {
  if (heap_.empty()) return false;
  for (std::uint32_t i = 0; i < kBatchGroups && !heap_.empty(); ++i) {
    take(into);
    if (into.bytes() > bytes_max) break;
  }
  return true;
}

}  // namespace sarsen::engine
