defmodule DynamicSupervisor do
  # A supervisor whose children are all started on request; also the process behind Task.Supervisor. A child is
  # {start, restart, shutdown, type, modules}, kept by pid, as {:restarting, child} while a restart fails.

  defstruct [
    :name,
    :mod,
    :args,
    :strategy,
    :max_children,
    :max_restarts,
    :max_seconds,
    extra_arguments: [],
    children: %{},
    restarts: []
  ]

  defmacro __using__(opts) do
    quote do
      @behaviour DynamicSupervisor

      def child_spec(arg) do
        Supervisor.child_spec(
          %{id: __MODULE__, start: {__MODULE__, :start_link, [arg]}, type: :supervisor},
          unquote(opts)
        )
      end

      defoverridable child_spec: 1
    end
  end

  def child_spec(options) when is_list(options) do
    id =
      case :lists.keyfind(:name, 1, options) do
        {_, name} when name != nil -> name
        _ -> DynamicSupervisor
      end

    %{id: id, start: {DynamicSupervisor, :start_link, [options]}, type: :supervisor}
  end

  def start_link(options) when is_list(options) do
    {flags, start_options} = split_options(options, [], [])
    start_link(Supervisor.Default, init(flags), start_options)
  end

  def start_link(module, init_arg, options \\ []) do
    GenServer.start_link(DynamicSupervisor.Server, {module, init_arg, name(options)}, options)
  end

  defp name(options) do
    case :lists.keyfind(:name, 1, options) do
      {_, name} -> name
      false -> nil
    end
  end

  @doc false
  def split_options([], flags, start), do: {:lists.reverse(flags), :lists.reverse(start)}

  def split_options([{key, _} = option | rest], flags, start)
      when key in [:extra_arguments, :max_children, :max_seconds, :max_restarts, :strategy] do
    split_options(rest, [option | flags], start)
  end

  def split_options([option | rest], flags, start), do: split_options(rest, flags, [option | start])

  def init(options) when is_list(options) do
    {:ok,
     %{
       strategy: option(options, :strategy, :one_for_one),
       intensity: option(options, :max_restarts, 3),
       period: option(options, :max_seconds, 5),
       max_children: option(options, :max_children, :infinity),
       extra_arguments: option(options, :extra_arguments, [])
     }}
  end

  defp option(options, key, default) do
    case :lists.keyfind(key, 1, options) do
      {_, value} -> value
      false -> default
    end
  end

  def start_child(supervisor, {_, _, _, _, _, _} = old), do: start_checked(supervisor, old)

  def start_child(supervisor, child), do: start_checked(supervisor, Supervisor.child_spec(child, []))

  defp start_checked(supervisor, spec) do
    case check_spec(spec) do
      {:ok, child} -> call(supervisor, {:start_child, child})
      {:error, _} = error -> error
    end
  end

  defp check_spec({_, start, restart, shutdown, type, modules}) do
    check_child(start, restart, shutdown, type, modules)
  end

  defp check_spec(%{id: _, start: {module, _, _} = start} = spec) do
    type = option_of(spec, :type, :worker)

    check_child(
      start,
      option_of(spec, :restart, :permanent),
      option_of(spec, :shutdown, if(type == :supervisor, do: :infinity, else: 5000)),
      type,
      option_of(spec, :modules, [module])
    )
  end

  defp check_spec(other), do: {:error, {:invalid_child_spec, other}}

  defp option_of(spec, key, default) do
    case spec do
      %{^key => value} -> value
      _ -> default
    end
  end

  defp check_child(start, restart, shutdown, type, modules) do
    cond do
      not match?({m, f, a} when is_atom(m) and is_atom(f) and is_list(a), start) ->
        {:error, {:invalid_mfa, start}}

      restart not in [:permanent, :transient, :temporary] ->
        {:error, {:invalid_restart_type, restart}}

      not (shutdown in [:brutal_kill, :infinity] or (is_integer(shutdown) and shutdown >= 0)) ->
        {:error, {:invalid_shutdown, shutdown}}

      type not in [:worker, :supervisor] ->
        {:error, {:invalid_child_type, type}}

      not (modules == :dynamic or (is_list(modules) and Enum.all?(modules, &is_atom/1))) ->
        {:error, {:invalid_modules, modules}}

      true ->
        {:ok, {start, restart, shutdown, type, modules}}
    end
  end

  def terminate_child(supervisor, pid) when is_pid(pid), do: call(supervisor, {:terminate_child, pid})
  def which_children(supervisor), do: call(supervisor, :which_children)
  def count_children(supervisor), do: :maps.from_list(call(supervisor, :count_children))

  def stop(supervisor, reason \\ :normal, timeout \\ :infinity),
    do: GenServer.stop(supervisor, reason, timeout)

  defp call(supervisor, request), do: GenServer.call(supervisor, request, :infinity)
