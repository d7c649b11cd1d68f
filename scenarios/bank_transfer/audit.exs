# An account now refuses what it does not have: to look and to take are one turn of its loop. But between the moment at
# which the money has left one account and the moment at which it is in the other, it is nowhere, and an auditor may
# look just then.
defmodule Account do
  def start(balance), do: spawn(fn -> loop(balance) end)

  def balance(account), do: call(account, :balance)
  def withdraw(account, amount), do: call(account, {:withdraw, amount})
  def deposit(account, amount), do: call(account, {:deposit, amount})

  defp call(account, request) do
    send(account, {request, self()})
    receive do: ({^account, reply} -> reply)
  end

  defp loop(balance) do
    receive do
      {:balance, from} ->
        send(from, {self(), balance})
        loop(balance)

      {{:withdraw, amount}, from} when amount <= balance ->
        send(from, {self(), :ok})
        loop(balance - amount)

      {{:withdraw, _amount}, from} ->
        send(from, {self(), :refused})
        loop(balance)

      {{:deposit, amount}, from} ->
        send(from, {self(), :ok})
        loop(balance + amount)
    end
  end
end

defmodule Bank do
  def transfer(from, to, amount) do
    if Account.withdraw(from, amount) == :ok, do: Account.deposit(to, amount)
  end
end

a = Account.start(100)
b = Account.start(0)
spawn(fn -> Bank.transfer(a, b, 60) end)

IO.puts("all accounts: #{Account.balance(a) + Account.balance(b)}")
