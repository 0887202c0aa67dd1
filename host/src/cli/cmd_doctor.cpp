// paddock doctor
#include <algorithm>

#include "base/digest.hpp"
#include "base/node.hpp"
#include "base/render.hpp"
#include "base/text.hpp"
#include "cli/listed.hpp"
#include "cli/output.hpp"
#include "os/file.hpp"
#include "os/paths.hpp"
#include "paddock/contract/protections.hpp"
#include "plan/planner.hpp"
#include "run/plugins.hpp"

namespace paddock::cli {
namespace {

constexpr int kFindingsStatus = 3;

/// One line: can this hold here?
struct Line {
  std::string subject;  ///< backend id, plugin id, or "paddock"
  std::string what;     ///< protection or part
  bool good = false;
  std::string detail;  ///< mechanism, or why not
  std::string remedy;
};

Line broken(const std::string& subject, const std::string& what, const Error& error) {
  return {subject, what, false, error.what, error.hints.empty() ? "" : error.hints.front()};
}

/// A launch writes its journal there first: so does this, and takes it away again.
Line state_line() {
  const auto state = os::user_paths().state;
  auto done = os::make_private_dir(state);
  if (done) {
    const auto trial = state / (".doctor-" + random_hex(4));
    done = os::write_atomic(trial, std::string(4096, ' '), false);
    std::error_code ignored;
    std::filesystem::remove(trial, ignored);
  }
  if (done) {
    return {"paddock", "state", true, state.string(), ""};
  }
  Line line = broken("paddock", "state", done.error());
  if (line.remedy.empty()) {
    line.remedy = "set PADDOCK_STATE_DIR or XDG_STATE_HOME to a folder that you can write";
  }
  return line;
}

void check_installation(std::vector<Line>& lines) {
  const auto paths = os::install_paths();
  for (const auto& [what, path] :
       {std::pair{"gate", paths.gate}, {"plugins", paths.plugins}, {"profiles", paths.profiles}}) {
    std::error_code ignored;
    const bool there = std::filesystem::exists(path, ignored);
    lines.push_back({"paddock", what, there, path.string() + (there ? "" : " does not exist"),
                     there ? "" : "install paddock again"});
  }
  lines.push_back(state_line());
}

Line support_line(const std::string& backend,
                  const contract::ProbeReply& probe,
                  std::string_view protection) {
  const auto found =
      std::find_if(probe.protections.begin(), probe.protections.end(),
                   [&](const auto& support) { return support.protection == protection; });
  if (found == probe.protections.end()) {
    return {backend, std::string(protection), false, "the backend does not know it",
            "use another backend"};
  }
  return {backend, found->protection, found->supported,
          found->supported ? found->mechanism : found->reason,
          found->supported ? "" : found->remedy};
}

void check_backend(const plugin::Registry& registry,
                   const plugin::Manifest& manifest,
                   std::vector<Line>& lines) {
  const auto probed = plan::probe_backend(registry, manifest, nullptr, {});
  if (!probed) {
    lines.push_back(broken(manifest.id, "available", probed.error()));
    return;
  }
  const contract::ProbeReply& probe = probed->probe;
  lines.push_back({manifest.id, "available", probe.available,
                   probe.available ? probe.version : probe.reason,
                   probe.available ? "" : probe.remedy});
  if (!probe.available) {
    return;
  }
  for (const contract::Protection& protection : contract::kProtections) {
    lines.push_back(support_line(manifest.id, probe, protection.name));
  }
}

/// Whether all that this backend was asked for holds.
bool is_complete(const std::vector<Line>& lines) {
  return std::all_of(lines.begin(), lines.end(), [](const Line& line) { return line.good; });
}

struct Report {
  std::vector<Line> lines;
  bool fine = true;  ///< nothing of paddock's own is missing, and a backend can enforce everything
};

Report examine() {
  Report report;
  std::vector<Line>& lines = report.lines;
  check_installation(lines);
  const auto registry = run::open_registry();
  if (!registry) {
    lines.push_back(broken("paddock", "host.toml", registry.error()));
    report.fine = false;
    return report;
  }
  const auto backends = registry->of_kind(plugin::Kind::kBackend);
  if (backends.empty()) {
    lines.push_back(
        {"paddock", "backends", false, "no backend is installed", "install paddock again"});
  }
  for (const auto& [id, error] : registry->broken()) {
    lines.push_back(broken(id, "manifest", error));
  }
  bool served = false;
  report.fine = is_complete(lines);
  for (const plugin::Manifest* backend : backends) {
    std::vector<Line> more;
    check_backend(*registry, *backend, more);
    served = served || is_complete(more);
    lines.insert(lines.end(), more.begin(), more.end());
  }
  report.fine = report.fine && served;
  return report;
}

Node node(const Line& line) {
  return Node(Node::Table{{"subject", Node(line.subject)},
                          {"what", Node(line.what)},
                          {"ok", Node(line.good)},
                          {"detail", Node(line.detail)},
                          {"remedy", Node(line.remedy)}});
}

std::string text_report(const std::vector<Line>& lines, bool plain) {
  TableView table;
  table.header = {"SUBJECT", "WHAT", "HERE", "BY WHAT, OR WHY NOT"};
  std::string remedies;
  for (const Line& line : lines) {
    table.rows.push_back({{line.subject, Style::kNone},
                          {line.what, Style::kNone},
                          {line.good ? "ok" : "NO", line.good ? Style::kGood : Style::kBad},
                          {line.detail, Style::kNone}});
    if (plain) {
      table.rows.back().push_back({line.remedy, Style::kNone});
    } else if (!line.good && !line.remedy.empty()) {
      remedies += "  " + line.subject + ", " + line.what + ": " + printable(line.remedy) + "\n";
    }
  }
  return render_table(table, plain) + (remedies.empty() ? "" : "\nwhat to do:\n" + remedies);
}

Result<int> doctor(const Arguments& arguments) {
  const auto [lines, fine] = examine();
  const auto bad =
      std::count_if(lines.begin(), lines.end(), [](const Line& line) { return !line.good; });
  if (arguments.json) {
    Node::Array list;
    for (const Line& line : lines) {
      list.push_back(node(line));
    }
    print(to_json(Node(Node::Table{{"schema", Node(std::string("paddock.doctor/1"))},
                                   {"missing", Node(static_cast<std::int64_t>(bad))},
                                   {"lines", Node(std::move(list))}})) +
          "\n");
  } else {
    print(text_report(lines, arguments.plain));
  }
  return fine ? 0 : kFindingsStatus;
}

}  // namespace

Command doctor_command() {
  Command command;
  command.name = "doctor";
  command.group = "SEE";
  command.summary = "what this machine can enforce";
  command.description =
      "Asks every installed backend what it can enforce on this machine, now, protection by "
      "protection, and "
      "shows by what mechanism, or why not and what you can do about it. Starts no sandbox.\n\n"
      "A protection that is missing here matters only to profiles that ask for it; such a profile "
      "is refused, "
      "never loosened.\n\n"
      "Exit status: 0 when a backend can enforce everything, 3 when none can or a part of paddock "
      "is missing.";
  command.examples = {"paddock doctor", "paddock doctor --json"};
  command.run = doctor;
  return command;
}

}  // namespace paddock::cli
