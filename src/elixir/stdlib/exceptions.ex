# The exceptions of the language: what each holds, and how it words itself.

defmodule RuntimeError do
  defexception message: "runtime error"
end

defmodule ArgumentError do
  defexception message: "argument error"

  def blame(exception, stacktrace), do: {exception, stacktrace}
end

defmodule ArithmeticError do
  defexception message: "bad argument in arithmetic expression"

  @unary [:+, :-, :bnot]
  @binary %{
    :+ => "+",
    :- => "-",
    :* => "*",
    :/ => "/",
    :band => "Bitwise.band",
    :bor => "Bitwise.bor",
    :bxor => "Bitwise.bxor",
    :bsl => "Bitwise.bsl",
    :bsr => "Bitwise.bsr"
  }

  def blame(%{message: message} = exception, [{:erlang, operator, args, _} | _] = stacktrace)
      when is_list(args) do
    case expression(operator, args) do
      nil -> {exception, stacktrace}
      text -> {%{exception | message: message <> ": " <> text}, stacktrace}
    end
  end

  def blame(exception, stacktrace), do: {exception, stacktrace}

  defp expression(:div, [a, b]), do: "div(" <> inspect(a) <> ", " <> inspect(b) <> ")"
  defp expression(:rem, [a, b]), do: "rem(" <> inspect(a) <> ", " <> inspect(b) <> ")"

  defp expression(operator, [a]) when operator in @unary do
    case operator do
      :bnot -> "Bitwise.bnot(" <> inspect(a) <> ")"
      _ -> Atom.to_string(operator) <> inspect(a)
    end
  end

  defp expression(operator, [a, b]) do
    case @binary do
      %{^operator => "Bitwise." <> _ = name} -> name <> "(" <> inspect(a) <> ", " <> inspect(b) <> ")"
      %{^operator => sign} -> inspect(a) <> " " <> sign <> " " <> inspect(b)
      _ -> nil
    end
  end

  defp expression(_, _), do: nil
end

defmodule SystemLimitError do
  defexception message: "a system limit has been reached"
end

defmodule BadArityError do
  defexception [:function, :args]

  def message(%{function: function, args: args}) do
    {:arity, arity} = :erlang.fun_info(function, :arity)
    inspect(function) <> " with arity " <> Integer.to_string(arity) <> " called with " <> called(args)
  end

  defp called([]), do: "no arguments"
  defp called([arg]), do: "1 argument (" <> inspect(arg) <> ")"

  defp called(args) do
    Integer.to_string(length(args)) <> " arguments (" <> Enum.map_join(args, ", ", &inspect/1) <> ")"
  end
end

defmodule BadBooleanError do
  defexception [:term, :operator]

  def message(%{term: term, operator: operator}) do
    "expected a boolean on left-side of \"#{operator}\", got: " <> inspect(term)
  end
end

defmodule BadFunctionError do
  defexception [:term]

  def message(%{term: term}), do: "expected a function, got: " <> inspect(term)
end

defmodule BadMapError do
  defexception [:term]

  def message(%{term: term}), do: "expected a map, got: " <> inspect(term)
end

defmodule BadStructError do
  defexception [:struct, :term]

  def message(%{struct: struct, term: term}) do
    "expected a struct named " <> inspect(struct) <> ", got: " <> inspect(term)
  end
end

defmodule MatchError do
  defexception [:term]

  def message(%{term: term}), do: "no match of right hand side value: " <> inspect(term)
end

defmodule CaseClauseError do
  defexception [:term]

  def message(%{term: term}), do: "no case clause matching: " <> inspect(term)
end

defmodule WithClauseError do
  defexception [:term]

  def message(%{term: term}), do: "no with clause matching: " <> inspect(term)
end

defmodule TryClauseError do
  defexception [:term]

  def message(%{term: term}), do: "no try clause matching: " <> inspect(term)
end

defmodule CondClauseError do
  defexception []

  def message(_), do: "no cond clause evaluated to a truthy value"
