defmodule GenServer do
  # Servers in Elixir and Erlang's `gen_server`: starting, calling and the loop, over `:erlang` alone. Messages and exit
  # reasons are OTP's. What a start, a call or a stop does beyond that protocol costs a step in every ordering, so there
  # is nothing beyond it.

  defmacro __using__(opts) do
    quote do
      @behaviour GenServer

      def child_spec(init_arg) do
        GenServer.child_spec_of(__MODULE__, init_arg, unquote(opts))
      end

      def init(init_arg), do: {:ok, init_arg}

      def handle_call(_msg, _from, _state), do: Rashomon.Report.no_clause("call", "handle_call/3")

      def handle_cast(_msg, _state), do: Rashomon.Report.no_clause("cast", "handle_cast/2")

      def handle_info(msg, state) do
        Rashomon.Report.unexpected_message(__MODULE__, msg)
        {:noreply, state}
      end

      def terminate(_reason, _state), do: :ok

      def code_change(_old, state, _extra), do: {:ok, state}

      defoverridable child_spec: 1,
                     init: 1,
                     handle_call: 3,
                     handle_cast: 2,
                     handle_info: 2,
                     terminate: 2,
                     code_change: 3
    end
  end

  @doc false
  def child_spec_of(module, arg, []), do: %{id: module, start: {module, :start_link, [arg]}}
  def child_spec_of(module, arg, opts), do: Supervisor.child_spec(child_spec_of(module, arg, []), opts)

  ## Starting

  def start_link(module, init_arg, options \\ []) when is_atom(module) and is_list(options) do
    start_named(:link, module, init_arg, options)
  end

  def start(module, init_arg, options \\ []) when is_atom(module) and is_list(options) do
    start_named(:nolink, module, init_arg, options)
  end

  defp start_named(link, module, init_arg, options) do
    case :lists.keyfind(:name, 1, options) do
      false ->
        start_process(link, nil, module, init_arg, options)

      {_, nil} ->
        start_process(link, nil, module, init_arg, options)

      {_, name} when is_atom(name) ->
        case :erlang.whereis(name) do
          :undefined -> start_process(link, name, module, init_arg, options)
          pid -> {:error, {:already_started, pid}}
        end

      {_, {:via, via, term} = name} when is_atom(via) ->
        case via.whereis_name(term) do
          :undefined -> start_process(link, name, module, init_arg, options)
          pid -> {:error, {:already_started, pid}}
        end

      {_, {:global, _} = name} ->
        refuse_global(name)

      {_, other} ->
        raise ArgumentError, """
        expected :name option to be one of the following:

          * nil
          * atom
          * {:global, term}
          * {:via, module, term}

        Got: #{inspect(other)}
        """
    end
  end

  defp refuse_global(name) do
    raise ArgumentError,
          "names registered with :global need several nodes, here there is one: #{inspect(name)}"
  end

  # The handshake of `:proc_lib`: the child says {:ack, pid, result} once its `init` has returned.
  defp start_process(:link, name, module, init_arg, options) do
    starter = self()
    ancestors = ancestors()
    pid = :erlang.spawn_link(fn -> init_process(starter, starter, ancestors, name, module, init_arg) end)

    receive do
      {:ack, ^pid, result} -> result
      {:EXIT, ^pid, reason} -> {:error, reason}
    after
      start_timeout(options) ->
        :erlang.unlink(pid)
        :erlang.exit(pid, :kill)

        receive do
          {:EXIT, ^pid, _} -> {:error, :timeout}
        after
          0 -> {:error, :timeout}
        end
    end
  end

  defp start_process(:nolink, name, module, init_arg, options) do
    starter = self()
    ancestors = ancestors()

    {pid, ref} =
      :erlang.spawn_monitor(fn -> init_process(starter, self(), ancestors, name, module, init_arg) end)

    receive do
      {:ack, ^pid, result} ->
        :erlang.demonitor(ref, [:flush])
        result

      {:DOWN, ^ref, _, _, reason} ->
        {:error, reason}
    after
      start_timeout(options) ->
        :erlang.exit(pid, :kill)
        :erlang.demonitor(ref, [:flush])
        {:error, :timeout}
    end
  end

  defp start_timeout(options) do
    case :lists.keyfind(:timeout, 1, options) do
      {_, timeout} -> timeout
      false -> :infinity
    end
  end

  # The name under which a process was started is kept in its dictionary: asking the world for it would be a step.
  @doc false
  def ancestors do
    me =
      case :erlang.get(:"$started_as") do
        :undefined -> self()
        name -> name
      end

    case :erlang.get(:"$ancestors") do
      list when is_list(list) -> [me | list]
      _ -> [me]
    end
  end

  defp init_process(starter, parent, ancestors, name, module, init_arg) do
    :erlang.put(:"$ancestors", ancestors)
    :erlang.put(:"$initial_call", {module, :init, 1})

    case register_name(name) do
      :yes ->
        result =
          try do
            module.init(init_arg)
          catch
            :throw, value -> value
            :exit, reason -> {:stop, reason}
            :error, reason -> {:stop, {reason, __STACKTRACE__}}
          end

        init_result(result, starter, parent, name, module)

      {:no, pid} ->
        send(starter, {:ack, self(), {:error, {:already_started, pid}}})
    end
  end

  defp init_result(result, starter, parent, name, module) do
    case result do
      {:ok, state} ->
        send(starter, {:ack, self(), {:ok, self()}})
        loop({parent, name, module}, state, :infinity)

      {:ok, state, next} ->
        if next?(next) do
          send(starter, {:ack, self(), {:ok, self()}})
          next({parent, name, module}, state, next)
        else
          init_failed({:bad_return_value, result}, starter, name)
        end

      {:stop, reason} ->
        init_failed(reason, starter, name)

      :ignore ->
        unregister_name(name)
        send(starter, {:ack, self(), :ignore})

      other ->
        init_failed({:bad_return_value, other}, starter, name)
    end
  end

  defp init_failed(reason, starter, name) do
    unregister_name(name)
    send(starter, {:ack, self(), {:error, reason}})
    exit(reason)
  end

  defp register_name(nil), do: :yes

  defp register_name({:via, via, term}) do
    case via.register_name(term, self()) do
      :yes -> :yes
      :no -> {:no, via.whereis_name(term)}
    end
  end

  defp register_name(name) do
    :erlang.register(name, self())
    :erlang.put(:"$started_as", name)
    :yes
  rescue
    ArgumentError -> {:no, :erlang.whereis(name)}
  end

  defp unregister_name(nil), do: true
  defp unregister_name({:via, via, term}), do: via.unregister_name(term)

  defp unregister_name(name) do
    :erlang.unregister(name)
  rescue
    ArgumentError -> true
  end

  ## The loop. `server` is {parent, name, module}.

  defp loop(server, state, timeout) do
    receive do
      message -> handle(message, server, state, timeout)
    after
      timeout -> handle(:timeout, server, state, timeout)
    end
  end

  defp next?({:continue, _}), do: true
  defp next?(timeout) when is_integer(timeout), do: timeout >= 0
  defp next?(atom), do: atom == :infinity or atom == :hibernate

  defp next(server, state, {:continue, term}) do
    message = {:continue, term}
    result(handle_continue(server, term, state), message, server, state)
  end

  defp next(server, state, :hibernate), do: loop(server, state, :infinity)
  defp next(server, state, timeout), do: loop(server, state, timeout)

  defp handle({:"$gen_call", {_, _} = from, request} = message, {_, _, module} = server, state, _timeout) do
    outcome =
      try do
        {:ok, module.handle_call(request, from, state)}
      catch
        :throw, value -> {:ok, value}
        kind, reason -> {kind, reason, __STACKTRACE__}
      end

    call_result(outcome, from, message, server, state)
  end

  defp handle({:"$gen_cast", request} = message, {_, _, module} = server, state, _timeout) do
    outcome =
      try do
        {:ok, module.handle_cast(request, state)}
      catch
        :throw, value -> {:ok, value}
        kind, reason -> {kind, reason, __STACKTRACE__}
      end

    result(outcome, message, server, state)
  end

  defp handle({:EXIT, parent, reason} = message, {parent, _, _} = server, state, _timeout) do
    terminate(:exit, reason, [], message, server, state)
  end

  defp handle({:system, from, request}, server, state, timeout) do
    system(request, from, server, state, timeout)
  end

  defp handle(message, {_, _, module} = server, state, _timeout) do
    outcome =
      try do
        {:ok, module.handle_info(message, state)}
      catch
        :throw, value -> {:ok, value}
        kind, reason -> {kind, reason, __STACKTRACE__}
      end

    result(outcome, message, server, state)
  end

  defp handle_continue({_, _, module}, term, state) do
    {:ok, module.handle_continue(term, state)}
  catch
    :throw, value -> {:ok, value}
    kind, reason -> {kind, reason, __STACKTRACE__}
  end

  defp call_result({:ok, {:reply, reply, state}}, {to, tag}, _message, server, _old) do
    send(to, {tag, reply})
    loop(server, state, :infinity)
  end

  defp call_result({:ok, {:reply, reply, state, next}} = outcome, {to, tag}, message, server, old) do
    if next?(next) do
      send(to, {tag, reply})
      next(server, state, next)
    else
      result(outcome, message, server, old)
    end
  end

  defp call_result({:ok, {:stop, reason, reply, state}}, from, message, server, _old) do
    terminate(:exit, reason, [], message, server, state)
  after
    reply(from, reply)
  end

  defp call_result(other, _from, message, server, old), do: result(other, message, server, old)

  defp result({:ok, result}, message, server, old) do
    case result do
      {:noreply, state} -> loop(server, state, :infinity)
      {:noreply, state, {:continue, _} = next} -> next(server, state, next)
      {:noreply, state, :infinity} -> loop(server, state, :infinity)
      {:noreply, state, :hibernate} -> loop(server, state, :infinity)
      {:noreply, state, timeout} when is_integer(timeout) and timeout >= 0 -> loop(server, state, timeout)
      {:stop, reason, state} -> terminate(:exit, reason, [], message, server, state)
      other -> terminate(:exit, {:bad_return_value, other}, [], message, server, old)
    end
  end

  defp result({kind, reason, stacktrace}, message, server, state) do
    terminate(kind, reason, stacktrace, message, server, state)
  end

  # Ends the process: the callback first, then the report, then the exit with the reason that OTP gives.
  defp terminate(kind, reason, stacktrace, message, {_, _, module} = server, state) do
    outcome =
      try do
        if :erlang.function_exported(module, :terminate, 2) do
          module.terminate(exit_reason(kind, reason, stacktrace), state)
        end

        :ok
      catch
        :throw, _ -> :ok
        kind, reason -> {kind, reason, __STACKTRACE__}
      end

    case outcome do
      :ok -> finish(kind, reason, stacktrace, message, server, state)
      {kind, reason, stacktrace} -> finish(kind, reason, stacktrace, message, server, state)
    end
  end

  defp finish(kind, reason, stacktrace, message, {_, name, module}, state) do
    if kind == :error or not silent?(reason) do
      Rashomon.Report.server_terminating(name, kind, reason, stacktrace, message, module, state)
    end

    exit(exit_reason(kind, reason, stacktrace))
  end

  defp silent?(:normal), do: true
  defp silent?(:shutdown), do: true
  defp silent?({:shutdown, _}), do: true
  defp silent?(_), do: false

  defp exit_reason(:error, reason, stacktrace), do: {reason, stacktrace}
  defp exit_reason(:exit, reason, _stacktrace), do: reason

  defp system(:get_state, from, server, state, timeout) do
    reply(from, {:ok, state})
    loop(server, state, timeout)
  end

  defp system({:replace_state, fun}, from, server, state, timeout) do
    outcome =
      try do
        {:ok, fun.(state)}
      catch
        kind, reason -> {:error, {:callback_failed, {:gen_server, :system_replace_state}, {kind, reason}}}
      end

    reply(from, outcome)

    case outcome do
      {:ok, new} -> loop(server, new, timeout)
      _ -> loop(server, state, timeout)
    end
  end

  defp system(:get_status, from, server, state, timeout) do
    reply(from, {:ok, status(:running, server, state)})
    loop(server, state, timeout)
  end

  defp system({:terminate, reason}, from, server, state, _timeout) do
    reply(from, :ok)
    terminate(:exit, reason, [], [], server, state)
  end

  defp system(:suspend, from, server, state, timeout) do
    reply(from, :ok)
    suspended(server, state, timeout)
  end

  defp system(:resume, from, server, state, timeout) do
    reply(from, :ok)
    loop(server, state, timeout)
  end

  defp system(request, from, server, state, timeout) do
    reply(from, {:error, {:unknown_system_msg, request}})
    loop(server, state, timeout)
  end

  defp suspended({parent, _, _} = server, state, timeout) do
    receive do
      {:system, from, :suspend} ->
        reply(from, :ok)
        suspended(server, state, timeout)

      {:system, from, :get_state} ->
        reply(from, {:ok, state})
        suspended(server, state, timeout)

      {:system, from, :get_status} ->
        reply(from, {:ok, status(:suspended, server, state)})
        suspended(server, state, timeout)

      {:system, from, request} ->
        system(request, from, server, state, timeout)

      {:EXIT, ^parent, reason} = message ->
        terminate(:exit, reason, [], message, server, state)
    end
  end

  defp status(running, {parent, name, _}, state) do
    header = "Status for generic server " <> inspect(name || self())
    data = [{'Status', running}, {'Parent', parent}, {'Logged events', []}]
    misc = [header: :erlang.binary_to_list(header), data: data, data: [{'State', state}]]
    {:status, self(), {:module, :gen_server}, [:erlang.get(), running, parent, [], misc]}
  end

  ## Asking

  def call(server, request, timeout \\ 5000)
      when (is_integer(timeout) and timeout >= 0) or timeout == :infinity do
    case ask(server, :"$gen_call", request, timeout) do
      {:ok, reply} -> reply
      {:exit, reason} -> exit({reason, {__MODULE__, :call, [server, request, timeout]}})
    end
  end

  # A call as OTP does it: {:ok, reply} or {:exit, reason}.
  @doc false
  def ask(server, label, request, timeout) do
    case whereis(server) do
      nil -> {:exit, :noproc}
      pid when pid == self() -> {:exit, :calling_self}
      {_, node} -> {:exit, {:nodedown, node}}
      pid -> ask_pid(pid, label, request, timeout)
    end
  end

  defp ask_pid(pid, label, request, timeout) do
    ref = :erlang.monitor(:process, pid)
    send(pid, {label, {self(), ref}, request})

    receive do
      {^ref, reply} ->
        :erlang.demonitor(ref, [:flush])
        {:ok, reply}

      {:DOWN, ^ref, _, _, reason} ->
        {:exit, reason}
    after
      timeout ->
        :erlang.demonitor(ref, [:flush])
        :rashomon.drop_replies(ref)
        {:exit, :timeout}
    end
  end

  def cast(server, request)

  def cast({:via, via, term}, request) do
    via.send(term, {:"$gen_cast", request})
    :ok
  catch
    _, _ -> :ok
  end

  def cast({:global, _}, _request), do: :ok

  def cast({name, node}, request) when is_atom(name) and is_atom(node) do
    if node == :erlang.node(), do: cast(name, request), else: :ok
  end

  def cast(server, request) when is_pid(server) do
    send(server, {:"$gen_cast", request})
    :ok
  end

  def cast(server, request) when is_atom(server) do
    send(server, {:"$gen_cast", request})
    :ok
  rescue
    ArgumentError -> :ok
  end

  def reply({to, tag}, reply) when is_pid(to) do
    send(to, {tag, reply})
    :ok
  end

  def stop(server, reason \\ :normal, timeout \\ :infinity) do
    case stop_process(whereis(server), reason, timeout) do
      :ok -> :ok
      {:exit, why} -> exit({why, {__MODULE__, :stop, [server, reason, timeout]}})
    end
  end

  @doc false
  def stop_process(nil, _reason, _timeout), do: {:exit, :noproc}
  def stop_process({_, node}, _reason, _timeout), do: {:exit, {:nodedown, node}}
  def stop_process(pid, _reason, _timeout) when pid == self(), do: {:exit, :calling_self}

  def stop_process(pid, reason, timeout) do
    ref = :erlang.monitor(:process, pid)
    send(pid, {:system, {self(), ref}, {:terminate, reason}})

    receive do
      {^ref, :ok} ->
        receive do
          {:DOWN, ^ref, _, _, ^reason} -> :ok
          {:DOWN, ^ref, _, _, other} -> {:exit, other}
        after
          timeout -> stop_timeout(ref)
        end

      {:DOWN, ^ref, _, _, :noproc} ->
        {:exit, :noproc}

      # It ended by itself, before it was told to.
      {:DOWN, ^ref, _, _, other} ->
        {:exit, {other, {:sys, :terminate, [pid, reason, timeout]}}}
    after
      timeout ->
        :rashomon.drop_replies(ref)
        stop_timeout(ref)
    end
  end

  defp stop_timeout(ref) do
    :erlang.demonitor(ref, [:flush])
    {:exit, :timeout}
  end

  # There is one node.

  def multi_call(nodes \\ [:erlang.node()], name, request, _timeout \\ :infinity) do
    case if(:erlang.node() in nodes, do: ask(name, :"$gen_call", request, :infinity), else: nil) do
      {:ok, reply} -> {[{:erlang.node(), reply}], :lists.delete(:erlang.node(), nodes)}
      _ -> {[], nodes}
    end
  end

  def abcast(nodes \\ [:erlang.node()], name, request) when is_list(nodes) and is_atom(name) do
    if :erlang.node() in nodes, do: cast(name, request)
    :abcast
  end

  def whereis(server)

  def whereis(pid) when is_pid(pid), do: pid

  def whereis(name) when is_atom(name) do
    case :erlang.whereis(name) do
      :undefined -> nil
      pid -> pid
    end
  end

  def whereis({:via, via, term}) do
    case via.whereis_name(term) do
      :undefined -> nil
      pid -> pid
    end
  end

  def whereis({:global, _} = name), do: refuse_global(name)

  def whereis({name, node} = server) when is_atom(name) and is_atom(node) do
    if node == :erlang.node(), do: whereis(name), else: server
  end
end
