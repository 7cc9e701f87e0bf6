/// What stands between a caller and a store, or between a store and its library: streams and
/// uploads that several stores share.
@NullMarked
package io.redrill.storage.layer;

import org.jspecify.annotations.NullMarked;
