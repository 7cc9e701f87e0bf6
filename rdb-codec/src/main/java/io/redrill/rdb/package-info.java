/// The RDB format: records in and out of a stream of bytes.
///
/// [RdbCursor] reads in place, [RdbReader] into arrays; [RdbWriter] writes, [RdbRecord] is what
/// passes between them, and [RdbValue] what a key holds once its bytes are decoded. Every byte that
/// comes in is treated as hostile: a length is never believed before the bytes are there, and every
/// refusal is a [FormatException] that names the file and the offset.
package io.redrill.rdb;
