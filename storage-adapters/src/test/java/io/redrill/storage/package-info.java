/// The contract of [ObjectStore] as tests, for every store there is.
@NullMarked
package io.redrill.storage;

import org.jspecify.annotations.NullMarked;
