// Runs sandboxes from finished plans. One instance is called by one thread at a time.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "paddock/contract/leaves.hpp"
#include "paddock/sdk/plugin.hpp"

namespace paddock::sdk {

class Backend : public Plugin {
 public:
  /// What this backend can enforce on this machine, now; starts nothing. A protection that is
  /// absent from the answer counts as unsupported.
  virtual Result<contract::ProbeReply> probe(const contract::ProbeRequest& request) = 0;
  /// An answer for every leaf of the plan, and the names of everything that create would make.
  /// Changes nothing.
  virtual Result<contract::PrepareReply> prepare(const contract::PrepareRequest& request) = 0;
  /// Makes a named volume on first use and tells where it is; who has none leaves it out of the
  /// manifest.
  virtual Result<contract::VolumeReply> volume(const contract::VolumeRequest& request);
  /// Brings the sandbox up with the gate as its first process, waiting. After an error nothing of
  /// it is left running, mounted or named.
  virtual Result<contract::Sandbox> create(const contract::CreateRequest& request) = 0;
  /// Starts the gate once more in the running sandbox, under the same confinement.
  virtual Result<contract::ExecReply> exec(const contract::ExecRequest& request) = 0;
  virtual Result<contract::InspectReply> inspect(const contract::InspectRequest& request) = 0;
  /// Ends the sandbox: asks, waits for the grace, kills. Idempotent.
  virtual Result<void> stop(const contract::StopRequest& request) = 0;
  /// Removes what the journal names, and nothing else. Idempotent.
  virtual Result<void> remove(const contract::RemoveRequest& request) = 0;

  // Images, for engines that have some. A backend that defines one of these lists it in its
  // manifest; what it leaves out answers kUnsupported.

  /// What the engine has; changes nothing.
  virtual Result<contract::ImagesReply> images(const contract::ImagesRequest& request);
  virtual Result<contract::ImageReply> image_pull(const contract::ImagePullRequest& request);
  virtual Result<contract::ImageReply> image_build(const contract::ImageBuildRequest& request);
  virtual Result<contract::ImageReply> image_import(const contract::ImageImportRequest& request);
  /// Takes a name away, and the image with its last one. Idempotent.
  virtual Result<void> image_remove(const contract::ImageRemoveRequest& request);
};

/// Collects answers; what was not answered is reported as not enforced. Each maker takes a
/// pattern of the leaf table ("/mounts/*") or one concrete pointer, a later word replaces an
/// earlier one, and a place that the table does not know throws std::logic_error.
class Answers {
 public:
  explicit Answers(const Plan& plan);
  void enforce(std::string_view pattern, std::string mechanism);
  void delegate(std::string_view pattern, std::string to);
  void refuse(std::string_view pattern, std::string why);
  std::vector<contract::Answer> take();

 private:
  template <class Edit>
  void each(std::string_view pattern, Edit edit);

  std::vector<contract::Answer> answers_;
  std::vector<const contract::LeafRule*> rules_;  ///< of each answer
};

}  // namespace paddock::sdk

/// Defines paddock_plugin_v1() for `Class`, as PADDOCK_EXPORT_HARDENER does.
#define PADDOCK_EXPORT_BACKEND(Class) PADDOCK_EXPORT_PLUGIN(Class, ::paddock::sdk::dispatch_backend)

#include "paddock/sdk/export.hpp"
