defmodule Run do
  def run do
    t = Task.async(fn -> 1 + 1 end)
    IO.inspect Task.await(t)
    IO.inspect Task.async(Enum, :sum, [[1, 2, 3]]) |> Task.await()
    IO.inspect [1, 2, 3] |> Enum.map(&Task.async(fn -> Process.sleep(40 - &1 * 10); &1 * 2 end)) |> Enum.map(&Task.await/1)
    IO.inspect Task.await_many(for i <- 1..3, do: Task.async(fn -> i end))
    t = Task.async(fn -> Process.sleep(100); :slow end)
    IO.inspect Task.yield(t, 10)
    IO.inspect Task.yield(t, 500)
    IO.inspect Task.yield(t, 0)
    t = Task.async(fn -> Process.sleep(:infinity) end)
    IO.inspect Task.yield(t, 10) || Task.shutdown(t)
    t = Task.async(fn -> :quick end)
    Process.sleep(10)
    IO.inspect Task.shutdown(t)
    t = Task.async(fn -> Process.sleep(:infinity) end)
    IO.inspect Task.shutdown(t, :brutal_kill)
    IO.inspect Task.async_stream([1, 2, 3], fn x -> x * 10 end) |> Enum.to_list()
    IO.inspect Task.async_stream([3, 1, 2], fn x -> Process.sleep(x * 10); x end, ordered: false, max_concurrency: 3) |> Enum.map(fn {:ok, x} -> x end)
    IO.inspect Task.async_stream([30, 1], fn x -> Process.sleep(x * 10); x end, timeout: 100, on_timeout: :kill_task) |> Enum.to_list()
    IO.inspect Task.async_stream(1..4, Bitwise, :bsl, [1]) |> Enum.to_list
  end
end
Run.run()
