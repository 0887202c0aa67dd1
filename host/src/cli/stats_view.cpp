#include "cli/stats_view.hpp"

#include <algorithm>
#include <cstdio>
#include <functional>

#include "base/text.hpp"
#include "cli/bars.hpp"
#include "cli/output.hpp"
#include "cli/state_view.hpp"

namespace paddock::cli {
namespace {

using Value = std::optional<std::uint64_t>;

std::string decimal(std::uint64_t value) {
  return std::to_string(value);
}

/// 1000 thousandths of a CPU are 100 %.
std::string percent(std::uint64_t milli) {
  return std::to_string((milli + 5) / 10) + " %";
}

std::string shown(const Value& value, const std::function<std::string(std::uint64_t)>& text) {
  return !value ? "?" : *value == os::kNoLimit ? "-" : text(*value);
}

/// A limit that a bar can be drawn against.
Value bounded(const Value& limit) {
  return limit && *limit != os::kNoLimit ? limit : std::nullopt;
}

std::string source_text(const run::Meter& meter) {
  return meter.usage().sources.empty() ? "?" : join(meter.usage().sources, ", ");
}

std::vector<Cell> row(const run::Meter& meter) {
  const os::Usage& usage = meter.usage();
  return {{meter.state().name},
          {meter.has_ended() ? "ended" : "running", meter.has_ended() ? Style::kDim : Style::kGood},
          {shown(meter.cpu_milli(), percent)},
          {shown(usage.cpu_max_milli, percent)},
          {shown(usage.memory_bytes, short_size)},
          {shown(usage.memory_max_bytes, short_size)},
          {shown(usage.tasks, decimal)},
          {shown(usage.tasks_max, decimal)},
          {shown(usage.read_bytes, short_size)},
          {shown(usage.written_bytes, short_size)},
          {source_text(meter)}};
}

Style load_style(const Value& part, const Value& whole) {
  if (!part || !whole || *whole == 0) {
    return Style::kDim;
  }
  const double share = static_cast<double>(*part) / static_cast<double>(*whole);
  return share >= 0.9 ? Style::kBad : share >= 0.7 ? Style::kWarn : Style::kGood;
}

/// How wide the parts of a line are.
struct Layout {
  std::size_t bar, line;
  bool ascii;
};

std::string padded(const std::string& text, std::size_t width) {
  return text + std::string(width - std::min(width, display_width(text)), ' ');
}

std::string gauge(const char* what,
                  const std::string& used,
                  const std::string& most,
                  const Value& part,
                  const Value& whole,
                  const Layout& layout) {
  constexpr std::size_t kNumbers = 22;
  return "  " + padded(what, 8) + padded(used + " of " + most, kNumbers) +
         styled(bar(part, whole, layout.bar, layout.ascii), load_style(part, whole));
}

std::string block(const run::Meter& meter, const Layout& layout) {
  const os::Usage& usage = meter.usage();
  const Value cpus = bounded(usage.cpu_max_milli), memory = bounded(usage.memory_max_bytes);
  const auto history = [&](const auto& values, const Value& top) {
    return "  " +
           styled(sparkline(values, top.value_or(0), layout.line, layout.ascii), Style::kDim);
  };
  std::string out = styled(printable(meter.state().name), Style::kBold) + "  " +
                    printable(meter.state().profile) + ", " + meter.state().backend.id + ", " +
                    (meter.has_ended() ? "ended" : age(meter.state().started_at)) + ", from " +
                    source_text(meter) + "\n";
  out += gauge("cpu", shown(meter.cpu_milli(), percent), shown(usage.cpu_max_milli, percent),
               meter.cpu_milli(), cpus, layout) +
         history(meter.cpu_history(), cpus) + "\n";
  out += gauge("memory", shown(usage.memory_bytes, short_size),
               shown(usage.memory_max_bytes, short_size), usage.memory_bytes, memory, layout) +
         history(meter.memory_history(), memory) + "\n";
  out += gauge("tasks", shown(usage.tasks, decimal), shown(usage.tasks_max, decimal), usage.tasks,
               bounded(usage.tasks_max), layout) +
         "\n";
  return out + "  disk    read " + shown(usage.read_bytes, short_size) + ", written " +
         shown(usage.written_bytes, short_size) + "\n";
}

void add(Node::Table& table, const char* key, const Value& value) {
  if (const Value known = bounded(value)) {
    table[key] = Node(static_cast<std::int64_t>(*known));
  }
}

Node meter_node(const run::Meter& meter) {
  const os::Usage& usage = meter.usage();
  Node::Array sources;
  for (const std::string& source : usage.sources) {
    sources.emplace_back(source);
  }
  Node::Table table{{"name", Node(meter.state().name)},
                    {"instance", Node(meter.state().instance)},
                    {"running", Node(!meter.has_ended())},
                    {"sources", Node(std::move(sources))}};
  if (const Value cpu = meter.cpu_milli()) {
    table["cpu_percent"] = Node(static_cast<double>(*cpu) / 10);
  }
  add(table, "cpu_us", usage.cpu_us);
  add(table, "cpu_max_milli", usage.cpu_max_milli);
  add(table, "memory_bytes", usage.memory_bytes);
  add(table, "memory_max_bytes", usage.memory_max_bytes);
  add(table, "tasks", usage.tasks);
  add(table, "tasks_max", usage.tasks_max);
  add(table, "read_bytes", usage.read_bytes);
  add(table, "written_bytes", usage.written_bytes);
  return Node(std::move(table));
}

}  // namespace

std::string stats_table(const std::vector<run::Meter>& meters, bool plain) {
  TableView table{
      {"NAME", "STATUS", "CPU", "OF", "MEMORY", "OF", "TASKS", "OF", "READ", "WRITTEN", "SOURCE"},
      {}};
  for (const run::Meter& meter : meters) {
    table.rows.push_back(row(meter));
  }
  return render_table(table, plain);
}

std::string stats_screen(const std::vector<run::Meter>& meters, std::size_t columns, bool ascii) {
  constexpr std::size_t kText = 34;  // before the bar and between it and the line
  const std::size_t room = columns > kText + 20 ? columns - kText : 20;
  const Layout layout{room / 2, room - room / 2, ascii};
  std::string out;
  for (const run::Meter& meter : meters) {
    out += (out.empty() ? "" : "\n") + block(meter, layout);
  }
  return out.empty() ? "no sandbox runs\n" : out;
}

Node stats_node(const std::vector<run::Meter>& meters, const std::string& time) {
  Node::Array list;
  for (const run::Meter& meter : meters) {
    list.push_back(meter_node(meter));
  }
  return Node(Node::Table{{"schema", Node(std::string("paddock.stats/1"))},
                          {"time", Node(time)},
                          {"sandboxes", Node(std::move(list))}});
}

}  // namespace paddock::cli
