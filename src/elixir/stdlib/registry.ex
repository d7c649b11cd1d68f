defmodule Registry do
  # Names of any kind for processes. One process keeps a registry: it is registered under the registry's name, and
  # monitors those that have entries. A request is a message to that name and its answer; nobody monitors the registry,
  # since it answers whoever still waits before it ends.

  def child_spec(options) do
    id =
      case :lists.keyfind(:name, 1, options) do
        {_, name} -> name
        false -> Registry
      end

    %{id: id, start: {Registry, :start_link, [options]}, type: :supervisor}
  end

  def start_link(options) do
    keys = Keyword.get(options, :keys)

    if keys not in [:unique, :duplicate] do
      raise ArgumentError,
            "expected :keys to be given and be one of :unique or :duplicate, got: #{inspect(keys)}"
    end

    name =
      case :lists.keyfind(:name, 1, options) do
        {_, name} when is_atom(name) -> name
        {_, other} -> raise ArgumentError, "expected :name to be an atom, got: #{inspect(other)}"
        false -> raise ArgumentError, "expected :name option to be present"
      end

    meta = Keyword.get(options, :meta, [])

    if not Keyword.keyword?(meta) do
      raise ArgumentError, "expected :meta to be a keyword list, got: #{inspect(meta)}"
    end

    partitions = Keyword.get(options, :partitions, 1)

    if not (is_integer(partitions) and partitions >= 1) do
      raise ArgumentError, "expected :partitions to be a positive integer, got: #{inspect(partitions)}"
    end

    listeners = Keyword.get(options, :listeners, [])

    if not (is_list(listeners) and Enum.all?(listeners, &is_atom/1)) do
      raise ArgumentError, "expected :listeners to be a list of named processes, got: #{inspect(listeners)}"
    end

    GenServer.start_link(Registry.Server, {name, keys, meta, listeners}, name: name)
  end

  ## The names of {:via, Registry, {registry, key}} and {:via, Registry, {registry, key, value}}

  def whereis_name({registry, key}), do: whereis_name(registry, key)
  def whereis_name({registry, key, _value}), do: whereis_name(registry, key)

  defp whereis_name(registry, key) do
    case ask(registry, {:lookup, key}) do
      {:unique, [{pid, _}]} -> if :erlang.is_process_alive(pid), do: pid, else: :undefined
      {:unique, []} -> :undefined
      {:duplicate, _} -> raise ArgumentError, ":via is not supported for duplicate registries"
    end
  end

  def register_name({registry, key}, pid) when pid == self(), do: register_name(registry, key, nil)
  def register_name({registry, key, value}, pid) when pid == self(), do: register_name(registry, key, value)

  defp register_name(registry, key, value) do
    case register(registry, key, value) do
      {:ok, _} -> :yes
      {:error, _} -> :no
    end
  end

  def unregister_name({registry, key}), do: unregister(registry, key)
  def unregister_name({registry, key, _value}), do: unregister(registry, key)

  def send({registry, key}, message), do: send(registry, key, message)
  def send({registry, key, _value}, message), do: send(registry, key, message)

  defp send(registry, key, message) do
    case whereis_name(registry, key) do
      :undefined -> :erlang.error(:badarg, [{registry, key}, message])
      pid -> Kernel.send(pid, message)
    end
  end

  ## Entries

  def register(registry, key, value) when is_atom(registry), do: ask(registry, {:register, key, value})

  def unregister(registry, key) when is_atom(registry), do: ask(registry, {:unregister, key})

  def unregister_match(registry, key, pattern, guards \\ []) when is_list(guards) do
    case of_key(registry, key, pattern, guards) do
      [] ->
        :ok

      matching ->
        ask(registry, {:unregister, key, for({pid, _} = entry <- matching, pid == self(), do: entry)})
    end
  end

  def lookup(registry, key) when is_atom(registry) do
    case ask(registry, {:lookup, key}) do
      {:unique, [{pid, _}] = entries} -> if :erlang.is_process_alive(pid), do: entries, else: []
      {_, entries} -> entries
    end
  end

  def dispatch(registry, key, mfa_or_fun, options \\ [])
      when is_atom(registry) and (is_function(mfa_or_fun, 1) or tuple_size(mfa_or_fun) == 3) and
             is_list(options) do
    case lookup(registry, key) do
      [] ->
        :ok

      entries ->
        case mfa_or_fun do
          {module, function, args} -> apply(module, function, [entries | args])
          fun -> fun.(entries)
        end

        :ok
    end
  end

  def keys(registry, pid) when is_atom(registry) and is_pid(pid), do: ask(registry, {:keys, pid})

  def values(registry, key, pid) when is_atom(registry) and is_pid(pid) do
    {_, entries} = ask(registry, {:lookup, key})
    for {^pid, value} <- entries, do: value
  end

  def update_value(registry, key, callback) when is_atom(registry) and is_function(callback, 1) do
    me = self()

    case ask(registry, {:lookup, key}) do
      {:duplicate, _} ->
        raise ArgumentError, "Registry.update_value/3 is not supported for duplicate registries"

      {:unique, [{^me, old}]} ->
        new = callback.(old)
        ask(registry, {:update, key, new})
        {new, old}

      {:unique, _} ->
        :error
    end
  end

  def match(registry, key, pattern, guards \\ []) when is_atom(registry) and is_list(guards) do
    of_key(registry, key, pattern, guards)
  end

  def count_match(registry, key, pattern, guards \\ []) when is_atom(registry) and is_list(guards) do
    length(of_key(registry, key, pattern, guards))
  end

  defp of_key(registry, key, pattern, guards) do
    {_, entries} = ask(registry, {:lookup, key})

    case pattern do
      :_ when guards == [] -> entries
      _ -> for {_, value} = entry <- entries, Registry.Pattern.match?(pattern, guards, value), do: entry
    end
  end

  def select(registry, spec) when is_atom(registry) and is_list(spec) do
    check_spec(spec)
    Registry.Pattern.select(spec, ask(registry, :entries))
  end

  def count_select(registry, spec) when is_atom(registry) and is_list(spec) do
    check_spec(spec)
    length(for(true <- Registry.Pattern.select(spec, ask(registry, :entries)), do: true))
  end

  defp check_spec(spec) do
    for part <- spec do
      case part do
        {{_, _, _}, guards, _} when is_list(guards) ->
          :ok

        {{_, _, _}, _, _} ->
          :erlang.error(:badarg)

        _ ->
          raise ArgumentError, "invalid match specification in Registry.select/2: #{inspect(spec)}"
      end
    end
  end

  def count(registry) when is_atom(registry), do: ask(registry, :count)

  def meta(registry, key) when is_atom(registry) and (is_atom(key) or is_tuple(key)),
    do: ask(registry, {:meta, key})

  def put_meta(registry, key, value) when is_atom(registry) and (is_atom(key) or is_tuple(key)) do
    ask(registry, {:put_meta, key, value})
  end

  def delete_meta(registry, key) when is_atom(registry) and (is_atom(key) or is_tuple(key)) do
    ask(registry, {:delete_meta, key})
  end

  ## Asking

  defp ask(registry, request) do
    ref = make_ref()

    try do
      Kernel.send(registry, {:"$gen_call", {self(), ref}, request})
    rescue
      ArgumentError -> unknown(registry)
    end

    receive do
      {^ref, {:registry_ended}} -> unknown(registry)
      {^ref, reply} -> reply
    end
  end

  defp unknown(registry), do: raise(ArgumentError, "unknown registry: #{inspect(registry)}")
