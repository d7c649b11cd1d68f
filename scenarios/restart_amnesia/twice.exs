# Every server that is started tells the reader, who outlives it, and the reader subscribes again. The publisher watches
# the server: if it goes down before the reader has confirmed the news, the news is published again, on the next server.
# Nothing is lost any more, but the reader may get the same news twice.
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
  def loop(publisher) do
    receive do
      {:up, server} ->
        GenServer.cast(server, {:subscribe, self()})

      {:subscribed, server} ->
        send(publisher, {:ready, server})

      {:news, text} ->
        IO.puts("read: #{text}")
        send(publisher, :heard)
    end

    loop(publisher)
  end
end

defmodule Publisher do
  def publish(message) do
    receive do
      {:ready, server} ->
        monitor = Process.monitor(server)
        GenServer.cast(server, {:publish, message})

        receive do
          :heard -> :ok
          {:DOWN, ^monitor, :process, _, _} -> publish(message)
        end
    end
  end
end

reader = spawn(Reader, :loop, [self()])
{:ok, _} = Supervisor.start_link([{PubSub, reader}], strategy: :one_for_one)
spawn(fn -> GenServer.cast(PubSub, :bug) end)

Publisher.publish({:news, "sunny"})
