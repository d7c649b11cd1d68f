defmodule Process do
  # Elixir's names for what the world does with processes.

  def alive?(pid), do: :erlang.is_process_alive(pid)
  def list, do: :erlang.processes()
  def registered, do: :erlang.registered()

  def sleep(timeout) when timeout == :infinity or (is_integer(timeout) and timeout >= 0) do
    receive do
    after
      timeout -> :ok
    end
  end

  def send(dest, message, options), do: :erlang.send(dest, message, options)

  def send_after(dest, message, time, opts \\ []), do: :erlang.send_after(time, dest, message, opts)
  def cancel_timer(timer), do: :erlang.cancel_timer(timer)

  def cancel_timer(timer, options) do
    left = :erlang.cancel_timer(timer)
    told = Keyword.get(options, :info, true)

    if Keyword.get(options, :async, false) do
      if told, do: :erlang.send(self(), {:cancel_timer, timer, left})
      :ok
    else
      if told, do: left, else: :ok
    end
  end

  def read_timer(timer), do: :erlang.read_timer(timer)

  def spawn(fun, opts), do: :erlang.spawn_opt(fun, opts)
  def spawn(module, function, args, opts), do: :erlang.spawn_opt(module, function, args, opts)

  def exit(pid, reason), do: :erlang.exit(pid, reason)
  def link(pid_or_port), do: :erlang.link(pid_or_port)
  def unlink(pid_or_port), do: :erlang.unlink(pid_or_port)
  def monitor(item), do: :erlang.monitor(:process, item)
  def demonitor(monitor_ref, options \\ []), do: :erlang.demonitor(monitor_ref, options)

  def register(pid_or_port, name) when is_atom(name) and name not in [nil, false, true, :undefined] do
    :erlang.register(name, pid_or_port)
  catch
    :error, :badarg ->
      message =
        "could not register #{inspect(pid_or_port)} with " <>
          "name #{inspect(name)} because it is not alive, the name is already " <>
          "taken, or it has already been given another name"

      :erlang.error(%ArgumentError{message: message}, [pid_or_port, name])
  end

  def unregister(name), do: :erlang.unregister(name)

  def whereis(name) do
    case :erlang.whereis(name) do
      :undefined -> nil
      pid -> pid
    end
  end

  def flag(flag, value), do: :erlang.process_flag(flag, value)
  def flag(pid, flag, value), do: :erlang.process_flag(pid, flag, value)
  def group_leader, do: :erlang.group_leader()
  def group_leader(pid, leader), do: :erlang.group_leader(leader, pid)
  def hibernate(module, function, args), do: :erlang.hibernate(module, function, args)

  def info(pid) do
    case :erlang.process_info(pid) do
      :undefined -> nil
      info -> info
    end
  end

  def info(pid, :registered_name) do
    case :erlang.process_info(pid, :registered_name) do
      :undefined -> nil
      [] -> {:registered_name, []}
      info -> info
    end
  end

  def info(pid, spec) when is_atom(spec) or is_list(spec) or is_tuple(spec) do
    case :erlang.process_info(pid, spec) do
      :undefined -> nil
      info -> info
    end
  end

  def get, do: :erlang.get()

  def get(key, default \\ nil) do
    case :erlang.get(key) do
      :undefined -> default
      value -> value
    end
  end

  def get_keys, do: :erlang.get_keys()
  def get_keys(value), do: :erlang.get_keys(value)
  def put(key, value), do: undefined_to_nil(:erlang.put(key, value))
  def delete(key), do: undefined_to_nil(:erlang.erase(key))

  defp undefined_to_nil(:undefined), do: nil
  defp undefined_to_nil(value), do: value
end
