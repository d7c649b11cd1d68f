# No sleep: the server calls a function whenever somebody subscribes, and that function tells the main process. The
# message is published when ten have subscribed. Whether it is written out before the main process ends is still open.
defmodule PubSub do
  def start(on_subscribe \\ fn _pid -> :ok end) do
    spawn(__MODULE__, :loop, [[], on_subscribe])
  end

  def publish(server, message), do: send(server, {:publish, message})

  # Whoever calls this becomes a subscriber and hands all that it gets to the handler, for ever.
  def subscribe(server, handler) do
    send(server, {:subscribe, self()})
    listen(handler)
  end

  defp listen(handler) do
    receive do
      message -> handler.(message)
    end

    listen(handler)
  end

  def loop(subscribers, on_subscribe) do
    receive do
      {:subscribe, pid} ->
        on_subscribe.(pid)
        loop([pid | subscribers], on_subscribe)

      {:publish, message} ->
        for pid <- subscribers, do: send(pid, message)
        loop(subscribers, on_subscribe)
    end
  end
end

main = self()
server = PubSub.start(fn pid -> send(main, {:subscriber, pid}) end)

for _ <- 1..10 do
  spawn(fn ->
    PubSub.subscribe(server, fn message ->
      IO.puts("#{inspect(self())} received: #{message}")
    end)
  end)
end

# Ten have subscribed: the server has said so.
for _ <- 1..10, do: receive(do: ({:subscriber, _pid} -> :ok))

PubSub.publish(server, "Hello everyone!")
