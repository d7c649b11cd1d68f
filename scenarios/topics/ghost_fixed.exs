# The room counts those who are alive. Whoever has been told of Bob's end does not find him any more, even if the
# registry has not been told yet.
defmodule Room do
  def open, do: Registry.start_link(keys: :duplicate, name: __MODULE__)

  def subscribe(topic), do: Registry.register(__MODULE__, topic, nil)

  def count(topic) do
    Enum.count(Registry.lookup(__MODULE__, topic), fn {pid, _} -> Process.alive?(pid) end)
  end
end

{:ok, _} = Room.open()
{_bob, monitor} = spawn_monitor(fn -> Room.subscribe("lobby") end)
receive do: ({:DOWN, ^monitor, :process, _, _} -> IO.puts("bob is gone"))
IO.puts("in the lobby: #{Room.count("lobby")}")
