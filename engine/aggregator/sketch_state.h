#pragma once
// The state of aggregators over sketches: groups without values cost eight bytes.

#include <memory>

namespace sarsen::engine {

template <class Sketch>
using SketchState = std::unique_ptr<Sketch>;

}  // namespace sarsen::engine
