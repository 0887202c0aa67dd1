// Every error code of paddock, its class and its one-line meaning: the single table behind
// `error[P0112]`, exit statuses and `paddock help P0112`. Codes are never reused.
#pragma once

#include <cstdint>

namespace paddock {

/// Classes of failure; each maps to one exit status (host/src/base/exit_status.hpp).
enum class ErrorClass : std::uint8_t {
  kFailed,           ///< the system said no
  kUsage,            ///< bad command line or bad profile
  kRefused,          ///< policy, trust, or a protection that cannot hold here
  kNotFound,         ///< no such sandbox, profile or plugin
  kUnconfirmed,      ///< a confirmation is missing
  kUnreachable,      ///< a backend's engine or program is absent or does not answer
  kTimeout,          ///< a deadline passed
  kFindings,         ///< completed, with findings
  kCannotExecute,    ///< the workload's command exists but cannot be executed
  kCommandNotFound,  ///< the workload's command does not exist
};

// X(name, number, class, meaning)
#define PADDOCK_ERROR_CODES(X)                                                                 \
  X(kUsage, 1, kUsage, "the command line is not understood")                                   \
  X(kUnknownCommand, 2, kUsage, "no such command")                                             \
  X(kUnknownOption, 3, kUsage, "no such option")                                               \
  X(kTomlSyntax, 101, kUsage, "the file is not TOML")                                          \
  X(kFileUnreadable, 102, kUsage, "a profile cannot be read")                                  \
  X(kFileTooLarge, 103, kUsage, "a profile is larger or deeper than paddock reads")            \
  X(kSchemaVersion, 104, kUsage, "schema_version is missing or not one that paddock knows")    \
  X(kUnknownKey, 112, kUsage, "a key that no table declares")                                  \
  X(kWrongType, 113, kUsage, "a value of the wrong type")                                      \
  X(kBadValue, 114, kUsage, "a value outside what its key takes")                              \
  X(kDuplicate, 115, kUsage, "the same thing is declared twice")                               \
  X(kMissingKey, 116, kUsage, "a key that must be there is not")                               \
  X(kBadName, 117, kUsage, "a name with characters or a length that names may not have")       \
  X(kExtendsCycle, 121, kUsage, "profiles extend each other in a loop")                        \
  X(kExtendsDepth, 122, kUsage, "a chain of extends is too long")                              \
  X(kExtendsPath, 123, kRefused, "extends names a path or URL where only names may stand")     \
  X(kUnknownVariable, 124, kUsage, "a ${variable} that does not exist")                        \
  X(kWidening, 131, kRefused, "a layer loosens what a layer below it fixed")                   \
  X(kUntrusted, 132, kRefused, "a profile that is not the user's own asks for more")           \
  X(kForbiddenPath, 133, kRefused, "a host path or target that no profile may name")           \
  X(kPathMissing, 134, kUsage, "a host path that does not exist")                              \
  X(kUnknownProfile, 135, kNotFound, "no profile of that name")                                \
  X(kUnknownPlugin, 201, kNotFound, "no plugin of that id")                                    \
  X(kBadManifest, 202, kRefused, "a plugin's manifest is not valid")                           \
  X(kPluginTrust, 203, kRefused, "a plugin's file is not trusted")                             \
  X(kPluginLoad, 204, kRefused, "a plugin's library cannot be loaded")                         \
  X(kPluginAbi, 205, kRefused, "a plugin speaks another ABI")                                  \
  X(kPluginMisbehaved, 206, kRefused, "a plugin broke the contract")                           \
  X(kPluginTimeout, 207, kTimeout, "a plugin did not answer in time")                          \
  X(kPluginDied, 208, kRefused, "a plugin's process ended during a call")                      \
  X(kPluginFailed, 209, kRefused, "a plugin reported a failure")                               \
  X(kConflict, 301, kRefused, "two plugins want different values")                             \
  X(kBadOp, 302, kRefused, "a plugin asked for an edit that the contract does not allow")      \
  X(kVetoed, 303, kRefused, "a hardener refuses the merged plan")                              \
  X(kUnsupported, 304, kRefused, "a protection cannot be enforced by this backend here")       \
  X(kUnenforced, 305, kRefused, "a line of the plan is not enforced")                          \
  X(kNoBackend, 306, kRefused, "no backend can enforce the whole profile here")                \
  X(kHookFailed, 307, kRefused, "a hook stopped the launch")                                   \
  X(kUnproved, 401, kRefused, "a protection did not hold in the sandbox")                      \
  X(kGate, 402, kRefused, "the gate did not answer as it must")                                \
  X(kBackendMissing, 501, kUnreachable, "a program or service that a backend needs is absent") \
  X(kBackendRefused, 502, kRefused, "the kernel or an engine refused to build the sandbox")    \
  X(kImage, 503, kRefused, "an image is not there, or is another than the profile names")      \
  X(kNoSandbox, 601, kNotFound, "no sandbox of that name")                                     \
  X(kNameTaken, 602, kRefused, "a sandbox of that name exists")                                \
  X(kNotRunning, 603, kNotFound, "the sandbox is not running")                                 \
  X(kStateCorrupt, 604, kFailed, "a state file is damaged")                                    \
  X(kUnconfirmed, 605, kUnconfirmed, "a confirmation is missing or declined")                  \
  X(kFindings, 606, kFindings, "completed, with findings")                                     \
  X(kNoVolume, 607, kNotFound, "no volume of that name")                                       \
  X(kVolumeInUse, 608, kRefused, "a volume that a sandbox uses")                               \
  X(kSystem, 701, kFailed, "the operating system refused a call")                              \
  X(kTimeout, 702, kTimeout, "a deadline passed")                                              \
  X(kInterrupted, 703, kFailed, "interrupted by a signal")                                     \
  X(kCannotExecute, 704, kCannotExecute, "the command cannot be executed in the sandbox")      \
  X(kCommandNotFound, 705, kCommandNotFound, "the command does not exist in the sandbox")      \
  X(kInternal, 901, kFailed, "a defect of paddock")

/// Stable numbers: kUnknownKey is P0112.
enum class ErrorCode : std::uint16_t {
#define PADDOCK_X(name, number, klass, meaning) name = (number),
  PADDOCK_ERROR_CODES(PADDOCK_X)
#undef PADDOCK_X
};

/// One row of the table, for lookups and help.
struct ErrorCodeInfo {
  ErrorCode code;
  ErrorClass error_class;
  const char* name;     ///< the enumerator without its k
  const char* meaning;  ///< one line
};

inline constexpr ErrorCodeInfo kErrorCodes[] = {
#define PADDOCK_X(name, number, klass, meaning) \
  {ErrorCode::name, ErrorClass::klass, #name, meaning},
    PADDOCK_ERROR_CODES(PADDOCK_X)
#undef PADDOCK_X
};

/// The row of `code`; the row of kInternal for a number that is not in the table.
constexpr const ErrorCodeInfo& error_code_info(ErrorCode code) {
  for (const ErrorCodeInfo& info : kErrorCodes) {
    if (info.code == code) {
      return info;
    }
  }
  return kErrorCodes[sizeof(kErrorCodes) / sizeof(kErrorCodes[0]) - 1];
}

}  // namespace paddock
