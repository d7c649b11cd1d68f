send(self(), {:low, 1}); send(self(), {:high, 2}); send(self(), {:low, 3}); send(self(), {:high, 4})
defmodule Prio do
  def drain do
    receive do
      {:high, x} -> [{:high, x} | drain()]
    after 0 -> low()
    end
  end
  def low do
    receive do
      {:low, x} when x > 0 -> [{:low, x} | low()]
    after 0 -> []
    end
  end
  def flush do
    receive do
      m -> IO.inspect(m); flush()
    after
      0 -> :ok
    end
  end
end
IO.inspect Prio.drain()
send(self(), 1); send(self(), "two"); send(self(), %{three: 3})
IO.inspect Process.info(self(), :message_queue_len)
IO.inspect Process.info(self(), :messages)
x = "two"
receive do ^x -> IO.puts "pinned" end
receive do %{three: n} when n > 2 -> IO.puts "map #{n}" end
receive do n when is_integer(n) -> IO.puts "int" end
Prio.flush()
r = receive do after 20 -> :only_after end
IO.inspect r
ref = make_ref()
send(self(), {:other, 1}); send(self(), {ref, :answer})
receive do {^ref, a} -> IO.inspect a end
Prio.flush()
timeout = 15
v = receive do :never -> 1 after timeout -> :late end
IO.inspect v
v = receive do :never -> 1 after div(timeout, 2) -> :late2 end
IO.inspect v
IO.inspect(try do receive do :x -> 1 after :foo -> 2 end rescue e -> {e.__struct__, Exception.message(e)} end)
IO.inspect(try do receive do :x -> 1 after -1 -> 2 end rescue e -> {e.__struct__, Exception.message(e)} end)
# pdict
IO.inspect Process.put(:a, 1); IO.inspect Process.put(:a, 2); IO.inspect Process.get(:a); IO.inspect Process.get(:zz, :dflt)
IO.inspect Process.get_keys() |> Enum.member?(:a)
IO.inspect Process.delete(:a); IO.inspect Process.get(:a)
# process info
IO.inspect Process.info(self(), [:trap_exit, :message_queue_len, :status])
p = spawn(fn -> Process.sleep(:infinity) end)
Process.sleep(10)
IO.inspect Process.info(p, :status)
IO.inspect Process.info(p, :links)
IO.inspect Process.info(p)[:message_queue_len]
Process.exit(p, :kill); Process.sleep(10)
IO.inspect Process.info(p)
IO.inspect Process.info(p, :status)
IO.inspect(Process.list() |> Enum.member?(self()))
IO.inspect(self() == self())
IO.inspect(inspect(self()) =~ ~r/^#PID<\d+\.\d+\.\d+>$/)
IO.inspect(Process.group_leader() |> is_pid)
IO.inspect(Process.flag(:priority, :high))
IO.inspect(Process.flag(:trap_exit, false))
IO.inspect(self() |> :erlang.pid_to_list() |> is_list)