end

defmodule UndefinedFunctionError do
  defexception [:module, :function, :arity, :reason, :message]

  def message(%{message: nil, module: module, function: function, arity: arity} = exception) do
    cond do
      is_nil(function) or is_nil(arity) -> "undefined function"
      is_nil(module) -> named(nil, function, arity) <> " is undefined"
      true -> named(module, function, arity) <> because(exception.reason, module)
    end
  end

  def message(%{message: message}), do: message

  # What the machine prints at the end of a program: the same, with the functions that may have been meant.
  def blame(%{message: nil, module: module, function: function, arity: arity} = exception, stacktrace) do
    text = message(exception)

    hint =
      if module != nil and function != nil and arity != nil and loaded?(module),
        do: hint(module, function, arity),
        else: ""

    {%{exception | message: text <> hint}, stacktrace}
  end

  def blame(exception, stacktrace), do: {exception, stacktrace}

  defp named(module, function, arity), do: "function " <> Exception.format_mfa(module, function, arity)

  defp because(nil, module) do
    because(
      if(loaded?(module), do: :"function not exported", else: :"module could not be loaded"),
      module
    )
  end

  defp because(:"module could not be loaded", module) do
    " is undefined (module " <> inspect(module) <> " is not available)"
  end

  defp because(:"function not exported", _module), do: " is undefined or private"
  defp because(reason, _module), do: " is undefined (" <> to_string(reason) <> ")"

  defp loaded?(module), do: :erlang.function_exported(module, :module_info, 0)

  defp hint(module, function, arity) do
    cond do
      not :erlang.function_exported(module, :__info__, 1) ->
        hint_among(module.module_info(:exports), function, arity)

      {function, arity} in module.__info__(:macros) ->
        ". However there is a macro with the same name and arity. Be sure to require " <>
          inspect(module) <> " if you intend to invoke this macro"

      behaviour = expecting(module, {function, arity}) ->
        ", but the behaviour " <> inspect(behaviour) <> " expects it to be present"

      true ->
        hint_among(module.__info__(:functions), function, arity)
    end
  end

  # A behaviour of the module that has such a callback.
  defp expecting(module, callback) do
    behaviours = for {:behaviour, list} <- module.__info__(:attributes), behaviour <- list, do: behaviour

    Enum.find(behaviours, fn behaviour ->
      loaded?(behaviour) and :erlang.function_exported(behaviour, :behaviour_info, 1) and
        callback in behaviour.behaviour_info(:callbacks)
    end)
  end

  defp hint_among(functions, function, _arity) do
    name = Atom.to_string(function)

    near =
      for {candidate, candidate_arity} <- functions,
          text = Atom.to_string(candidate),
          not match?("_" <> _, text),
          distance = String.jaro_distance(name, text),
          distance > 0.77 do
        {distance, candidate, candidate_arity}
      end

    best =
      near
      |> Enum.sort_by(fn {distance, _, _} -> -distance end)
      |> Enum.take(5)
      |> Enum.map(fn {_, candidate, arity} -> {candidate, arity} end)
      |> Enum.sort()

    case best do
      [] ->
        ""

      _ ->
        ". Did you mean:\n\n" <>
          Enum.map_join(best, fn {candidate, arity} ->
            "      * " <>
              Macro.inspect_atom(:remote_call, candidate) <> "/" <> Integer.to_string(arity) <> "\n"
          end)
    end
  end
end

