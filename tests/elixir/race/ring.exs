# A token goes around a ring: there is nothing that could be otherwise.
# OUTCOMES 1
# 1| [3, 2, 1]
me = self()

first =
  Enum.reduce(1..3, me, fn number, next ->
    spawn(fn ->
      receive do
        visited -> send(next, visited ++ [number])
      end
    end)
  end)

send(first, [])
receive do: (visited -> IO.inspect(visited))
