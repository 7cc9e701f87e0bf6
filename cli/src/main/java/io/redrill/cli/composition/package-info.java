/// Where concrete things are picked and put together: stores, sources, servers, the replay engine.
/// Everything below receives them.
@NullMarked
package io.redrill.cli.composition;

import org.jspecify.annotations.NullMarked;
