defmodule Links do
  def run do
    Process.flag(:trap_exit, true)
    IO.inspect Process.flag(:trap_exit, true)
    me = self()
    pid = spawn(fn -> receive do :go -> exit(:oops) end end)
    IO.inspect Process.link(pid)
    send(pid, :go)
    receive do {:EXIT, ^pid, r} -> IO.inspect r end
    IO.inspect Process.link(pid)
    receive do {:EXIT, ^pid, r} -> IO.inspect r end
    p2 = spawn_link(fn -> receive do :never -> 1 end end)
    Process.unlink(p2)
    Process.exit(p2, :kill)
    Process.sleep(10)
    IO.inspect Process.info(self(), :messages)
    p3 = spawn_link(fn -> receive do :never -> 1 end end)
    Process.exit(p3, :normal)
    Process.sleep(10)
    IO.inspect Process.alive?(p3)
    Process.exit(p3, :kill)
    receive do {:EXIT, ^p3, r} -> IO.inspect r end
    p4 = spawn_link(fn -> Process.flag(:trap_exit, true); send(me, :ready); receive do m -> send(me, {:trapped, m}) end end)
    receive do :ready -> 1 end
    Process.exit(p4, :normal)
    receive do {:trapped, {:EXIT, from, why}} -> IO.inspect {from == me, why} end
    receive do {:EXIT, ^p4, r} -> IO.inspect r end
    # chain
    a = spawn_link(fn ->
      b = spawn_link(fn ->
        spawn_link(fn -> Process.sleep(20); exit(:deep) end)
        Process.sleep(:infinity)
      end)
      send(me, {:b, b})
      Process.sleep(:infinity)
    end)
    receive do {:b, b} -> Process.monitor(b) end
    receive do {:EXIT, ^a, r} -> IO.inspect r end
    receive do {:DOWN, _, _, _, r} -> IO.inspect r end
    # no trap: link to dead raises
    {p, ref} = spawn_monitor(fn ->
      dead = spawn(fn -> 1 end)
      Process.sleep(10)
      r = try do Process.link(dead) rescue e -> e catch k, v -> {k, v} end
      send(me, {:r, r})
    end)
    receive do {:r, r} -> IO.inspect r end
    receive do {:DOWN, ^ref, _, ^p, r} -> IO.inspect r end
    # monitors
    ref = Process.monitor(:nobody_here)
    receive do m -> IO.inspect(put_elem(m, 1, :ref)) end
    IO.inspect Process.demonitor(ref)
    IO.inspect Process.demonitor(ref, [:flush, :info])
    q = spawn(fn -> Process.sleep(:infinity) end)
    ref = Process.monitor(q)
    IO.inspect Process.demonitor(ref, [:flush, :info])
    Process.exit(q, :shutdown)
    Process.sleep(5)
    IO.inspect Process.info(self(), :message_queue_len)
    Process.exit(self(), :boo)
    receive do m -> IO.inspect m |> put_elem(1, :me) end
    IO.inspect (try do exit(:x) catch :exit, r -> r end)
  end
end
Links.run()
