# The rule of Chang and Roberts: a node lets every number through that is larger than its own, and drops those that are
# smaller. The largest is dropped by nobody, and all others by the node that has it.
defmodule Ring do
  # A node learns first who comes after it.
  def start_node(number, observer) do
    spawn(fn ->
      receive do: ({:next, next} -> loop(number, next, observer))
    end)
  end

  defp loop(number, next, observer) do
    receive do
      :elect ->
        send(next, {:candidate, number})
        loop(number, next, observer)

      {:candidate, ^number} ->
        send(observer, {:leader, number})

      {:candidate, other} ->
        if other > number, do: send(next, {:candidate, other})
        loop(number, next, observer)
    end
  end
end

observer = self()
nodes = for number <- 1..3, do: Ring.start_node(number, observer)
[one, two, three] = nodes
for {node, next} <- [{one, two}, {two, three}, {three, one}], do: send(node, {:next, next})
for node <- nodes, do: send(node, :elect)

receive do: ({:leader, number} -> IO.puts("leader: #{number}"))
