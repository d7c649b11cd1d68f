# Three philosophers sit around a table with three forks between them. Each takes the fork on the left, then the one on
# the right, eats, and puts both down. If each holds the left one, all wait for ever.
defmodule Fork do
  def start, do: spawn(fn -> on_the_table() end)

  def take(fork) do
    send(fork, {:take, self()})
    receive do: ({:taken, ^fork} -> :ok)
  end

  def put_down(fork), do: send(fork, {:put_down, self()})

  defp on_the_table do
    receive do
      {:take, philosopher} ->
        send(philosopher, {:taken, self()})
        receive do: ({:put_down, ^philosopher} -> on_the_table())
    end
  end
end

defmodule Philosopher do
  def dine(name, first, second, host) do
    Fork.take(first)
    Fork.take(second)
    send(host, {:eaten, name})
    Fork.put_down(first)
    Fork.put_down(second)
  end
end

host = self()
[a, b, c] = for _ <- 1..3, do: Fork.start()

seats = [
  {"Hannah", a, b},
  {"Simone", b, c},
  {"Iris", c, a}
]

for {name, first, second} <- seats do
  spawn(Philosopher, :dine, [name, first, second, host])
end

for {name, _, _} <- seats do
  receive do: ({:eaten, ^name} -> IO.puts("#{name} has eaten"))
end
