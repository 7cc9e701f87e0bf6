# Sourced by ./redrill and ./verify: finds a JDK of the release the project needs.
# Sets JDK_HOME, or leaves it empty where there is none.

JDK_RELEASE=25

is_wanted_jdk() {
  [ -x "$1/bin/javac" ] && grep -q "^JAVA_VERSION=\"$JDK_RELEASE[.\"]" "$1/release" 2>/dev/null
}

find_jdk() {
  JDK_HOME=
  local candidate on_path
  on_path=$(command -v javac 2>/dev/null) && on_path=$(dirname "$(dirname "$(readlink -f "$on_path")")")
  for candidate in "${REDRILL_JAVA_HOME:-}" "${JAVA_HOME:-}" "$on_path" \
      /usr/lib/jvm/* /usr/java/* /opt/* /opt/java/* /usr/local/lib/jvm/* \
      "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.local/share/mise/installs/java/* \
      /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if [ -n "$candidate" ] && is_wanted_jdk "$candidate"; then
      JDK_HOME=$candidate
      return 0
    fi
  done
  return 1
}
