defmodule Logger do
  # Log lines on stderr. The time is always 0: reading the clock would be a step of the process that logs. The level can be
  # set for the process that asks for it, not for all.

  defmacro debug(message_or_fun, metadata \\ []), do: line(:debug, message_or_fun, metadata)
  defmacro info(message_or_fun, metadata \\ []), do: line(:info, message_or_fun, metadata)
  defmacro notice(message_or_fun, metadata \\ []), do: line(:notice, message_or_fun, metadata)
  defmacro warning(message_or_fun, metadata \\ []), do: line(:warning, message_or_fun, metadata)
  defmacro warn(message_or_fun, metadata \\ []), do: line(:warning, message_or_fun, metadata)
  defmacro error(message_or_fun, metadata \\ []), do: line(:error, message_or_fun, metadata)
  defmacro critical(message_or_fun, metadata \\ []), do: line(:critical, message_or_fun, metadata)
  defmacro alert(message_or_fun, metadata \\ []), do: line(:alert, message_or_fun, metadata)
  defmacro emergency(message_or_fun, metadata \\ []), do: line(:emergency, message_or_fun, metadata)

  defmacro log(level, message_or_fun, metadata \\ []), do: line(level, message_or_fun, metadata)

  defp line(level, message_or_fun, metadata) do
    quote do
      Logger.bare_log(unquote(level), unquote(message_or_fun), unquote(metadata))
    end
  end

  def bare_log(level, message_or_fun, metadata \\ []) do
    level = if level == :warn, do: :warning, else: level
    rank = rank(level)

    if rank == nil do
      raise ArgumentError, "invalid level #{inspect(level)}"
    end

    if rank >= rank(level()) and enabled?(self()) do
      IO.write(:stderr, [
        "\n00:00:00.000 ",
        shown(metadata),
        ?[,
        :erlang.atom_to_binary(level),
        "] ",
        text(message_or_fun),
        ?\n
      ])
    end

    :ok
  end

  # Metadata is kept, not printed, as in Elixir's default format.
  defp shown(_metadata), do: ""

  defp text(fun) when is_function(fun, 0) do
    case fun.() do
      {message, metadata} when is_list(metadata) -> text(message)
      message -> text(message)
    end
  end

  defp text(message) when is_binary(message), do: message
  defp text(report) when is_map(report) and not is_struct(report), do: inspect(:maps.to_list(report))
  defp text([{key, _} | _] = report) when is_atom(key), do: inspect(report)
  defp text(chardata) when is_list(chardata), do: IO.chardata_to_string(chardata)
  defp text(other), do: to_string(other)

  defp rank(:all), do: 0
  defp rank(:debug), do: 1
  defp rank(:info), do: 2
  defp rank(:notice), do: 3
  defp rank(:warning), do: 4
  defp rank(:warn), do: 4
  defp rank(:error), do: 5
  defp rank(:critical), do: 6
  defp rank(:alert), do: 7
  defp rank(:emergency), do: 8
  defp rank(:none), do: 9
  defp rank(_), do: nil

  def level do
    case :erlang.get(:"$logger_level") do
      :undefined -> :debug
      level -> level
    end
  end

  def compare_levels(same, same), do: :eq
  def compare_levels(left, right), do: if(rank(left) < rank(right), do: :lt, else: :gt)

  def configure(options) do
    case :lists.keyfind(:level, 1, options) do
      {_, level} -> :erlang.put(:"$logger_level", if(level == :warn, do: :warning, else: level))
      false -> :ok
    end

    :ok
  end

  def configure_backend(_backend, _options), do: :ok
  def add_backend(_backend, _options \\ []), do: :ok
  def remove_backend(_backend, _options \\ []), do: :ok
  def flush, do: :ok

  def enabled?(pid) when pid == self(), do: :erlang.get(:"$logger_disabled") != true

  def disable(pid) when pid == self() do
    :erlang.put(:"$logger_disabled", true)
    :ok
  end

  def enable(pid) when pid == self() do
    :erlang.erase(:"$logger_disabled")
    :ok
  end

  def metadata do
    case :erlang.get(:"$logger_metadata") do
      :undefined -> []
      metadata -> metadata
    end
  end

  def metadata(new) when is_list(new) do
    :erlang.put(
      :"$logger_metadata",
      for({_, value} = pair <- Keyword.merge(metadata(), new), value != nil, do: pair)
    )

    :ok
  end

  def reset_metadata(new \\ []) do
    :erlang.put(:"$logger_metadata", new)
    :ok
  end
end
