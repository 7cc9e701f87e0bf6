/// The web console: pages, JSON API, health and metrics.
@NullMarked
package io.redrill.console;

import org.jspecify.annotations.NullMarked;
