defmodule Task.Supervisor do
  # A DynamicSupervisor of tasks.

  def child_spec(options) when is_list(options) do
    id =
      case :lists.keyfind(:name, 1, options) do
        {_, name} -> name
        false -> Task.Supervisor
      end

    %{id: id, start: {Task.Supervisor, :start_link, [options]}, type: :supervisor}
  end

  def start_link(options \\ []) do
    {restart, options} = Keyword.pop(options, :restart, :temporary)
    {shutdown, options} = Keyword.pop(options, :shutdown, 5000)
    {flags, start_options} = DynamicSupervisor.split_options(options, [], [])
    DynamicSupervisor.start_link(Task.Supervisor, {{restart, shutdown}, flags}, start_options)
  end

  @doc false
  def init({defaults, flags}) do
    :erlang.put(Task.Supervisor, defaults)
    DynamicSupervisor.init([{:strategy, :one_for_one} | flags])
  end

  def async(supervisor, fun, options \\ []), do: async(supervisor, :erlang, :apply, [fun, []], options)

  def async(supervisor, module, function, args, options \\ []) do
    start_async(supervisor, :link, module, function, args, options)
  end

  def async_nolink(supervisor, fun, options \\ []) do
    async_nolink(supervisor, :erlang, :apply, [fun, []], options)
  end

  def async_nolink(supervisor, module, function, args, options \\ []) do
    start_async(supervisor, :nolink, module, function, args, options)
  end

  defp start_async(supervisor, link, module, function, args, options) do
    case start_waiting(supervisor, link, options) do
      {:ok, pid, ref} ->
        send(pid, {self(), ref, {module, function, args}})
        %Task{pid: pid, ref: ref, owner: self(), mfa: {module, function, length(args)}}

      {:error, :max_children} ->
        raise "reached the maximum number of tasks for this task supervisor. The maximum number of tasks that are " <>
                "allowed to run at the same time under this supervisor can be configured with the :max_children " <>
                "option passed to Task.Supervisor.start_link/1"
    end
  end

  # A task that is monitored and waits for its work.
  @doc false
  def start_waiting(supervisor, link, options) do
    request = {:start_task, [self(), Task.callers()], :temporary, shutdown(options)}

    case GenServer.call(supervisor, request, :infinity) do
      {:ok, pid} ->
        if link == :link, do: :erlang.link(pid)
        {:ok, pid, :erlang.monitor(:process, pid)}

      other ->
        other
    end
  end

  defp shutdown(options) do
    case :lists.keyfind(:shutdown, 1, options) do
      {_, shutdown} -> shutdown
      false -> nil
    end
  end

  def async_stream(supervisor, enumerable, fun) when is_function(fun, 1) do
    async_stream(supervisor, enumerable, fun, [])
  end

  def async_stream(supervisor, enumerable, fun, options) when is_function(fun, 1) and is_list(options) do
    Task.Stream.build(enumerable, {:erlang, :apply, [fun]}, options, {supervisor, :link})
  end

  def async_stream(supervisor, enumerable, module, function, args, options \\ [])
      when is_atom(module) and is_atom(function) and is_list(args) do
    Task.Stream.build(enumerable, {module, function, args}, options, {supervisor, :link})
  end

  def async_stream_nolink(supervisor, enumerable, fun) when is_function(fun, 1) do
    async_stream_nolink(supervisor, enumerable, fun, [])
  end

  def async_stream_nolink(supervisor, enumerable, fun, options)
      when is_function(fun, 1) and is_list(options) do
    Task.Stream.build(enumerable, {:erlang, :apply, [fun]}, options, {supervisor, :nolink})
  end

  def async_stream_nolink(supervisor, enumerable, module, function, args, options \\ [])
      when is_atom(module) and is_atom(function) and is_list(args) do
    Task.Stream.build(enumerable, {module, function, args}, options, {supervisor, :nolink})
  end

  def start_child(supervisor, fun, options \\ []) do
    start_child(supervisor, :erlang, :apply, [fun, []], options)
  end

  def start_child(supervisor, module, function, args, options \\ []) when is_list(args) do
    restart =
      case :lists.keyfind(:restart, 1, options) do
        {_, restart} -> restart
        false -> nil
      end

    request = {:start_task, [self(), Task.callers(), {module, function, args}], restart, shutdown(options)}
    GenServer.call(supervisor, request, :infinity)
  end

  def terminate_child(supervisor, pid) when is_pid(pid),
    do: DynamicSupervisor.terminate_child(supervisor, pid)

  def children(supervisor) do
    for {_, pid, _, _} <- DynamicSupervisor.which_children(supervisor), is_pid(pid), do: pid
  end
end
