/// The web console: one page, a JSON view of the same, metrics and health.
///
/// [ConsoleServer] is the way in. What is shown comes from a [ConsoleModel]; the console itself
/// reads no repository and no database, and changes nothing. Requests are answered on virtual
/// threads.
@NullMarked
package io.redrill.console;

import org.jspecify.annotations.NullMarked;
