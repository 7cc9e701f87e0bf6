/// The replication stream: follow a primary as one of its replicas.
///
/// [ReplicationStream] is the way in. It brings a snapshot and, on the same connection, every
/// command after it, with the offsets that the primary itself counts. What the bytes mean is for
/// `RdbReader` and `AofReader` to say.
///
/// Offsets here are always the number of stream bytes processed so far, like the primary's
/// `master_repl_offset`: at offset 100, the next byte is the hundred and first.
package io.redrill.aof.stream;