end

defmodule Registry.Server do
  # entries: key => [{pid, value}], the first registered first; owners: pid => keys, the last registered first.

  def init({name, kind, meta, listeners}) do
    :erlang.process_flag(:trap_exit, true)

    {:ok,
     %{
       name: name,
       kind: kind,
       entries: %{},
       owners: %{},
       meta: :maps.from_list(meta),
       listeners: listeners
     }}
  end

  def handle_call({:lookup, key}, _from, state) do
    {:reply, {state.kind, entries(state, key)}, state}
  end

  def handle_call({:register, key, value}, {pid, _}, %{kind: :unique} = state) do
    case entries(state, key) do
      [] ->
        register(state, key, pid, value)

      [{owner, _}] ->
        if :erlang.is_process_alive(owner) do
          {:reply, {:error, {:already_registered, owner}}, state}
        else
          register(forget(state, owner), key, pid, value)
        end
    end
  end

  def handle_call({:register, key, value}, {pid, _}, state), do: register(state, key, pid, value)

  def handle_call({:unregister, key}, {pid, _}, state) do
    tell(state, {:unregister, state.name, key, pid})

    case :lists.keymember(pid, 1, entries(state, key)) do
      true ->
        {:reply, :ok, drop_owned(remove(state, key, pid), key, pid)}

      false ->
        {:reply, :ok, state}
    end
  end

  def handle_call({:unregister, key, matching}, {pid, _}, state) do
    left = entries(state, key) -- matching
    mine = for {^pid, _} <- left, do: key
    if mine == [], do: tell(state, {:unregister, state.name, key, pid})
    state = drop_owned(%{state | entries: put_entries(state.entries, key, left)}, key, pid)
    {:reply, :ok, %{state | owners: put_owned(state.owners, pid, mine ++ :maps.get(pid, state.owners, []))}}
  end

  def handle_call({:update, key, value}, {pid, _}, state) do
    {:reply, :ok, %{state | entries: :maps.put(key, [{pid, value}], state.entries)}}
  end

  def handle_call({:keys, pid}, _from, state) do
    {:reply, :maps.get(pid, state.owners, []), state}
  end

  def handle_call(:entries, _from, state) do
    all = for {key, entries} <- :maps.to_list(state.entries), {pid, value} <- entries, do: {key, pid, value}
    {:reply, all, state}
  end

  def handle_call(:count, _from, state), do: {:reply, count(:maps.values(state.entries), 0), state}

  def handle_call({:meta, key}, _from, state), do: {:reply, :maps.find(key, state.meta), state}

  def handle_call({:put_meta, key, value}, _from, state) do
    {:reply, :ok, %{state | meta: :maps.put(key, value, state.meta)}}
  end

  def handle_call({:delete_meta, key}, _from, state) do
    {:reply, :ok, %{state | meta: :maps.remove(key, state.meta)}}
  end

  # What Supervisor.which_children and the like ask.
  def handle_call(:which_children, _from, state), do: {:reply, [], state}

  def handle_call(:count_children, _from, state),
    do: {:reply, [specs: 0, active: 0, supervisors: 0, workers: 0], state}

  def handle_call(_request, _from, state), do: {:reply, {:error, :unknown_request}, state}

  def handle_cast(_request, state), do: {:noreply, state}

  def handle_info({:DOWN, _, :process, pid, _}, state), do: {:noreply, forget(state, pid)}
  def handle_info(_message, state), do: {:noreply, state}

  # Those who asked too late are told so. The name goes first, so that they are the last.
  def terminate(_reason, state) do
    :erlang.unregister(state.name)
    refuse_all()
  end

  defp refuse_all do
    receive do
      {:"$gen_call", {pid, ref}, _} ->
        send(pid, {ref, {:registry_ended}})
        refuse_all()
    after
      0 -> :ok
    end
  end

  defp register(state, key, pid, value) do
    owners =
      case state.owners do
        %{^pid => keys} = owners ->
          :maps.put(pid, [key | keys], owners)

        owners ->
          :erlang.monitor(:process, pid)
          :maps.put(pid, [key], owners)
      end

    tell(state, {:register, state.name, key, pid, value})
    entries = :maps.put(key, entries(state, key) ++ [{pid, value}], state.entries)
    {:reply, {:ok, self()}, %{state | entries: entries, owners: owners}}
  end

  defp entries(%{entries: entries}, key) do
    case entries do
      %{^key => list} -> list
      _ -> []
    end
  end

  defp put_entries(entries, key, []), do: :maps.remove(key, entries)
  defp put_entries(entries, key, list), do: :maps.put(key, list, entries)

  defp remove(state, key, pid) do
    left = for {other, _} = entry <- entries(state, key), other != pid, do: entry
    %{state | entries: put_entries(state.entries, key, left)}
  end

  # A process stays monitored when its last entry goes: one notice more when it ends, one step less now.
  defp drop_owned(state, key, pid) do
    owned = for other <- :maps.get(pid, state.owners, []), other !== key, do: other
    %{state | owners: put_owned(state.owners, pid, owned)}
  end

  defp put_owned(owners, pid, owned), do: :maps.put(pid, owned, owners)

  defp forget(state, pid) do
    case :maps.take(pid, state.owners) do
      {keys, owners} -> forget_keys(%{state | owners: owners}, keys, pid)
      :error -> state
    end
  end

  defp forget_keys(state, [], _pid), do: state

  defp forget_keys(state, [key | keys], pid), do: forget_keys(remove(state, key, pid), keys, pid)

  defp count([], total), do: total
  defp count([entries | rest], total), do: count(rest, total + length(entries))

  defp tell(%{listeners: []}, _message), do: :ok
  defp tell(%{listeners: listeners}, message), do: tell_all(listeners, message)

  defp tell_all([], _message), do: :ok

  defp tell_all([listener | rest], message) do
    try do
      send(listener, message)
    rescue
      ArgumentError -> :ok
    end

    tell_all(rest, message)
  end
end