end

defmodule DynamicSupervisor.Server do
  # The process, as a GenServer.

  def init({module, arg, name}) do
    :erlang.process_flag(:trap_exit, true)
    :erlang.put(:"$initial_call", {:supervisor, module, 1})
    name = if name == nil, do: {self(), module}, else: name

    case module.init(arg) do
      {:ok, flags} when is_map(flags) ->
        case check_flags(flags) do
          :ok ->
            {:ok,
             %DynamicSupervisor{
               name: name,
               mod: module,
               args: arg,
               strategy: :one_for_one,
               max_children: flag(flags, :max_children, :infinity),
               max_restarts: flag(flags, :intensity, 1),
               max_seconds: flag(flags, :period, 5),
               extra_arguments: flag(flags, :extra_arguments, [])
             }}

          {:error, reason} ->
            {:stop, {:supervisor_data, reason}}
        end

      :ignore ->
        :ignore

      other ->
        {:stop, {:bad_return, {module, :init, other}}}
    end
  end

  defp flag(flags, key, default) do
    case flags do
      %{^key => value} -> value
      _ -> default
    end
  end

  defp check_flags(flags) do
    extra = flag(flags, :extra_arguments, [])
    max_children = flag(flags, :max_children, :infinity)
    intensity = flag(flags, :intensity, 1)
    period = flag(flags, :period, 5)
    strategy = flag(flags, :strategy, :one_for_one)

    cond do
      not is_list(extra) ->
        {:error, {:invalid_extra_arguments, extra}}

      not (max_children == :infinity or natural?(max_children)) ->
        {:error, {:invalid_max_children, max_children}}

      not natural?(intensity) ->
        {:error, {:invalid_intensity, intensity}}

      not (is_integer(period) and period > 0) ->
        {:error, {:invalid_period, period}}

      strategy != :one_for_one ->
        {:error, {:invalid_strategy, strategy}}

      true ->
        :ok
    end
  end

  defp natural?(n), do: is_integer(n) and n >= 0

  def handle_call({:start_child, child}, _from, server), do: start_child(child, server)

  def handle_call({:start_task, args, restart, shutdown}, _from, server) do
    {default_restart, default_shutdown} = :erlang.get(Task.Supervisor)

    start_child(
      {{Task.Supervised, :start_child, args}, restart || default_restart, shutdown || default_shutdown,
       :worker, [Task.Supervised]},
      server
    )
  end

  def handle_call({:terminate_child, pid}, _from, %{children: children} = server) do
    case children do
      %{^pid => child} ->
        terminate_children(%{pid => child})
        {:reply, :ok, %{server | children: :maps.remove(pid, children)}}

      _ ->
        {:reply, {:error, :not_found}, server}
    end
  end

  def handle_call(:which_children, _from, server) do
    shown =
      for {pid, child} <- :maps.to_list(server.children) do
        case child do
          {:restarting, {_, _, _, type, modules}} -> {:undefined, :restarting, type, modules}
          {_, _, _, type, modules} -> {:undefined, pid, type, modules}
        end
      end

    {:reply, shown, server}
  end

  def handle_call(:count_children, _from, server) do
    {:reply, count(:maps.values(server.children), 0, 0, 0, 0), server}
  end

  defp count([], specs, active, supervisors, workers) do
    [specs: specs, active: active, supervisors: supervisors, workers: workers]
  end

  defp count([child | rest], specs, active, supervisors, workers) do
    {active, type} =
      case child do
        {:restarting, {_, _, _, type, _}} -> {active, type}
        {_, _, _, type, _} -> {active + 1, type}
      end

    if type == :supervisor,
      do: count(rest, specs + 1, active, supervisors + 1, workers),
      else: count(rest, specs + 1, active, supervisors, workers + 1)
  end

  defp start_child(_child, %{max_children: max, children: children} = server)
       when map_size(children) >= max do
    {:reply, {:error, :max_children}, server}
  end

  defp start_child({start, restart, shutdown, type, modules} = child, server) do
    case apply_start(start, server) do
      {:ok, pid, reply} ->
        child =
          if restart == :temporary,
            do: {put_elem(start, 2, :undefined), restart, shutdown, type, modules},
            else: child

        {:reply, reply, %{server | children: :maps.put(pid, child, server.children)}}

      other ->
        {:reply, other, server}
    end
  end

  defp apply_start({module, function, args}, %{extra_arguments: extra}) do
    case apply(module, function, extra ++ args) do
      {:ok, pid} when is_pid(pid) -> {:ok, pid, {:ok, pid}}
      {:ok, pid, info} when is_pid(pid) -> {:ok, pid, {:ok, pid, info}}
      :ignore -> :ignore
      {:error, _} = error -> error
      other -> {:error, other}
    end
  catch
    :exit, reason -> {:error, reason}
    :error, reason -> {:error, {reason, __STACKTRACE__}}
    :throw, value -> {:error, {{:nocatch, value}, __STACKTRACE__}}
  end

  def handle_cast(_request, server), do: {:noreply, server}

  def handle_info({:EXIT, pid, reason}, %{children: children} = server) do
    case children do
      %{^pid => {_, :permanent, _, _, _} = child} ->
        restart(pid, child, server)

      %{^pid => {_, :transient, _, _, _} = child} when reason not in [:normal, :shutdown] ->
        case reason do
          {:shutdown, _} -> {:noreply, %{server | children: :maps.remove(pid, children)}}
          _ -> restart(pid, child, server)
        end

      %{^pid => _} ->
        {:noreply, %{server | children: :maps.remove(pid, children)}}

      _ ->
        {:noreply, server}
    end
  end

  def handle_info({:"$gen_restart", pid}, server) do
    case server.children do
      %{^pid => {:restarting, child}} -> restart(pid, child, server)
      _ -> {:noreply, server}
    end
  end

  def handle_info(message, server) do
    Rashomon.Report.unexpected("DynamicSupervisor", "", message)
    {:noreply, server}
  end

  defp restart(pid, child, server) do
    case add_restart(server) do
      {:ok, server} ->
        rest = :maps.remove(pid, server.children)

        case apply_start(elem(child, 0), server) do
          {:ok, new, _} ->
            {:noreply, %{server | children: :maps.put(new, child, rest)}}

          :ignore ->
            {:noreply, %{server | children: rest}}

          {:error, _} ->
            send(self(), {:"$gen_restart", pid})
            {:noreply, %{server | children: :maps.put(pid, {:restarting, child}, rest)}}
        end

      :too_many ->
        {:stop, :shutdown, %{server | children: :maps.remove(pid, server.children)}}
    end
  end

  defp add_restart(%{max_restarts: 0}), do: :too_many

  defp add_restart(%{max_restarts: max, max_seconds: seconds, restarts: restarts} = server) do
    now = :erlang.monotonic_time(:second)
    restarts = recent([now | restarts], now - seconds)
    if length(restarts) > max, do: :too_many, else: {:ok, %{server | restarts: restarts}}
  end

  defp recent([time | rest], since) when time >= since, do: [time | recent(rest, since)]
  defp recent(_older, _since), do: []

  def terminate(_reason, %{children: children}), do: terminate_children(children)

  # All are told to stop before the first is waited for. Those that take too long are killed. An :EXIT that a linked
  # child leaves behind is of nobody, and ignored when it is read.
  defp terminate_children(children) do
    stopping =
      for {pid, {_, _, shutdown, _, _}} <- :maps.to_list(children) do
        ref = :erlang.monitor(:process, pid)
        :erlang.exit(pid, if(shutdown == :brutal_kill, do: :kill, else: :shutdown))
        {ref, pid, shutdown}
      end

    await_down(stopping, longest(stopping, 0))
  end

  defp longest([], time), do: time

  defp longest([{_, _, shutdown} | rest], time) when is_integer(shutdown),
    do: longest(rest, max(shutdown, time))

  defp longest([_ | rest], time), do: longest(rest, time)

  defp await_down([], _time), do: :ok

  defp await_down([{ref, pid, shutdown} | rest], time) do
    receive do
      {:DOWN, ^ref, _, _, _} -> :ok
    after
      if(is_integer(shutdown), do: time, else: :infinity) ->
        :erlang.exit(pid, :kill)

        receive do
          {:DOWN, ^ref, _, _, _} -> :ok
        end
    end

    await_down(rest, time)
  end
end
