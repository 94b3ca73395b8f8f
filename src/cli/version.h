#ifndef YIPAN_CLI_VERSION_H_
#define YIPAN_CLI_VERSION_H_

namespace yipan::cli {
inline constexpr const char* kVersion = "0.1.0";
}

#endif  // YIPAN_CLI_VERSION_H_
