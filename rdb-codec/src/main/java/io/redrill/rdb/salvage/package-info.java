/// What can still be read of a damaged RDB file.
///
/// [Salvage] surveys a file and writes what it found whole into another; [SalvageReport] says what
/// that is, and what is lost. The damaged file is only read.
package io.redrill.rdb.salvage;
