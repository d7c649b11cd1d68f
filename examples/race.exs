# Two clients read a counter, add one, and write it back. If both read before either writes, one of the two is lost.
defmodule Counter do
  def start, do: spawn(__MODULE__, :loop, [0])

  def get(counter) do
    send(counter, {:get, self()})

    receive do
      {:value, value} -> value
    end
  end

  def set(counter, value), do: send(counter, {:set, value})

  def loop(value) do
    receive do
      {:get, from} ->
        send(from, {:value, value})
        loop(value)

      {:set, value} ->
        loop(value)
    end
  end
end

main = self()
counter = Counter.start()

for _ <- 1..2 do
  spawn(fn ->
    Counter.set(counter, Counter.get(counter) + 1)
    send(main, :done)
  end)
end

for _ <- 1..2 do
  receive do
    :done -> :ok
  end
end

IO.puts("the counter says #{Counter.get(counter)}")
