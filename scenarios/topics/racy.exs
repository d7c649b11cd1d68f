# A chat room is a topic in a registry. Alice and Bob join it, and whoever has joined greets the others. Who joins last
# is heard by all; who joins first may be heard by nobody.
defmodule Room do
  def open, do: Registry.start_link(keys: :duplicate, name: __MODULE__)

  def subscribe(topic), do: Registry.register(__MODULE__, topic, nil)

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
      Room.broadcast_from(self(), "lobby", {:greeting, name})
      send(host, :greeted)
      send(host, {:heard, name, listen([])})
    end)
  end

  defp listen(names) do
    receive do
      {:greeting, name} -> listen([name | names])
      :closing -> names
    end
  end
end

{:ok, _} = Room.open()
for name <- ["alice", "bob"], do: Guest.start(name, self())
for _ <- 1..2, do: receive(do: (:greeted -> :ok))
Room.broadcast("lobby", :closing)

for name <- ["alice", "bob"] do
  receive do
    {:heard, ^name, []} -> IO.puts("#{name} heard nobody")
    {:heard, ^name, others} -> IO.puts("#{name} heard #{Enum.join(others, ", ")}")
  end
end
