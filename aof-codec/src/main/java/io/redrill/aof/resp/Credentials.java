package io.redrill.aof.resp;

import java.util.Optional;

/// Who a connection is, for `AUTH`. Never printed: the text form leaves the password out.
///
/// @param user empty for the default user, and for servers before 6.0
public record Credentials(Optional<String> user, String password) {

  @Override
  public String toString() {
    return "Credentials[user=" + user.orElse("default") + "]";
  }
}
