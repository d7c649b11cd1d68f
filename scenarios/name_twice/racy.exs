# Two clients need a counter with a known name. Each looks whether it is there, and starts it if it is not. If both look
# before either has started one, the second to take the name crashes.
defmodule Counter do
  def ensure_started do
    if Process.whereis(:counter) == nil do
      Process.register(spawn(fn -> loop(0) end), :counter)
    end
  end

  def increment, do: send(:counter, :increment)

  def value do
    send(:counter, {:value, self()})
    receive do: ({:value, value} -> value)
  end

  defp loop(count) do
    receive do
      :increment ->
        loop(count + 1)

      {:value, from} ->
        send(from, {:value, count})
        loop(count)
    end
  end
end

monitors =
  for _ <- 1..2 do
    {_, monitor} =
      spawn_monitor(fn ->
        Counter.ensure_started()
        Counter.increment()
      end)

    monitor
  end

for monitor <- monitors, do: receive(do: ({:DOWN, ^monitor, :process, _, _} -> :ok))
IO.puts("counter: #{Counter.value()}")
