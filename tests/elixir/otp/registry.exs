defmodule Acc do
  use GenServer
  def start_link(name), do: GenServer.start_link(__MODULE__, name, name: via(name))
  def via(name), do: {:via, Registry, {Bank, name}}
  def init(n), do: {:ok, {n, 0}}
  def handle_call({:dep, x}, _, {n, b}), do: {:reply, b + x, {n, b + x}}
  def handle_cast(:stop, s), do: {:stop, :normal, s}
end
defmodule Run do
  def run do
    {:ok, _} = Registry.start_link(keys: :unique, name: Bank)
    {:ok, a} = Acc.start_link("ann")
    {:ok, b} = Acc.start_link("bob")
    IO.inspect GenServer.call(Acc.via("ann"), {:dep, 5})
    IO.inspect GenServer.call(Acc.via("ann"), {:dep, 5})
    IO.inspect Registry.lookup(Bank, "ann") == [{a, nil}]
    IO.inspect Registry.lookup(Bank, "zed")
    {:error, {:already_started, x}} = Acc.start_link("bob")
    IO.inspect x == b
    IO.inspect Registry.count(Bank)
    IO.inspect Registry.keys(Bank, a)
    IO.inspect GenServer.whereis(Acc.via("nobody"))
    IO.inspect (try do GenServer.call(Acc.via("nobody"), 1) catch k, v -> {k, v} end)
    GenServer.cast(Acc.via("bob"), :stop)
    Process.sleep(20)
    IO.inspect Registry.lookup(Bank, "bob")
    IO.inspect Registry.count(Bank)
    IO.inspect Registry.register(Bank, :me, :value) |> elem(0)
    IO.inspect Registry.register(Bank, :me, :value2) |> elem(0)
    IO.inspect Registry.lookup(Bank, :me) |> Enum.map(&elem(&1, 1))
    IO.inspect Registry.update_value(Bank, :me, fn v -> {v, 2} end)
    IO.inspect Registry.unregister(Bank, :me)
    IO.inspect Registry.whereis_name({Bank, :me})
    {:ok, _} = Registry.start_link(keys: :duplicate, name: Topics)
    for i <- 1..3, do: {:ok, _} = Registry.register(Topics, "t", i)
    Registry.dispatch(Topics, "t", fn es -> for {pid, v} <- es, do: send(pid, {:topic, v}) end)
    IO.inspect Enum.sort(for _ <- 1..3, do: receive(do: (x -> x)))
    IO.inspect Registry.lookup(Topics, "t") |> Enum.map(&elem(&1, 1)) |> Enum.sort
    IO.inspect Registry.count_match(Topics, "t", :_)
    IO.inspect Registry.select(Bank, [{{:"$1", :_, :_}, [], [:"$1"]}])
    IO.inspect Registry.match(Bank, "ann", :_) |> length
    IO.inspect Registry.meta(Bank, :x)
    IO.inspect Registry.put_meta(Bank, :x, 5)
    IO.inspect Registry.meta(Bank, :x)
  end
end
Run.run()
