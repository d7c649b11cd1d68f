# The counter adds by itself: to read, to add and to write are one turn of its loop, and the clients wait for the
# answer.
defmodule Counter do
  def start, do: spawn(fn -> loop(0) end)

  def get(counter), do: call(counter, :get)
  def increment(counter), do: call(counter, :increment)

  defp call(counter, request) do
    send(counter, {request, self()})
    receive do: ({^counter, value} -> value)
  end

  defp loop(value) do
    receive do
      {:get, from} ->
        send(from, {self(), value})
        loop(value)

      {:increment, from} ->
        send(from, {self(), value + 1})
        loop(value + 1)
    end
  end
end

main = self()
counter = Counter.start()

for _ <- 1..2 do
  spawn(fn ->
    Counter.increment(counter)
    send(main, :done)
  end)
end

for _ <- 1..2, do: receive(do: (:done -> :ok))
IO.puts("counter: #{Counter.get(counter)}")
