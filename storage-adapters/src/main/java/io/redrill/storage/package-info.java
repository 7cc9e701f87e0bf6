/// Immutable objects under keys, wherever they live.
///
/// [ObjectStore] is what the rest of the product sees; its implementations stand in the packages
/// below. Nothing here knows of backups.
@NullMarked
package io.redrill.storage;

import org.jspecify.annotations.NullMarked;
