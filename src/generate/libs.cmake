# toml++ is header-only (libtomlplusplus-dev); only figures.cc includes it.
