// Every message that crosses the boundary; the codec and the schema generator walk this list.
#pragma once

// X(Type)
#define PADDOCK_MESSAGES(X) \
  X(Config)                 \
  X(Empty)                  \
  X(Plan)                   \
  X(RequireReply)           \
  X(PlanRequest)            \
  X(AdjustReply)            \
  X(Sandbox)                \
  X(SandboxRequest)         \
  X(VerifyReply)            \
  X(ProbeRequest)           \
  X(ProbeReply)             \
  X(PrepareRequest)         \
  X(PrepareReply)           \
  X(VolumeRequest)          \
  X(VolumeReply)            \
  X(CreateRequest)          \
  X(ExecRequest)            \
  X(ExecReply)              \
  X(InspectRequest)         \
  X(InspectReply)           \
  X(StopRequest)            \
  X(RemoveRequest)          \
  X(HookRequest)            \
  X(ImagesRequest)          \
  X(ImagesReply)            \
  X(ImagePullRequest)       \
  X(ImageBuildRequest)      \
  X(ImageImportRequest)     \
  X(ImageReply)             \
  X(ImageRemoveRequest)     \
  X(ImageProgress)

// Parts of messages that are also JSON values on their own: what ops carry.
#define PADDOCK_PARTS(X) \
  X(Mount)               \
  X(User)                \
  X(Op)                  \
  X(Answer)
