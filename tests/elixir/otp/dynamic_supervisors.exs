defmodule MyApp do
  use Application
  @impl true
  def start(_type, _args) do
    children = [{Registry, keys: :unique, name: R}, {DynamicSupervisor, name: D, strategy: :one_for_one}]
    Supervisor.start_link(children, strategy: :one_for_one, name: MyApp.Sup)
  end
end
{:ok, s} = MyApp.start(:normal, [])
IO.inspect Process.whereis(MyApp.Sup) == s
defmodule Sup2 do
  use DynamicSupervisor
  def start_link(a), do: DynamicSupervisor.start_link(__MODULE__, a, name: __MODULE__)
  @impl true
  def init(_), do: DynamicSupervisor.init(strategy: :one_for_one, max_children: 2)
  def add(n), do: DynamicSupervisor.start_child(__MODULE__, %{id: n, start: {Agent, :start_link, [fn -> n end]}, restart: :temporary})
end
{:ok, _} = Sup2.start_link([])
{:ok, a} = Sup2.add(1)
{:ok, _} = Sup2.add(2)
IO.inspect Sup2.add(3)
Agent.stop(a)
Process.sleep(20)
IO.inspect DynamicSupervisor.count_children(Sup2)
IO.inspect elem(Sup2.add(3), 0)
IO.inspect (try do DynamicSupervisor.start_child(NoSup, {Agent, fn -> 1 end}) catch k, {r, _} -> {k, r} end)
IO.inspect Application.get_env(:my, :x, 5)
IO.inspect Application.put_env(:my, :x, 6)
IO.inspect Application.get_env(:my, :x)
