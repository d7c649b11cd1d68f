defmodule Task.Stream do
  # `async_stream`: as many tasks at a time as allowed, their results as an enumerable. The process that enumerates owns
  # the tasks.
  #
  # `run` holds what does not change while the stream is enumerated. A running task is ref => {pid, index, element,
  # deadline}; results that wait for an earlier one are in `done`, by index.

  def build(enumerable, mfa, options, starter) do
    max = option(options, :max_concurrency, nil) || System.schedulers_online()

    if not (is_integer(max) and max > 0) do
      raise ArgumentError, ":max_concurrency must be an integer greater than zero"
    end

    on_timeout = option(options, :on_timeout, :exit)

    if on_timeout not in [:exit, :kill_task] do
      raise ArgumentError, ":on_timeout must be either :exit or :kill_task"
    end

    run = %{
      mfa: mfa,
      starter: starter,
      options: options,
      max: max,
      ordered: option(options, :ordered, true),
      timeout: option(options, :timeout, 5000),
      on_timeout: on_timeout,
      zip: option(options, :zip_input_on_exit, false),
      trapping: false
    }

    fn acc, fun ->
      # Only a process that traps exits could see the :EXITs of the tasks.
      run = %{
        run
        | trapping: linked?(starter) and :erlang.process_info(self(), :trap_exit) == {:trap_exit, true}
      }

      reduce(acc, fun, run, source(enumerable), 0, 0, %{}, %{})
    end
  end

  defp option(options, key, default) do
    case :lists.keyfind(key, 1, options) do
      {_, value} -> value
      false -> default
    end
  end

  defp linked?(:link), do: true
  defp linked?({_, link}), do: link == :link

  ## The elements

  defp source(list) when is_list(list), do: list
  defp source(enumerable), do: &Enumerable.reduce(enumerable, &1, fn element, _ -> {:suspend, [element]} end)

  defp pull([]), do: :done
  defp pull([element | rest]), do: {element, rest}

  defp pull(continue) do
    case continue.({:cont, []}) do
      {:suspended, [element], continue} -> {element, continue}
      {_, [element]} -> {element, []}
      {_, []} -> :done
    end
  end

  defp close(list) when is_list(list), do: :ok
  defp close(continue), do: continue.({:halt, []})

  ## Enumerating

  defp reduce({:halt, acc}, _fun, run, source, _spawned, _next, running, _done) do
    close(source)
    kill_all(running, run)
    {:halted, acc}
  end

  defp reduce({:suspend, acc}, fun, run, source, spawned, next, running, done) do
    {:suspended, acc, &reduce(&1, fun, run, source, spawned, next, running, done)}
  end

  defp reduce({:cont, acc}, fun, run, source, spawned, next, running, done) do
    case done do
      %{^next => result} ->
        done = :maps.remove(next, done)

        reduce(
          emit(result, acc, fun, run, source, running),
          fun,
          run,
          source,
          spawned,
          next + 1,
          running,
          done
        )

      _ ->
        {source, spawned, running} = fill(run, source, spawned, running, run.max - map_size(running))

        if map_size(running) == 0 do
          {:done, acc}
        else
          {running, now} = deadlines(run.timeout, running)
          # With nothing left to start, the order in which results arrive does not matter.
          task = if run.ordered and source == [], do: of_index(:maps.to_list(running), next)
          {index, result, running} = guarded(run, source, running, fn -> wait(run, running, now, task) end)

          if run.ordered do
            done = :maps.put(index, result, done)
            reduce({:cont, acc}, fun, run, source, spawned, next, running, done)
          else
            reduce(
              emit(result, acc, fun, run, source, running),
              fun,
              run,
              source,
              spawned,
              next,
              running,
              done
            )
          end
        end
    end
  end

  # Whatever ends the enumeration also ends the tasks that run.
  defp guarded(run, source, running, fun) do
    fun.()
  catch
    kind, reason ->
      stacktrace = __STACKTRACE__
      close(source)
      kill_all(running, run)
      :erlang.raise(kind, reason, stacktrace)
  end

  defp emit(result, acc, fun, run, source, running) do
    guarded(run, source, running, fn -> fun.(result, acc) end)
  end

  defp fill(_run, source, spawned, running, 0), do: {source, spawned, running}

  defp fill(run, source, spawned, running, free) do
    case guarded(run, [], running, fn -> pull(source) end) do
      :done ->
        {[], spawned, running}

      {element, source} ->
        {module, function, args} = run.mfa
        args = if function == :apply and module == :erlang, do: args ++ [[element]], else: [element | args]
        work = {module, function, args}
        {pid, ref} = guarded(run, source, running, fn -> start(run.starter, run.options, work) end)
        fill(run, source, spawned + 1, :maps.put(ref, {pid, spawned, element, nil}, running), free - 1)
    end
  end

  defp start(:link, _options, work), do: Task.Supervised.start_monitored(self(), Task.callers(), work)

  defp start({supervisor, link}, options, work) do
    case Task.Supervisor.start_waiting(supervisor, link, options) do
      {:ok, pid, ref} ->
        send(pid, {self(), ref, work})
        {pid, ref}

      {:error, :max_children} ->
        raise "reached the maximum number of tasks for this task supervisor. The maximum number of tasks that are " <>
                "allowed to run at the same time under this supervisor can be configured with the :max_children " <>
                "option passed to Task.Supervisor.start_link/1. When using async_stream or async_stream_nolink, " <>
                "make sure to configure :max_concurrency to be lower or equal to :max_children and pay attention " <>
                "to whether other tasks are also spawned under the same task supervisor."
    end
  end

  ## Time: the clock is read once before each wait, and only where there is a timeout

  defp deadlines(:infinity, running), do: {running, nil}

  defp deadlines(timeout, running) do
    now = :erlang.monotonic_time(:millisecond)

    tasks =
      for {ref, {pid, index, element, deadline}} <- :maps.to_list(running) do
        {ref, {pid, index, element, deadline || now + timeout}}
      end

    {:maps.from_list(tasks), now}
  end

  defp remaining(nil, _task), do: :infinity
  defp remaining(now, {_, {_, _, _, deadline}}), do: max(deadline - now, 0)

  defp of_index([{_, {_, index, _, _}} = task | _], index), do: task
  defp of_index([_ | rest], index), do: of_index(rest, index)

  defp first_due([task | rest]), do: first_due(rest, task)

  defp first_due([], first), do: first

  defp first_due(
         [{_, {_, index, _, deadline}} = task | rest],
         {_, {_, first_index, _, first_deadline}} = first
       ) do
    if {deadline, index} < {first_deadline, first_index},
      do: first_due(rest, task),
      else: first_due(rest, first)
  end

  ## Waiting: {index, result, running}

  defp wait(run, running, now, nil) do
    due = first_due(:maps.to_list(running))

    receive do
      {ref, reply} when is_map_key(running, ref) -> replied(run, running, ref, reply)
      {:DOWN, ref, _, _, reason} when is_map_key(running, ref) -> failed(run, running, ref, reason)
    after
      remaining(now, due) -> timed_out(run, running, due)
    end
  end

  defp wait(run, running, now, {ref, _} = task) do
    receive do
      {^ref, reply} -> replied(run, running, ref, reply)
      {:DOWN, ^ref, _, _, reason} -> failed(run, running, ref, reason)
    after
      remaining(now, task) -> timed_out(run, running, task)
    end
  end

  defp replied(run, running, ref, reply) do
    {{pid, index, _, _}, running} = :maps.take(ref, running)
    :erlang.demonitor(ref, [:flush])
    if run.trapping, do: unlink(pid)
    {index, {:ok, reply}, running}
  end

  defp failed(run, running, ref, reason) do
    {{pid, index, element, _}, running} = :maps.take(ref, running)
    if run.trapping, do: unlink(pid)
    {index, failure(run, element, reason), running}
  end

  defp timed_out(run, running, {ref, {pid, index, element, _}}) do
    if run.on_timeout == :exit, do: exit({:timeout, {Task.Supervised, :stream, [run.timeout]}})
    kill(ref, pid, run)
    {index, failure(run, element, :timeout), :maps.remove(ref, running)}
  end

  defp failure(%{zip: true}, element, reason), do: {:exit, {element, reason}}
  defp failure(_run, _element, reason), do: {:exit, reason}

  defp unlink(pid) do
    :erlang.unlink(pid)

    receive do
      {:EXIT, ^pid, _} -> :ok
    after
      0 -> :ok
    end
  end

  defp kill(ref, pid, run) do
    if linked?(run.starter), do: :erlang.unlink(pid)
    :erlang.exit(pid, :kill)
    :erlang.demonitor(ref, [:flush])
    :rashomon.drop_replies(ref)

    if run.trapping do
      receive do
        {:EXIT, ^pid, _} -> :ok
      after
        0 -> :ok
      end
    end
  end

  defp kill_all(running, run) do
    for {ref, {pid, _, _, _}} <- :maps.to_list(running), do: kill(ref, pid, run)
  end
end
