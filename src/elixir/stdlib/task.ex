defmodule Task do
  # A process that computes one value: its owner gets {ref, value} or the :DOWN of the same ref.

  @enforce_keys [:mfa, :owner, :pid, :ref]
  defstruct @enforce_keys

  defmacro __using__(opts) do
    quote do
      def child_spec(arg) do
        Supervisor.child_spec(
          %{id: __MODULE__, start: {__MODULE__, :start_link, [arg]}, restart: :temporary},
          unquote(opts)
        )
      end

      defoverridable child_spec: 1
    end
  end

  def child_spec(arg), do: %{id: Task, start: {Task, :start_link, [arg]}, restart: :temporary}

  def start_link(fun) when is_function(fun, 0), do: start_link(:erlang, :apply, [fun, []])

  def start_link(module, function, args) when is_atom(module) and is_atom(function) and is_list(args) do
    {:ok, Task.Supervised.start_link(self(), callers(), {module, function, args})}
  end

  def start(fun) when is_function(fun, 0), do: start(:erlang, :apply, [fun, []])

  def start(module, function, args) when is_atom(module) and is_atom(function) and is_list(args) do
    {:ok, Task.Supervised.start(self(), callers(), {module, function, args})}
  end

  def async(fun) when is_function(fun, 0), do: async(:erlang, :apply, [fun, []])

  def async(module, function, args) when is_atom(module) and is_atom(function) and is_list(args) do
    owner = self()
    {pid, ref} = Task.Supervised.start_monitored(owner, callers(), {module, function, args})
    %Task{pid: pid, ref: ref, owner: owner, mfa: {module, function, length(args)}}
  end

  def async_stream(enumerable, fun) when is_function(fun, 1), do: async_stream(enumerable, fun, [])

  def async_stream(enumerable, fun, options) when is_function(fun, 1) and is_list(options) do
    Task.Stream.build(enumerable, {:erlang, :apply, [fun]}, options, :link)
  end

  def async_stream(enumerable, module, function, args, options \\ [])
      when is_atom(module) and is_atom(function) and is_list(args) do
    Task.Stream.build(enumerable, {module, function, args}, options, :link)
  end

  def completed(result) do
    ref = make_ref()
    send(self(), {ref, result})
    %Task{ref: ref, pid: nil, owner: self(), mfa: {Task, :completed, 1}}
  end

  @doc false
  def callers do
    case :erlang.get(:"$callers") do
      list when is_list(list) -> [self() | list]
      _ -> [self()]
    end
  end

  def await(%Task{ref: ref, owner: owner} = task, timeout \\ 5000) do
    check_owner(task, owner)

    receive do
      {^ref, reply} ->
        :erlang.demonitor(ref, [:flush])
        reply

      {:DOWN, ^ref, _, proc, reason} ->
        exit({down_reason(reason, proc), {Task, :await, [task, timeout]}})
    after
      timeout ->
        :erlang.demonitor(ref, [:flush])
        :rashomon.drop_replies(ref)
        exit({:timeout, {Task, :await, [task, timeout]}})
    end
  end

  def await_many(tasks, timeout \\ 5000) do
    for %Task{owner: owner} = task <- tasks, do: check_owner(task, owner)
    waiting = for %Task{ref: ref} <- tasks, into: %{}, do: {ref, true}
    {timer, timer_ref} = start_timer(tasks, timeout)
    replies = await_many(tasks, {tasks, timeout, timer, timer_ref}, waiting, %{})
    cancel(timer, timer_ref)
    replies
  end

  # Replies are taken in the order of the tasks, so that the order of their arrival does not matter; the first failure
  # ends the wait at once.
  defp await_many([], _call, _waiting, _early), do: []

  defp await_many([%Task{ref: ref} | rest], call, waiting, early) when is_map_key(early, ref) do
    [:erlang.map_get(ref, early) | await_many(rest, call, waiting, early)]
  end

  defp await_many([%Task{ref: ref} | rest] = left, {_, _, timer, timer_ref} = call, waiting, early) do
    receive do
      {^ref, reply} ->
        :erlang.demonitor(ref, [:flush])
        # The same task may be in the list again.
        [reply | await_many(rest, call, :maps.remove(ref, waiting), :maps.put(ref, reply, early))]

      {:DOWN, ^ref, _, proc, reason} ->
        await_failed(reason, proc, ref, call, waiting)

      {:DOWN, other, _, proc, reason} when reason != :normal and is_map_key(waiting, other) ->
        receive do
          {^other, reply} ->
            await_many(left, call, :maps.remove(other, waiting), :maps.put(other, reply, early))
        after
          0 -> await_failed(reason, proc, other, call, waiting)
        end

      ^timer_ref when timer != nil ->
        forget(:maps.keys(waiting))
        {tasks, timeout, _, _} = call
        exit({:timeout, {Task, :await_many, [tasks, timeout]}})
    end
  end

  defp await_failed(reason, proc, ref, {tasks, timeout, timer, timer_ref}, waiting) do
    cancel(timer, timer_ref)
    forget(:maps.keys(:maps.remove(ref, waiting)))
    exit({down_reason(reason, proc), {Task, :await_many, [tasks, timeout]}})
  end

  # One timer for many tasks.
  defp start_timer(tasks, timeout) when tasks == [] or timeout == :infinity, do: {nil, nil}

  defp start_timer(_tasks, timeout) do
    ref = make_ref()
    {:erlang.send_after(timeout, self(), ref), ref}
  end

  defp cancel(nil, _timer_ref), do: :ok

  defp cancel(timer, timer_ref) do
    if :erlang.cancel_timer(timer) == false do
      receive do
        ^timer_ref -> :ok
      after
        0 -> :ok
      end
    end
  end

  defp forget([]), do: :ok

  defp forget([ref | rest]) do
    :erlang.demonitor(ref, [:flush])
    :rashomon.drop_replies(ref)
    forget(rest)
  end

  def yield(%Task{ref: ref, owner: owner} = task, timeout \\ 5000) do
    check_owner(task, owner)

    receive do
      {^ref, reply} ->
        :erlang.demonitor(ref, [:flush])
        {:ok, reply}

      {:DOWN, ^ref, _, proc, reason} ->
        down_result(reason, proc, task, timeout, :yield)
    after
      timeout -> nil
    end
  end

  def yield_many(tasks, timeout \\ 5000) do
    for %Task{owner: owner} = task <- tasks, do: check_owner(task, owner)

    {timer, timer_ref} = start_timer(tasks, timeout)
    yield_many(tasks, timeout, timer_ref, timer)
  end

  defp yield_many([], _timeout, timer_ref, timer) do
    cancel(timer, timer_ref)
    []
  end

  defp yield_many([%Task{ref: ref} = task | rest], timeout, timer_ref, timer) do
    receive do
      {^ref, reply} ->
        :erlang.demonitor(ref, [:flush])
        [{task, {:ok, reply}} | yield_many(rest, timeout, timer_ref, timer)]

      {:DOWN, ^ref, _, proc, reason} ->
        result = down_result(reason, proc, task, timeout, :yield_many)
        [{task, result} | yield_many(rest, timeout, timer_ref, timer)]

      ^timer_ref when timer != nil ->
        [{task, nil} | poll(rest, timeout)]
    end
  end

  # The time is over: only what has already arrived counts.
  defp poll([], _timeout), do: []
  defp poll([task | rest], timeout), do: [{task, yield(task, 0)} | poll(rest, timeout)]

  def ignore(%Task{ref: ref, pid: pid, owner: owner} = task) do
    check_owner(task, owner)

    receive do
      {^ref, reply} ->
        :erlang.unlink(pid)
        :erlang.demonitor(ref, [:flush])
        {:ok, reply}

      {:DOWN, ^ref, _, proc, reason} ->
        down_result(reason, proc, task, :infinity, :ignore)
    after
      0 ->
        :erlang.unlink(pid)
        :erlang.demonitor(ref, [:flush])
        :rashomon.drop_replies(ref)
        nil
    end
  end

  def shutdown(task, timeout \\ 5000)

  def shutdown(%Task{pid: nil} = task, _timeout) do
    raise ArgumentError, "task #{inspect(task)} does not have an associated task process"
  end

  def shutdown(%Task{pid: pid, owner: owner, ref: ref} = task, timeout) do
    check_owner(task, owner)

    monitor = :erlang.monitor(:process, pid)
    :erlang.unlink(pid)

    if timeout == :brutal_kill do
      :erlang.exit(pid, :kill)
      stopped(task, monitor, :killed)
    else
      :erlang.exit(pid, :shutdown)

      receive do
        {:DOWN, ^monitor, _, _, reason} -> stopped(ref, reason, :shutdown)
      after
        timeout ->
          :erlang.exit(pid, :kill)
          stopped(task, monitor, :shutdown)
      end
    end
  end

  defp stopped(%Task{ref: ref}, monitor, expected) do
    receive do
      {:DOWN, ^monitor, _, _, reason} -> stopped(ref, reason, expected)
    end
  end

  # A task that was told to stop may have answered before; one that was dead already left its :DOWN behind.
  defp stopped(ref, :noproc, expected) do
    receive do
      {^ref, reply} ->
        :erlang.demonitor(ref, [:flush])
        {:ok, reply}

      {:DOWN, ^ref, _, _, ^expected} ->
        nil

      {:DOWN, ^ref, _, _, reason} ->
        {:exit, reason}
    after
      0 -> {:exit, :noproc}
    end
  end

  defp stopped(ref, reason, expected) do
    :erlang.demonitor(ref, [:flush])

    receive do
      {^ref, reply} -> {:ok, reply}
    after
      0 -> if reason == expected, do: nil, else: {:exit, reason}
    end
  end

  defp down_result(:noconnection, proc, task, timeout, function) do
    exit({down_reason(:noconnection, proc), {Task, function, [task, timeout]}})
  end

  defp down_result(reason, _proc, _task, _timeout, _function), do: {:exit, reason}

  defp down_reason(:noconnection, pid) when is_pid(pid), do: {:nodedown, :erlang.node(pid)}
  defp down_reason(reason, _proc), do: reason

  defp check_owner(_task, owner) when owner == self(), do: :ok

  defp check_owner(task, _owner) do
    raise ArgumentError,
          "task #{inspect(task)} must be queried from the owner but was queried from #{inspect(self())}"
  end
