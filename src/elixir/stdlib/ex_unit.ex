# Tests. A test case is a module that registers its tests in attributes; the runner starts a process for the module
# and one for each test, and writes what happened as it happens.

defmodule ExUnit.AssertionError do
  defexception left: :ex_unit_no_meaningful_value,
               right: :ex_unit_no_meaningful_value,
               message: :ex_unit_no_meaningful_value,
               expr: :ex_unit_no_meaningful_value,
               args: :ex_unit_no_meaningful_value,
               doctest: :ex_unit_no_meaningful_value,
               context: :==

  def no_value, do: :ex_unit_no_meaningful_value

  def message(exception), do: "\n\n" <> ExUnit.Formatter.assertion(exception, :infinity, "")
end

defmodule ExUnit.TimeoutError do
  defexception [:timeout, :type]

  def message(%{timeout: timeout, type: type}) do
    """
    #{type} timed out after #{timeout}ms. You can change the timeout:

      1. per test by setting "@tag timeout: x" (accepts :infinity)
      2. per test module by setting "@moduletag timeout: x" (accepts :infinity)
      3. globally via "ExUnit.start(timeout: x)" configuration
      4. by running "mix test --timeout x" which sets timeout
      5. or by running "mix test --trace" which sets timeout to infinity
         (useful when using IEx.pry/0)

    where "x" is the timeout given as integer in milliseconds (defaults to 60_000).
    """
  end
end

defmodule ExUnit.MultiError do
  defexception errors: []

  def message(%{errors: errors}) do
    "got the following errors:\n\n" <>
      Enum.map_join(errors, "\n\n", fn {kind, error, stack} -> Exception.format_banner(kind, error, stack) end)
  end
end

defmodule ExUnit.DuplicateTestError do
  defexception [:message]
end

defmodule ExUnit.DuplicateDescribeError do
  defexception [:message]
end

defmodule ExUnit do
  @defaults [
    assert_receive_timeout: 100,
    autorun: true,
    exclude: [],
    formatters: [ExUnit.CLIFormatter],
    include: [],
    max_failures: :infinity,
    refute_receive_timeout: 100,
    seed: 0,
    timeout: 60_000,
    trace: false
  ]

  def start(options \\ []) do
    configure(options)

    if Keyword.get(configuration(), :autorun, true) and :erlang.get(:"$ex_unit_autorun") == :undefined do
      :erlang.put(:"$ex_unit_autorun", true)
      config = configuration()

      System.at_exit(fn
        0 ->
          if :erlang.get(:"$ex_unit_config") == :undefined, do: configure(config)
          %{failures: failures} = ExUnit.run()
          if failures > 0, do: System.halt(2)

        _status ->
          :ok
      end)
    end

    :ok
  end

  def configure(options) do
    :erlang.put(:"$ex_unit_config", Keyword.merge(configuration(), options))
    :ok
  end

  def configuration do
    case :erlang.get(:"$ex_unit_config") do
      :undefined -> @defaults
      config -> config
    end
  end

  def plural_rule(word), do: word <> "s"
  def plural_rule(_word, _pluralization), do: :ok

  def fetch_test_supervisor, do: ExUnit.Callbacks.fetch_supervisor()

  def run(additional_modules \\ []) do
    :erlang.put(:"$ex_unit_autorun", true)

    modules =
      for module <- :rashomon.program_modules(), function_exported?(module, :__ex_unit__, 0), do: module

    done =
      case :erlang.get(:"$ex_unit_done") do
        :undefined -> []
        done -> done
      end

    :erlang.put(:"$ex_unit_done", modules ++ done)
    ExUnit.Runner.run((modules -- done) ++ additional_modules, configuration())
  end
end

