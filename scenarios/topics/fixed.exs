# The host waits until both guests say that they have joined, and then asks them to greet. Each guest leaves when it has
# heard the other.
defmodule Room do
  def open, do: Registry.start_link(keys: :duplicate, name: __MODULE__)

  def subscribe(topic), do: Registry.register(__MODULE__, topic, nil)

  def unsubscribe(topic), do: Registry.unregister(__MODULE__, topic)

  def broadcast(topic, message), do: broadcast_from(nil, topic, message)

  # To everybody but the one who says it.
  def broadcast_from(sender, topic, message) do
    Registry.dispatch(__MODULE__, topic, fn entries ->
      for {pid, _} <- entries, pid != sender, do: send(pid, message)
    end)
  end
end

defmodule Guest do
  def start(name, host) do
    spawn(fn ->
      Room.subscribe("lobby")
      send(host, :joined)
      receive do: (:begin -> :ok)
      Room.broadcast_from(self(), "lobby", {:greeting, name})
      other = receive do: ({:greeting, other} -> other)
      Room.unsubscribe("lobby")
      send(host, {:heard, name, other})
    end)
  end
end

{:ok, _} = Room.open()
for name <- ["alice", "bob"], do: Guest.start(name, self())
for _ <- 1..2, do: receive(do: (:joined -> :ok))
Room.broadcast("lobby", :begin)

for name <- ["alice", "bob"] do
  receive do: ({:heard, ^name, other} -> IO.puts("#{name} heard #{other}"))
end
