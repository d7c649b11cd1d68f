defmodule T do
  use GenServer
  def init(trap) do if trap, do: Process.flag(:trap_exit, true); {:ok, trap} end
  def handle_call(:x, _, s), do: {:reply, s, s}
  def terminate(r, s), do: IO.puts("terminate #{inspect r} #{s}")
end
defmodule Defaults do
  use GenServer
  def init(s), do: {:ok, s}
end
defmodule Run do
  def run do
    Process.flag(:trap_exit, true)
    for trap <- [true, false], reason <- [:shutdown, :normal, :boom, :kill] do
      {:ok, p} = GenServer.start_link(T, trap)
      Process.exit(p, reason)
      r = receive do {:EXIT, ^p, r} -> r after 50 -> :alive end
      IO.inspect {trap, reason, r}
    end
    {:ok, p} = GenServer.start(Defaults, 1)
    ref = Process.monitor(p)
    GenServer.cast(p, :unknown_cast)
    receive do {:DOWN, ^ref, _, _, {e, st}} -> IO.inspect({e.__struct__, is_list(st)}) end
    {:ok, p} = GenServer.start(Defaults, 1)
    send(p, :whatever)
    Process.sleep(10)
    IO.inspect Process.alive?(p)
    # parent exits with trapping server
    me = self()
    parent = spawn(fn -> {:ok, p} = GenServer.start_link(T, true); send(me, {:p, p}); receive do :die -> exit(:parent_died) end end)
    p = receive do {:p, p} -> p end
    ref = Process.monitor(p)
    send(parent, :die)
    receive do {:DOWN, ^ref, _, _, r} -> IO.inspect r end
    # stop timeouts, format
    {:ok, p} = GenServer.start(T, true)
    IO.inspect GenServer.stop(p, :normal, 1000)
    # start timeout
    defmodule Slow do
      use GenServer
      def init(_) do Process.sleep(200); {:ok, 1} end
    end
    IO.inspect GenServer.start(Slow, 1, timeout: 30)
    IO.inspect GenServer.start(NoSuchMod, 1) |> elem(0)
    IO.inspect (try do GenServer.start(T, true, name: "str") rescue e -> Exception.message(e) end)
    IO.inspect (try do GenServer.cast("str", 1) rescue e -> e.__struct__ end)
  end
end
Run.run()
