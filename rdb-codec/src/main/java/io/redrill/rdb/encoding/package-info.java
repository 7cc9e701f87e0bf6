/// One view per encoding that a value is stored in, for files and for memory alike.
///
/// [Listpack] and [Intset] are read and edited, [Ziplist] and [Zipmap] of old servers only read.
/// [Lzf], [DecimalText], [Crc64] and [Xxh3] are the small arts below them. A `parse` method walks
/// hostile bytes once and refuses what is not whole; what it returns can then be read without
/// further care. This package knows nothing of files, keys or records.
package io.redrill.rdb.encoding;
