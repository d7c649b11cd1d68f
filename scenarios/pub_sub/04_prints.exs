# The same program, and the server says what it does: it often publishes before anybody has subscribed.
defmodule PubSub do
  def start, do: spawn(__MODULE__, :loop, [[]])

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

  def loop(subscribers) do
    receive do
      {:subscribe, pid} ->
        IO.puts("Subscribing...")
        loop([pid | subscribers])

      {:publish, message} ->
        IO.puts("Publishing...")
        for pid <- subscribers, do: send(pid, message)
        loop(subscribers)
    end
  end
end

server = PubSub.start()

for _ <- 1..10 do
  spawn(fn ->
    PubSub.subscribe(server, fn message ->
      IO.puts("#{inspect(self())} received: #{message}")
    end)
  end)
end

PubSub.publish(server, "Hello everyone!")
