# Two processes read a row, add one and write it back: one of them may overwrite what the other has written.
# OUTCOMES 2
# 1| [n: 1]
# 2| [n: 2]
table = :ets.new(:table, [:public])
:ets.insert(table, {:n, 0})

add = fn ->
  [{:n, n}] = :ets.lookup(table, :n)
  :ets.insert(table, {:n, n + 1})
end

[Task.async(add), Task.async(add)] |> Task.await_many()
IO.inspect(:ets.tab2list(table))
