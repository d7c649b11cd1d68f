defmodule PubSubServer do
  def start, do: spawn(__MODULE__, :run, [[]])

  def publish(server, message), do: send(server, {:publish, message})

  def subscribe(server, handler) do
    send(server, {:subscribe, self()})
    listen(handler)
  end

  def listen(handler) do
    receive do
      message ->
        handler.(message)
        listen(handler)
    end
  end

  def run(subscribers) do
    receive do
      {:publish, message} ->
        IO.puts("Publishing...")
        Enum.each(subscribers, fn pid -> send(pid, message) end)
        run(subscribers)

      {:subscribe, subscriber} ->
        IO.puts("Subscribing...")
        run([subscriber | subscribers])
    end
  end
end

server = PubSubServer.start()
listener_count = 10

Stream.repeatedly(fn ->
  spawn(fn ->
    PubSubServer.subscribe(server, fn message ->
      IO.puts("#{inspect(self())} received:  #{message}")
    end)
  end)
end)
|> Enum.take(listener_count)

:timer.sleep(1_000)

PubSubServer.publish(server, "Hello everyone!")
