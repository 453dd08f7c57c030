#include "engine/expression/choice_strings.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/expression/call_shape.h"
#include "engine/expression/number_nodes.h"
#include "engine/expression/text_part.h"
#include "engine/expression/vector_compiler.h"
#include "engine/vector/extended_dictionary.h"
#include "engine/vector/growing_dictionary.h"

namespace sarsen::engine::expression {
namespace {

using Words = std::array<std::uint64_t, kVectorWords>;

/// The rows that somebody wants (ColumnSources::position).
Words live_rows(const CursorPosition* position, std::uint32_t begin, std::uint32_t size) {
  Words rows{};
  for_each_live(position, begin, size, [&](std::uint32_t row) { rows[row / 64] |= std::uint64_t{1} << (row % 64); });
  return rows;
}

template <class Visit>
void for_each_row(const Words& rows, std::uint32_t size, Visit visit) {
  for (std::uint32_t word = 0; word < mask_words(size); ++word)
    for (std::uint64_t bits = rows[word]; bits != 0; bits &= bits - 1)
      visit(word * 64 + static_cast<std::uint32_t>(std::countr_zero(bits)));
}

/// Branches of one dictionary, which has the literals besides: ids are taken as they are.
class SharedIds {
 public:
  explicit SharedIds(const std::vector<TextPart>& branches) : dictionary_(base_of(branches)) {
    for (const TextPart& branch : branches) ids_.push_back(branch.source == nullptr ? dictionary_.add(branch.text) : 0);
  }
  static bool suits(const std::vector<TextPart>& branches) {
    const TextPart* column = nullptr;
    for (const TextPart& branch : branches) {
      if (branch.source == nullptr) continue;
      if (branch.source->grows() || (column != nullptr && column->source != branch.source)) return false;
      column = &branch;
    }
    return column != nullptr;
  }
  static constexpr bool kGrows = false;
  const storage::Dictionary& dictionary() const noexcept { return dictionary_; }
  std::uint32_t literal(std::size_t branch) const noexcept { return ids_[branch]; }
  std::uint32_t of(std::size_t, StringSource&, std::uint32_t id) const noexcept { return id; }

 private:
  static const storage::Dictionary& base_of(const std::vector<TextPart>& branches) {
    return std::ranges::find_if(branches, [](const TextPart& branch) { return branch.source != nullptr; })
        ->source->dictionary();
  }

  ExtendedDictionary dictionary_;
  std::vector<std::uint32_t> ids_;  // by branch, of the literals
};

/// Branches of several dictionaries: texts get new ids, each entry once.
class OwnIds {
 public:
  explicit OwnIds(const std::vector<TextPart>& branches) : known_(branches.size()) {
    for (std::size_t i = 0; i < branches.size(); ++i)
      if (branches[i].source == nullptr) known_[i] = {dictionary_.id_of(branches[i].text)};
  }
  static constexpr bool kGrows = true;
  const storage::Dictionary& dictionary() const noexcept { return dictionary_; }
  std::uint32_t literal(std::size_t branch) const noexcept { return known_[branch][0]; }
  std::uint32_t of(std::size_t branch, StringSource& source, std::uint32_t id) {
    std::vector<std::uint32_t>& known = known_[branch];
    if (id >= known.size()) known.resize(source.dictionary().size(), kUnknown);
    if (known[id] == kUnknown) known[id] = dictionary_.id_of(text_of(source.dictionary().value(id)));
    return known[id];
  }

 private:
  static constexpr std::uint32_t kUnknown = UINT32_MAX;

  static std::optional<std::string> text_of(std::optional<std::string_view> text) {
    return text ? std::optional<std::string>(*text) : std::nullopt;
  }

  GrowingDictionary dictionary_;
  std::vector<std::vector<std::uint32_t>> known_;  // by branch and its id
};

/// The branch of the first condition that is true, or the last one; without conditions the first that is not null.
template <class Ids>
class ChoiceStrings final : public StringSource {
 public:
  ChoiceStrings(std::vector<NumberNode> conditions, std::vector<TextPart> branches, const CursorPosition* position)
      : conditions_(std::move(conditions)), branches_(std::move(branches)), position_(position), ids_(branches_) {}

