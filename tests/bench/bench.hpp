// A small benchmark harness: samples taken in turn, medians, ratios, a table with a verdict.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace paddock::bench {

/// Samples of one quantity, in the order they were taken.
using Samples = std::vector<double>;

/// The value below which `share` (0..1) of the samples lie. `samples` must not be empty.
double quantile(Samples samples, double share);
inline double median(const Samples& samples) {
  return quantile(samples, 0.5);
}

/// Sample by sample, a[i] / b[i]: paired runs share what the machine does at that moment.
Samples ratios(const Samples& a, const Samples& b);

/// One line of the table: the median, its limit (0: none) and, as noise, the middle 80 %.
void report(const std::string& name, const Samples& samples, const std::string& unit, double limit);

/// A line that explains the ones around it.
void note(const std::string& text);

/// The program's exit status: 1 when a reported median was above its limit.
int verdict();

/// Calls `work` once, and returns how long it took in microseconds.
template <typename Work>
double time_us(Work&& work) {
  const auto began = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - began)
      .count();
}

/// `rounds` samples of `work`, after one call that warms the caches.
template <typename Work>
Samples sample_us(int rounds, Work&& work) {
  Samples samples;
  work();
  for (int round = 0; round < rounds; ++round) {
    samples.push_back(time_us(work));
  }
  return samples;
}

/// Samples of two rivals, each round one of either, so that noise falls on both.
template <typename First, typename Second>
void sample_pairs_us(int rounds, First&& first, Second&& second, Samples& a, Samples& b) {
  first();
  second();
  for (int round = 0; round < rounds; ++round) {
    a.push_back(time_us(first));
    b.push_back(time_us(second));
  }
}

}  // namespace paddock::bench
