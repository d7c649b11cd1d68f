defmodule S do
  use GenServer
  def init(_), do: {:ok, 1}
  def handle_call(:x, _, s) do Process.sleep(5000); {:reply, s, s} end
end
{:ok, p} = GenServer.start(S, 1)
GenServer.call(p, :x, 50)
