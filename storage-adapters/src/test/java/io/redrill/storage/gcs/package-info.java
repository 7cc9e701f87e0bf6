/// Tests of the store in a bucket of Google Cloud Storage, against a stub of its JSON interface.
@NullMarked
package io.redrill.storage.gcs;

import org.jspecify.annotations.NullMarked;