defmodule FunctionClauseError do
  defexception [:module, :function, :arity, :kind, :args, :clauses]

  def message(%{function: nil}), do: "no function clause matches"

  def message(%{args: nil} = exception), do: headline(exception)

  def message(%{args: args} = exception) do
    headline(exception) <>
      "\n\nThe following arguments were given to " <>
      Exception.format_mfa(exception.module, exception.function, exception.arity) <>
      ":\n" <> arguments(args, 1)
  end

  def blame(%{module: module, function: function, arity: arity} = exception, stacktrace) do
    case stacktrace do
      [{^module, ^function, args, meta} | rest] when length(args) == arity ->
        {%{exception | args: args}, [{module, function, arity, meta} | rest]}

      _ ->
        {exception, stacktrace}
    end
  end

  defp headline(%{module: module, function: function, arity: arity}) do
    "no function clause matching in " <> Exception.format_mfa(module, function, arity)
  end

  defp arguments([], _index), do: ""

  defp arguments([arg | args], index) do
    text = arg |> inspect(pretty: true) |> String.replace("\n", "\n    ")
    "\n    # " <> Integer.to_string(index) <> "\n    " <> text <> "\n" <> arguments(args, index + 1)
  end
end

defmodule KeyError do
  defexception [:key, :term, :message]

  def exception(message) when is_binary(message), do: %KeyError{message: message}
  def exception(options) when is_list(options), do: Kernel.struct!(KeyError, options)

  def message(%{message: nil, key: key, term: nil}), do: "key " <> inspect(key) <> " not found"

  def message(%{message: nil, key: key, term: term}) do
    "key " <> inspect(key) <> " not found in: " <> inspect(term)
  end

  def message(%{message: message}), do: message

  def blame(%{message: nil, key: key, term: term} = exception, stacktrace) when is_atom(key) do
    {%{exception | message: message(exception) <> hint(key, candidates(term))}, stacktrace}
  end

  def blame(exception, stacktrace), do: {exception, stacktrace}

  defp candidates(%{__struct__: _} = struct), do: struct |> Map.from_struct() |> Map.keys()
  defp candidates(term) when is_map(term), do: Map.keys(term)
  defp candidates(term) when is_list(term), do: if(Keyword.keyword?(term), do: Keyword.keys(term), else: [])
  defp candidates(_), do: []

  defp hint(key, candidates) do
    name = Atom.to_string(key)

    near =
      for candidate <- candidates,
          is_atom(candidate),
          distance = String.jaro_distance(name, Atom.to_string(candidate)),
          distance > 0.77 do
        {distance, candidate}
      end

    case near
         |> Enum.sort(&(elem(&1, 0) >= elem(&2, 0)))
         |> Enum.take(5)
         |> Enum.map(&elem(&1, 1))
         |> Enum.sort() do
      [] -> ""
      best -> ". Did you mean:\n\n" <> Enum.map_join(best, &("      * " <> inspect(&1) <> "\n"))
    end
  end
end

defmodule Protocol.UndefinedError do
  defexception [:protocol, :value, description: ""]

  def message(%{protocol: protocol, value: value, description: description}) do
    "protocol " <>
      inspect(protocol) <>
      " not implemented for " <> inspect(value) <> " of type " <> type(value) <> because(description)
  end

  defp because(""), do: ""
  defp because(description), do: ", " <> description

  defp type(%{__struct__: struct}) when is_atom(struct), do: inspect(struct) <> " (a struct)"
  defp type(value) when is_tuple(value), do: "Tuple"
  defp type(value) when is_atom(value), do: "Atom"
  defp type(value) when is_list(value), do: "List"
  defp type(value) when is_map(value), do: "Map"
  defp type(value) when is_bitstring(value), do: "BitString"
  defp type(value) when is_integer(value), do: "Integer"
  defp type(value) when is_float(value), do: "Float"
  defp type(value) when is_function(value), do: "Function"
  defp type(value) when is_pid(value), do: "PID"
  defp type(value) when is_port(value), do: "Port"
  defp type(value) when is_reference(value), do: "Reference"
end

defmodule UnicodeConversionError do
  defexception [:encoded, :message]

  def exception(options) do
    %UnicodeConversionError{
      encoded: Keyword.fetch!(options, :encoded),
      message: Atom.to_string(Keyword.fetch!(options, :kind)) <> " " <> where(Keyword.fetch!(options, :rest))
    }
  end

  defp where(rest) when is_binary(rest), do: "encoding starting at " <> inspect(rest)
  defp where([code | _]) when is_integer(code), do: "code point " <> Integer.to_string(code)
  defp where([rest | _]), do: where(rest)
