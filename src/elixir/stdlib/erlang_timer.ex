defmodule :timer do
  # Erlang's `timer` over virtual time. One-shot messages are timers of the world; what repeats or calls a function is a
  # process that waits.

  def start, do: :ok

  def sleep(timeout) do
    receive do
    after
      timeout -> :ok
    end
  end

  def seconds(seconds), do: 1000 * seconds
  def minutes(minutes), do: 60_000 * minutes
  def hours(hours), do: 3_600_000 * hours
  def hms(hours, minutes, seconds), do: hours(hours) + minutes(minutes) + seconds(seconds)
  def now_diff({a2, b2, c2}, {a1, b1, c1}), do: ((a2 - a1) * 1_000_000 + (b2 - b1)) * 1_000_000 + (c2 - c1)

  def tc(fun), do: tc(fun, [])

  def tc(fun, args) do
    before = :erlang.monotonic_time(:microsecond)
    value = apply(fun, args)
    {:erlang.monotonic_time(:microsecond) - before, value}
  end

  def tc(module, function, args) do
    before = :erlang.monotonic_time(:microsecond)
    value = apply(module, function, args)
    {:erlang.monotonic_time(:microsecond) - before, value}
  end

  def send_after(time, message), do: send_after(time, self(), message)

  def send_after(time, to, message) when is_integer(time) and time >= 0 and (is_pid(to) or is_atom(to)) do
    {:ok, {:send_local, :erlang.send_after(time, to, message)}}
  end

  def send_after(_time, _to, _message), do: {:error, :badarg}

  def send_interval(time, message), do: send_interval(time, self(), message)

  def send_interval(time, to, message) when is_integer(time) and time >= 0 and (is_pid(to) or is_atom(to)) do
    ticker =
      :erlang.spawn(fn ->
        if is_pid(to), do: :erlang.monitor(:process, to)
        tick(time, fn -> send_quietly(to, message) end)
      end)

    {:ok, {:interval, ticker}}
  end

  def send_interval(_time, _to, _message), do: {:error, :badarg}

  def apply_after(time, module, function, args)
      when is_integer(time) and time >= 0 and is_atom(module) and is_atom(function) and is_list(args) do
    waiting =
      :erlang.spawn(fn ->
        receive do
          :cancel -> :ok
        after
          time -> apply(module, function, args)
        end
      end)

    {:ok, {:once, waiting}}
  end

  def apply_after(_time, _module, _function, _args), do: {:error, :badarg}

  def apply_interval(time, module, function, args)
      when is_integer(time) and time >= 0 and is_atom(module) and is_atom(function) and is_list(args) do
    {:ok, {:interval, :erlang.spawn(fn -> tick(time, fn -> :erlang.spawn(module, function, args) end) end)}}
  end

  def apply_interval(_time, _module, _function, _args), do: {:error, :badarg}

  def exit_after(time, reason), do: exit_after(time, self(), reason)
  def exit_after(time, pid, reason), do: apply_after(time, :erlang, :exit, [pid, reason])
  def kill_after(time), do: exit_after(time, self(), :kill)
  def kill_after(time, pid), do: exit_after(time, pid, :kill)

  def cancel({:send_local, timer}) do
    :erlang.cancel_timer(timer)
    {:ok, :cancel}
  end

  def cancel({kind, pid}) when kind in [:once, :interval] and is_pid(pid) do
    send(pid, :cancel)
    {:ok, :cancel}
  end

  def cancel(_timer), do: {:error, :badarg}

  defp tick(time, fun) do
    receive do
      :cancel -> :ok
      {:DOWN, _, _, _, _} -> :ok
    after
      time ->
        fun.()
        tick(time, fun)
    end
  end

  defp send_quietly(to, message) do
    send(to, message)
  rescue
    ArgumentError -> :ok
  end
end
