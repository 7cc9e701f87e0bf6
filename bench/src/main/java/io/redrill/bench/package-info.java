/// Measurements beside peers.
@NullMarked
package io.redrill.bench;

import org.jspecify.annotations.NullMarked;
