# Each account is a process. A transfer looks whether there is enough money, and then takes it. Two transfers of 60 from
# an account with 100 can both find enough.
defmodule Account do
  def start(balance), do: spawn(fn -> loop(balance) end)

  def balance(account), do: call(account, :balance)
  def add(account, amount), do: call(account, {:add, amount})

  defp call(account, request) do
    send(account, {request, self()})
    receive do: ({^account, reply} -> reply)
  end

  defp loop(balance) do
    receive do
      {:balance, from} ->
        send(from, {self(), balance})
        loop(balance)

      {{:add, amount}, from} ->
        send(from, {self(), :ok})
        loop(balance + amount)
    end
  end
end

defmodule Bank do
  def transfer(from, to, amount) do
    if Account.balance(from) >= amount do
      Account.add(from, -amount)
      Account.add(to, amount)
    end
  end
end

main = self()
a = Account.start(100)
b = Account.start(0)

for _ <- 1..2 do
  spawn(fn ->
    Bank.transfer(a, b, 60)
    send(main, :done)
  end)
end

for _ <- 1..2, do: receive(do: (:done -> :ok))
IO.puts("a has #{Account.balance(a)}, b has #{Account.balance(b)}")
