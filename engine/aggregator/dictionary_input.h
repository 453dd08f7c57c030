#pragma once
// The ids of a dictionary as what feeds a sketch (sketch_aggregator.h): each entry in use is hashed once a query, and
// those that the sketch knows are left out. Not thread-safe.

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/aggregator/entry_hashes.h"
#include "engine/vector/column_sources.h"
#include "engine/vector/selection.h"

namespace sarsen::engine {

/// A dictionary of so many entries at most, 32 KiB of bits: which of them a sketch was offered already is kept, a bit
/// each.
inline constexpr std::size_t kOfferedEntriesMax = 1 << 18;

template <class Kind>
class DictionaryInput {
 public:
  using Hash = typename Kind::Hash;
  using Hashes = EntryHashes<Hash>;

  DictionaryInput(const Kind& kind, StringSource& source, std::shared_ptr<Hashes> hashes)
      : kind_(kind), source_(source), hashes_(std::move(hashes)), offered_((hashes_->size() + 63) / 64) {}

  void read(std::uint32_t begin, std::uint32_t size) {
    if (source_.multiple_values()) {
      lists_ = source_.read_lists(begin, size);
    } else {
      ids_ = source_.read_ids(begin, size);
    }
    if (source_.dictionary().size() > hashes_->size()) grow();
  }

  template <class Add>
  void each(std::uint32_t row, Add add) {
    if (ids_ != nullptr) return one(ids_[row], add);
    const std::uint32_t end = lists_.offsets[row + 1];
    if (lists_.offsets[row] == end) return none(add);
    for (std::uint32_t i = lists_.offsets[row]; i < end; ++i) one(lists_.ids[i], add);
  }

  /// Calls add(hash) for the selected rows' values, but for those that `sketch` knows.
  /// REQUIRES: a sketch of this input's own. False: nothing was done, as there is no shorter way than each().
  template <class Add>
  bool each_unknown(const typename Kind::Sketch& sketch, const Selection& selection, Add add) {
    if (ids_ == nullptr) return false;
    if (Kind::kIgnoresRepeats && hashes_->size() <= kOfferedEntriesMax) {
      list_unoffered(&sketch, selection);
    } else if constexpr (requires { sketch.known(); }) {
      list(selection, [](std::uint32_t) { return true; });
    } else {
      return false;
    }
    leave_out_known(sketch);
    for (std::size_t i = 0; i < listed_; ++i) one(pending_[i], add);
    return true;
  }
  /// To be called before a sketch is made, which may lie where another lay.
  void forget_offered() noexcept { offered_to_ = nullptr; }
  /// Whether each_unknown() has offered every entry, so that no row can bring anything new.
  bool offered_all(const typename Kind::Sketch& sketch) const {
    return offered_to_ == &sketch && offered_entries_ == source_.dictionary().size();
  }

 private:
  void list_unoffered(const void* sketch, const Selection& selection) {
    if (sketch != offered_to_) {
      std::fill(offered_.begin(), offered_.end(), 0);
      offered_entries_ = 0;
    }
    offered_to_ = sketch;
    std::uint64_t* const offered = offered_.data();
    list(selection, [offered](std::uint32_t id) {
      const std::uint64_t old = offered[id / 64];
      offered[id / 64] = old | std::uint64_t{1} << id % 64;
      return (old >> id % 64 & 1) == 0;
    });
    offered_entries_ += listed_;
  }

  /// Lists the selected rows' ids that is_pending(id) is true of, in order. Which these are is found without a branch.
  template <class IsPending>
  void list(const Selection& selection, IsPending is_pending) {
    pending_.resize(std::max(pending_.size(), std::size_t{selection.count} + 1));
    std::uint32_t* const pending = pending_.data();
    std::size_t count = 0;
    for_each_selected(selection, [&](std::uint32_t, std::uint32_t row) {
      const std::uint32_t id = ids_[row];
      pending[count] = id;
      count += is_pending(id) ? 1 : 0;
    });
    listed_ = count;
  }

  /// Those listed that would not change the sketch.
  void leave_out_known(const typename Kind::Sketch& sketch) {
    if constexpr (requires { sketch.known(); }) {
      const auto known = sketch.known();
      std::size_t count = 0;
      for (std::size_t i = 0; i < listed_; ++i) {
        const std::uint32_t id = pending_[i];
        const Hash hash = hashes_->kept(id);
        pending_[count] = id;
        count += hash != Hashes::kNoValue && (hash == Hashes::kUnmade || !known(hash)) ? 1 : 0;
      }
      listed_ = count;
    }
  }

  template <class Add>
  void one(std::uint32_t id, Add& add) {
    const std::optional<Hash> hash = hashes_->of(id, [&] {
      const std::optional<std::string_view> text = source_.dictionary().value(id);
      return text ? kind_.hash(*text) : kind_.hash_null();
    });
    if (hash) add(*hash);
  }

  template <class Add>
  void none(Add& add) {
    const std::optional<Hash> hash = kind_.hash_null();
    if (hash) add(*hash);
  }

  /// The dictionary has grown beyond what others share: from here on this input's hashes are its own.
  void grow() {
    auto larger = std::make_shared<Hashes>(source_.dictionary().size() * std::size_t{2});
    larger->copy_from(*hashes_);
    hashes_ = std::move(larger);
    offered_.resize((hashes_->size() + 63) / 64);
  }

  const Kind& kind_;
  StringSource& source_;
  std::shared_ptr<Hashes> hashes_;
  const std::uint32_t* ids_ = nullptr;
  storage::StringReader::Lists lists_{nullptr, nullptr};
  std::vector<std::uint64_t> offered_;  // by id, a bit: added to the sketch at offered_to_
  const void* offered_to_ = nullptr;
  std::size_t offered_entries_ = 0;     // bits of offered_
  std::vector<std::uint32_t> pending_;  // the first listed_ count
  std::size_t listed_ = 0;
};

}  // namespace sarsen::engine
