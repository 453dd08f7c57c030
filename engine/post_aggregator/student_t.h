#pragma once
// Student's t distribution, for t-tests. Pure function.

namespace sarsen::engine {

/// The probability of a value as far from 0 as `t`, or farther, with so many degrees of freedom.
double student_t_two_sided(double t, double freedom) noexcept;

}  // namespace sarsen::engine
