# The forks are ordered, a before b before c, and everybody takes the earlier one first. Who waits, waits for somebody
# who holds a later fork; so there is always one who waits for nobody.
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
  {"Iris", a, c}
]

for {name, first, second} <- seats do
  spawn(Philosopher, :dine, [name, first, second, host])
end

for {name, _, _} <- seats do
  receive do: ({:eaten, ^name} -> IO.puts("#{name} has eaten"))
end
