#pragma once
// Results of a RowProgram, remembered by its inputs: by dictionary id where a string is the only one, else by key in a
// table that is emptied when it is full. A program without keys is evaluated for each row.

#include <boost/unordered/unordered_flat_map.hpp>
#include <optional>
#include <vector>

#include "engine/expression/row_program.h"

namespace sarsen::engine::expression {

template <class Result>
class RowMemo {
 public:
  explicit RowMemo(RowProgram program)
      : program_(std::move(program)), string_(program_.single_string()), keys_(program_.has_keys()) {}

  RowProgram& program() noexcept { return program_; }

  void start(std::uint32_t begin, std::uint32_t size) {
    program_.start(begin, size);
    if (string_ != nullptr) ids_ = string_->read_ids(begin, size);
  }

  /// `make` turns an Eval into the result.
  template <class Make>
  Result get(std::uint32_t row, Make make) {
    if (string_ != nullptr) return by_id(ids_[row], row, make);
    if (!keys_) return make(program_.eval(row));
    const RowProgram::Key key = program_.key(row);
    const auto found = by_key_.find(key);
    if (found != by_key_.end()) return found->second;
    if (by_key_.size() == kKeysMax) by_key_.clear();
    return by_key_.emplace(key, make(program_.eval(row))).first->second;
  }

 private:
  static constexpr std::size_t kKeysMax = std::size_t{1} << 16;

  struct Hash {
    std::size_t operator()(const RowProgram::Key& key) const noexcept {
      std::uint64_t hash = 0;
      for (const std::uint64_t word : key) hash = (hash ^ word) * 0x9E3779B97F4A7C15 ^ (hash >> 29);
      return hash ^ (hash >> 32);
    }
  };

  template <class Make>
  Result by_id(std::uint32_t id, std::uint32_t row, Make make) {
    if (id >= by_id_.size()) by_id_.resize(string_->dictionary().size());
    if (!by_id_[id]) by_id_[id] = make(program_.eval(row));
    return *by_id_[id];
  }

  RowProgram program_;
  StringSource* string_;
  bool keys_;
  const std::uint32_t* ids_ = nullptr;
  std::vector<std::optional<Result>> by_id_;
  boost::unordered_flat_map<RowProgram::Key, Result, Hash> by_key_;
};

}  // namespace sarsen::engine::expression
