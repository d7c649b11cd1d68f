# Three nodes form a ring; each knows its successor. A node that is asked to hold an election sends its number around,
# and leads if its number comes back. The rule here: a node lets the first number through that it sees, its own or
# another's, and no other. Two that start at the same time stop each other.
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
        supporter(number, observer)

      {:candidate, other} ->
        send(next, {:candidate, other})
        supporter(number, observer)
    end
  end

  # Supports a candidate already, and drops all others.
  defp supporter(number, observer) do
    receive do
      {:candidate, ^number} -> send(observer, {:leader, number})
      {:candidate, _other} -> supporter(number, observer)
    end
  end
end

observer = self()
nodes = for number <- 1..3, do: Ring.start_node(number, observer)
[one, two, three] = nodes
for {node, next} <- [{one, two}, {two, three}, {three, one}], do: send(node, {:next, next})
for node <- nodes, do: send(node, :elect)

receive do: ({:leader, number} -> IO.puts("leader: #{number}"))
