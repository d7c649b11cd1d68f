# Two buyers and one ticket. Each asks whether there is one left, and then takes it. In between, the other may ask, too.
defmodule Office do
  def start(tickets), do: spawn(fn -> loop(tickets) end)

  def left(office) do
    send(office, {:left, self()})

    receive do
      {:left, tickets} -> tickets
    end
  end

  def take(office), do: send(office, :take)

  defp loop(tickets) do
    receive do
      {:left, buyer} ->
        send(buyer, {:left, tickets})
        loop(tickets)

      :take ->
        loop(tickets - 1)
    end
  end
end

main = self()
office = Office.start(1)

for _ <- 1..2 do
  spawn(fn ->
    if Office.left(office) > 0 do
      Office.take(office)
      send(main, :sold)
    else
      send(main, :sold_out)
    end
  end)
end

answers =
  for _ <- 1..2 do
    receive do
      answer -> answer
    end
  end

IO.puts("tickets sold: #{Enum.count(answers, &(&1 == :sold))}")
