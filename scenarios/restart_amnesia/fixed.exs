# As before, the reader subscribes again with every new server, and the publisher repeats what was not confirmed. The
# news now has a number: the reader confirms a number that it knows, and does not read it a second time.
defmodule PubSub do
  use GenServer

  def start_link(reader), do: GenServer.start_link(__MODULE__, reader, name: __MODULE__)

  def init(reader) do
    send(reader, {:up, self()})
    {:ok, []}
  end

  def handle_cast({:subscribe, pid}, subscribers) do
    send(pid, {:subscribed, self()})
    {:noreply, [pid | subscribers]}
  end

  def handle_cast({:publish, message}, subscribers) do
    for pid <- subscribers, do: send(pid, message)
    {:noreply, subscribers}
  end

  def handle_cast(:bug, _subscribers), do: exit(:bug)
end

defmodule Reader do
  # `last` is the number of what was read last.
  def loop(publisher, last) do
    receive do
      {:up, server} ->
        GenServer.cast(server, {:subscribe, self()})
        loop(publisher, last)

      {:subscribed, server} ->
        send(publisher, {:ready, server})
        loop(publisher, last)

      {:news, number, text} ->
        if number > last, do: IO.puts("read: #{text}")
        send(publisher, {:heard, number})
        loop(publisher, max(number, last))
    end
  end
end

defmodule Publisher do
  def publish({:news, number, _text} = message) do
    receive do
      {:ready, server} ->
        monitor = Process.monitor(server)
        GenServer.cast(server, {:publish, message})

        receive do
          {:heard, ^number} -> :ok
          {:DOWN, ^monitor, :process, _, _} -> publish(message)
        end
    end
  end
end

reader = spawn(Reader, :loop, [self(), 0])
{:ok, _} = Supervisor.start_link([{PubSub, reader}], strategy: :one_for_one)
spawn(fn -> GenServer.cast(PubSub, :bug) end)

Publisher.publish({:news, 1, "sunny"})
