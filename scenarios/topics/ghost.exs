# Bob joins a room and is gone. The registry notices by itself that he is, but when? The main process, which has been
# told of Bob's end, may still find him in the room.
defmodule Room do
  def open, do: Registry.start_link(keys: :duplicate, name: __MODULE__)

  def subscribe(topic), do: Registry.register(__MODULE__, topic, nil)

  def count(topic), do: length(Registry.lookup(__MODULE__, topic))
end

{:ok, _} = Room.open()
{_bob, monitor} = spawn_monitor(fn -> Room.subscribe("lobby") end)
receive do: ({:DOWN, ^monitor, :process, _, _} -> IO.puts("bob is gone"))
IO.puts("in the lobby: #{Room.count("lobby")}")
