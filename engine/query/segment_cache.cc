#include "engine/query/segment_cache.h"

#include <algorithm>

#include "storage/base/memory_count.h"

namespace sarsen::engine {

SegmentCache::SegmentCache(const QueryRun& run, const std::string& grouping_key)
    : grouping_key_(grouping_key),
      cache_(run.limits().segment_cache.cache),
      bytes_max_(run.limits().segment_cache.entry_bytes_max) {
  const SegmentCacheUse& setting = run.limits().segment_cache;
  const std::vector<std::string>& uncacheable = setting.uncacheable;
  if (cache_ == nullptr || grouping_key.empty() || !run.query().source().is_table()) return;
  if (std::find(uncacheable.begin(), uncacheable.end(), run.query().type()) != uncacheable.end()) return;
  bytes_max_ = std::min(bytes_max_, cache_->entry_bytes_max());
  uses_ = setting.use && run.query().context().boolean_or("useCache", true);
  populates_ = setting.populate && run.query().context().boolean_or("populateCache", true);
}

std::string SegmentCache::key(const QueryRun::Part& part) const {
  return "groups " + part.id + ' ' + std::to_string(part.interval.start_ms) + ' ' +
         std::to_string(part.interval.end_ms) + ' ' + grouping_key_;
}

std::shared_ptr<const SegmentGroups> SegmentCache::find(const QueryRun::Part& part) const {
  if (!uses_ || !part.is_immutable) return nullptr;
  auto found = std::static_pointer_cast<const SegmentGroups>(cache_->find(key(part)));
  return found != nullptr && found->segment.lock() == part.segment ? found : nullptr;
}

SegmentCache::Entry SegmentCache::start(const QueryRun::Part& part) const {
  Entry entry;
  if (!populates_ || !part.is_immutable) return entry;
  entry.groups_ = std::make_shared<SegmentGroups>();
  entry.groups_->segment = part.segment;
  entry.bytes_max_ = bytes_max_;
  return entry;
}

void SegmentCache::Entry::add(const Grouping& grouping, const GroupScan& scan) {
  if (groups_ == nullptr) return;
  const MemoryPause pause;  // it is the cache's, and may stay
  if (scan.groups() * grouping.aggregators->stride() + groups_->pieces_bytes <= bytes_max_) {
    groups_->pieces.emplace_back(grouping, scan);
    groups_->pieces_bytes += groups_->pieces.back().bytes();
  } else {
    groups_->pieces_bytes = bytes_max_ + 1;
  }
  if (groups_->pieces_bytes > bytes_max_) groups_.reset();
}

void SegmentCache::put(const QueryRun::Part& part, Entry entry) const {
  const MemoryPause pause;
  if (entry.groups_ != nullptr) cache_->put(key(part), std::move(entry.groups_));
}

CachedParts::CachedParts(const SegmentCache& cache, const Grouping& grouping, const std::vector<QueryRun::Part>& parts)
    : cache_(cache), grouping_(grouping) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    known_.push_back(cache.find(parts[i]));
    if (known_[i] != nullptr) continue;
    others_.push_back(parts[i]);
    places_.push_back(i);
    entries_.push_back(cache.start(parts[i]));
  }
}

void CachedParts::put() {
  for (std::size_t i = 0; i < others_.size(); ++i) cache_.put(others_[i], std::move(entries_[i]));
}

}  // namespace sarsen::engine
