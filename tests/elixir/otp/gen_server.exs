defmodule Counter do
  use GenServer
  def start_link(n, opts \\ []), do: GenServer.start_link(__MODULE__, n, opts)
  @impl true
  def init(n) when n < 0, do: {:stop, :negative}
  def init(:ignore), do: :ignore
  def init(:bad), do: :what
  def init(:raise), do: raise("init failed")
  def init(:exit), do: exit(:init_exit)
  def init({:cont, n}), do: {:ok, n, {:continue, :add_ten}}
  def init({:timeout, n}), do: {:ok, n, 20}
  def init(n), do: {:ok, n}
  @impl true
  def handle_continue(:add_ten, n), do: {:noreply, n + 10}
  def handle_continue({:say, x}, n) do IO.puts("continue #{x}"); {:noreply, n} end
  @impl true
  def handle_call(:get, _from, n), do: {:reply, n, n}
  def handle_call({:add, k}, _from, n), do: {:reply, :ok, n + k}
  def handle_call(:late, from, n) do
    me = self()
    spawn(fn -> Process.sleep(10); GenServer.reply(from, {:late, n}); send(me, :replied) end)
    {:noreply, n}
  end
  def handle_call(:slow, _from, n) do Process.sleep(200); {:reply, :slow, n} end
  def handle_call(:stop_reply, _from, n), do: {:stop, :normal, :bye, n}
  def handle_call(:stop_noreply, _from, n), do: {:stop, :shutdown, n}
  def handle_call(:cont, _from, n), do: {:reply, :ok, n, {:continue, {:say, n}}}
  def handle_call(:timeout, _from, n), do: {:reply, :ok, n, 10}
  def handle_call(:crash, _from, _n), do: raise("crashed")
  def handle_call(:bad, _from, _n), do: :bad_return
  def handle_call(:throw, _from, n), do: throw({:reply, :thrown, n})
  def handle_call(:self, _, n), do: {:reply, self(), n}
  @impl true
  def handle_cast({:add, k}, n), do: {:noreply, n + k}
  def handle_cast(:stop, n), do: {:stop, :normal, n}
  def handle_cast(:crash, _), do: exit(:cast_crash)
  @impl true
  def handle_info(:timeout, n) do IO.puts("timeout at #{n}"); {:noreply, n} end
  def handle_info(:replied, n), do: {:noreply, n}
  def handle_info(msg, n) do IO.inspect(msg, label: "info"); {:noreply, n + 1} end
  @impl true
  def terminate(reason, n) do IO.puts("terminate #{inspect(reason) |> String.slice(0, 40)} with #{inspect n}"); :ok end
end
defmodule Run do
  def catching(f) do
    try do f.() catch k, v -> {k, simplify(v)} end
  end
  def simplify({{%{__exception__: true} = e, st}, c}) when is_list(st), do: {e, c |> simple}
  def simplify({{r, [{_, _, _, _} | _]}, c}), do: {r, :stack, simple(c)}
  def simplify({r, c}), do: {r, simple(c)}
  def simplify(x), do: x
  def simple({GenServer, f, [p | rest]}) when is_pid(p), do: {f, [:pid | rest]}
  def simple(x), do: x
  def run do
    Process.flag(:trap_exit, true)
    {:ok, p} = Counter.start_link(1)
    IO.inspect GenServer.call(p, :get)
    IO.inspect GenServer.cast(p, {:add, 5})
    IO.inspect GenServer.call(p, :get)
    IO.inspect GenServer.call(p, :late)
    IO.inspect GenServer.call(p, :cont)
    IO.inspect GenServer.call(p, :timeout)
    Process.sleep(30)
    send(p, :hello)
    IO.inspect GenServer.call(p, :get)
    IO.inspect GenServer.call(p, :throw)
    IO.inspect :sys.get_state(p)
    IO.inspect :sys.replace_state(p, &(&1 * 2))
    IO.inspect catching(fn -> GenServer.call(p, :slow, 50) end)
    Process.sleep(300)
    IO.inspect GenServer.call(p, :stop_reply)
    IO.inspect receive(do: ({:EXIT, ^p, r} -> r))
    IO.inspect catching(fn -> GenServer.call(p, :get) end)
    IO.inspect GenServer.cast(p, :x)
    for bad <- [-1, :ignore, :bad, :exit] do
      IO.inspect Counter.start_link(bad)
      IO.inspect(receive(do: ({:EXIT, _, r} -> r), after: (50 -> :none)))
    end
    {:error, {e, st}} = Counter.start_link(:raise)
    IO.inspect {e, is_list(st)}
    receive do {:EXIT, _, {e, _}} -> IO.inspect(e) end
    {:ok, p} = Counter.start_link({:cont, 5}, name: :counter)
    IO.inspect GenServer.call(:counter, :get)
    IO.inspect GenServer.whereis(:counter) == p
    {:error, {:already_started, q}} = Counter.start_link(9, name: :counter)
    IO.inspect p == q
    IO.inspect catching(fn -> GenServer.call(:counter, :crash) end)
    receive do {:EXIT, ^p, {e, _}} -> IO.inspect(e) end
    {:ok, p} = Counter.start_link({:timeout, 3})
    Process.sleep(40)
    IO.inspect GenServer.call(p, :get)
    IO.inspect GenServer.stop(p)
    receive do {:EXIT, ^p, e} -> IO.inspect(e) end
    {:ok, p} = GenServer.start(Counter, 0)
    IO.inspect catching(fn -> GenServer.call(p, :bad) end)
    {:ok, p} = GenServer.start(Counter, 0)
    IO.inspect catching(fn -> GenServer.call(p, :stop_noreply) end)
    {:ok, p} = GenServer.start(Counter, 0)
    IO.inspect GenServer.stop(p, :shutdown)
    IO.inspect catching(fn -> GenServer.stop(p) end)
    {:ok, p} = GenServer.start(Counter, 0)
    IO.inspect GenServer.stop(p, :weird)
    {:ok, p} = GenServer.start(Counter, 0)
    ref = Process.monitor(p)
    GenServer.cast(p, :crash)
    IO.inspect(receive do {:DOWN, ^ref, _, _, r} -> r end)
    {:ok, p} = GenServer.start(Counter, 0)
    ref = Process.monitor(p)
    IO.inspect catching(fn -> GenServer.call(p, :unknown) end)
    IO.inspect(receive do {:DOWN, ^ref, _, _, r} -> elem(r, 0) end)
    IO.inspect catching(fn -> GenServer.call(self(), :x) end)
    IO.inspect catching(fn -> GenServer.call(nil, :x) end)
    {:ok, p} = GenServer.start(Counter, 0)
    IO.inspect GenServer.call(p, :self) == p
    IO.inspect GenServer.multi_call([node()], :nobody, :x)
    IO.inspect GenServer.abcast(:nobody, :x)
    IO.inspect Counter.child_spec(4)
    IO.inspect GenServer.call(p, :get)
    IO.inspect :sys.get_status(p) |> elem(0)
  end
end
Run.run()
