defmodule Tally do
  use GenServer

  def start_link(first), do: GenServer.start_link(__MODULE__, first)
  def add(tally, number \\ 1), do: GenServer.call(tally, {:add, number})
  def value(tally), do: GenServer.call(tally, :value)

  @impl true
  def init(first), do: {:ok, first}

  @impl true
  def handle_call({:add, number}, _from, value), do: {:reply, :ok, value + number}
  def handle_call(:value, _from, value), do: {:reply, value, value}
end