end

defmodule Task.Supervised do
  # The process of a task.

  def start(owner, callers, mfa) do
    ancestors = GenServer.ancestors()

    :erlang.spawn(fn ->
      prepare(ancestors, callers, mfa)
      invoke(owner, mfa)
    end)
  end

  def start_link(owner, callers, mfa) do
    ancestors = GenServer.ancestors()

    :erlang.spawn_link(fn ->
      prepare(ancestors, callers, mfa)
      invoke(owner, mfa)
    end)
  end

  # A task that its owner is linked to and monitors; it answers {ref, result}, ref being the monitor's.
  def start_monitored(owner, callers, mfa) do
    ancestors = GenServer.ancestors()

    :rashomon.spawn_link_monitor(fn ref ->
      prepare(ancestors, callers, mfa)
      send(owner, {ref, invoke(owner, mfa)})
    end)
  end

  # What a Task.Supervisor starts: a task with its work, or one that waits for {owner, ref, mfa}, since the owner can
  # monitor it only then.
  def start_child(owner, callers, mfa), do: {:ok, start_link(owner, callers, mfa)}

  def start_child(owner, callers) do
    ancestors = GenServer.ancestors()

    pid =
      :erlang.spawn_link(fn ->
        receive do
          {^owner, ref, mfa} ->
            prepare(ancestors, callers, mfa)
            send(owner, {ref, invoke(owner, mfa)})
        end
      end)

    {:ok, pid}
  end

  defp prepare(ancestors, callers, {module, function, args}) do
    :erlang.put(:"$ancestors", ancestors)
    :erlang.put(:"$initial_call", {module, function, length(args)})
    :erlang.put(:"$callers", callers)
  end

  defp invoke(owner, {module, function, args} = mfa) do
    apply(module, function, args)
  catch
    :exit, :normal -> exit(:normal)
    :exit, :shutdown -> exit(:shutdown)
    :exit, {:shutdown, _} = reason -> exit(reason)
    kind, reason -> fail(owner, mfa, kind, reason, __STACKTRACE__)
  end

  defp fail(owner, mfa, kind, reason, stacktrace) do
    {fun, args} =
      case mfa do
        {:erlang, :apply, [fun, args]} -> {fun, args}
        {module, function, args} -> {Function.capture(module, function, length(args)), args}
      end

    Rashomon.Report.task_terminating(owner, kind, reason, stacktrace, fun, args)

    case kind do
      :exit -> exit(reason)
      :error -> exit({reason, stacktrace})
      :throw -> exit({{:nocatch, reason}, stacktrace})
    end
  end
end