  const storage::Dictionary& dictionary() const override { return ids_.dictionary(); }
  bool grows() const override { return Ids::kGrows; }
  bool multiple_values() const override { return false; }
  storage::StringReader::Lists read_lists(std::uint32_t, std::uint32_t) override { return {nullptr, nullptr}; }

  const std::uint32_t* read_ids(std::uint32_t begin, std::uint32_t size) override {
    if (begin == begin_ && size == size_) return row_ids_.data();
    begin_ = UINT32_MAX;  // should an evaluation throw
    std::fill_n(row_ids_.data(), size, 0);
    Words left = live_rows(position_, begin, size);
    for (std::size_t i = 0; i + 1 < branches_.size(); ++i) choose(i, begin, size, left);
    put(branches_.size() - 1, begin, size, left);
    begin_ = begin;
    size_ = size;
    return row_ids_.data();
  }

 private:
  /// Takes from the rows that are left those that have this branch.
  void choose(std::size_t branch, std::uint32_t begin, std::uint32_t size, Words& left) {
    Words chosen = left;
    if (conditions_.empty()) {
      keep_texts(branch, begin, size, chosen);
    } else {
      truth_.read(conditions_[branch], begin, size);
      for (std::uint32_t word = 0; word < mask_words(size); ++word) chosen[word] &= truth_.is_true[word];
    }
    put(branch, begin, size, chosen);
    for (std::uint32_t word = 0; word < mask_words(size); ++word) left[word] &= ~chosen[word];
  }

  /// Drops the rows where the branch is null.
  void keep_texts(std::size_t branch, std::uint32_t begin, std::uint32_t size, Words& rows) {
    StringSource* const source = branches_[branch].source;
    if (source == nullptr) {
      if (!branches_[branch].text) rows.fill(0);
      return;
    }
    const std::optional<std::uint32_t> null = source->dictionary().find(std::nullopt);
    if (!null) return;
    const std::uint32_t* ids = source->read_ids(begin, size);
    for_each_row(rows, size, [&](std::uint32_t row) {
      if (ids[row] == *null) rows[row / 64] &= ~(std::uint64_t{1} << (row % 64));
    });
  }

  void put(std::size_t branch, std::uint32_t begin, std::uint32_t size, const Words& rows) {
    StringSource* const source = branches_[branch].source;
    if (source == nullptr) {
      const std::uint32_t id = ids_.literal(branch);
      return for_each_row(rows, size, [&](std::uint32_t row) { row_ids_[row] = id; });
    }
    if (std::ranges::all_of(rows, [](std::uint64_t word) { return word == 0; })) return;
    const std::uint32_t* ids = source->read_ids(begin, size);
    for_each_row(rows, size, [&](std::uint32_t row) { row_ids_[row] = ids_.of(branch, *source, ids[row]); });
  }

  std::vector<NumberNode> conditions_;
  std::vector<TextPart> branches_;
  const CursorPosition* position_;
  Ids ids_;
  TruthWords truth_;
  std::uint32_t begin_ = UINT32_MAX;
  std::uint32_t size_ = 0;
  std::array<std::uint32_t, kVectorRows> row_ids_;
};

}  // namespace

std::unique_ptr<StringSource> choice_source(const ExprPtr& expr, ColumnSources& columns) {
  const auto* call = dynamic_cast<const Call*>(expr.get());
  const Choice choice = call != nullptr ? choice_of(*call) : Choice();
  if (choice.branches.empty()) return nullptr;
  VectorCompiler compiler(columns);
  std::vector<NumberNode> conditions;
  for (const ExprPtr& condition : choice.conditions) {
    const std::optional<VectorCompiler::Form> form = compiler.form(*condition);
    if (!form || form->may_fail) return nullptr;
    conditions.push_back(compiler.build(condition));
  }
  std::vector<TextPart> branches;
  for (const ExprPtr& each : choice.branches) {
    // Branches are read for rows that do not choose them, too.
    std::optional<TextPart> branch = text_part(each, columns);
    if (!branch) return nullptr;
    branches.push_back(std::move(*branch));
  }
  if (SharedIds::suits(branches))
    return std::make_unique<ChoiceStrings<SharedIds>>(std::move(conditions), std::move(branches), columns.position());
  return std::make_unique<ChoiceStrings<OwnIds>>(std::move(conditions), std::move(branches), columns.position());
}

}  // namespace sarsen::engine::expression
