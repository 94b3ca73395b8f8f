// Rowsets on disk: the constants and one batch's payload (docs/formats/rowset.md).
#ifndef YIPAN_BOARD_ROWSET_FORMAT_H_
#define YIPAN_BOARD_ROWSET_FORMAT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "yipan/columns.h"
#include "yipan/result.h"

namespace yipan::board {

inline constexpr std::string_view kRowsetMagic = "YPROWS1\n";
inline constexpr size_t kRowsetBatchBytes = size_t{4} << 20;    // a batch ends when it has as many
inline constexpr size_t kRowsetPayloadMax = size_t{256} << 20;  // a reader refuses more
inline constexpr size_t kRowsetValueMax = size_t{64} << 20;
inline constexpr size_t kRowsetHeaderMax = size_t{1} << 20;
inline constexpr size_t kRowsetFieldsMax = 1000;

// Appends the payload of rows [from, to).
void encode_payload(const Batch& batch, const std::vector<uint64_t>& source_rows, size_t from,
                    size_t to, std::string* out);

// Clears and fills the batch, whose columns have the header's types. The string is empty if all is
// well, else what is wrong, in English.
std::string_view decode_payload(std::string_view payload, size_t rows, Batch* batch,
                                std::vector<uint64_t>* source_rows);

}  // namespace yipan::board

#endif  // YIPAN_BOARD_ROWSET_FORMAT_H_