end

defmodule Enum.OutOfBoundsError do
  defexception message: "out of bounds error"
end

defmodule Enum.EmptyError do
  defexception message: "empty error"
end

defmodule Inspect.Error do
  defexception [:exception_module, :exception_message, :stacktrace, :inspected_struct]

  def exception(options) do
    exception = Keyword.fetch!(options, :exception)

    %Inspect.Error{
      exception_module: exception.__struct__,
      exception_message: exception |> Exception.message() |> String.trim_trailing("\n"),
      stacktrace: Keyword.fetch!(options, :stacktrace),
      inspected_struct: Keyword.fetch!(options, :inspected_struct)
    }
  end

  def message(%{exception_module: module, exception_message: message, inspected_struct: text}) do
    "got " <>
      inspect(module) <>
      " with message:\n\n    \"\"\"\n" <>
      indent(message) <> "\n    \"\"\"\n\nwhile inspecting:\n\n" <> indent(text) <> "\n"
  end

  defp indent(text), do: "    " <> String.replace(text, "\n", "\n    ")
end

defmodule Regex.CompileError do
  defexception message: "regex could not be compiled"
end

defmodule Code.LoadError do
  defexception [:file, :message, :reason]

  def exception(options) do
    file = Keyword.fetch!(options, :file)
    reason = Keyword.fetch!(options, :reason)
    %Code.LoadError{file: file, reason: reason, message: "could not load #{file}. Reason: #{reason}"}
  end
end

defmodule CompileError do
  defexception [:file, :line, description: "compile error"]

  def message(%{file: file, line: line, description: description}) do
    Exception.format_file_line(file, line) <> " " <> description
  end
end

defmodule SyntaxError do
  defexception [:file, :line, :column, :snippet, description: "syntax error"]

  def message(%{snippet: snippet} = error) do
    text = Exception.format_file_line_column(error.file, error.line, error.column) <> " " <> error.description

    if snippet, do: text <> "\n" <> Exception.format_snippet(snippet, error.line), else: text
  end
end

defmodule TokenMissingError do
  defexception [:file, :line, :snippet, :column, description: "expression is incomplete"]

  def message(%{snippet: snippet} = error) do
    text = Exception.format_file_line_column(error.file, error.line, error.column) <> " " <> error.description

    if snippet, do: text <> "\n" <> Exception.format_snippet(snippet, error.line), else: text
  end
end

defmodule File.Error do
  defexception [:reason, :path, action: ""]

  @words %{
    eacces: "permission denied",
    eagain: "resource temporarily unavailable",
    ebadf: "bad file number",
    ebusy: "file busy",
    eexist: "file already exists",
    einval: "invalid argument",
    eio: "I/O error",
    eisdir: "illegal operation on a directory",
    enoent: "no such file or directory",
    enomem: "not enough memory",
    enospc: "no space left on device",
    enotdir: "not a directory",
    enotsup: "operation not supported",
    eperm: "not owner",
    terminated: "the file server process is terminated",
    badarg: "bad argument",
    system_limit: "a system limit was hit, probably not enough ports"
  }

  def message(%{action: action, reason: reason, path: path}) do
    "could not " <> action <> " " <> inspect(path) <> ": " <> words(action, reason)
  end

  defp words("remove directory", :eexist), do: "directory is not empty"
  defp words(_action, reason), do: Map.get(@words, reason, "unknown POSIX error")
end

defmodule IO.StreamError do
  defexception [:reason, :message]

  def exception(options) do
    reason = Keyword.fetch!(options, :reason)
    words = if reason == :terminated, do: "the file server process is terminated", else: inspect(reason)
    %IO.StreamError{reason: reason, message: "error during streaming: " <> words}
  end
end

