// paddock image import
#include <filesystem>

#include "cli/image_common.hpp"
#include "cli/image_progress.hpp"
#include "cli/listed.hpp"
#include "cli/plugin_view.hpp"
#include "run/signals.hpp"

namespace paddock::cli {
namespace {

Result<int> import(const Arguments& arguments) {
  const auto reference = image::parse_reference(arguments.operands.back());
  std::error_code missing;
  const auto source = std::filesystem::canonical(arguments.operands.front(), missing);
  if (!reference || missing) {
    return reference
               ? fail_errno(missing.value(), "cannot read '" + arguments.operands.front() + "'")
               : fail_as(reference);
  }
  if (!reference->digest.empty()) {
    return fail(ErrorCode::kUsage, "an image that is imported gets a tag, not a digest");
  }
  const auto registry = open_plugins();
  auto engine = registry ? open_engine(*registry, arguments) : fail_as(registry);
  if (!engine) {
    return fail_as(engine);
  }
  const run::SignalWatch signals;
  ImageProgressView view("importing " + reference->text(), arguments);
  const auto image =
      image::bring_import(**engine, *reference, source.string(), open_records(), view.watch());
  if (!image) {
    return fail_as(image);
  }
  show_image(*image, reference->text(), (*engine)->manifest().id, arguments);
  return 0;
}

}  // namespace

Command image_import_command() {
  Command command;
  command.name = "image import";
  command.group = "IMAGES";
  command.summary = "make an image from a root file system";
  command.description =
      "Has the engine make an image of one layer from SOURCE, a tar archive or a directory that "
      "holds "
      "a root file system (from mmdebstrap or debootstrap, for example), and name it REFERENCE. It "
      "is "
      "read piece by piece, owners stay numbers, and extended attributes are left out.\n\n"
      "Names that begin with `localhost/` are never looked for in a registry.";
  command.operands = {{"SOURCE", true, false, "file"}, {"REFERENCE"}};
  command.options = {backend_option()};
  command.examples = {"paddock image import rootfs.tar localhost/debian:13",
                      "paddock image import ./rootfs localhost/mine:1 --backend podman"};
  command.run = import;
  return command;
}

}  // namespace paddock::cli
