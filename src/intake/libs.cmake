# expat: XLSX sheets. libzip: XLSX, shapefiles. re2: patterns in linear time. simdjson: GeoJSON.
find_package(ZLIB REQUIRED)
find_package(SQLite3 REQUIRED)
pkg_check_modules(INTAKE REQUIRED IMPORTED_TARGET expat libzip re2 proj geos simdjson xlsxwriter)
yipan_link(intake PRIVATE PkgConfig::INTAKE ZLIB::ZLIB SQLite::SQLite3)
