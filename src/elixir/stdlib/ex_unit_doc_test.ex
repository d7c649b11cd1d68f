# Tests in documentation. A test is what stands between two blank lines: expressions after prompts, each with what it gives.
defmodule ExUnit.DocTest do
  defmacro doctest(module, options \\ []) do
    module = Macro.expand(module, __CALLER__)
    docs = :rashomon.module_docs(module)

    if docs == nil do
      if Code.ensure_loaded?(module) do
        raise ExUnit.DocTest.Error,
          message:
            "#{__CALLER__.file}: could not retrieve the documentation for module #{inspect(module)}. " <>
              "The BEAM file of the module cannot be accessed"
      else
        raise CompileError,
          file: __CALLER__.file,
          line: __CALLER__.line,
          description: "module #{inspect(module)} is not loaded and could not be found"
      end
    end

    describe =
      case Module.get_attribute(__CALLER__.module, :ex_unit_describe) do
        {_, text, _} -> text <> " "
        _ -> ""
      end

    tests = module |> ExUnit.DocTest.Reader.tests(docs) |> filter(options)
    tags = [doctest: module] ++ Keyword.get(options, :tags, [])
    import? = Keyword.get(options, :import, false)

    definitions =
      for {test, number} <- Enum.with_index(tests, 1) do
        name = name(test.of, module, number)
        function = :erlang.binary_to_atom("doctest " <> describe <> name, :utf8)
        more = [[{:doctest_file, test.file}, {:doctest_line, test.line} | tags]]
        body = Enum.map(test.checks, &ExUnit.DocTest.code(&1, test, module))

        body =
          if import? do
            [{:import, [context: __MODULE__], [module]} | body]
          else
            body
          end

        quote do
          ExUnit.Case.register_test(
            __MODULE__,
            __ENV__.file,
            unquote(__CALLER__.line),
            unquote(name),
            unquote(function),
            :doctest,
            unquote(Macro.escape(more))
          )

          def unquote(function)(_) do
            unquote({:__block__, [], body})
            :ok
          end
        end
      end

    {:__block__, [], [{:require, [], [module]} | definitions]}
  end

  defp filter(tests, options) do
    only = Keyword.get(options, :only, [])
    except = Keyword.get(options, :except, [])

    Enum.filter(tests, fn
      %{of: :moduledoc} ->
        (only == [] or :moduledoc in only) and :moduledoc not in except

      %{of: {_, name, arity}} ->
        (only == [] or {name, arity} in only) and {name, arity} not in except
    end)
  end

  defp name(:moduledoc, module, number), do: "module #{inspect(module)} (#{number})"
  defp name({_, name, arity}, module, number), do: "#{inspect(module)}.#{name}/#{arity} (#{number})"

  # The code of one check.
  def code(%{expected: expected} = check, test, module) do
    # Elixir names the line at which the whole test begins.
    place = %{module: module, file: test.file, line: test.line}

    with {:ok, expression} <- tree(" " <> check.expression, place, shown(check, check.expected)),
         {:ok, check_code} <- code(expected, expression, check, place) do
      check_code
    else
      {:broken, message, doctest} ->
        place = Macro.escape(place)
        quote(do: ExUnit.DocTest.broken(unquote(message), unquote(doctest), unquote(place)))
    end
  end

  # Only computed, for what follows.
  defp code(:nothing, expression, _check, _place), do: {:ok, expression}

  defp code({:value, text}, expression, check, place) do
    with {:ok, value} <- tree(text, place, shown(check, text)) do
      code = source(check) <> " === " <> text
      check = [shown(check, text), code, Macro.escape(place)]

      {:ok,
       quote do
         value = unquote(expression)
         ExUnit.DocTest.check(value, unquote(value), unquote_splicing(check))
       end}
    end
  end

  defp code({:inspected, text}, expression, check, place) do
    code = "inspect(" <> source(check) <> ") === " <> inspect(text)
    check = [shown(check, check.expected), code, Macro.escape(place)]

    {:ok,
     quote do
       value = unquote(expression)
       ExUnit.DocTest.check(inspect(value), unquote(text), unquote_splicing(check))
     end}
  end

  defp code({:raises, exception, message}, expression, check, place) do
    doctest = shown(check, check.expected)
    check = [exception, message, doctest, Macro.escape(place)]

    {:ok,
     quote do
       ExUnit.DocTest.check_raise(fn -> unquote(expression) end, unquote_splicing(check))
     end}
  end

  # The expressions of a check, and what they are to give, as they stand in the documentation.
  defp shown(check, expected) do
    lines = for prompt <- check.prompts, do: "iex> " <> Enum.join(prompt, "\n...> ")
    Enum.join(lines ++ shown_expected(expected), "\n")
  end

  defp shown_expected(:nothing), do: []
  defp shown_expected({:value, text}), do: [text]
  defp shown_expected({:inspected, text}), do: [inspect(text)]
  defp shown_expected({:raises, exception, message}), do: ["** (#{inspect(exception)}) #{inspect(message)}"]
  defp shown_expected(text), do: [text]

  # The last expression.
  defp source(%{prompts: prompts}) do
    text = prompts |> List.last() |> Enum.join("\n")

    case Code.string_to_quoted(text) do
      {:ok, tree} -> Macro.to_string(tree)
      {:error, _} -> text
    end
  end

  # Empty lines in front put the text on its own line of the file.
  defp tree(text, place, doctest) do
    case :rashomon.quoted(String.duplicate("\n", place.line - 1) <> text) do
      {:ok, tree} ->
        {:ok, tree}

      {:error, kind, line, message} ->
        source = text |> String.split("\n") |> Enum.at(line - place.line)
        message = message <> snippet(source, line, Regex.run(~r/^\d+:(\d+):/, message))
        {:broken, "Doctest did not compile, got: (#{inspect(kind)}) #{place.file}:#{message}", doctest}
    end
  end

  # The line, and where in it.
  defp snippet(source, line, [_, column]) when is_binary(source) do
    "\n" <> Exception.format_snippet(%{content: source, offset: String.to_integer(column) - 1}, line)
  end

  defp snippet(_source, _line, _column), do: ""

  def broken(message, doctest, place), do: fail([message: message, doctest: doctest], place)

  def check(value, expected, doctest, code, place) do
    if value === expected do
      :ok
    else
      fail([message: "Doctest failed", doctest: doctest, expr: {:source, code}, left: value, right: expected], place)
    end
  end

  def check_raise(function, exception, message, doctest, place) do
    case raised(function) do
      :nothing ->
        text = "Doctest failed: expected exception #{inspect(exception)} but nothing was raised"
        fail([message: text, doctest: doctest], place)

      %{__struct__: ^exception} = error ->
        actual = Exception.message(error)

        if actual != message do
          text =
            "Doctest failed: wrong message for #{inspect(exception)}\n" <>
              "expected:\n  #{inspect(message)}\nactual:\n  #{inspect(actual)}"

          fail([message: text, doctest: doctest], place)
        else
          :ok
        end

      error ->
        text =
          "Doctest failed: expected exception #{inspect(exception)} but got #{inspect(error.__struct__)} " <>
            "with message #{inspect(Exception.message(error))}"

        fail([message: text, doctest: doctest], place)
    end
  end

  defp raised(function) do
    function.()
    :nothing
  rescue
    error -> error
  end

  defp fail(fields, %{module: module, file: file, line: line}) do
    error = struct(ExUnit.AssertionError, fields)
    location = [file: String.to_charlist(file), line: line]
    :erlang.raise(:error, error, [{module, :__MODULE__, 0, location}])
  end
