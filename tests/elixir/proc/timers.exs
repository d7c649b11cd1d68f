t = Process.send_after(self(), :later, 3000)
IO.inspect is_reference(t)
IO.inspect Process.read_timer(t) in 0..3000
IO.inspect Process.cancel_timer(t) in 0..3000
IO.inspect Process.cancel_timer(t)
IO.inspect Process.read_timer(t)
Process.send_after(self(), :a, 400); Process.send_after(self(), :b, 200); Process.send_after(self(), :c, 0)
IO.inspect (for _ <- 1..3, do: receive(do: (x -> x)))
r = :erlang.start_timer(5, self(), :payload)
receive do {:timeout, ^r, p} -> IO.inspect p end
{:ok, tr} = :timer.send_interval(20, :tick)
for _ <- 1..3, do: receive(do: (:tick -> IO.puts("tick")))
IO.inspect :timer.cancel(tr)
{:ok, _} = :timer.send_after(10, :once)
IO.inspect receive(do: (x -> x), after: (500 -> :none))
me = self()
{:ok, _} = :timer.apply_after(10, Kernel, :send, [me, :applied])
IO.inspect receive(do: (x -> x), after: (500 -> :none))
{:ok, _} = :timer.exit_after(10, spawn(fn -> Process.flag(:trap_exit, true); receive do {:EXIT, _, r} -> send(me, r) end end), :later)
IO.inspect receive(do: (x -> x), after: (500 -> :none))
IO.inspect :timer.seconds(2)
IO.inspect :timer.minutes(2)
IO.inspect :timer.hours(1)
IO.inspect :timer.hms(1, 2, 3)
IO.inspect :timer.sleep(5)
{time, v} = :timer.tc(fn -> Process.sleep(100); :v end)
IO.inspect {time > 90_000 and time < 2_000_000, v}
{time, v} = :timer.tc(Enum, :sum, [[1, 2]])
IO.inspect {is_integer(time), v}
{time, v} = :timer.tc(fn x -> x end, [4])
IO.inspect {is_integer(time), v}
t0 = System.monotonic_time(:millisecond)
Process.sleep(60)
IO.inspect (System.monotonic_time(:millisecond) - t0) in 55..1000
Process.send_after(:not_registered, :x, 1)
Process.sleep(5)
# timer dies with its target
p = spawn(fn -> Process.sleep(10) end)
t = Process.send_after(p, :x, 10_000)
Process.sleep(500)
IO.inspect Process.cancel_timer(t)
IO.inspect Process.cancel_timer(t, info: false)
t = Process.send_after(self(), :x, 10_000)
IO.inspect Process.cancel_timer(t, info: false)
t = Process.send_after(self(), :x, 10_000)
IO.inspect Process.cancel_timer(t, async: true)
receive do {:cancel_timer, ^t, n} -> IO.inspect is_integer(n) after 100 -> IO.puts "nothing" end
IO.inspect :timer.now_diff({1,2,3},{1,1,1})
