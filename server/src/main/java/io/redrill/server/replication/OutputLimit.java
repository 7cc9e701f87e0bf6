package io.redrill.server.replication;

import java.util.List;

/// How much may wait to be sent to a replica: more than `hardBytes` never, more than `softBytes`
/// for `softSeconds`; 0 bytes stand for no limit.
record OutputLimit(long hardBytes, long softBytes, long softSeconds) {

  /// The limit for replicas in the value of `client-output-buffer-limit`.
  static OutputLimit ofReplicas(String directive) {
    List<String> words = List.of(directive.split(" ", -1));
    int at = words.indexOf("slave");
    return new OutputLimit(
        Long.parseLong(words.get(at + 1)),
        Long.parseLong(words.get(at + 2)),
        Long.parseLong(words.get(at + 3)));
  }
}