end

defmodule ExUnit.DocTest.Error do
  defexception [:message]
end

defmodule ExUnit.DocTest.Reader do
  # The tests in the documentation of a module: that of the module itself first, then its functions, then its macros, by
  # name.
  def tests(_module, docs) do
    docs
    |> Enum.sort_by(fn {kind, name, arity, _, _, _} -> {rank(kind), Atom.to_string(name), arity} end)
    |> Enum.flat_map(fn {kind, name, arity, file, line, text} ->
      of = if kind == :moduledoc, do: :moduledoc, else: {kind, name, arity}

      for {line, checks} <- groups(text, file, line) do
        %{of: of, file: file, line: line, checks: checks}
      end
    end)
  end

  defp rank(:moduledoc), do: 0
  defp rank(:function), do: 1
  defp rank(:macro), do: 2

  # The text begins in the line after the one of the attribute.
  defp groups(text, file, line) do
    text
    |> String.split(["\r\n", "\n"])
    |> Enum.with_index(line + 1)
    |> Enum.reduce({[], [], nil}, &line(&1, &2, file))
    |> end_group()
    |> Enum.reverse()
    |> Enum.map(fn checks -> {hd(checks).line, checks} end)
  end

  # What has been read: whole tests, the checks of the present one, and the check that is being read.
  defp line({text, number}, {groups, checks, open} = read, file) do
    cond do
      match = Regex.run(~r/^(\s*)iex(?:\(\d+\))?>(?: (.*)|)$/s, text) ->
        [_, indent | rest] = match
        prompt(read, indent, Enum.join(rest), number)

      open != nil and open.expected == [] and Regex.match?(~r/^\s*\.\.\.(\(\d+\))?>/, text) ->
        [_, rest] = Regex.run(~r/^\s*\.\.\.(?:\(\d+\))?> ?(.*)$/s, text)
        [last | before] = open.prompts
        {groups, checks, %{open | prompts: [[rest | last] | before]}}

      open == nil ->
        read

      String.trim(text) == "" or String.starts_with?(String.trim(text), "```") ->
        {end_group(read), [], nil}

      true ->
        {groups, checks, %{open | expected: [unindented(text, open, number, file) | open.expected]}}
    end
  end

  defp prompt({groups, checks, nil}, indent, text, number) do
    {groups, checks, %{indent: indent, prompts: [[text]], expected: [], line: number}}
  end

  # Prompts in a row are one check: only what the last one gives is looked at.
  defp prompt({groups, checks, %{expected: []} = open}, _indent, text, _number) do
    {groups, checks, %{open | prompts: [[text] | open.prompts]}}
  end

  defp prompt({groups, checks, open}, indent, text, number) do
    prompt({groups, [check(open) | checks], nil}, indent, text, number)
  end

  defp end_group({groups, [], nil}), do: groups
  defp end_group({groups, checks, nil}), do: [Enum.reverse(checks) | groups]
  defp end_group({groups, checks, open}), do: end_group({groups, [check(open) | checks], nil})

  defp unindented(text, %{indent: indent}, number, file) do
    if String.starts_with?(text, indent) do
      binary_part(text, byte_size(indent), byte_size(text) - byte_size(indent))
    else
      raise ExUnit.DocTest.Error,
        message: """
        #{file}:#{number}: indentation level mismatch on doctest line: #{inspect(text)}

        If you are planning to assert on the result of an `iex>` expression, \
        make sure the result is indented at the beginning of `iex>`, which \
        in this case is exactly #{byte_size(indent)} spaces.

        If instead you have an `iex>` expression that spans over multiple lines, \
        please make sure that each line after the first one begins with `...>`.
        """
    end
  end

  defp check(open) do
    prompts = open.prompts |> Enum.reverse() |> Enum.map(&Enum.reverse/1)

    %{
      prompts: prompts,
      line: open.line,
      expression: Enum.map_join(prompts, "\n", &Enum.join(&1, "\n")),
      expected: open.expected |> Enum.reverse() |> Enum.join("\n") |> expected()
    }
  end

  defp expected(""), do: :nothing

  defp expected("** (" <> rest = text) do
    case String.split(rest, ")", parts: 2) do
      [name, message] -> {:raises, Module.concat([name]), String.trim_leading(message)}
      _ -> {:value, text}
    end
  end

  defp expected("#" <> _ = text) do
    if Regex.match?(~r/^#[A-Z][\w\.]*</, text), do: {:inspected, text}, else: {:value, text}
  end

  defp expected(text), do: {:value, text}
end
