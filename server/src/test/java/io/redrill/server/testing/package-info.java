/// Test fixtures: the server in this process or in a child, and what an RDB file holds.
package io.redrill.server.testing;
