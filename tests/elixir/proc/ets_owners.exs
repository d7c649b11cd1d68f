# Who owns a table, who gets it, and what is left of it when its owner ends.
wait = fn -> receive do message -> message after 500 -> :nothing end end
# Waits for the end of a process, whatever its reason: it may have ended before.
down = fn pid ->
  ref = Process.monitor(pid)
  receive do {:DOWN, ^ref, _, _, _} -> :down end
end
me = self()

# A table ends with its owner.
owner = spawn(fn ->
  :ets.new(:gone, [:named_table, :public])
  :ets.insert(:gone, {:a, 1})
  send(me, :ready)
  receive do :stop -> :ok end
end)

IO.inspect(wait.())
IO.inspect(:ets.lookup(:gone, :a))
IO.inspect(:ets.info(:gone, :owner) == owner)
send(owner, :stop)
IO.inspect(down.(owner))
IO.inspect(:ets.whereis(:gone))
IO.inspect(:ets.info(:gone, :size))

# An heir gets it, with what the owner has said for that case.
owner = spawn(fn ->
  :ets.new(:kept, [:named_table, {:heir, me, :a_gift}])
  :ets.insert(:kept, [{:a, 1}, {:b, 2}])
  exit(:boom)
end)

case wait.() do
  {:"ETS-TRANSFER", table, from, data} -> IO.inspect({table, from == owner, data})
  other -> IO.inspect(other)
end

IO.inspect(:ets.info(:kept, :owner) == me)
IO.inspect(Enum.sort(:ets.tab2list(:kept)))
IO.inspect(:ets.insert(:kept, {:c, 3}))

# An heir that is dead gets nothing.
heir = spawn(fn -> :ok end)
IO.inspect(down.(heir))

owner = spawn(fn ->
  :ets.new(:lost, [:named_table, {:heir, heir, :a_gift}])
  send(me, :ready)
  receive do :stop -> :ok end
end)

IO.inspect(wait.())
send(owner, :stop)
IO.inspect(down.(owner))
IO.inspect(:ets.whereis(:lost))

# A table can be given away, and then it is another's.
child = spawn(fn ->
  {:"ETS-TRANSFER", table, from, data} = wait.()
  send(me, {:got, :ets.info(table, :name), from == me, data, :ets.insert(table, {:d, 4})})
  receive do :stop -> :ok end
end)

table = :ets.new(:given, [])
:ets.insert(table, {:c, 3})
IO.inspect(:ets.give_away(table, child, %{from: :me}))
IO.inspect(wait.())
IO.inspect(Enum.sort(:ets.tab2list(table)))

try do
  :ets.insert(table, {:e, 5})
rescue
  error -> IO.puts(Exception.message(error))
end

send(child, :stop)
IO.inspect(down.(child))
IO.inspect(:ets.info(table))

# Access is for whoever the options say.
for protection <- [:public, :protected, :private] do
  :ets.new(protection, [:named_table, protection])
  :ets.insert(protection, {:k, 0})
end

try_it = fn function, arguments ->
  try do
    apply(:ets, function, arguments)
  rescue
    ArgumentError -> :refused
  end
end

results =
  Task.async(fn ->
    for protection <- [:public, :protected, :private] do
      {protection, try_it.(:lookup, [protection, :k]), try_it.(:insert, [protection, {:k, 1}]),
       try_it.(:info, [protection, :size])}
    end
  end)
  |> Task.await()

IO.inspect(results)

# Many processes count in one table; no count is lost.
counters = :ets.new(:counters, [:public, :set])
tasks = for n <- 1..5, do: Task.async(fn -> for _ <- 1..4, do: :ets.update_counter(counters, rem(n, 2), 1, {0, 0}) end)
Task.await_many(tasks)
IO.inspect(Enum.sort(:ets.tab2list(counters)))

# A table that a process has made is there for a process that it has started before.
defmodule Cache do
  use GenServer
  def start_link(_), do: GenServer.start_link(__MODULE__, nil, name: __MODULE__)
  def get(key), do: :ets.lookup(__MODULE__, key)
  def put(key, value), do: GenServer.call(__MODULE__, {:put, key, value})
  @impl true
  def init(nil), do: {:ok, :ets.new(__MODULE__, [:named_table, read_concurrency: true])}
  @impl true
  def handle_call({:put, key, value}, _from, table), do: {:reply, :ets.insert(table, {key, value}), table}
end

{:ok, _} = Supervisor.start_link([Cache], strategy: :one_for_one)
IO.inspect(Cache.put(:a, 1))
IO.inspect(Cache.get(:a))
ref = Process.monitor(Cache)
Process.exit(Process.whereis(Cache), :kill)
receive do {:DOWN, ^ref, _, _, reason} -> IO.inspect(reason) end
Process.sleep(50)
IO.inspect(Cache.get(:a))

:ets.delete(:public)
:ets.insert(:public, {:too, :late})
