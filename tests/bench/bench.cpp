#include "bench.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdio>

namespace paddock::bench {
namespace {

bool missed = false;

std::string limit_text(double limit) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", limit);
  return limit > 0 ? text : "-";
}

}  // namespace

double quantile(Samples samples, double share) {
  const auto last = static_cast<double>(samples.size() - 1);
  const auto place = samples.begin() + static_cast<std::ptrdiff_t>(last * share + 0.5);
  std::nth_element(samples.begin(), place, samples.end());
  return *place;
}

Samples ratios(const Samples& a, const Samples& b) {
  Samples result;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    result.push_back(a[i] / b[i]);
  }
  return result;
}

void report(const std::string& name,
            const Samples& samples,
            const std::string& unit,
            double limit) {
  const double value = median(samples);
  const bool over = limit > 0 && !(value <= limit);
  missed = missed || over;
  std::printf("%-58s %9.2f %-3s %6s  %-6s  %.2f..%.2f of %zu\n", name.c_str(), value, unit.c_str(),
              limit_text(limit).c_str(), limit > 0 ? (over ? "MISSED" : "ok") : "-",
              quantile(samples, 0.1), quantile(samples, 0.9), samples.size());
  std::fflush(stdout);
}

void note(const std::string& text) {
  std::printf("  %s\n", text.c_str());
  std::fflush(stdout);
}

int verdict() {
  return missed ? 1 : 0;
}

}  // namespace paddock::bench
