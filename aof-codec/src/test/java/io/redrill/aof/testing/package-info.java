/// Test fixtures that other modules use too: real servers to compare with.
package io.redrill.aof.testing;
