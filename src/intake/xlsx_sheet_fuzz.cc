// XLSX: the XML of a sheet, in an archive that is otherwise sound.
#include <zip.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "intake/fuzz_drain.h"

namespace {

void add(zip_t* zip, const char* name, std::string_view content) {
  zip_source_t* source = zip_source_buffer(zip, content.data(), content.size(), 0);
  zip_int64_t index = zip_file_add(zip, name, source, ZIP_FL_OVERWRITE);
  zip_set_file_compression(zip, static_cast<zip_uint64_t>(index), ZIP_CM_STORE, 0);
}

constexpr std::string_view kWorkbook =
    R"(<workbook xmlns:r="r"><sheets><sheet name="s" r:id="a"/></sheets></workbook>)";
constexpr std::string_view kRelations =
    R"(<Relationships><Relationship Id="a" Type="x/worksheet" Target="worksheets/s.xml"/>)"
    R"(<Relationship Id="b" Type="x/styles" Target="styles.xml"/></Relationships>)";
constexpr std::string_view kStyles =
    R"(<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="9"/></cellXfs>)"
    R"(</styleSheet>)";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* memory = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_source_keep(memory);
  zip_t* zip = zip_open_from_source(memory, ZIP_TRUNCATE, &error);
  add(zip, "xl/workbook.xml", kWorkbook);
  add(zip, "xl/_rels/workbook.xml.rels", kRelations);
  add(zip, "xl/styles.xml", kStyles);
  add(zip, "xl/worksheets/s.xml", bytes);
  zip_close(zip);
  zip_source_open(memory);
  zip_source_seek(memory, 0, SEEK_END);
  std::string archive(static_cast<size_t>(zip_source_tell(memory)), '\0');
  zip_source_seek(memory, 0, SEEK_SET);
  zip_source_read(memory, archive.data(), archive.size());
  zip_source_close(memory);
  zip_source_free(memory);
  yipan::intake::drain(yipan::intake::open_xlsx(yipan::intake::memory_input("f", archive),
                                                yipan::intake::fuzz_request()));
  return 0;
}
