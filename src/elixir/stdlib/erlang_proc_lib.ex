defmodule :proc_lib do
  # Processes with ancestors that start in step with their parent, and end without a report of the machine's.

  def spawn(fun) when is_function(fun, 0), do: :erlang.spawn(body(:erlang, :apply, [fun, []]))
  def spawn(module, function, args), do: :erlang.spawn(body(module, function, args))
  def spawn_link(fun) when is_function(fun, 0), do: :erlang.spawn_link(body(:erlang, :apply, [fun, []]))
  def spawn_link(module, function, args), do: :erlang.spawn_link(body(module, function, args))
  def spawn_opt(fun, options), do: :erlang.spawn_opt(body(:erlang, :apply, [fun, []]), options)
  def spawn_opt(module, function, args, options), do: :erlang.spawn_opt(body(module, function, args), options)

  defp body(module, function, args) do
    ancestors = GenServer.ancestors()

    fn ->
      :erlang.put(:"$ancestors", ancestors)
      :erlang.put(:"$initial_call", {module, function, length(args)})

      try do
        apply(module, function, args)
      catch
        :exit, reason -> exit(reason)
        :error, reason -> exit({reason, __STACKTRACE__})
        :throw, value -> exit({{:nocatch, value}, __STACKTRACE__})
      end
    end
  end

  def start_link(module, function, args, timeout \\ :infinity) do
    pid = :proc_lib.spawn_link(module, function, args)

    receive do
      {:ack, ^pid, result} -> result
      {:EXIT, ^pid, reason} -> {:error, reason}
    after
      timeout ->
        :erlang.unlink(pid)
        :erlang.exit(pid, :kill)

        receive do
          {:EXIT, ^pid, _} -> {:error, :timeout}
        after
          0 -> {:error, :timeout}
        end
    end
  end

  def start(module, function, args, timeout \\ :infinity) do
    {pid, ref} = :proc_lib.spawn_opt(module, function, args, [:monitor])

    receive do
      {:ack, ^pid, result} ->
        :erlang.demonitor(ref, [:flush])
        result

      {:DOWN, ^ref, _, _, reason} ->
        {:error, reason}
    after
      timeout ->
        :erlang.exit(pid, :kill)
        :erlang.demonitor(ref, [:flush])
        {:error, :timeout}
    end
  end

  # The parent is the first ancestor.
  def init_ack(result), do: init_ack(hd(:erlang.get(:"$ancestors")), result)

  def init_ack(parent, result) do
    send(parent, {:ack, self(), result})
    :ok
  end

  def stop(process), do: stop(process, :normal, :infinity)

  def stop(process, reason, timeout) do
    case GenServer.stop_process(GenServer.whereis(process), reason, timeout) do
      :ok -> :ok
      {:exit, why} -> exit(why)
    end
  end

  def initial_call(_process), do: :erlang.get(:"$initial_call")
end
