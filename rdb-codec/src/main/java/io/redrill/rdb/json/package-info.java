/// RDB files as JSON: [io.redrill.rdb.json.RdbJson] writes a line per key. The normative
/// description is `docs/formats/rdb-json.md`. This package knows nothing of files and commands.
package io.redrill.rdb.json;
