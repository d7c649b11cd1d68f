# A client asks a GenServer, in the way in which GenServer.call asked before OTP 24: it sends the request, waits for the
# reply with its reference, and gives up after a while. The server still replies, and the reply stays in the client's
# mailbox.
defmodule Oracle do
  use GenServer

  def init(state), do: {:ok, state}

  def handle_call(:question, _from, state) do
    Process.sleep(100)
    {:reply, 42, state}
  end

  def handle_call(:ready?, _from, state), do: {:reply, true, state}
end

defmodule Client do
  def call(server, request, timeout) do
    reference = make_ref()
    send(server, {:"$gen_call", {self(), reference}, request})

    receive do
      {^reference, reply} -> {:ok, reply}
    after
      timeout -> :timeout
    end
  end
end

{:ok, oracle} = GenServer.start(Oracle, nil)

case Client.call(oracle, :question, 100) do
  {:ok, reply} -> IO.puts("reply: #{reply}")
  :timeout -> IO.puts("no reply")
end

# When this has been answered, the oracle is done with the question.
GenServer.call(oracle, :ready?, :infinity)

receive do
  {_reference, reply} -> IO.puts("in the mailbox: #{reply}")
after
  0 -> IO.puts("in the mailbox: nothing")
end
