# Two processes take two locks in opposite order. If each has one of them, neither gets the other.
# OUTCOMES 2
# 1| done
# 2| stuck
defmodule Lock do
  def new, do: spawn(&free/0)

  defp free do
    receive do
      {:take, from} ->
        send(from, {:taken, self()})

        receive do
          {:release, ^from} -> free()
        end
    end
  end

  def with_lock(lock, fun) do
    send(lock, {:take, self()})

    receive do
      {:taken, ^lock} -> :ok
    end

    result = fun.()
    send(lock, {:release, self()})
    result
  end
end

me = self()
a = Lock.new()
b = Lock.new()

for {first, second} <- [{a, b}, {b, a}] do
  spawn(fn ->
    Lock.with_lock(first, fn -> Lock.with_lock(second, fn -> :ok end) end)
    send(me, :done)
  end)
end

finished =
  for _ <- 1..2 do
    receive do
      :done -> :done
    after
      500 -> :stuck
    end
  end

IO.puts(if finished == [:done, :done], do: "done", else: "stuck")
