package io.redrill.verify;

import io.redrill.verify.instance.ScratchKind;
import java.util.Optional;

/// Whether a replayed log is proved by a second, independent program that replays it too.
public sealed interface CrossCheck {

  /// By whatever is there: `redis-server` from `PATH` checks the bundled server, and the bundled
  /// server checks any other program. A program that is too old for the data checks nothing.
  record Automatic() implements CrossCheck {}

  /// By this program; if it cannot load the data, the drill has failed.
  record By(ScratchKind kind) implements CrossCheck {}

  /// Not at all: the report then says that the effect of the log is not covered.
  record Off() implements CrossCheck {}

  /// The program that checks what `first` has replayed; empty if there is none.
  default Optional<ScratchKind> second(ScratchKind first) {
    return switch (this) {
      case Automatic() ->
          switch (first) {
            case ScratchKind.Bundled _ -> {
              ScratchKind.Executable redis = ScratchKind.redisServer();
              yield redis.isInstalled() ? Optional.of(redis) : Optional.empty();
            }
            case ScratchKind.Executable _ -> Optional.of(ScratchKind.bundled());
          };
      case By(ScratchKind kind) -> Optional.of(kind);
      case Off() -> Optional.empty();
    };
  }
}
