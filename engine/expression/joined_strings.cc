#include "engine/expression/joined_strings.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/exec/poll.h"
#include "engine/expression/function.h"
#include "engine/expression/text_part.h"
#include "engine/expression/vector_node.h"
#include "engine/group/group_table.h"
#include "engine/vector/growing_dictionary.h"
#include "engine/vector/text_source.h"
#include "storage/base/error.h"

namespace sarsen::engine::expression {
namespace {

using MaybeText = std::optional<std::string_view>;

/// A part with what was read of it.
class JoinedPart {
 public:
  explicit JoinedPart(TextPart part) : part_(std::move(part)), texts_source_(dynamic_cast<TextSource*>(part_.source)) {}

  bool is_constant() const noexcept { return part_.source == nullptr; }
  void read_texts(std::uint32_t begin, std::uint32_t size) {
    if (texts_source_ != nullptr)
      texts_ = texts_source_->read_texts(begin, size);
    else
      read_ids(begin, size);
  }
  void read_ids(std::uint32_t begin, std::uint32_t size) {
    texts_ = nullptr;
    if (!is_constant()) ids_ = part_.source->read_ids(begin, size);
  }
  /// Brings the texts of these rows nearer.
  void prefetch(const std::vector<std::uint32_t>& rows) {
    if (texts_ != nullptr || is_constant()) return;
    next_ids_.clear();
    for (const std::uint32_t row : rows) next_ids_.push_back(ids_[row]);
    part_.source->dictionary().prefetch(next_ids_);
  }
  std::uint32_t id(std::uint32_t row) const noexcept { return ids_[row]; }
  MaybeText text(std::uint32_t row) const {
    if (is_constant()) return part_.text ? MaybeText(*part_.text) : std::nullopt;
    return texts_ != nullptr ? texts_[row] : part_.source->dictionary().value(ids_[row]);
  }

 private:
  TextPart part_;
  TextSource* texts_source_;
  const MaybeText* texts_ = nullptr;
  const std::uint32_t* ids_ = nullptr;
  std::vector<std::uint32_t> next_ids_;
};

/// Numbers of combinations of the parts' ids, in the order in which they are met.
class Combinations {
 public:
  /// `parts`: those that are no constants.
  void start(std::vector<JoinedPart*> parts) {
    parts_ = std::move(parts);
    tables_.resize(parts_.size() > 1 ? parts_.size() - 1 : 1);
  }
  /// By place in `rows`.
  const std::uint32_t* number(const std::vector<std::uint32_t>& rows) {
    const auto count = static_cast<std::uint32_t>(rows.size());
    keys_.resize(count);
    numbers_.resize(count);
    for (std::uint32_t i = 0; i < count; ++i) numbers_[i] = parts_[0]->id(rows[i]);
    for (std::size_t t = 0; t < tables_.size(); ++t) {
      for (std::uint32_t i = 0; i < count; ++i)
        keys_[i] = std::uint64_t{numbers_[i]} << 32 | (t + 1 < parts_.size() ? parts_[t + 1]->id(rows[i]) : 0);
      tables_[t].find_or_add(keys_.data(), count, numbers_.data());
    }
    return numbers_.data();
  }

 private:
  std::vector<JoinedPart*> parts_;
  std::vector<GroupTable> tables_;  // of the number so far and the next part's id
  std::vector<std::uint64_t> keys_;
  std::vector<std::uint32_t> numbers_;
};

class JoinedStrings final : public StringSource, public TextSource {
 public:
  JoinedStrings(std::vector<JoinedPart> parts, const CursorPosition* position)
      : parts_(std::move(parts)), position_(position) {
    std::vector<JoinedPart*> varying;
    for (JoinedPart& part : parts_)
      if (!part.is_constant()) varying.push_back(&part);
    combinations_.start(std::move(varying));
  }

  const storage::Dictionary& dictionary() const override { return dictionary_; }
  bool grows() const override { return true; }
  bool multiple_values() const override { return false; }
  storage::StringReader::Lists read_lists(std::uint32_t, std::uint32_t) override { return {nullptr, nullptr}; }

