defmodule M do
  def run do
    p = spawn(fn -> receive do :x -> 1 end end)
    Process.register(p, :worker)
    ref = Process.monitor(:worker)
    send(:worker, :x)
    receive do {:DOWN, ^ref, :process, who, r} -> IO.inspect {who, r} end
    {p, r} = spawn_monitor(M, :die, [:why])
    receive do {:DOWN, ^r, :process, ^p, why} -> IO.inspect why end
    p = spawn(fn -> Process.sleep(:infinity) end)
    r1 = Process.monitor(p); r2 = Process.monitor(p)
    Process.exit(p, :kill)
    receive do {:DOWN, ^r1, _, _, w} -> IO.inspect w end
    receive do {:DOWN, ^r2, _, _, w} -> IO.inspect w end
    p = spawn_link(fn -> Process.sleep(:infinity) end)
    IO.inspect p in elem(Process.info(self(), :links), 1)
    Process.unlink(p)
    IO.inspect p in elem(Process.info(self(), :links), 1)
    r = Process.monitor(p)
    IO.inspect Process.info(p, :monitored_by) == {:monitored_by, [self()]}
    IO.inspect Process.info(self(), :monitors) == {:monitors, [process: p]}
    Process.demonitor(r)
    IO.inspect Process.info(self(), :monitors)
    try do
      GenServer.call(p, :q, 10)
    catch
      :exit, {:timeout, {GenServer, :call, [_, :q, 10]}} -> IO.puts "timed out"
    end
    alias_ref = :erlang.monitor(:process, p)
    IO.inspect is_reference(alias_ref)
    s = Enum.map([1, 2], fn i -> spawn_monitor(fn -> exit({:n, i}) end) end)
    IO.inspect (for {p, r} <- s do receive do {:DOWN, ^r, :process, ^p, {:n, i}} -> i end end)
  end
  def die(r), do: exit(r)
end
M.run()
