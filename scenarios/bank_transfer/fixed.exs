# One process holds all accounts. A transfer is one message to it, and so is an audit: nobody sees half of either.
defmodule Bank do
  def start(accounts), do: spawn(fn -> loop(accounts) end)

  def transfer(bank, from, to, amount), do: call(bank, {:transfer, from, to, amount})
  def accounts(bank), do: call(bank, :accounts)

  defp call(bank, request) do
    send(bank, {request, self()})
    receive do: ({^bank, reply} -> reply)
  end

  defp loop(accounts) do
    receive do
      {{:transfer, from, to, amount}, client} ->
        if accounts[from] >= amount do
          send(client, {self(), :ok})
          loop(%{accounts | from => accounts[from] - amount, to => accounts[to] + amount})
        else
          send(client, {self(), :refused})
          loop(accounts)
        end

      {:accounts, client} ->
        send(client, {self(), accounts})
        loop(accounts)
    end
  end
end

main = self()
bank = Bank.start(%{a: 100, b: 0})

for _ <- 1..2 do
  spawn(fn ->
    Bank.transfer(bank, :a, :b, 60)
    send(main, :done)
  end)
end

%{a: a, b: b} = Bank.accounts(bank)
IO.puts("all accounts: #{a + b}")

for _ <- 1..2, do: receive(do: (:done -> :ok))
%{a: a, b: b} = Bank.accounts(bank)
IO.puts("a has #{a}, b has #{b}")
