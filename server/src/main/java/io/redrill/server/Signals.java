package io.redrill.server;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;

/// Handles signals to the process.
///
/// A shutdown hook cannot refuse to end, as a server must when it cannot save. `sun.misc.Signal`
/// can, and every JDK has it, but compilers warn of it whatever one says: so it is reached by name.
public final class Signals {

  private Signals() {}

  /// Has `action` run, with the signal's name, when the process gets the signal `name`, such as
  /// `TERM`. Where signals cannot be handled, nothing changes and the process ends as by default.
  public static void handle(String name, Consumer<String> action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) -> answer(self, method, arguments, name, action));
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
    } catch (ClassNotFoundException
        | NoSuchMethodException
        | InstantiationException
        | IllegalAccessException
        | InvocationTargetException e) {
      throw new IllegalStateException("signals cannot be handled on this JVM", e);
    }
  }

  private static Object answer(
      Object self, Method method, Object[] arguments, String name, Consumer<String> action) {
    return switch (method.getName()) {
      case "handle" -> {
        action.accept(name);
        yield 0;
      }
      case "equals" -> System.identityHashCode(self) == System.identityHashCode(arguments[0]);
      case "hashCode" -> System.identityHashCode(self);
      default -> "handler of SIG" + name;
    };
  }
}
