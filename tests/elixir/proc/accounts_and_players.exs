defmodule BankAccount do
  def start(balance), do: spawn(fn -> loop(balance) end)
  def loop(balance) do
    receive do
      {:deposit, amount, from} -> send(from, {:ok, balance + amount}); loop(balance + amount)
      {:withdraw, amount, from} when amount <= balance -> send(from, {:ok, balance - amount}); loop(balance - amount)
      {:withdraw, _, from} -> send(from, {:error, :insufficient_funds}); loop(balance)
      :stop -> :ok
    end
  end
  def ask(pid, msg) do
    send(pid, Tuple.append(msg, self()))
    receive do r -> r after 1000 -> :timeout end
  end
end
pid = BankAccount.start(100)
IO.inspect BankAccount.ask(pid, {:deposit, 50})
IO.inspect BankAccount.ask(pid, {:withdraw, 500})
IO.inspect BankAccount.ask(pid, {:withdraw, 150})
defmodule PingPong do
  def player(name, parent) do
    receive do
      {:ball, 0, _} -> send(parent, {:over, name})
      {:ball, n, from} -> IO.puts("#{name} hits #{n}"); send(from, {:ball, n - 1, self()}); player(name, parent)
    end
  end
end
ping = spawn(PingPong, :player, ["ping", self()])
pong = spawn(PingPong, :player, ["pong", self()])
send(ping, {:ball, 5, pong})
receive do {:over, n} -> IO.puts("#{n} lost") end
defmodule PMap do
  def pmap(c, f) do
    me = self()
    c |> Enum.map(fn e -> spawn_link(fn -> send(me, {self(), f.(e)}) end) end) |> Enum.map(fn pid -> receive do {^pid, r} -> r end end)
  end
end
IO.inspect PMap.pmap(1..10, &(&1 * &1))