defmodule ExUnit.Case do
  defmacro __using__(options) do
    quote do
      ExUnit.Case.register(__MODULE__, unquote(options))
      @before_compile ExUnit.Case
      import ExUnit.Callbacks
      import ExUnit.Assertions
      import ExUnit.DocTest
      import ExUnit.Case, only: [describe: 2, test: 1, test: 2, test: 3, described_test: 3, described_test: 4]
    end
  end

  def register(module, options) do
    for attribute <- [:tag, :describetag, :moduletag, :ex_unit_tests, :ex_unit_setup, :ex_unit_setup_all] do
      Module.register_attribute(module, attribute, accumulate: true)
    end

    Module.put_attribute(module, :ex_unit_async, Keyword.get(options, :async, false))
    Module.put_attribute(module, :ex_unit_describe, nil)
    Module.put_attribute(module, :ex_unit_tags_used, 0)
    :ok
  end

  defmacro test(message) do
    quote do
      ExUnit.Case.register_test(
        __MODULE__,
        __ENV__.file,
        unquote(__CALLER__.line),
        unquote(message),
        :not_implemented
      )
    end
  end

  defmacro test(message, contents), do: define(nil, message, quote(do: _), contents, __CALLER__.line)
  defmacro test(message, context, contents), do: define(nil, message, context, contents, __CALLER__.line)

  # A test inside a describe block.
  defmacro described_test(describe, message, contents) do
    define(describe, message, quote(do: _), contents, __CALLER__.line)
  end

  defmacro described_test(describe, message, context, contents) do
    define(describe, message, context, contents, __CALLER__.line)
  end

  defp define(describe, message, context, contents, line) when is_binary(message) do
    prefix = if describe, do: "test " <> describe <> " ", else: "test "
    function = :erlang.binary_to_atom(prefix <> message, :utf8)

    quote do
      ExUnit.Case.register_test(__MODULE__, __ENV__.file, unquote(line), unquote(message), unquote(function))

      def unquote(function)(unquote(context)) do
        unquote(body(contents))
        :ok
      end
    end
  end

  # A name that is not known before the module runs.
  defp define(_describe, message, context, contents, line) do
    function = {:unquote, [], [quote(do: function)]}

    quote do
      function = ExUnit.Case.register_test(__MODULE__, __ENV__.file, unquote(line), unquote(message), nil)

      def unquote(function)(unquote(context)) do
        unquote(body(contents))
        :ok
      end
    end
  end

  defp body(do: block), do: block
  defp body(contents), do: quote(do: try(unquote(contents)))

  defmacro describe(message, do: block) do
    block = if is_binary(message), do: Macro.prewalk(block, &in_describe(&1, message)), else: block

    quote do
      ExUnit.Case.start_describe(__MODULE__, unquote(__CALLER__.line), unquote(message))
      unquote(block)
      ExUnit.Case.end_describe(__MODULE__)
    end
  end

  defp in_describe({:test, meta, [message | rest]}, describe)
       when is_binary(message) and length(rest) in 1..2 do
    {target, _, []} = quote(do: ExUnit.Case.described_test())
    {target, meta, [describe, message | rest]}
  end

  defp in_describe(node, _describe), do: node

  def start_describe(module, line, message) do
    if Module.get_attribute(module, :ex_unit_describe) do
      raise "cannot call \"describe\" inside another \"describe\". See the documentation for ExUnit.Case.describe/2 " <>
              "on named setups and how to handle hierarchies"
    end

    unless is_binary(message) do
      raise ArgumentError, "describe name must be a string, got: #{inspect(message)}"
    end

    used = length(Module.get_attribute(module, :describetag) || [])
    Module.put_attribute(module, :ex_unit_describe, {line, message, used})
  end

  def end_describe(module), do: Module.put_attribute(module, :ex_unit_describe, nil)

  def register_test(module, file, line, message, function, type \\ :test, more \\ []) do
    unless is_binary(message) or is_atom(message) do
      raise ArgumentError, "test name must be a string or an atom, got: #{inspect(message)}"
    end

    describe = Module.get_attribute(module, :ex_unit_describe)
    all = Module.get_attribute(module, :tag) || []
    tags = Enum.take(all, length(all) - Module.get_attribute(module, :ex_unit_tags_used))
    Module.put_attribute(module, :ex_unit_tags_used, length(all))

    {name, describe_tags, described} =
      case describe do
        nil ->
          {"#{type} #{message}", [], %{describe: nil, describe_line: nil}}

        {describe_line, text, used} ->
          all = Module.get_attribute(module, :describetag) || []
          tags = Enum.take(all, length(all) - used)
          {"#{type} #{text} #{message}", tags, %{describe: text, describe_line: describe_line}}
      end

    name = :erlang.binary_to_atom(name, :utf8)
    registered = Module.get_attribute(module, :ex_unit_tests) || []

    if List.keymember?(registered, name, 0) do
      raise ExUnit.DuplicateTestError, ~s("#{name}" is already defined in #{inspect(module)})
    end

    module_tags = Module.get_attribute(module, :moduletag) || []

    tags =
      (Enum.reverse(module_tags) ++ Enum.reverse(describe_tags) ++ Enum.reverse(tags) ++ more)
      |> Enum.reduce(%{}, &Map.merge(&2, tag_map(&1)))
      |> Map.merge(described)
      |> Map.merge(%{
        line: line,
        file: file,
        test: name,
        async: Module.get_attribute(module, :ex_unit_async),
        registered: %{},
        test_type: type,
        module: module,
        case: module
      })

    tags = if function == :not_implemented, do: Map.put(tags, :not_implemented, true), else: tags
    function = function || name
    Module.put_attribute(module, :ex_unit_tests, {name, function, tags})
    function
  end

  defp tag_map(tag) when is_atom(tag), do: %{tag => true}
  defp tag_map(tags) when is_list(tags), do: tags |> Enum.map(&pair/1) |> Map.new()
  defp tag_map(tags) when is_map(tags), do: tags

  defp pair(tag) when is_atom(tag), do: {tag, true}
  defp pair({_, _} = pair), do: pair

  defmacro __before_compile__(env) do
    callbacks =
      (Module.get_attribute(env.module, :ex_unit_setup) || []) ++
        (Module.get_attribute(env.module, :ex_unit_setup_all) || [])

    names = Enum.uniq(for {_, name} when is_atom(name) <- callbacks, do: name)

    calls =
      for name <- names do
        quote do
          def __ex_unit_callback__(unquote(name), context), do: unquote(name)(context)
        end
      end

    quote do
      unquote_splicing(calls)

      def __ex_unit_callback__({module, function}, context), do: apply(module, function, [context])
      def __ex_unit_template_setup__(context), do: ExUnit.Callbacks.run_template(__MODULE__, :setup, context)

      def __ex_unit_template_setup_all__(context),
        do: ExUnit.Callbacks.run_template(__MODULE__, :setup_all, context)

      def __ex_unit__ do
        %{
          tests: @ex_unit_tests,
          setup: @ex_unit_setup,
          setup_all: @ex_unit_setup_all,
          async: @ex_unit_async
        }
      end
    end
  end
end

defmodule ExUnit.CaseTemplate do
  defmacro __using__(_options) do
    quote do
      use ExUnit.Case
      import ExUnit.CaseTemplate

      defmacro __using__(options) do
        ExUnit.CaseTemplate.expand(__MODULE__, options)
      end

      defoverridable __using__: 1
    end
  end

  def expand(template, options) do
    quote do
      use ExUnit.Case, unquote(options)
      setup_all {unquote(template), :__ex_unit_template_setup_all__}
      setup {unquote(template), :__ex_unit_template_setup__}
    end
  end

  defmacro using(options \\ quote(do: _), do: block) do
    quote do
      defmacro __using__(unquote(options) = options) do
        first = ExUnit.CaseTemplate.expand(__MODULE__, options)
        second = unquote(block)
        {:__block__, [], [first, second]}
      end
    end
  end
end

defmodule ExUnit.Callbacks do
  defmacro setup(block_or_functions), do: callback(:setup, quote(do: _), block_or_functions, __CALLER__.line)
  defmacro setup(context, block), do: callback(:setup, context, block, __CALLER__.line)

  defmacro setup_all(block_or_functions),
    do: callback(:setup_all, quote(do: _), block_or_functions, __CALLER__.line)

  defmacro setup_all(context, block), do: callback(:setup_all, context, block, __CALLER__.line)

  defp callback(kind, context, [{:do, block} | rest] = contents, line) do
    name = :erlang.binary_to_atom("__ex_unit_#{kind}_#{line}", :utf8)
    body = if rest == [], do: block, else: quote(do: try(unquote(contents)))

    quote do
      ExUnit.Callbacks.register(__MODULE__, unquote(kind), [unquote(name)])
      def unquote(name)(unquote(context)), do: unquote(body)
    end
  end

  defp callback(kind, _context, functions, _line) do
    quote do
      ExUnit.Callbacks.register(__MODULE__, unquote(kind), unquote(functions))
    end
  end

  def register(module, kind, functions) do
    describe =
      case Module.get_attribute(module, :ex_unit_describe) do
        nil -> nil
        {_, text, _} -> text
      end

    if kind == :setup_all and describe != nil do
      raise "cannot invoke setup_all/1 inside describe as setup_all/1 always applies to all tests in a module"
    end

    attribute = if kind == :setup, do: :ex_unit_setup, else: :ex_unit_setup_all

    for function <- List.wrap(functions) do
      unless is_atom(function) or match?({module, name} when is_atom(module) and is_atom(name), function) do
        raise ArgumentError,
              "#{kind}/1 expects a callback as an atom or {module, function} tuple, got: #{inspect(function)}"
      end

      Module.put_attribute(module, attribute, {describe, function})
    end

    :ok
  end

  def on_exit(name_or_ref \\ make_ref(), callback) when is_function(callback, 0) do
    send(runner!("on_exit/2"), {:ex_unit_on_exit, self(), name_or_ref, callback})
    :ok
  end

  defp runner!(function) do
    case :erlang.get(:"$ex_unit_runner") do
      :undefined -> raise ArgumentError, "#{function} can only be invoked from the test process"
      runner -> runner
    end
  end

  def start_supervised(child_spec_or_module, options \\ []) do
    Supervisor.start_child(
      supervisor("start_supervised/2"),
      Supervisor.child_spec(child_spec_or_module, options)
    )
    |> case do
      {:error, {:already_started, _}} = error -> error
      {:error, {{:EXIT, reason}, child}} when is_tuple(child) -> {:error, {reason, child}}
      result -> result
    end
  end

  def start_supervised!(child_spec_or_module, options \\ []) do
    case start_supervised(child_spec_or_module, options) do
      {:ok, pid} ->
        pid

      {:ok, pid, _info} ->
        pid

      {:error, reason} ->
        raise "failed to start child with the spec #{inspect(child_spec_or_module)}.\n" <> start_error(reason)
    end
  end

  def start_link_supervised!(child_spec_or_module, options \\ []) do
    pid = start_supervised!(child_spec_or_module, options)
    Process.link(pid)
    pid
  end

  defp start_error({{:EXIT, reason}, info}) when is_tuple(info),
    do: "Reason: " <> Exception.format_exit(reason)

  defp start_error({reason, info}) when is_tuple(info) and elem(info, 0) == :child,
    do: "Reason: " <> Exception.format_exit(reason)

  defp start_error({:already_started, _} = reason),
    do: "Reason: " <> Exception.format_exit({:start_spec, {:duplicate_child_name, child_id(reason)}})

  defp start_error(reason), do: "Reason: " <> Exception.format_exit(reason)

  defp child_id({:already_started, pid}) do
    case List.keyfind(Supervisor.which_children(supervisor("start_supervised/2")), pid, 1) do
      {id, _, _, _} -> id
      nil -> pid
    end
  end

  def stop_supervised(id) do
    supervisor = supervisor("stop_supervised/1")

    with :ok <- Supervisor.terminate_child(supervisor, id) do
      Supervisor.delete_child(supervisor, id)
    end
  end

  def stop_supervised!(id) do
    case stop_supervised(id) do
      :ok ->
        :ok

      {:error, error} ->
        raise "could not stop child ID #{inspect(id)} because it was not found: #{inspect(error)}"
    end
  end

  def fetch_supervisor do
    case :erlang.get(:"$ex_unit_runner") do
      :undefined -> :error
      _ -> {:ok, supervisor("fetch_test_supervisor/0")}
    end
  end

  defp supervisor(function) do
    case :erlang.get(:"$ex_unit_supervisor") do
      :undefined ->
        runner = runner!(function)

        {:ok, pid} =
          Supervisor.start_link([], strategy: :one_for_one, max_restarts: 1_000_000, max_seconds: 1)

        :erlang.put(:"$ex_unit_supervisor", pid)
        send(runner, {:ex_unit_supervisor, self(), pid})
        pid

      pid ->
        pid
    end
  end

  # The callbacks of a template, for a case that uses it.
  def run_template(module, kind, context) do
    for {_, callback} <- Enum.reverse(Map.fetch!(module.__ex_unit__(), kind)), reduce: context do
      context -> merge(module, context, module.__ex_unit_callback__(callback, context))
    end
  end

  # What a callback returned, merged into the context.
  def merge(_module, context, :ok), do: context
  def merge(module, context, {:ok, value}), do: merge_value(module, context, value, {:ok, value})
  def merge(module, context, value), do: merge_value(module, context, value, value)

  defp merge_value(module, context, %{__struct__: _}, original), do: merge_failed(module, context, original)

  defp merge_value(module, context, value, original) when is_list(value) do
    if Keyword.keyword?(value),
      do: put_all(module, context, Map.new(value)),
      else: merge_failed(module, context, original)
  end

  defp merge_value(module, context, value, _original) when is_map(value), do: put_all(module, context, value)
  defp merge_value(module, context, _value, original), do: merge_failed(module, context, original)

  @reserved [:case, :file, :line, :test, :async, :registered, :describe]

  defp put_all(module, context, values) do
    Map.merge(context, values, fn
      _key, same, same ->
        same

      key, _old, new when key in @reserved ->
        raise "ExUnit callback in #{inspect(module)} is trying to set reserved field #{inspect(key)} to #{inspect(new)}"

      _key, _old, new ->
        new
    end)
  end

  defp merge_failed(module, _context, value) do
    raise "expected ExUnit callback in #{inspect(module)} to return :ok | keyword | map, got #{inspect(value)} instead"
  end
end

defmodule ExUnit.Assertions do
  @comparisons [:==, :<, :>, :<=, :>=, :===, :=~, :!==, :!=, :in]

  # assert

  defmacro assert({:=, meta, [left, right]} = expression) do
    code = escape(:assert, meta, expression)
    vars = variables(left)
    pins = pins(left)

    quote do
      right = unquote(right)

      unquote(vars) =
        case right do
          unquote(left) ->
            unquote(vars)

          _ ->
            ExUnit.Assertions.fail(
              left: unquote(Macro.escape(left)),
              right: right,
              expr: unquote(code),
              message: "match (=) failed" <> ExUnit.Assertions.pinned(unquote(pins)),
              context: {:match, []}
            )
        end

      case right do
        falsy when falsy in [nil, false] ->
          ExUnit.Assertions.fail(expr: unquote(code), message: "Expected truthy, got " <> inspect(right))

        _ ->
          right
      end
    end
  end

  defmacro assert({:match?, meta, [left, right]} = expression) do
    code = escape(:assert, meta, expression)
    pins = pins(left)

    quote do
      right = unquote(right)

      case right do
        unquote(unused(left)) ->
          true

        _ ->
          ExUnit.Assertions.fail(
            left: unquote(Macro.escape(left)),
            right: right,
            expr: unquote(code),
            message: "match (match?) failed" <> ExUnit.Assertions.pinned(unquote(pins)),
            context: {:match, []}
          )
      end
    end
  end

  defmacro assert({operator, meta, [left, right]} = expression) when operator in @comparisons do
    code = escape(:assert, meta, expression)
    call = {operator, meta, [quote(do: left), quote(do: right)]}

    quote do
      left = unquote(left)
      right = unquote(right)

      unquote(call) ||
        ExUnit.Assertions.compare_failed("Assertion", unquote(operator), left, right, unquote(code))
    end
  end

  defmacro assert(expression) do
    {call, before, args} = arguments(expression, __CALLER__)
    code = escape(:assert, [], expression)

    quote do
      unquote_splicing(before)
      value = unquote(call)

      case value do
        falsy when falsy in [nil, false] ->
          ExUnit.Assertions.fail(
            expr: unquote(code),
            args: unquote(args),
            message: "Expected truthy, got " <> inspect(value)
          )

        _ ->
          value
      end
    end
  end

  def assert(value, message) when is_binary(message), do: assert(value, message: message)
  def assert(value, options) when is_list(options), do: if(value, do: value, else: fail(options))

  def assert(value, %{__exception__: true} = exception), do: if(value, do: value, else: raise(exception))
  def assert(value, message), do: assert(value, message: to_string(message))

  # refute

  defmacro refute({:match?, meta, [left, right]} = expression) do
    code = escape(:refute, meta, expression)
    pins = pins(left)

    quote do
      right = unquote(right)

      case right do
        unquote(unused(left)) ->
          ExUnit.Assertions.fail(
            left: unquote(Macro.escape(left)),
            right: right,
            expr: unquote(code),
            message:
              "match (match?) succeeded, but should have failed" <> ExUnit.Assertions.pinned(unquote(pins)),
            context: {:match, []}
          )

        _ ->
          false
      end
    end
  end

  defmacro refute({operator, meta, [left, right]} = expression) when operator in @comparisons do
    code = escape(:refute, meta, expression)
    call = {operator, meta, [quote(do: left), quote(do: right)]}

    quote do
      left = unquote(left)
      right = unquote(right)

      if unquote(call) do
        ExUnit.Assertions.compare_failed("Refute", unquote(operator), left, right, unquote(code))
      else
        false
      end
    end
  end

  defmacro refute(expression) do
    {call, before, args} = arguments(expression, __CALLER__)
    code = escape(:refute, [], expression)

    quote do
      unquote_splicing(before)
      value = unquote(call)

      case value do
        falsy when falsy in [nil, false] ->
          value

        _ ->
          ExUnit.Assertions.fail(
            expr: unquote(code),
            args: unquote(args),
            message: "Expected false or nil, got " <> inspect(value)
          )
      end
    end
  end

  def refute(value, message), do: not assert(!value, message)

  # Messages

  defmacro assert_receive(pattern, timeout \\ nil, failure_message \\ nil) do
    received(:assert_receive, pattern, timeout, failure_message)
  end

  defmacro assert_received(pattern, failure_message \\ nil) do
    received(:assert_received, pattern, 0, failure_message)
  end

  defp received(name, pattern, timeout, failure_message) do
    {bare, guarded} =
      case pattern do
        {:when, meta, [bare, guard]} -> {bare, {:when, meta, [quote(do: unquote(bare) = received), guard]}}
        bare -> {bare, quote(do: unquote(bare) = received)}
      end

    vars = variables(bare)
    code = escape(name, [], pattern)
    plain = Macro.escape(pattern)
    matcher = unused(pattern)

    failure =
      if failure_message == nil do
        quote do
          ExUnit.Assertions.not_received(
            timeout,
            unquote(code),
            unquote(plain),
            ExUnit.Assertions.pinned(unquote(pins(pattern))),
            fn
              unquote(matcher) -> true
              _ -> false
            end
          )
        end
      else
        quote(do: ExUnit.Assertions.flunk(unquote(failure_message)))
      end

    quote do
      timeout = ExUnit.Assertions.timeout(unquote(timeout), :assert_receive_timeout)

      {received, unquote(vars)} =
        receive do
          unquote(guarded) -> {received, unquote(vars)}
        after
          timeout -> unquote(failure)
        end

      received
    end
  end

  defmacro refute_receive(pattern, timeout \\ nil, failure_message \\ nil) do
    not_received(pattern, timeout, failure_message)
  end

  defmacro refute_received(pattern, failure_message \\ nil), do: not_received(pattern, 0, failure_message)

  defp not_received(pattern, timeout, failure_message) do
    guarded =
      case unused(pattern) do
        {:when, meta, [bare, guard]} -> {:when, meta, [quote(do: unquote(bare) = actual), guard]}
        bare -> quote(do: unquote(bare) = actual)
      end

    message =
      failure_message ||
        quote do
          "Unexpectedly received message " <>
            inspect(actual) <> " (which matched " <> unquote(Macro.to_string(pattern)) <> ")"
        end

    quote do
      receive do
        unquote(guarded) -> ExUnit.Assertions.flunk(unquote(message))
      after
        ExUnit.Assertions.timeout(unquote(timeout), :refute_receive_timeout) -> false
      end
    end
  end

  # Exceptions, exits and throws

  def assert_raise(exception, function) when is_function(function) do
    try do
      function.()
    rescue
      error ->
        name = error.__struct__

        cond do
          name == exception ->
            check_message(error)
            error

          name == ExUnit.AssertionError ->
            reraise(error, __STACKTRACE__)

          true ->
            message =
              "Expected exception #{inspect(exception)} but got #{inspect(name)} (#{Exception.message(error)})"

            reraise ExUnit.AssertionError, [message: message], __STACKTRACE__
        end
    else
      _ -> flunk("Expected exception #{inspect(exception)} but nothing was raised")
    end
  end

  def assert_raise(exception, message, function) when is_function(function) do
    error = assert_raise(exception, function)
    actual = Exception.message(error)

    right? =
      cond do
        is_binary(message) -> actual == message
        match?(%{__struct__: Regex}, message) -> actual =~ message
      end

    unless right? do
      flunk(
        "Wrong message for #{inspect(exception)}\nexpected:\n  #{inspect(message)}\nactual:\n  #{inspect(actual)}"
      )
    end

    error
  end

  defp check_message(error) do
    text = Exception.message(error)
    is_binary(text)
  end

  defmacro catch_throw(expression), do: caught(:throw, expression)
  defmacro catch_exit(expression), do: caught(:exit, expression)
  defmacro catch_error(expression), do: caught(:error, expression)

  defp caught(kind, expression) do
    quote do
      case (try do
              _ = unquote(expression)
              :ex_unit_nothing
            catch
              unquote(kind), caught -> {:ex_unit_caught, caught}
            end) do
        {:ex_unit_caught, caught} -> caught
        :ex_unit_nothing -> ExUnit.Assertions.flunk("Expected to catch #{unquote(kind)}, got nothing")
      end
    end
  end

  # Numbers

  def assert_in_delta(value1, value2, delta, message \\ nil)

  def assert_in_delta(_, _, delta, _) when delta < 0 do
    raise ArgumentError, "delta must always be a positive number, got: #{inspect(delta)}"
  end

  def assert_in_delta(value1, value2, delta, message) do
    difference = abs(value1 - value2)

    message =
      message ||
        "Expected the difference between #{inspect(value1)} and #{inspect(value2)} (#{inspect(difference)}) " <>
          "to be less than or equal to #{inspect(delta)}"

    assert(difference <= delta, message)
  end

  def refute_in_delta(value1, value2, delta, message \\ nil) do
    difference = abs(value1 - value2)

    message =
      message ||
        "Expected the difference between #{inspect(value1)} and #{inspect(value2)} (#{inspect(difference)}) " <>
          "to be more than #{inspect(delta)}"

    refute(difference < delta, message)
  end

  def flunk(message \\ "Flunked!") when is_binary(message), do: fail(message: message)

  # What the macros call

  def fail(options), do: raise(ExUnit.AssertionError, options)

  def compare_failed(kind, operator, left, right, code) do
    if left === right do
      fail(
        left: left,
        expr: code,
        message: "#{kind} with #{operator} failed, both sides are exactly equal",
        context: operator
      )
    else
      fail(
        left: left,
        right: right,
        expr: code,
        message: "#{kind} with #{operator} failed",
        context: operator
      )
    end
  end

  def pinned([]), do: ""

  def pinned(pins) do
    "\nThe following variables were pinned:\n" <>
      Enum.map_join(pins, "\n", fn {name, value} -> "  #{name} = #{inspect(value)}" end)
  end

  def timeout(nil, key), do: Keyword.get(ExUnit.configuration(), key, 100)
  def timeout(timeout, _key) when is_integer(timeout) and timeout >= 0, do: timeout

  def timeout(timeout, _key) do
    raise ArgumentError, "timeout must be a non-negative integer, got: #{inspect(timeout)}"
  end

  @shown 10

  def not_received(timeout, code, pattern, pins, matcher) do
    {:messages, messages} = :erlang.process_info(self(), :messages)

    if Enum.any?(messages, matcher) do
      flunk("""
      Found message matching #{Macro.to_string(pattern)} after #{timeout}ms.

      This means the message was delivered too close to the timeout value, you may want to either:

        1. Give an explicit timeout to `assert_receive`
        2. Increase the default timeout to `assert_receive` via ExUnit configuration
      """)
    end

    count = length(messages)
    shown = Enum.take(messages, -@shown)

    mailbox =
      case count do
        0 -> "\nThe process mailbox is empty."
        1 -> "\nShowing 1 of 1 message in the mailbox"
        _ -> "\nShowing #{length(shown)} of #{count} messages in the mailbox"
      end

    fail(
      expr: code,
      message: "Assertion failed, no matching message after #{timeout}ms" <> pins <> mailbox,
      context: {:mailbox, pattern, shown}
    )
  end

  # Helpers of the macros

  defp escape(kind, meta, expression), do: Macro.escape({kind, meta, [expression]})

  # The call with its arguments taken apart, if it is the call of a function: what a failure then shows.
  defp arguments({root, meta, [_ | _] = args} = expression, env) do
    arity = length(args)
    reserved? = is_atom(root) and (Macro.special_form?(root, arity) or Macro.operator?(root, arity))
    block? = match?([{:do, _} | _], List.last(args))

    if reserved? or block? or Enum.all?(args, &Macro.quoted_literal?/1) or
         Macro.expand_once(expression, env) !== expression do
      {expression, [], ExUnit.AssertionError.no_value()}
    else
      vars = for index <- 1..arity, do: Macro.var(:erlang.binary_to_atom("arg#{index}", :utf8), __MODULE__)
      before = for {var, arg} <- Enum.zip(vars, args), do: quote(do: unquote(var) = unquote(arg))
      {{root, meta, vars}, before, vars}
    end
  end

  defp arguments(expression, _env), do: {expression, [], ExUnit.AssertionError.no_value()}

  # The variables that a pattern binds, in order, each once.
  defp variables(pattern) do
    pattern
    |> bound()
    |> Enum.uniq_by(fn {name, meta, context} -> {name, Keyword.get(meta, :counter), context} end)
  end

  defp bound({:^, _, [_]}), do: []
  defp bound({:"::", _, [left, _]}), do: bound(left)
  defp bound({:when, _, [left, _]}), do: bound(left)
  defp bound({:@, _, _}), do: []
  defp bound({:_, _, context}) when is_atom(context), do: []

  defp bound({name, meta, context}) when is_atom(name) and is_atom(context) do
    if name in [:__MODULE__, :__DIR__, :__ENV__, :__CALLER__, :__STACKTRACE__],
      do: [],
      else: [{name, meta, context}]
  end

  defp bound({:%, _, [_, map]}), do: bound(map)
  defp bound({form, _, args}) when is_atom(form) and is_list(args), do: bound(args)
  defp bound({{:., _, _}, _, args}) when is_list(args), do: bound(args)
  defp bound({left, right}), do: bound(left) ++ bound(right)
  defp bound([head | tail]), do: bound(head) ++ bound(tail)
  defp bound(_), do: []

  # The variables that a pattern compares with, as `[{name, value}]`.
  defp pins(pattern) do
    pins =
      pattern
      |> pins_of()
      |> Enum.uniq()
      |> Enum.sort()

    for {name, _} = pin <- pins, do: {name, elem(pin, 1)}
  end

  defp pins_of({:^, _, [{name, meta, context}]}) when is_atom(name) and is_atom(context) do
    [{name, {name, Keyword.take(meta, [:counter]), context}}]
  end

  defp pins_of({form, _, args}) when is_list(args), do: pins_of(form) ++ pins_of(args)
  defp pins_of({left, right}), do: pins_of(left) ++ pins_of(right)
  defp pins_of([head | tail]), do: pins_of(head) ++ pins_of(tail)
  defp pins_of(_), do: []

  # The pattern of a clause whose variables nobody reads.
  defp unused(pattern), do: pattern
end

defmodule ExUnit.Runner do
  def run(modules, config) do
    :erlang.put(:"$ex_unit_run", %{counter: 0, tests: %{}, failures: 0, invalid: 0, skipped: 0, excluded: 0})
    print(config, ExUnit.Formatter.filters(config))
    started = System.monotonic_time(:microsecond)
    infos = for module <- modules, do: {module, module.__ex_unit__()}
    {async, sync} = Enum.split_with(infos, fn {_, info} -> info.async end)
    Enum.each(Enum.reverse(async), &run_module(&1, config))
    between = System.monotonic_time(:microsecond)
    Enum.each(Enum.reverse(sync), &run_module(&1, config))
    stats = :erlang.get(:"$ex_unit_run")
    now = System.monotonic_time(:microsecond)

    if verbose?(config),
      do: IO.write(ExUnit.Formatter.summary(stats, between - started, now - between, config))

    %{
      total: stats.tests |> Map.values() |> Enum.sum(),
      failures: stats.failures + stats.invalid,
      skipped: stats.skipped,
      excluded: stats.excluded
    }
  end

  defp verbose?(config), do: Keyword.get(config, :formatters, []) != []

  defp run_module({module, info}, config) do
    tests = Enum.reverse(info.tests)

    {chosen, left_out} = Enum.split_with(tests, fn {_, _, tags} -> chosen(tags, config) == :run end)

    if config[:trace] && tests != [] do
      {_, _, %{file: file}} = hd(tests)
      print(config, ["\n", inspect(module), " [", file, "]\n"])
    end

    for {name, _, tags} <- left_out do
      announce(name, tags, config)

      case chosen(tags, config) do
        :excluded -> left_out(:excluded, "", name, tags, config)
        :skipped -> left_out(:skipped, "*", name, tags, config)
      end
    end

    case chosen do
      [] -> :ok
      _ -> run_tests(module, info, chosen, config)
    end
  end

  defp left_out(kind, sign, name, tags, config) do
    count(kind)
    count_test(tags)
    shown(sign, "(#{kind})", name, tags, config)
  end

  # With trace: true, each test has a line, once when it begins and once more when it is over.
  defp announce(name, tags, config) do
    if config[:trace], do: print(config, ["  * #{name} [L##{tags.line}]"])
  end

  defp shown(sign, how, name, tags, config) do
    print(config, if(config[:trace], do: ["\r  * #{name} #{how} [L##{tags.line}]\n"], else: sign))
  end

  # A tag that is excluded wins unless another is included.
  defp chosen(tags, config) do
    include = Keyword.get(config, :include, [])

    cond do
      include != [] and Enum.any?(List.wrap(include), &tagged?(&1, tags)) -> if(tags[:skip], do: :skipped, else: :run)
      config |> Keyword.get(:exclude, []) |> List.wrap() |> Enum.any?(&tagged?(&1, tags)) -> :excluded
      tags[:skip] not in [nil, false] -> :skipped
      true -> :run
    end
  end

  defp tagged?({key, value}, tags) do
    case tags do
      %{^key => ^value} -> true
      %{^key => tag} when is_binary(value) -> to_string(tag) == value
      _ -> match?(%{__struct__: Regex}, value) and is_map_key(tags, key) and to_string(tags[key]) =~ value
    end
  end

  defp tagged?(:test, _tags), do: true
  defp tagged?(key, tags), do: is_map_key(tags, key)

  # The process of the module runs the callbacks of setup_all and lives until its tests are over.
  defp run_tests(module, info, tests, config) do
    runner = self()

    {pid, reference} =
      :erlang.spawn_monitor(fn ->
        start_process(runner, config)
        result = run_setup_all(module, info)
        send(runner, {self(), :setup_all, result})

        receive do
          {^runner, :tests_done} -> exit(:shutdown)
        end
      end)

    receive do
      {^pid, :setup_all, {:ok, context}} ->
        Enum.each(tests, &run_test(module, info, &1, context, config))
        send(pid, {runner, :tests_done})

        receive do
          {:DOWN, ^reference, :process, ^pid, _} -> :ok
        end

        case run_on_exit(pid, nil) do
          nil -> :ok
          failure -> module_failed(module, [], [failure], config)
        end

      {^pid, :setup_all, {:failed, failures}} ->
        send(pid, {runner, :tests_done})

        receive do
          {:DOWN, ^reference, :process, ^pid, _} -> :ok
        end

        run_on_exit(pid, nil)
        module_failed(module, tests, failures, config)

      {:DOWN, ^reference, :process, ^pid, reason} ->
        run_on_exit(pid, nil)
        module_failed(module, tests, [{{:EXIT, pid}, reason, []}], config)
    end
  end

  defp module_failed(module, tests, failures, config) do
    for {name, _, tags} <- tests do
      announce(name, tags, config)
      count_test(tags)
      count(:invalid)
      shown("?", "(0.00ms)", name, tags, config)
    end

    if tests == [], do: count(:failures)

    print(config, [
      if(config[:trace], do: "", else: "\n"),
      ExUnit.Formatter.module_failure(module, failures, :erlang.get(:"$ex_unit_run").counter),
      "\n"
    ])
  end

  defp start_process(runner, config) do
    :erlang.put(:"$ex_unit_runner", runner)
    :erlang.put(:"$ex_unit_config", config)
  end

  defp run_setup_all(module, info) do
    {:ok, run_callbacks(module, info.setup_all, nil, %{module: module, case: module})}
  catch
    kind, error -> {:failed, [failure(kind, error, __STACKTRACE__)]}
  end

  defp run_callbacks(module, callbacks, describe, context) do
    {inner, outer} = callbacks |> Enum.reverse() |> Enum.split_with(fn {of, _} -> of != nil end)
    context = Enum.reduce(outer, context, &run_callback(module, &1, &2))

    inner
    |> Enum.filter(fn {of, _} -> of == describe end)
    |> Enum.reduce(context, &run_callback(module, &1, &2))
  end

  defp run_callback(module, {_, callback}, context) do
    ExUnit.Callbacks.merge(module, context, module.__ex_unit_callback__(callback, context))
  end

  defp run_test(module, info, {name, _, tags} = test, context, config) do
    announce(name, tags, config)
    run_announced(module, info, test, context, config)
  end

  defp now(config), do: if(config[:trace], do: System.monotonic_time(:microsecond), else: 0)

  defp run_announced(module, _info, {name, _function, %{not_implemented: true} = tags}, _context, config) do
    finished(
      module,
      name,
      tags,
      {:failed, [{:error, %ExUnit.AssertionError{message: "Not implemented"}, []}]},
      nil,
      0,
      config
    )
  end

  defp run_announced(module, info, {name, function, tags}, context, config) do
    runner = self()
    started = now(config)
    context = Map.merge(context, tags)

    {pid, reference} =
      :erlang.spawn_monitor(fn ->
        start_process(runner, config)
        send(runner, {self(), :test_finished, exec_test(module, info, function, context)})
        exit(:shutdown)
      end)

    timeout = if config[:trace], do: :infinity, else: Map.get(tags, :timeout, config[:timeout])

    result =
      receive do
        {^pid, :test_finished, result} ->
          receive do
            {:DOWN, ^reference, :process, ^pid, _} -> result
          end

        {:DOWN, ^reference, :process, ^pid, reason} ->
          {:failed, [{{:EXIT, pid}, reason, []}]}
      after
        timeout ->
          stacktrace =
            case :erlang.process_info(pid, :current_stacktrace) do
              {:current_stacktrace, stacktrace} -> prune(stacktrace)
              _ -> []
            end

          :erlang.exit(pid, :kill)

          receive do
            {:DOWN, ^reference, :process, ^pid, _} -> :ok
          end

          {:failed, [{:error, %ExUnit.TimeoutError{timeout: timeout, type: "test"}, stacktrace}]}
      end

    failure = run_on_exit(pid, nil)

    result =
      case {result, failure} do
        {result, nil} -> result
        {:passed, failure} -> {:failed, [failure]}
        {{:failed, failures}, failure} -> {:failed, failures ++ [failure]}
      end

    finished(module, name, tags, result, function, now(config) - started, config)
  end

  defp exec_test(module, info, function, context) do
    context = run_callbacks(module, info.setup, context.describe, context)
    apply(module, function, [context])
    :passed
  catch
    kind, error -> {:failed, [failure(kind, error, __STACKTRACE__)]}
  end

  defp failure(:error, %ExUnit.MultiError{} = error, stacktrace) do
    {:error, error, prune(stacktrace)}
  end

  defp failure(kind, error, stacktrace) do
    stacktrace = prune(stacktrace)
    {error, stacktrace} = Exception.blame(kind, error, stacktrace)
    {kind, error, stacktrace}
  end

  defp prune(stacktrace) do
    stacktrace
    |> Enum.take_while(fn entry -> elem(entry, 0) != ExUnit.Runner end)
    |> Enum.reject(fn entry -> elem(entry, 0) in [ExUnit.Assertions, ExUnit.Callbacks] end)
  end

  # After the process is gone: what it registered with on_exit runs, last first, in a process of its own. The
  # supervisor of its children ends before.
  defp run_on_exit(pid, supervisor) do
    receive do
      {:ex_unit_supervisor, ^pid, supervisor} -> run_on_exit(pid, supervisor)
    after
      0 ->
        if supervisor, do: await_end(supervisor)
        run_exit_callbacks(collect_on_exit(pid, []))
    end
  end

  defp await_end(supervisor) do
    reference = :erlang.monitor(:process, supervisor)

    receive do
      {:DOWN, ^reference, :process, _, _} -> :ok
    end
  end

  defp collect_on_exit(pid, callbacks) do
    receive do
      {:ex_unit_on_exit, ^pid, name, callback} ->
        collect_on_exit(pid, List.keystore(callbacks, name, 0, {name, callback}))
    after
      0 -> Enum.reverse(callbacks)
    end
  end

  defp run_exit_callbacks([]), do: nil

  defp run_exit_callbacks(callbacks) do
    runner = self()

    {pid, reference} =
      :erlang.spawn_monitor(fn ->
        send(runner, {self(), :on_exit_done, Enum.reduce(callbacks, nil, &run_exit_callback/2)})
      end)

    receive do
      {^pid, :on_exit_done, failure} ->
        receive do
          {:DOWN, ^reference, :process, ^pid, _} -> failure
        end

      {:DOWN, ^reference, :process, ^pid, reason} ->
        {{:EXIT, pid}, reason, []}
    end
  end

  defp run_exit_callback({_name, callback}, failure) do
    callback.()
    failure
  catch
    kind, error -> failure || failure(kind, error, __STACKTRACE__)
  end

  defp finished(_module, name, tags, :passed, _function, time, config) do
    count_test(tags)
    shown(".", "(#{ExUnit.Formatter.hundredths(time, 10)}ms)", name, tags, config)
  end

  defp finished(module, name, tags, {:failed, failures}, function, time, config) do
    count_test(tags)
    shown("", "(#{ExUnit.Formatter.hundredths(time, 10)}ms)", name, tags, config)
    count(:failures)
    number = count(:counter)

    if verbose?(config),
      do:
        print(config, [
          if(config[:trace], do: "", else: "\n"),
          ExUnit.Formatter.test_failure(module, name, function, tags, failures, number),
          "\n"
        ])
  end

  defp print(config, chars), do: if(verbose?(config), do: IO.write(chars))

  defp count_test(%{test_type: type}) do
    stats = :erlang.get(:"$ex_unit_run")
    :erlang.put(:"$ex_unit_run", %{stats | tests: Map.update(stats.tests, type, 1, &(&1 + 1))})
  end

  defp count(key) do
    stats = :erlang.get(:"$ex_unit_run")
    number = Map.fetch!(stats, key) + 1
    :erlang.put(:"$ex_unit_run", Map.put(stats, key, number))
    number
  end
end

defmodule ExUnit.CLIFormatter do
end

defmodule ExUnit.Formatter do
  @width 80
  @none :ex_unit_no_meaningful_value

  def test_failure(module, name, function, tags, failures, number) do
    head = "\n" <> pad_number(number) <> " #{name} (#{inspect(module)})\n     " <> location(tags) <> "\n"

    [head | failures(failures, {module, function, tags[:doctest_file]})]
  end

  def module_failure(module, failures, number) do
    head =
      "\n" <>
        pad_number(number) <>
        " #{inspect(module)}: failure on setup_all callback, all tests have been invalidated\n"

    [head | failures(failures, {module, nil, nil})]
  end

  defp pad_number(number) do
    String.pad_leading(Integer.to_string(number) <> ")", 4)
  end

  defp location(%{file: file, line: line}), do: "#{file}:#{line}"

  defp failures([failure], test), do: [failure(failure, test)]

  defp failures(failures, test) do
    for {failure, index} <- Enum.with_index(failures, 1) do
      ["\n     Failure ##{index}\n", failure(failure, test)]
    end
  end

  defp failure({:error, %ExUnit.AssertionError{} = error, stacktrace}, test) do
    error =
      if error.expr == @none do
        with_source(error, stacktrace, test)
      else
        error
      end

    [assertion(error, @width, "     "), trace(stacktrace, test)]
  end

  defp failure({{:EXIT, _} = kind, reason, _}, _test) do
    text = Exception.format_banner(kind, reason, [])
    [indent(text, "     "), "\n"]
  end

  defp failure({kind, reason, stacktrace}, test) do
    banner = Exception.format_banner(kind, reason, stacktrace)
    banner = if match?(%FunctionClauseError{}, reason), do: explained(banner), else: banner
    [indent(banner, "     "), "\n", code(stacktrace, test), trace(stacktrace, test)]
  end

  # The line between the message and the arguments is left empty.
  defp explained(banner) do
    case :binary.split(banner, "\n\n") do
      [headline, rest] -> headline <> "\n\r" <> rest
      _ -> banner
    end
  end

  defp code(stacktrace, test) do
    case source(stacktrace, test) do
      nil -> []
      line -> ["     code: ", line, "\n"]
    end
  end

  defp with_source(error, stacktrace, test) do
    case source(stacktrace, test) do
      nil -> error
      line -> %{error | expr: {:source, line}}
    end
  end

  # The line of the test that failed.
  defp source(_stacktrace, {_module, nil, _}), do: nil
  defp source(_stacktrace, {_module, _, file}) when is_binary(file), do: nil

  defp source(stacktrace, {module, function, _}) do
    Enum.find_value(stacktrace, fn
      {^module, ^function, _, location} ->
        with file when file != nil <- location[:file],
             line when is_integer(line) and line > 0 <- location[:line],
             text when is_binary(text) <- :rashomon.source_line(to_string(file), line) do
          String.trim(text)
        else
          _ -> nil
        end

      _ ->
        nil
    end)
  end

  defp trace([], _test), do: []

  defp trace(stacktrace, test) do
    ["     stacktrace:\n" | for(entry <- stacktrace, do: ["       ", entry(entry, test), "\n"])]
  end

  defp entry({module, function, _, location}, {module, function, file}) when is_binary(file) do
    "(for doctest at) #{file}:#{location[:line]}: (test)"
  end

  defp entry({module, function, _, location}, {module, function, _}) do
    "#{location[:file]}:#{location[:line]}: (test)"
  end

  defp entry(entry, _test), do: Exception.format_stacktrace_entry(entry)

  # A failed assertion, field by field.
  def assertion(error, width, margin) do
    has_right? = error.right != @none
    pad = if has_right?, do: 7, else: 6

    [
      if(error.message != @none, do: [indent(error.message, margin), "\n"], else: []),
      if(error.doctest != @none,
        do: [margin, "doctest:\n", margin, "  ", indent(error.doctest, margin <> "  ") |> String.trim_leading(), "\n"],
        else: []
      ),
      if(error.expr != @none,
        do: [margin, label("code:", pad), expression(error.expr, margin, pad), "\n"],
        else: []
      ),
      if(error.args != @none, do: arguments(error.args, width, margin), else: []),
      if(error.left != @none,
        do: [margin, label("left:", pad), side(error, error.left, width, margin, pad), "\n"],
        else: []
      ),
      if(has_right?,
        do: [margin, label("right:", pad), value(error.right, width, margin, pad), "\n"],
        else: []
      ),
      mailbox(error.context, width, margin)
    ]
    |> IO.iodata_to_binary()
  end

  defp label(text, size), do: String.pad_trailing(text, size)

  defp expression({:source, line}, margin, pad), do: hanging(line, margin, pad)
  defp expression(text, _margin, _pad) when is_binary(text), do: text

  defp expression({kind, _, [quoted]}, margin, pad) when is_atom(kind) do
    hanging(Atom.to_string(kind) <> " " <> Macro.to_string(quoted), margin, pad)
  end

  defp expression(quoted, margin, pad), do: quoted |> Macro.to_string() |> hanging(margin, pad)

  # The left side of a match is shown as the pattern that it is.
  defp side(%{context: {:match, _}}, pattern, _width, margin, pad) do
    pattern |> Macro.to_string() |> hanging(margin, pad)
  end

  defp side(_error, value, width, margin, pad), do: value(value, width, margin, pad)

  defp value(value, :infinity, margin, pad),
    do: value |> inspect(pretty: true, width: :infinity) |> hanging(margin, pad)

  defp value(value, width, margin, pad) do
    value |> inspect(pretty: true, width: width - byte_size(margin) - pad) |> hanging(margin, pad)
  end

  defp arguments(args, width, margin) do
    [
      margin,
      "arguments:\n\n",
      for {arg, index} <- Enum.with_index(args, 1) do
        [margin, "    # #{index}\n", margin, "    ", value(arg, width, margin, 4), "\n\n"]
      end
    ]
  end

  defp mailbox({:mailbox, pattern, [_ | _] = messages}, width, margin) do
    text = Macro.to_string(pattern)

    [
      margin,
      "mailbox:\n",
      messages
      |> Enum.map(fn message ->
        [
          margin,
          "  pattern: ",
          hanging(text, margin, 11),
          "\n",
          margin,
          "  value:   ",
          value(message, width, margin, 11),
          "\n"
        ]
      end)
      |> Enum.intersperse("\n")
    ]
  end

  defp mailbox(_, _, _), do: []

  defp hanging(text, margin, pad),
    do: String.replace(text, "\n", "\n" <> margin <> String.duplicate(" ", pad))

  defp indent(text, margin) do
    margin <>
      (text
       |> String.replace("\n", "\n" <> margin)
       |> String.replace("\n" <> margin <> "\r", "\n\n" <> margin))
  end

  # The last lines.
  def summary(stats, async, sync, config) do
    kinds = for {type, count} <- stats.tests, do: plural(count, Atom.to_string(type)) <> ", "
    none? = stats.tests == %{}
    all = stats.tests |> Map.values() |> Enum.sum()

    counts = [
      kinds,
      plural(stats.failures, "failure"),
      if(stats.excluded > 0, do: ", #{stats.excluded} excluded", else: ""),
      if(stats.invalid > 0, do: ", #{stats.invalid} invalid", else: ""),
      if(stats.skipped > 0, do: ", #{stats.skipped} skipped", else: "")
    ]

    line = if none?, do: "There are no tests to run", else: counts

    [
      if(not none? and stats.excluded == all, do: "\nAll tests have been excluded.\n", else: ""),
      "\nFinished in #{seconds(async + sync)} seconds (#{seconds(async)}s async, #{seconds(sync)}s sync)\n",
      line,
      "\n\nRandomized with seed #{config[:seed]}\n"
    ]
  end

  defp plural(1, word), do: "1 " <> word
  defp plural(count, word), do: "#{count} #{word}s"

  # Which tests were asked for.
  def filters(config) do
    exclude = List.wrap(config[:exclude])
    include = List.wrap(config[:include])

    if exclude == [] and include == [] do
      ""
    else
      [
        if(exclude != [], do: "Excluding tags: #{inspect(exclude)}\n", else: ""),
        if(include != [], do: "Including tags: #{inspect(include)}\n", else: ""),
        "\n"
      ]
    end
  end

  defp seconds(microseconds), do: hundredths(microseconds, 10_000)

  # A time in the unit of which so many microseconds are a hundredth.
  def hundredths(microseconds, unit) do
    hundredths = div(microseconds, unit)

    if hundredths < 10,
      do: "0.0#{hundredths}",
      else: "#{div(hundredths, 100)}.#{rem(div(hundredths, 10), 10)}"
  end
end

defmodule ExUnit.CaptureIO do
  def capture_io(fun) when is_function(fun, 0), do: capture_io(:stdio, [], fun)

  def capture_io(device, fun) when is_atom(device) and is_function(fun, 0), do: capture_io(device, [], fun)

  def capture_io(input, fun) when is_binary(input) and is_function(fun, 0),
    do: capture_io(:stdio, [input: input], fun)

  def capture_io(options, fun) when is_list(options) and is_function(fun, 0),
    do: capture_io(:stdio, options, fun)

  def capture_io(device, input, fun) when is_binary(input) and is_function(fun, 0) do
    capture_io(device, [input: input], fun)
  end

  def capture_io(device, options, fun) when is_atom(device) and is_list(options) and is_function(fun, 0) do
    {_result, output} = with_io(device, options, fun)
    output
  end

  def with_io(fun) when is_function(fun, 0), do: with_io(:stdio, [], fun)
  def with_io(device, fun) when is_atom(device) and is_function(fun, 0), do: with_io(device, [], fun)

  def with_io(input, fun) when is_binary(input) and is_function(fun, 0),
    do: with_io(:stdio, [input: input], fun)

  def with_io(options, fun) when is_list(options) and is_function(fun, 0), do: with_io(:stdio, options, fun)
  def with_io(device, input, fun) when is_binary(input), do: with_io(device, [input: input], fun)

  def with_io(device, options, fun) when is_atom(device) and is_list(options) and is_function(fun, 0) do
    {:ok, captured} =
      StringIO.open(Keyword.get(options, :input, ""),
        capture_prompt: Keyword.get(options, :capture_prompt, true)
      )

    restore = redirect(device, captured)

    try do
      fun.()
    catch
      kind, reason ->
        restore.()
        StringIO.close(captured)
        :erlang.raise(kind, reason, __STACKTRACE__)
    else
      result ->
        restore.()
        {:ok, {_input, output}} = StringIO.close(captured)
        {result, output}
    end
  end

  defp redirect(device, captured) when device in [:stdio, :standard_io] do
    leader = :erlang.group_leader()
    :erlang.group_leader(captured, self())
    fn -> :erlang.group_leader(leader, self()) end
  end

  # The standard error of this process only.
  defp redirect(device, captured) when device in [:stderr, :standard_error] do
    before = :erlang.put(:"$rashomon_stderr", captured)

    fn ->
      if before == :undefined do
        :erlang.erase(:"$rashomon_stderr")
      else
        :erlang.put(:"$rashomon_stderr", before)
      end
    end
  end

  defp redirect(device, captured) do
    before = :erlang.whereis(device)
    if before == :undefined, do: raise("could not find IO device registered at #{inspect(device)}")
    :erlang.unregister(device)
    :erlang.register(device, captured)

    fn ->
      :erlang.unregister(device)
      :erlang.register(device, before)
    end
  end
end

defmodule ExUnit.CaptureLog do
  def capture_log(options \\ [], fun) when is_list(options) and is_function(fun, 0) do
    elem(with_log(options, fun), 1)
  end

  def with_log(options \\ [], fun) when is_list(options) and is_function(fun, 0) do
    ExUnit.CaptureIO.with_io(:stderr, [], fun)
  end
end
