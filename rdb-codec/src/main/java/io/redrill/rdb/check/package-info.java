/// The health of an RDB file, byte by byte.
///
/// [RdbCheck] reads once, and says in an [RdbCheckReport] what it found wrong, what is stored, and
/// the digest of it. It never repairs.
package io.redrill.rdb.check;
