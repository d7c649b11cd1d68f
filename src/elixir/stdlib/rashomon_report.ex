defmodule Rashomon.Report do
  # What OTP and Elixir log when a server or a task ends abnormally, and the errors that `use GenServer` falls back to.
  # It has a module of its own so that only programs that need it load it.

  def server_terminating(name, kind, reason, stacktrace, message, module, state) do
    {from, message} =
      case message do
        {:"$gen_call", {pid, _}, request} -> {" (from #{inspect(pid)})", request}
        _ -> {"", message}
      end

    log(
      "GenServer #{inspect(name(name))} terminating\n" <>
        banner(kind, reason, stacktrace) <>
        "\nLast message#{from}: #{inspect(message)}\nState: #{inspect(shown(module, state))}"
    )
  end

  defp name(nil), do: self()
  defp name({:via, _, term}), do: term
  defp name(name), do: name

  defp shown(module, state) do
    if :erlang.function_exported(module, :format_status, 2) do
      module.format_status(:terminate, [:erlang.get(), state])
    else
      state
    end
  catch
    _, _ -> state
  end

  def task_terminating(owner, kind, reason, stacktrace, fun, args) do
    reason = if kind == :throw, do: {:nocatch, reason}, else: reason

    log(
      "Task #{inspect(self())} started from #{inspect(owner)} terminating\n" <>
        banner(kind, reason, stacktrace) <> "\nFunction: #{inspect(fun)}\n    Args: #{inspect(args)}"
    )
  end

  defp banner(:error, reason, stacktrace) do
    Exception.format_banner(:error, reason, stacktrace) <> trace(stacktrace)
  end

  defp banner(_, reason, stacktrace), do: "** (stop) " <> Exception.format_exit(reason) <> trace(stacktrace)

  defp trace([]), do: ""
  defp trace([entry | rest]), do: "\n    " <> Exception.format_stacktrace_entry(entry) <> trace(rest)

  def unexpected_message(module, message) do
    unexpected("#{inspect(module)} #{inspect(registered())}", " in handle_info/2", message)
  end

  def unexpected(who, where, message) do
    log("#{who} received unexpected message#{where}: #{inspect(message)}\n")
  end

  # The time is always 0: reading the clock would be a step.
  defp log(text), do: :rashomon.crash_report("00:00:00.000 [error] " <> text)

  def no_clause(kind, callback) do
    raise "attempted to #{kind} GenServer #{inspect(registered())} but no #{callback} clause was provided"
  end

  defp registered do
    case :erlang.process_info(self(), :registered_name) do
      {_, name} -> name
      [] -> self()
    end
  end
end
