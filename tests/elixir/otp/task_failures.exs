defmodule Run do
  def raising do
    t = Task.async(fn -> raise "task failed" end)
    IO.inspect (try do Task.await(t) catch k, {{e, st}, {m, f, _}} -> {k, e, is_list(st), m, f} end)
    receive do {:EXIT, _, {e, _}} -> IO.inspect e end
  end
  def exiting do
    t = Task.async(fn -> exit(:custom) end)
    IO.inspect (try do Task.await(t) catch k, {e, {m, f, [_, to]}} -> {k, e, m, f, to} end)
    receive do {:EXIT, _, e} -> IO.inspect e end
  end
  def throwing do
    t = Task.async(fn -> throw :ball end)
    IO.inspect (try do Task.await(t) catch k, {{e, _}, _} -> {k, e} end)
    receive do {:EXIT, _, {e, _}} -> IO.inspect e end
  end
  def yielding do
    t = Task.async(fn -> exit(:custom) end)
    IO.inspect Task.yield(t)
    receive do {:EXIT, _, e} -> IO.inspect e end
  end
  def timing do
    t = Task.async(fn -> Process.sleep(:infinity) end)
    IO.inspect (try do Task.await(t, 20) catch k, {e, {m, f, [_, to]}} -> {k, e, m, f, to} end)
    IO.inspect Task.async_stream([1, 2], fn 1 -> exit(:one); x -> x end) |> Enum.to_list()
  end
  def owner do
    t = Task.async(fn -> :mine end)
    me = self()
    spawn(fn -> send(me, try do Task.await(t) rescue e -> e.__struct__ end) end)
    receive do x when is_atom(x) -> IO.inspect x end
    IO.inspect Task.await(t)
  end
  def sup do
    me = self()
    {:ok, sup} = Task.Supervisor.start_link()
    IO.inspect Task.Supervisor.async(sup, fn -> :sup end) |> Task.await
    t = Task.Supervisor.async_nolink(sup, fn -> raise "nolink" end)
    {:exit, {e, _}} = Task.yield(t)
    IO.inspect e
    {:ok, p} = Task.Supervisor.start_child(sup, fn -> send(me, :child_ran); Process.sleep(:infinity) end)
    receive do :child_ran -> IO.puts "ran" end
    IO.inspect Task.Supervisor.children(sup) == [p]
    IO.inspect Task.Supervisor.terminate_child(sup, p)
    IO.inspect Task.Supervisor.children(sup)
    IO.inspect Task.Supervisor.async_stream(sup, 1..3, fn x -> x * x end) |> Enum.map(&elem(&1, 1))
    IO.inspect Task.Supervisor.async_stream_nolink(sup, 1..3, fn 2 -> exit(:two); x -> x end) |> Enum.to_list
  end
  def rest do
    IO.inspect Task.yield_many(for(i <- [1, 30], do: Task.async(fn -> Process.sleep(i * 10); i end)), 150) |> Enum.map(fn {_, r} -> r end)
    IO.inspect Task.completed(5) |> Task.await
    t = Task.async(fn -> :msg end)
    receive do {ref, r} when ref == t.ref -> IO.inspect r end
  end
  def run do
    Process.flag(:trap_exit, true)
    raising(); exiting(); throwing(); yielding(); timing(); owner(); sup(); rest()
  end
end
Run.run()
