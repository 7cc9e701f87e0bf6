/// A store in a bucket of S3, or of anything that speaks its protocol: [S3Store].
@NullMarked
package io.redrill.storage.s3;

import org.jspecify.annotations.NullMarked;
