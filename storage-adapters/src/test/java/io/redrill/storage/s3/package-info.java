/// Tests of the store in an S3 bucket, against S3Mock and against servers that misbehave.
@NullMarked
package io.redrill.storage.s3;

import org.jspecify.annotations.NullMarked;
