defmodule Talker do
  def loop(count) do
    receive do
      {:hi, from} -> send(from, {:count, count}); loop(count + 1)
      :stop -> IO.puts("stopping after #{count}")
      other -> IO.inspect(other, label: "odd"); loop(count)
    end
  end
end
defmodule Basics do
  def run do
    pid = spawn(Talker, :loop, [0])
    IO.inspect(is_pid(pid)); IO.inspect(Process.alive?(pid))
    for _ <- 1..3, do: send(pid, {:hi, self()})
    for _ <- 1..3 do
      receive do
        {:count, n} -> IO.puts("got #{n}")
      end
    end
    send(pid, [1, 2]); send(pid, :stop)
    Process.sleep(500)
    IO.inspect(Process.alive?(pid))
    IO.inspect(send(pid, :void))
    parent = self()
    {child, ref} = spawn_monitor(fn -> send(parent, {:from, self()}); exit(:done) end)
    receive do {:from, ^child} -> IO.puts("child said hello") end
    receive do {:DOWN, ^ref, :process, ^child, why} -> IO.inspect(why) end
    # nested
    spawn(fn -> spawn(fn -> send(parent, :grandchild) end) end)
    receive do m -> IO.inspect(m) after 1000 -> IO.puts("none") end
    r = receive do m -> m after 10 -> :timeout end
    IO.inspect(r)
    IO.inspect(try do send(:nobody, 1) rescue e in ArgumentError -> e.message end)
    IO.inspect(Process.whereis(:nobody))
    Process.register(self(), :main_proc)
    send(:main_proc, :by_name)
    IO.inspect(receive do x -> x end)
    IO.inspect(Process.info(self(), :registered_name))
    send({:main_proc, node()}, :via_node)
    IO.inspect(receive do x -> x end)
    IO.inspect(Process.unregister(:main_proc))
    IO.inspect(try do Process.unregister(:main_proc) rescue e -> {e.__struct__, String.replace(Exception.message(e), ~r"<.*?>", "<_>")} end)
    IO.inspect(try do Process.register(pid, :dead_one) rescue e -> {e.__struct__, String.replace(Exception.message(e), ~r"<.*?>", "<_>")} end)
    Process.register(self(), :one)
    IO.inspect(try do Process.register(self(), :two) rescue e -> {e.__struct__, String.replace(Exception.message(e), ~r"<.*?>", "<_>")} end)
    IO.inspect(try do Process.register(self(), :one) rescue e -> {e.__struct__, String.replace(Exception.message(e), ~r"<.*?>", "<_>")} end)
    IO.inspect(try do Process.sleep(-5) catch k, e -> {k, e} end)
    IO.inspect(Process.registered() |> Enum.member?(:one))
  end
end
Basics.run()
