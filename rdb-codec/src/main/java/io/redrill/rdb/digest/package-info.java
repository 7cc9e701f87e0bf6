/// The fingerprint of a data set: equal for equal data, whatever the order and the encodings.
///
/// [DatasetDigest] is the way in. What exactly is hashed is defined in `docs/formats/digest.md`, so
/// that anybody can compute it again. This package knows values, and nothing of files or servers.
package io.redrill.rdb.digest;
