pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3>=3.40)
pkg_check_modules(LIBPQ REQUIRED IMPORTED_TARGET libpq>=14)
yipan_link(store PRIVATE PkgConfig::SQLITE PkgConfig::LIBPQ)
