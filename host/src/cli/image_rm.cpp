// paddock image rm
#include "cli/image_common.hpp"
#include "cli/listed.hpp"
#include "cli/output.hpp"
#include "cli/plugin_view.hpp"

namespace paddock::cli {
namespace {

/// The engine among `engines` whose image of that name paddock brought; else the first.
Result<plugin::Instance*> owner(const std::vector<EnginePtr>& engines,
                                const std::string& reference,
                                const image::Records& records) {
  for (const EnginePtr& engine : engines) {
    const auto record = records.find(engine->manifest().id, reference);
    if (!record) {
      return fail_as(record);
    }
    if (*record) {
      return engine.get();
    }
  }
  return engines.front().get();
}

Result<int> rm(const Arguments& arguments) {
  const auto registry = open_plugins();
  const auto engines = registry ? open_engines(*registry, arguments) : fail_as(registry);
  if (!engines) {
    return fail_as(engines);
  }
  const image::Records records = open_records();
  for (const std::string& operand : arguments.operands) {
    const auto reference = image::parse_reference(operand);
    if (!reference) {
      return fail_as(reference);
    }
    const auto engine = owner(*engines, reference->text(), records);
    if (!engine) {
      return fail_as(engine);
    }
    if (auto gone = image::take_away(**engine, reference->text(), records); !gone) {
      return fail_as(gone);
    }
    if (!arguments.quiet && !arguments.json) {
      print(reference->text() + "\n");
    }
  }
  return 0;
}

}  // namespace

Command image_rm_command() {
  Command command;
  command.name = "image rm";
  command.group = "IMAGES";
  command.summary = "remove images that paddock brought";
  command.description =
      "Takes the name REFERENCE away from the engine, and the image with its last name. Only names "
      "that paddock pulled, built or imported are touched, and only while they lead to what it "
      "brought: anything else is refused. An image that a container still needs stays, with the "
      "engine's reason.";
  command.operands = {{"REFERENCE", true, true, ""}};
  command.options = {backend_option()};
  command.examples = {"paddock image rm debian:13"};
  command.run = rm;
  return command;
}

}  // namespace paddock::cli
