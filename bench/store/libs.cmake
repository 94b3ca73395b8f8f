target_link_libraries(bench_store PRIVATE PkgConfig::SQLITE)
