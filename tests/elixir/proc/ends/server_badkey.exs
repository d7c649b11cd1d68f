defmodule Boom do
  use GenServer
  def init(_), do: {:ok, 1}
  def handle_call(:x, _, s), do: {:reply, s.nope, s}
end
{:ok, p} = GenServer.start(Boom, 1)
IO.puts "calling"
GenServer.call(p, :x)
