# Two clients cast a value and tell the main process, which then asks. The last cast wins. When signals can overtake others,
# the question can come before both casts, or between them.
# OUTCOMES 3
# 1| :a
# 2| :b
# 3~| :none
defmodule Cell do
  use GenServer
  @impl true
  def init(value), do: {:ok, value}
  @impl true
  def handle_cast({:set, value}, _), do: {:noreply, value}
  @impl true
  def handle_call(:get, _from, value), do: {:reply, value, value}
end

me = self()
{:ok, cell} = GenServer.start_link(Cell, :none)

for value <- [:a, :b] do
  spawn(fn ->
    GenServer.cast(cell, {:set, value})
    send(me, :done)
  end)
end

for _ <- 1..2, do: receive(do: (:done -> :ok))
IO.inspect(GenServer.call(cell, :get))
