# Working with exceptions, exits and stacktraces: turning them into structs and into text.
defmodule Exception do
  def exception?(%{__exception__: true, __struct__: module}) when is_atom(module), do: true
  def exception?(_), do: false

  def message(%{__exception__: true, __struct__: module} = exception) do
    try do
      module.message(exception)
    rescue
      caught ->
        "got " <>
          inspect(caught.__struct__) <>
          " with message " <>
          inspect(message(caught)) <>
          " while retrieving Exception.message/1 for " <>
          inspect(exception) <> ". Stacktrace:\n" <> format_stacktrace(__STACKTRACE__)
    else
      text when is_binary(text) ->
        text

      other ->
        "got " <>
          inspect(other) <>
          " while retrieving Exception.message/1 for " <> inspect(exception) <> " (expected a string)"
    end
  end

  def normalize(kind, payload, stacktrace \\ [])
  def normalize(:error, %{__exception__: true} = payload, _), do: payload
  def normalize(:error, payload, stacktrace), do: ErlangError.normalize(payload, stacktrace)
  def normalize(_kind, payload, _), do: payload

  def blame(kind, error, stacktrace)

  def blame(:error, error, stacktrace) do
    exception = normalize(:error, error, stacktrace)

    if :erlang.function_exported(exception.__struct__, :blame, 2) do
      exception.__struct__.blame(exception, stacktrace)
    else
      {exception, stacktrace}
    end
  end

  def blame(_kind, reason, stacktrace), do: {reason, stacktrace}

  def blame_mfa(_module, _function, _args), do: :error

  # Banners

  def format_banner(kind, payload, stacktrace \\ [])

  def format_banner(:error, payload, stacktrace) do
    exception = normalize(:error, payload, stacktrace)
    "** (" <> inspect(exception.__struct__) <> ") " <> message(exception)
  end

  def format_banner(:throw, reason, _), do: "** (throw) " <> inspect(reason)
  def format_banner(:exit, reason, _), do: "** (exit) " <> exit_text(reason, "\n    ")

  def format_banner({:EXIT, pid}, reason, _) do
    "** (EXIT from " <> inspect(pid) <> ") " <> exit_text(reason, "\n    ")
  end

  def format(kind, payload, stacktrace \\ [])
  def format({:EXIT, _} = kind, payload, _), do: format_banner(kind, payload)

  def format(kind, payload, stacktrace) do
    banner = format_banner(kind, payload, stacktrace)

    case stacktrace do
      [] -> banner
      nil -> banner
      _ -> banner <> "\n" <> format_stacktrace(stacktrace)
    end
  end

  # Exit reasons

  def format_exit(reason), do: exit_text(reason, "\n    ")

  # Errors carry their stacktrace, calls the call that they ended.
  defp exit_text({reason, [{_, _, _, _} | _] = stacktrace} = whole, joiner) do
    if stacktrace?(stacktrace) do
      "an exception was raised:" <>
        joiner <>
        format_banner(:error, reason, stacktrace) <>
        joiner <> "    " <> Enum.map_join(stacktrace, joiner <> "    ", &format_stacktrace_entry/1)
    else
      reason_text(whole)
    end
  end

  defp exit_text({:shutdown, {:failed_to_start_child, child, {:EXIT, reason}}}, joiner) do
    failed_child(child, reason, joiner)
  end

  defp exit_text({:shutdown, {:failed_to_start_child, child, reason}}, joiner) do
    failed_child(child, reason, joiner)
  end

  defp exit_text({reason, {module, function, args}}, joiner)
       when is_atom(module) and is_atom(function) and is_list(args) do
    "exited in: " <>
      format_mfa(module, function, args) <> joiner <> "** (EXIT) " <> exit_text(reason, joiner <> "    ")
  end

  defp exit_text(reason, _joiner), do: reason_text(reason)

  defp failed_child(child, reason, joiner) do
    "shutdown: failed to start child: " <>
      inspect(child) <> joiner <> "** (EXIT) " <> exit_text(reason, joiner <> "    ")
  end

  defp reason_text(:normal), do: "normal"
  defp reason_text(:shutdown), do: "shutdown"
  defp reason_text(:killed), do: "killed"
  defp reason_text(:timeout), do: "time out"
  defp reason_text(:calling_self), do: "process attempted to call itself"
  defp reason_text(:noconnection), do: "no connection"

  defp reason_text(:noproc) do
    "no process: the process is not alive or there's no process currently associated with the given name, " <>
      "possibly because its application isn't started"
  end

  defp reason_text({:shutdown, reason}), do: "shutdown: " <> inspect(reason)
  defp reason_text({:bad_return_value, value}), do: "bad return value: " <> inspect(value)
  defp reason_text({:bad_call, request}), do: "bad call: " <> inspect(request)
  defp reason_text({:bad_cast, request}), do: "bad cast: " <> inspect(request)
  defp reason_text({:already_started, pid}), do: "already started: " <> inspect(pid)
  defp reason_text({:nodedown, node}) when is_atom(node), do: "no connection to " <> Atom.to_string(node)
  defp reason_text({:start_spec, spec}), do: "bad child specification, " <> spec_text(spec)

  defp reason_text({:bad_start_spec, spec}),
    do: "bad child specification, invalid children: " <> inspect(spec)

  defp reason_text({:supervisor_data, data}) do
    "bad supervisor configuration, " <> supervisor_text(data)
  end

  defp reason_text(reason), do: inspect(reason)

  defp spec_text({:invalid_child_spec, spec}), do: "invalid child specification: " <> inspect(spec)
  defp spec_text({:invalid_mfa, mfa}), do: "invalid mfa: " <> inspect(mfa)

  defp spec_text({:invalid_module, module}) do
    "invalid module: " <> inspect(module) <> ". Must be an atom."
  end

  defp spec_text({:invalid_restart_type, type}) do
    "invalid restart type: " <> inspect(type) <> ". Must be :permanent, :transient or :temporary."
  end

  defp spec_text({:invalid_shutdown, value}) do
    "invalid shutdown: " <> inspect(value) <> ". Must be an integer >= 0, :infinity or :brutal_kill."
  end

  defp spec_text({:invalid_child_type, type}) do
    "invalid child type: " <> inspect(type) <> ". Must be :worker or :supervisor."
  end

  defp spec_text({:invalid_modules, modules}) do
    "invalid modules: " <> inspect(modules) <> ". Must be a list of atoms or :dynamic."
  end

  defp spec_text({:duplicate_child_name, id}) do
    """
    more than one child specification has the id: #{inspect(id)}.
    If using maps as child specifications, make sure the :id keys are unique.
    If using a module or {module, arg} as child, use Supervisor.child_spec/2 to change the :id, for example:

        children = [
          Supervisor.child_spec({MyWorker, arg}, id: :my_worker_1),
          Supervisor.child_spec({MyWorker, arg}, id: :my_worker_2)
        ]
    """
  end

  defp spec_text(other), do: "got: " <> inspect(other)

  defp supervisor_text({:invalid_intensity, value}),
    do: "invalid max_restarts (intensity): " <> inspect(value)

  defp supervisor_text({:invalid_period, value}), do: "invalid max_seconds (period): " <> inspect(value)

  defp supervisor_text({kind, value})
       when kind in [:invalid_type, :invalid_strategy, :invalid_max_children, :invalid_extra_arguments] do
    "invalid " <> String.replace_prefix(Atom.to_string(kind), "invalid_", "") <> ": " <> inspect(value)
  end

  defp supervisor_text(other), do: "got: " <> inspect(other)

  defp stacktrace?(list) when is_list(list), do: Enum.all?(list, &stacktrace_entry?/1)

  defp stacktrace_entry?({module, function, arity, location}) when is_atom(module) and is_atom(function) do
    is_list(location) and (is_integer(arity) or is_list(arity))
  end

  defp stacktrace_entry?({function, arity, location}) when is_function(function) do
    is_list(location) and (is_integer(arity) or is_list(arity))
  end

  defp stacktrace_entry?({function, arity, _, _}) when is_function(function), do: is_list(arity)
  defp stacktrace_entry?(_), do: false

  # Stacktraces

  def format_stacktrace(trace \\ nil)

  def format_stacktrace(nil) do
    {:current_stacktrace, trace} = :erlang.process_info(self(), :current_stacktrace)

    trace
    |> Enum.drop_while(fn {module, _, _, _} -> module in [:erlang, Process, Exception] end)
    |> format_stacktrace()
  end

  def format_stacktrace([]), do: "\n"
  def format_stacktrace(trace), do: Enum.map_join(trace, &("    " <> format_stacktrace_entry(&1) <> "\n"))

  def format_stacktrace_entry({module, :__MODULE__, 0, location}) do
    where(location) <> inspect(module) <> " (module)"
  end

  def format_stacktrace_entry({_module, :__MODULE__, 1, location}), do: where(location) <> "(module)"

  def format_stacktrace_entry({module, :__FILE__, 1, location} = entry) do
    if script?(module) do
      where(location) <> "(file)"
    else
      call_entry(entry)
    end
  end

  def format_stacktrace_entry({_, _, _, _} = entry), do: call_entry(entry)

  def format_stacktrace_entry({function, arity, location}) when is_function(function) do
    where(location) <> format_fa(function, arity)
  end

  defp call_entry({module, function, arity, location}) do
    where(location) <> format_mfa(module, function, arity)
  end

  defp script?(module) do
    name = Atom.to_string(module)
    String.starts_with?(name, "elixir_compiler") or String.starts_with?(name, "elixir_eval")
  end

  defp where(location) do
    case format_file_line(Keyword.get(location, :file), Keyword.get(location, :line)) do
      "" -> ""
      text -> text <> " "
    end
  end

  # Functions

  def format_fa(function, arity) when is_function(function) do
    inspect(function) <> arity_text(arity)
  end

  def format_mfa(module, function, arity) when is_atom(module) and is_atom(function) do
    case anonymous_in(function) do
      {outer, outer_arity} ->
        "anonymous fn" <>
          arity_text(arity) <>
          " in " <> inspect(module) <> "." <> Macro.inspect_atom(:remote_call, outer) <> "/" <> outer_arity

      nil ->
        inspect(module) <> "." <> Macro.inspect_atom(:remote_call, function) <> arity_text(arity)
    end
  end

  defp arity_text(arity) when is_integer(arity), do: "/" <> Integer.to_string(arity)
  defp arity_text(args) when is_list(args), do: "(" <> Enum.map_join(args, ", ", &inspect/1) <> ")"

  # The functions inside a function are named after it: "-outer/2-fun-0-".
  defp anonymous_in(function) do
    with "-" <> rest <- Atom.to_string(function),
         [_, _ | _] = parts <- String.split(rest, "/"),
         {names, [last]} = Enum.split(parts, -1),
         [outer_arity, inner] <- String.split(last, "-", parts: 2),
         true <- String.starts_with?(inner, "fun-") or String.starts_with?(inner, "anonymous-"),
         true <- String.ends_with?(inner, "-") do
      {String.to_atom(Enum.join(names, "/")), outer_arity}
    else
      _ -> nil
    end
  end

  # Places in files

  def format_file_line(file, line, suffix \\ ""), do: format_file_line_column(file, line, nil, suffix)

  def format_file_line_column(file, line, column, suffix \\ "")
  def format_file_line_column(nil, _line, _column, _suffix), do: ""

  def format_file_line_column(file, line, column, suffix) do
    "#{file}:" <>
      cond do
        line in [nil, 0] -> suffix
        column in [nil, 0] -> "#{line}:" <> suffix
        true -> "#{line}:#{column}:" <> suffix
      end
  end

  def format_snippet(%{content: content, offset: offset}, line) do
    number = to_string(line)
    margin = String.duplicate(" ", max(byte_size(number) + 2, 4))

    margin <>
      "|\n" <>
      String.pad_leading(number, byte_size(margin) - 1) <>
      " | " <> content <> "\n" <> margin <> "|" <> String.duplicate(" ", offset + 1) <> "^"
  end

  def format_error(%{__exception__: true, __struct__: module} = exception, _), do: module.message(exception)
end
