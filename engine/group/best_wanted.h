#pragma once
// Which groups an answer can be made of, where it shows the best of all by one aggregator: what is behind as many as
// there is room for need not be made into rows of states.

#include <cstddef>

namespace sarsen::engine {

struct BestWanted {
  std::size_t aggregator = 0;
  bool least = false;    // the least ranks (RankedStates) are the best, else the greatest
  std::size_t room = 0;  // of equally good groups at its end all are wanted, and all without a rank; above 0
};

}  // namespace sarsen::engine
