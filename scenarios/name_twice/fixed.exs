# Nobody looks first. Each client starts a counter that takes the name as its own first act, and for one of the two the
# name is taken already. It is told so, and uses the counter that is there.
defmodule Counter do
  use GenServer

  def ensure_started do
    case GenServer.start(__MODULE__, 0, name: :counter) do
      {:ok, _} -> :ok
      {:error, {:already_started, _}} -> :ok
    end
  end

  def increment, do: GenServer.call(:counter, :increment, :infinity)
  def value, do: GenServer.call(:counter, :value, :infinity)

  def init(count), do: {:ok, count}
  def handle_call(:increment, _from, count), do: {:reply, :ok, count + 1}
  def handle_call(:value, _from, count), do: {:reply, count, count}
end

monitors =
  for _ <- 1..2 do
    {_, monitor} =
      spawn_monitor(fn ->
        Counter.ensure_started()
        Counter.increment()
      end)

    monitor
  end

for monitor <- monitors, do: receive(do: ({:DOWN, ^monitor, :process, _, _} -> :ok))
IO.puts("counter: #{Counter.value()}")
