# GenServer.call of today: a client that gives up also takes back the address to which the reply would go. The server
# replies to nobody, and the mailbox stays empty.
defmodule Oracle do
  use GenServer

  def init(state), do: {:ok, state}

  def handle_call(:question, _from, state) do
    Process.sleep(100)
    {:reply, 42, state}
  end

  def handle_call(:ready?, _from, state), do: {:reply, true, state}
end

{:ok, oracle} = GenServer.start(Oracle, nil)

try do
  GenServer.call(oracle, :question, 100)
catch
  :exit, {:timeout, _} -> IO.puts("no reply")
else
  reply -> IO.puts("reply: #{reply}")
end

# When this has been answered, the oracle is done with the question.
GenServer.call(oracle, :ready?, :infinity)

receive do
  {_reference, reply} -> IO.puts("in the mailbox: #{reply}")
after
  0 -> IO.puts("in the mailbox: nothing")
end
