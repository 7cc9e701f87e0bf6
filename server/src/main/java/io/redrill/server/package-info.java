/// The bundled Redis-compatible server: build, start, stop.
@NullMarked
package io.redrill.server;

import org.jspecify.annotations.NullMarked;
