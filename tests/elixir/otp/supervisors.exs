defmodule W do
  use GenServer
  def start_link({name, v}), do: GenServer.start_link(__MODULE__, {name, v}, name: name)
  def init({n, v}) do Process.flag(:trap_exit, true); IO.puts("start #{n} #{v}"); {:ok, {n, v}} end
  def handle_call(:get, _, {_, v} = s), do: {:reply, v, s}
  def handle_call({:set, v}, _, {n, _}), do: {:reply, :ok, {n, v}}
  def handle_cast(:crash, _), do: exit(:crash)
  def handle_cast(:stop, s), do: {:stop, :normal, s}
  def terminate(r, {n, _}), do: IO.puts("terminate #{n} #{inspect r}")
end
defmodule MySup do
  use Supervisor
  def start_link(arg), do: Supervisor.start_link(__MODULE__, arg, name: __MODULE__)
  def init(arg), do: Supervisor.init([Supervisor.child_spec({W, {:mod_w, arg}}, id: :m)], strategy: :one_for_one)
end
defmodule Run do
  def spec(n, opts \\ []), do: Supervisor.child_spec({W, {n, 0}}, [id: n] ++ opts)
  def run do
    Process.flag(:trap_exit, true)
    for strategy <- [:one_for_one, :one_for_all, :rest_for_one] do
      IO.puts "== #{strategy}"
      {:ok, s} = Supervisor.start_link([spec(:a), spec(:b), spec(:c)], strategy: strategy)
      GenServer.call(:b, {:set, 5})
      GenServer.cast(:b, :crash)
      Process.sleep(400)
      IO.inspect GenServer.call(:b, :get)
      IO.inspect Supervisor.count_children(s)
      IO.inspect Supervisor.which_children(s) |> Enum.map(fn {id, p, t, m} -> {id, is_pid(p), t, m} end)
      IO.inspect Supervisor.stop(s)
      receive do {:EXIT, ^s, r} -> IO.inspect r end
    end
    IO.puts "== restart types"
    {:ok, s} = Supervisor.start_link([spec(:t, restart: :temporary), spec(:tr, restart: :transient), spec(:p)], strategy: :one_for_one)
    for n <- [:t, :tr, :p] do GenServer.cast(n, :stop); Process.sleep(50) end
    Process.sleep(400)
    IO.inspect Supervisor.which_children(s) |> Enum.map(fn {id, p, _, _} -> {id, is_pid(p) || p} end)
    IO.inspect Supervisor.restart_child(s, :tr) |> elem(0)
    IO.inspect Supervisor.restart_child(s, :p)
    IO.inspect Supervisor.restart_child(s, :nope)
    IO.inspect Supervisor.terminate_child(s, :p)
    IO.inspect Supervisor.delete_child(s, :p)
    IO.inspect Supervisor.delete_child(s, :tr)
    IO.inspect Supervisor.start_child(s, spec(:new)) |> elem(0)
    IO.inspect (case Supervisor.start_child(s, spec(:new)) do {:error, {r, _}} -> r end)
    IO.inspect Supervisor.count_children(s)
    Supervisor.stop(s, :shutdown)
    receive do {:EXIT, ^s, r} -> IO.inspect r end
    IO.puts "== gives up"
    {:ok, s} = Supervisor.start_link([spec(:g)], strategy: :one_for_one, max_restarts: 1, max_seconds: 5)
    for _ <- 1..2 do GenServer.cast(:g, :crash); Process.sleep(400) end
    receive do {:EXIT, ^s, r} -> IO.inspect r end
    {:ok, s} = MySup.start_link(7)
    IO.inspect GenServer.call(:mod_w, :get)
    IO.inspect Process.whereis(MySup) == s
    Supervisor.stop(MySup)
    receive do {:EXIT, ^s, r} -> IO.inspect r end
    IO.inspect Supervisor.start_link([{W, {:x, 1}}, {W, {:y, 1}}], strategy: :one_for_one)
    receive do {:EXIT, _, r} -> IO.inspect r after 10 -> 1 end
    IO.inspect MySup.child_spec(3)
    defmodule Fails do
      use GenServer
      def start_link(_), do: GenServer.start_link(__MODULE__, 1)
      def init(_), do: {:stop, :cannot}
    end
    IO.inspect Supervisor.start_link([spec(:before), Fails], strategy: :one_for_one)
    receive do {:EXIT, _, r} -> IO.inspect r after 10 -> 1 end
    IO.inspect (try do Supervisor.start_link([Nope], strategy: :one_for_one) rescue e -> Exception.message(e) end)
    IO.inspect (try do Supervisor.start_link([spec(:x)], []) rescue e -> e.__struct__ end)
    # agents and tasks as children
    {:ok, s} = Supervisor.start_link([{Agent, fn -> 3 end}, {Task, fn -> IO.puts("task runs") end}, {Task.Supervisor, name: TS}, {Registry, keys: :unique, name: RG}, {DynamicSupervisor, name: DS, strategy: :one_for_one}], strategy: :one_for_one)
    Process.sleep(20)
    IO.inspect Supervisor.which_children(s) |> Enum.map(fn {id, _, t, m} -> {id, t, m} end)
    {:ok, d} = DynamicSupervisor.start_child(DS, {W, {:dyn, 9}})
    IO.inspect DynamicSupervisor.count_children(DS)
    IO.inspect DynamicSupervisor.which_children(DS) |> Enum.map(fn {id, p, t, m} -> {id, p == d, t, m} end)
    GenServer.cast(:dyn, :crash)
    Process.sleep(400)
    IO.inspect GenServer.call(:dyn, :get)
    IO.inspect DynamicSupervisor.terminate_child(DS, Process.whereis(:dyn))
    IO.inspect DynamicSupervisor.terminate_child(DS, d)
    IO.inspect DynamicSupervisor.count_children(DS)
    Supervisor.stop(s)
  end
end
Run.run()