  const std::uint32_t* read_ids(std::uint32_t begin, std::uint32_t size) override {
    if (begin == ids_begin_ && size == ids_size_) return row_ids_.data();
    ids_begin_ = UINT32_MAX;  // should an evaluation throw
    for (JoinedPart& part : parts_) part.read_ids(begin, size);
    list_rows(begin, size);
    const std::uint32_t* const numbers = combinations_.number(rows_);
    row_ids_.fill(0);
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (numbers[i] == known_.size()) known_.push_back(new_id(rows_[i]));
      row_ids_[rows_[i]] = known_[numbers[i]];
    }
    ids_begin_ = begin;
    ids_size_ = size;
    return row_ids_.data();
  }

  const MaybeText* read_texts(std::uint32_t begin, std::uint32_t size) override {
    for (JoinedPart& part : parts_) part.read_texts(begin, size);
    list_rows(begin, size);
    for (JoinedPart& part : parts_) part.prefetch(rows_);
    bytes_.clear();
    texts_.fill(std::nullopt);
    ends_.clear();
    for (const std::uint32_t row : rows_) ends_.push_back(append(row) ? bytes_.size() : kNull);
    std::size_t end = 0;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (ends_[i] == kNull) continue;
      texts_[rows_[i]] = std::string_view(bytes_).substr(end, ends_[i] - end);
      end = ends_[i];
    }
    return texts_.data();
  }

 private:
  static constexpr std::size_t kNull = SIZE_MAX;

  void list_rows(std::uint32_t begin, std::uint32_t size) {
    rows_.clear();
    for_each_live(position_, begin, size, [&](std::uint32_t row) { rows_.push_back(row); });
  }

  /// Appends the row's text; false, with nothing appended: it is null.
  bool append(std::uint32_t row) {
    const std::size_t before = bytes_.size();
    for (const JoinedPart& part : parts_) {
      const MaybeText text = part.text(row);
      if (!text) {
        bytes_.resize(before);
        return false;
      }
      check_text_bytes(bytes_.size() - before + text->size());
      bytes_ += *text;
    }
    return true;
  }

  std::uint32_t new_id(std::uint32_t row) {
    poll();
    bytes_.clear();
    return dictionary_.id_of(append(row) ? std::optional(bytes_) : std::nullopt);
  }

  std::vector<JoinedPart> parts_;
  const CursorPosition* position_;
  Combinations combinations_;
  std::vector<std::uint32_t> known_;  // by combination: its text's id
  GrowingDictionary dictionary_;
  std::vector<std::uint32_t> rows_;  // of the vector, that are alive
  std::string bytes_;                // of the texts of a vector, or of one
  std::vector<std::size_t> ends_;
  std::array<MaybeText, kVectorRows> texts_;
  std::uint32_t ids_begin_ = UINT32_MAX;
  std::uint32_t ids_size_ = 0;
  std::array<std::uint32_t, kVectorRows> row_ids_;
};

/// False where a part has no vector. A concat in a concat is joined with it.
bool add_parts(const Expr& expr, ColumnSources& columns, std::vector<JoinedPart>& parts) {
  for (const ExprPtr& child : expr.children()) {
    const auto* inner = dynamic_cast<const Call*>(child.get());
    if (inner != nullptr && inner->function().name == "concat" && !inner->arguments().empty()) {
      if (!add_parts(*child, columns, parts)) return false;
      continue;
    }
    std::optional<TextPart> part = text_part(child, columns);
    if (!part) return false;
    parts.emplace_back(std::move(*part));
  }
  return true;
}

}  // namespace

std::unique_ptr<StringSource> joined_source(const ExprPtr& expr, ColumnSources& columns) {
  const auto* call = dynamic_cast<const Call*>(expr.get());
  if (call == nullptr || call->function().name != "concat") return nullptr;
  std::vector<JoinedPart> parts;
  if (!add_parts(*expr, columns, parts)) return nullptr;
  if (std::ranges::all_of(parts, &JoinedPart::is_constant)) return nullptr;
  return std::make_unique<JoinedStrings>(std::move(parts), columns.position());
}

}  // namespace sarsen::engine::expression
