package io.redrill.console;

import java.util.Optional;

/// What the console can show; read by many threads at a time.
///
/// A failure of the store is part of the [Status] and not an exception: the console must answer
/// above all when something is broken.
public interface ConsoleModel {

  /// How everything stands now. May be a few seconds old, so that a page that is reloaded often
  /// does not tax the store.
  Status status();

  /// All metrics, in the text format of Prometheus.
  String metrics();

  /// The report of that drill as a self-contained page, if there is one.
  ///
  /// @throws io.redrill.backup.RedrillException if the store fails
  Optional<String> drillPage(String id);
}
