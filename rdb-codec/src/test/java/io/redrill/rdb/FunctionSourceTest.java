package io.redrill.rdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class FunctionSourceTest {

  private static byte[] b(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void readsTheNameOfTheFirstLineOnly() {
    assertThat(FunctionSource.libraryName(b("#!lua name=lib\nx"))).contains("lib");
    assertThat(FunctionSource.libraryName(b("#!lua  other=1 name=lib"))).contains("lib");
    assertThat(FunctionSource.libraryName(b("#!lua\n-- name=lib"))).isEmpty();
    assertThat(FunctionSource.libraryName(b("name=lib"))).isEmpty();
    assertThat(FunctionSource.libraryName(new byte[0])).isEmpty();
  }

  @Test
  void findsTheFunctionsThatAreRegisteredByALiteral() {
    String source =
        """
        #!lua name=lib
        redis.register_function('One', function() return 'no_1' end)
        server.register_function( "two", f)
        redis.register_function{callback=function() return {1} end,
          function_name = 'three'}
        redis.register_function({function_name='four', callback=f, flags={'no-writes'}})
        redis.register_function(prefix .. 'no_2', f)
        redis.register_function{callback=f}
        local again = redis.register_function
        """;
    assertThat(FunctionSource.functionNames(b(source)))
        .containsExactlyInAnyOrder("one", "two", "three", "four");
    assertThat(FunctionSource.functionNames(b("#!lua name=lib\n"))).isEmpty();
  }

  /// Each of these would take hours if a place were looked at more than a few times.
  @Test
  void readsWhatIsMadeToBeSlow() {
    String spaces = " ".repeat(1 << 20);
    for (String part : List.of(spaces, "{" + spaces, "{function_name" + spaces, "(\n" + spaces)) {
      assertThat(FunctionSource.functionNames(b("register_function" + part))).isEmpty();
    }
    StringBuilder source = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      source.append("register_function'a%d' ".formatted(i));
    }
    assertThat(FunctionSource.functionNames(b(source.toString()))).hasSize(10_000);
  }
}
