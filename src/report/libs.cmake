# libzip: DOCX. xlsxwriter: XLSX. pangocairo, cairo-pdf: PDF. librsvg: charts in DOCX and PDF.
# pugixml: tests.
find_package(PkgConfig REQUIRED)
pkg_check_modules(REPORT REQUIRED IMPORTED_TARGET libzip xlsxwriter pangocairo cairo-pdf
  librsvg-2.0)
pkg_check_modules(REPORT_TESTS REQUIRED IMPORTED_TARGET pugixml)
yipan_link(report PRIVATE PkgConfig::REPORT PUBLIC PkgConfig::REPORT_TESTS)
