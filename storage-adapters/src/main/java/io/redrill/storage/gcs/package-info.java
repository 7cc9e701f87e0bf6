/// A store in a bucket of Google Cloud Storage: [GcsStore].
@NullMarked
package io.redrill.storage.gcs;

import org.jspecify.annotations.NullMarked;
