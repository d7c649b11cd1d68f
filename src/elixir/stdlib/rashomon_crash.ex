# What is written when nobody handles what a process raises.
defmodule :rashomon_crash do
  # Calls what was registered for the end of the script.
  def finish(status), do: finish(:rashomon.take_at_exit(), status)

  defp finish([], _status), do: :ok

  defp finish([function | rest], status) do
    function.(status)
    finish(rest, status)
  end

  def report(true, :exit, reason, _trace) do
    case reason do
      :normal -> :rashomon.exit_with(:normal, nil)
      :shutdown -> :rashomon.exit_with(:shutdown, nil)
      {:shutdown, _} -> :rashomon.exit_with(reason, nil)
      _ -> :rashomon.exit_with(reason, "** (exit) " <> Exception.format_exit(reason))
    end
  end

  def report(main, class, reason, trace) do
    {shown, trace} = Exception.blame(class, reason, trace)
    text = format(class, shown, trace)
    text = if main, do: text, else: in_process(text)
    :rashomon.exit_with(why(class, reason, trace), text)
  end

  # The arguments that no clause takes stand below the message, as far to the right as the stack trace.
  defp format(:error, %FunctionClauseError{} = error, [_ | _] = trace) do
    case String.split(Exception.format_banner(:error, error, trace), "\n\n", parts: 2) do
      [headline, rest] ->
        headline <>
          "    \n    \n    " <>
          String.replace(rest, "\n", "\n    ") <> "\n" <> Exception.format_stacktrace(trace)

      [headline] ->
        headline <> "\n" <> Exception.format_stacktrace(trace)
    end
  end

  defp format(class, shown, trace), do: Exception.format(class, shown, trace)

  # Only what ends the main process begins a line with its error.
  defp in_process(text) do
    "\n[error] Process #{inspect(self())} raised an exception\n    " <> String.replace(text, "\n", "\n    ")
  end

  # The files of a program, one after another.
  def files([]), do: :ok

  def files([file | rest]) do
    file.(nil)
    files(rest)
  end

  defp why(:error, reason, trace), do: {reason, trace}
  defp why(:throw, value, trace), do: {{:nocatch, value}, trace}
end
