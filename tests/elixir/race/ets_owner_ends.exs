# A table goes with its owner, whether somebody reads it or not.
# OUTCOMES 3
# 1| [a: 1]
# 2| []
# 3| the table identifier does not refer to an existing ETS table
me = self()

spawn(fn ->
  table = :ets.new(:table, [])
  send(me, table)
  :ets.insert(table, {:a, 1})
end)

table = receive do table -> table end

try do
  IO.inspect(:ets.lookup(table, :a))
rescue
  error -> error |> Exception.message() |> String.split("argument: ") |> List.last() |> String.trim() |> IO.puts()
end
