# The server on its own. It keeps a list of subscribers and hands every published message on to each of them. Here a
# single process does all the talking, so that nothing can happen in another order.
defmodule PubSub do
  def start, do: spawn(__MODULE__, :loop, [[]])

  def subscribe(server), do: send(server, {:subscribe, self()})

  def publish(server, message), do: send(server, {:publish, message})

  # What the server knows is the argument of its next turn.
  def loop(subscribers) do
    receive do
      {:subscribe, pid} ->
        loop([pid | subscribers])

      {:publish, message} ->
        for pid <- subscribers, do: send(pid, message)
        loop(subscribers)
    end
  end
end

server = PubSub.start()
PubSub.publish(server, "Is anybody there?")
PubSub.subscribe(server)
PubSub.publish(server, "Hello everyone!")

receive do
  message -> IO.puts("received: #{message}")
end