defmodule URI.Error do
  defexception [:action, :reason, :part]

  def message(%{action: action, reason: reason, part: part}) do
    "cannot #{action} due to reason #{reason}: " <> inspect(part)
  end
end

defmodule System.EnvError do
  defexception [:env]

  def message(%{env: env}) do
    "could not fetch environment variable " <> inspect(env) <> " because it is not set"
  end
end

defmodule ErlangError do
  defexception [:original, :reason]

  def message(%{original: original, reason: nil}), do: "Erlang error: " <> inspect(original)
  def message(%{original: original, reason: reason}), do: "Erlang error: " <> inspect(original) <> reason

  # Turns an error reason of the machine into the exception that `rescue` sees.
  def normalize(:badarg, stacktrace) do
    message =
      case stacktrace do
        [{:io, _, args, _} | _] when is_list(args) -> :io.explain(args)
        [{_, _, arity, location} | _] when is_integer(arity) -> location[:error_info]
        [{:ets, _, _, location} | _] -> location[:error_info]
        _ -> :rashomon.badarg_message(stacktrace || [])
      end

    case message do
      nil -> %ArgumentError{}
      message -> %ArgumentError{message: message}
    end
  end

  def normalize(:badarith, _), do: %ArithmeticError{}
  def normalize(:system_limit, _), do: %SystemLimitError{}
  def normalize(:cond_clause, _), do: %CondClauseError{}
  def normalize({:badarg, detail}, _), do: %ArgumentError{message: "argument error: " <> inspect(detail)}
  def normalize({:badarity, {function, args}}, _), do: %BadArityError{function: function, args: args}
  def normalize({:badfun, term}, _), do: %BadFunctionError{term: term}
  def normalize({:badstruct, struct, term}, _), do: %BadStructError{struct: struct, term: term}
  def normalize({:badmatch, term}, _), do: %MatchError{term: term}
  def normalize({:badmap, term}, _), do: %BadMapError{term: term}
  def normalize({:badbool, operator, term}, _), do: %BadBooleanError{operator: operator, term: term}
  def normalize({:case_clause, term}, _), do: %CaseClauseError{term: term}
  def normalize({:with_clause, term}, _), do: %WithClauseError{term: term}
  def normalize({:try_clause, term}, _), do: %TryClauseError{term: term}

  def normalize({:badkey, key}, stacktrace) do
    case stacktrace do
      [{Map, :get_and_update!, [map, _, _], _} | _] -> %KeyError{key: key, term: map}
      [{Map, :update!, [map, _, _], _} | _] -> %KeyError{key: key, term: map}
      [{:maps, :update, [_, _, map], _} | _] -> %KeyError{key: key, term: map}
      [{:maps, :get, [_, map], _} | _] -> %KeyError{key: key, term: map}
      [{:erlang, :map_get, [_, map], _} | _] -> %KeyError{key: key, term: map}
      _ -> %KeyError{key: key, term: nil}
    end
  end

  def normalize({:badkey, key, map}, _) when is_map(map), do: %KeyError{key: key, term: map}

  def normalize({:badkey, key, term}, _) do
    message =
      "key " <>
        inspect(key) <>
        " not found in: " <>
        inspect(term) <>
        ". If you are using the dot syntax, such as map.field, make sure the left-hand side of the dot is a map"

    %KeyError{key: key, term: term, message: message}
  end

  def normalize(:undef, stacktrace) do
    {module, function, arity} = first(stacktrace)
    %UndefinedFunctionError{module: module, function: function, arity: arity}
  end

  def normalize(:function_clause, stacktrace) do
    {module, function, arity} = first(stacktrace)
    %FunctionClauseError{module: module, function: function, arity: arity}
  end

  def normalize(other, _), do: %ErlangError{original: other}

  defp first([{module, function, args, _} | _]) when is_list(args), do: {module, function, length(args)}
  defp first([{module, function, arity, _} | _]), do: {module, function, arity}
  defp first(_), do: {nil, nil, nil}
end
