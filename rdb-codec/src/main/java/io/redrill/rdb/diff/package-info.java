/// In what the data of two RDB files differs, with a bounded amount of memory. The way in is
/// [io.redrill.rdb.diff.RdbDiff].
package io.redrill.rdb.diff;
