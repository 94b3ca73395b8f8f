# GEOS: points inside polygons.
pkg_check_modules(ANALYSIS REQUIRED IMPORTED_TARGET geos)
yipan_link(analysis PRIVATE PkgConfig::ANALYSIS)
