# Two clients add one to a counter: they ask for its value, add one, and send the new value back. If both ask before
# either has sent, one of the two is lost.
defmodule Counter do
  def start, do: spawn(fn -> loop(0) end)

  def get(counter) do
    send(counter, {:get, self()})
    receive do: ({^counter, value} -> value)
  end

  def set(counter, value), do: send(counter, {:set, value})

  defp loop(value) do
    receive do
      {:get, from} ->
        send(from, {self(), value})
        loop(value)

      {:set, new} ->
        loop(new)
    end
  end
end

main = self()
counter = Counter.start()

for _ <- 1..2 do
  spawn(fn ->
    value = Counter.get(counter)
    Counter.set(counter, value + 1)
    send(main, :done)
  end)
end

for _ <- 1..2, do: receive(do: (:done -> :ok))
IO.puts("counter: #{Counter.get(counter)}")
